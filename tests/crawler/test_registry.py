"""`config/portals`: what a file may say, and that a wrong one is named with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.plan import Plan
from crawler.registry import load_portal, load_portals, portal_of, read_portal
from parsers.errors import TemplateError

GOOD = """\
id: x-county
organ: 某县人民政府
level: county
province: 某省
city: 某市
county: 某县
region_code: "010203"
home: http://www.x.gov.cn/
hosts: ["*.x.gov.cn"]
columns:
  - url: http://www.x.gov.cn/zwgk/nb/
  - {url: "http://xxgk.x.gov.cn/list", kind: departments, render: true}
vendor: trs
profile:
  version: 3
  body: ["#zoom"]
  valid_from: "2019-05-15"
politeness:
  delay: 3.5
access: http only
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "x-county.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_portal(tmp_path: Path) -> None:
    portal = read_portal(written(tmp_path, GOOD))
    assert portal.region_code == "010203" and portal.delay == 3.5
    assert [column.kind for column in portal.columns] == ["list", "departments"]
    assert portal.columns[1].render
    context = portal.context
    assert (context.id, context.county, context.body, context.profile_version) == ("x-county", "某县", ("#zoom",), 3)
    scope = Plan(portal).scope
    assert scope.allows("http://jyj.x.gov.cn/") and not scope.allows("http://www.y.gov.cn/")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('"010203"', "010203", ":7: 'region_code' must be text; put a number such as 010203 in quotes"),
        ('"010203"', '"12"', ":7: 'region_code' must be 6, 9 or 12 digits in quotes"),
        ("level: county", "level: village", ":3: 'level' must be one of"),
        ("vendor: trs", "vendr: trs", ":13: 'vendr' is not known here"),
        ("id: x-county", "id: y-county", ":1: the id 'y-county' must be the file's name"),
        ("home: http", "home: ftp", ":8: 'home' must be an http or https address"),
        ("delay: 3.5", "delay: -1", ":19: 'delay' must not be negative"),
        ("delay: 3.5", "delay: soon", ":19: 'delay' must be a number"),
        ('"2019-05-15"', '"15.5.2019"', ":17: 'valid_from' must be a date"),
        ('["*.x.gov.cn"]', '["http://x.gov.cn/"]', ":9: 'http://x.gov.cn/' is no host name"),
        ("  - url: http://www.x.gov.cn/zwgk/nb/", "  - render: true", ":11: 'url' is missing"),
        ("organ: 某县人民政府\n", "", ":1: 'organ' is missing"),
        ("profile:\n  version: 3", "profile:\n  version: new", ":15: 'version' must be a whole number"),
        ("level: county", "level: [county", ":"),
    ],
)
def test_a_wrong_file_is_named_with_its_line(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    assert old in GOOD
    path = written(tmp_path, GOOD.replace(old, new))
    with pytest.raises(TemplateError) as caught:
        read_portal(path)
    assert f"x-county.yaml{complaint}" in caught.value.detail


@pytest.mark.parametrize("name", ["nowhere", "../sample", "", "A B"])
def test_an_unknown_portal_is_told_with_those_known(name: str) -> None:
    with pytest.raises(TemplateError, match="known: "):
        load_portal(name)


def test_every_portal_of_the_registry_is_right() -> None:
    assert "sample" in [portal.id for portal in load_portals()]


def test_a_portal_without_an_entry_is_named_after_its_host() -> None:
    portal = portal_of("http://www.x.gov.cn/zwgk/")
    assert portal.id == "x.gov.cn" and portal.organ is None
    assert portal_of("http://127.0.0.1:8931/").id == "127.0.0.1:8931"


def test_a_plan_leaves_out_other_years() -> None:
    plan = Plan(portal_of("http://www.x.gov.cn/"), years=frozenset([2019, 2020]))
    assert plan.wants("某县2019年政府信息公开工作年度报告", None)
    assert not plan.wants("某县2018年政府信息公开工作年度报告", 2019)
    assert plan.wants("某县政府信息公开工作年度报告", None)
    assert plan.wants("某县政府信息公开工作年度报告", 2021)
    assert not plan.wants("某县政府信息公开工作年度报告", 2015)
