"""`config/portals`: what a file may say, and that a wrong one is named with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler import vendors
from crawler.plan import Limits, Plan
from crawler.profiles import RegistryProfiles
from crawler.registry import Case, known_ids, load_portal, load_portals, portal_for, portal_of, read_portal
from crawler.registry.portal import VENDORS
from crawler.run import _plans
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
        ("vendor: trs", "vendor: trsx", ":13: 'vendor' must be one of nfra, mohurd"),
        ("id: x-county", "id: y-county", ":1: the id 'y-county' must be the file's name"),
        ("home: http", "home: ftp", ":8: 'home' must be an http or https address"),
        ("delay: 3.5", "delay: -1", ":19: 'delay' must not be negative"),
        ("delay: 3.5", "delay: soon", ":19: 'delay' must be a number"),
        ('"2019-05-15"', '"15.5.2019"', ":17: 'valid_from' must be a date"),
        ('["*.x.gov.cn"]', '["http://x.gov.cn/"]', ":9: 'http://x.gov.cn/' is no host name"),
        ("  - url: http://www.x.gov.cn/zwgk/nb/", "  - render: true", ":11: 'url' is missing"),
        ("organ: 某县人民政府\n", "", ":1: 'organ' is missing"),
        ("profile:\n  version: 3", "profile:\n  version: new", ":15: 'version' must be a whole number"),
        ('["#zoom"]', '["div[["]', ":16: 'div[[' is no CSS selector"),
        ("level: county", "level: [county", ":"),
    ],
)
def test_a_wrong_file_is_named_with_its_line(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    assert old in GOOD
    path = written(tmp_path, GOOD.replace(old, new))
    with pytest.raises(TemplateError) as caught:
        read_portal(path)
    assert f"x-county.yaml{complaint}" in caught.value.detail


def test_a_file_in_gbk_is_named_with_its_line(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD)
    path.write_bytes(GOOD.encode("gbk"))
    with pytest.raises(TemplateError, match=r"x-county\.yaml:2: this is no UTF-8"):
        read_portal(path)


def test_the_registry_knows_every_vendor_by_its_name() -> None:
    assert {vendor.name for vendor in vendors.VENDORS} == set(VENDORS)


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


def test_a_front_page_that_the_registry_knows_is_that_portals(tmp_path: Path) -> None:
    written(tmp_path, GOOD)
    for url in ("http://www.x.gov.cn/", "https://x.gov.cn/zwgk/index.html"):
        portal = portal_for(url, tmp_path)
        assert (portal.id, portal.organ, portal.vendor) == ("x-county", "某县人民政府", "trs")
    for other in ("http://xxgk.x.gov.cn/", "http://xx.gov.cn/", "http://127.0.0.1:8931/"):
        assert portal_for(other, tmp_path) == portal_of(other)


def test_a_host_that_two_portals_begin_at_is_neithers(tmp_path: Path) -> None:
    written(tmp_path, GOOD)
    (tmp_path / "y-county.yaml").write_text(GOOD.replace("id: x-county", "id: y-county"), encoding="utf-8")
    assert portal_for("http://www.x.gov.cn/", tmp_path).id == "x.gov.cn"


def test_a_crawl_from_a_known_front_page_is_one_of_the_registrys_portal() -> None:
    (plan,) = _plans((), ("http://www.suqian.gov.cn/zwgk/",), (), {}, frozenset(), None, False, Limits(), False)
    assert (plan.portal.id, plan.portal.organ) == ("suqian", "宿迁市人民政府")
    assert plan.portal.home == "http://www.suqian.gov.cn/zwgk/"


def test_a_plan_leaves_out_other_years() -> None:
    plan = Plan(portal_of("http://www.x.gov.cn/"), years=frozenset([2019, 2020]))
    assert plan.wants("某县2019年政府信息公开工作年度报告", None)
    assert not plan.wants("某县2018年政府信息公开工作年度报告", 2019)
    assert plan.wants("某县政府信息公开工作年度报告", None)
    assert plan.wants("某县政府信息公开工作年度报告", 2021)
    assert not plan.wants("某县政府信息公开工作年度报告", 2015)


# --- a file of many portals -------------------------------------------------------------------------------------------

MANY = """\
# a province
defaults: {province: 某省, level: county, basis: url shape, verified: false}
platforms:
  x-trs:
    vendor: trs
    profile: {version: 2, body: ["#zoom"]}
portals:
  - {id: one, organ: 甲县人民政府, home: "http://www.one.gov.cn/", platform: x-trs}
  - id: two
    organ: 乙市人民政府
    level: city
    home: "http://www.two.gov.cn/"
    vendor: hanweb
    basis: page seen
    columns:
      - {url: "http://www.two.gov.cn/col/col7/index.html", vendor: hanweb_jpaas, organ: 乙市财政局}
    cases:
      - {url: "http://www.two.gov.cn/art/1.html", organ: 乙市财政局, year: 2022}
"""


def many(folder: Path, text: str = MANY) -> Path:
    (folder / "99-x.yaml").write_text(text, encoding="utf-8")
    (folder / "x-county.yaml").write_text(GOOD, encoding="utf-8")
    return folder


def test_an_entry_inherits_from_its_platform_and_its_file(tmp_path: Path) -> None:
    one, two, alone = load_portals(many(tmp_path))
    assert (one.id, two.id, alone.id) == known_ids(tmp_path) == ("one", "two", "x-county")
    assert (one.province, one.level, one.vendor, one.basis) == ("某省", "county", "trs", "url shape")
    assert (one.profile.version, one.profile.body) == (2, ("#zoom",))
    assert (two.level, two.vendor, two.basis, two.profile.version) == ("city", "hanweb", "page seen", 0)
    assert (two.columns[0].vendor, two.columns[0].organ) == ("hanweb_jpaas", "乙市财政局")
    assert two.cases == (Case("http://www.two.gov.cn/art/1.html", "乙市财政局", 2022),)
    assert load_portal("one", tmp_path) == one and not one.verified


def test_a_platforms_search_is_in_reach_of_its_portals(tmp_path: Path) -> None:
    """Beside their own hosts, which stay what they were; of another portal of the file it is not."""
    text = MANY.replace("    vendor: trs\n", "    vendor: trs\n    shared_hosts: [search.some.gov.cn]\n", 1)
    one, two, _ = load_portals(many(tmp_path, text))
    assert one.scope.allows("http://search.some.gov.cn/so") and one.scope.allows("http://bm.one.gov.cn/nb/")
    assert not one.scope.allows("http://www.some.gov.cn/") and not two.scope.allows("http://search.some.gov.cn/so")
    assert load_portal("hangzhou").scope.allows("https://search.zj.gov.cn/jsearchfront/interfaces/cateSearch.do")


def test_the_profile_of_a_platform_is_its_portals(tmp_path: Path) -> None:
    profiles = RegistryProfiles(many(tmp_path))
    assert profiles.versions("one") == {2}
    assert profiles.versions("two") == {0}


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("organ: 甲县人民政府", "organ: 5", ":8: 'organ' must be text"),
        ("platform: x-trs", "platform: y-trs", ":8: there is no platform 'y-trs' in this file; known: x-trs"),
        ("level: city", "level: village", ":11: 'level' must be one of"),
        ("basis: page seen", "basis: hearsay", ":14: 'basis' must be one of page seen, url shape, unknown"),
        ("year: 2022", "year: last", ":18: 'year' must be a whole number"),
        ("vendor: hanweb_jpaas", "vendr: hanweb_jpaas", ":16: 'vendr' is not known here"),
        ("version: 2", "version: two", ":6: 'version' must be a whole number"),
        ("verified: false", "home: false", ":2: 'home' cannot be said of many portals"),
        ("- id: two", "- organ: x", ":9: an entry begins with its id"),
        ("- id: two", "- id: one", ":9: the id 'one' stands in 99-x.yaml:8 already"),
        ("- id: two", "- id: x-county", "x-county.yaml:1: the id 'x-county' stands in 99-x.yaml:9 already"),
        ("organ: 乙市人民政府", "organ: [乙市", ":"),
    ],
)
def test_a_wrong_entry_is_named_with_its_line(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    assert MANY.count(old) == 1
    folder = many(tmp_path, MANY.replace(old, new))
    with pytest.raises(TemplateError) as caught:
        list(load_portals(folder))
    assert complaint in caught.value.detail and ".yaml:" in caught.value.detail


def test_yaml_1_1_does_not_decide_what_a_text_is(tmp_path: Path) -> None:
    """libyaml reads `no` as false; ruamel, which judges, as the text that it is today."""
    folder = many(tmp_path, MANY.replace("organ: 甲县人民政府", "organ: no"))
    assert load_portal("one", folder).organ == "no"


def test_the_registry_holds_the_general_portals_of_all_provinces() -> None:
    portals = [portal for portal in load_portals() if not portal.invented]
    assert len(portals) + 2 == len(known_ids())
    general = [portal for portal in portals if portal.level in ("province", "city", "county")]
    assert len(general) >= 3208
    assert {portal.level for portal in portals} == {"national", "province", "city", "county", "department"}
    assert len({portal.province for portal in general} - {None}) == 31
    assert not any(portal.verified for portal in portals)
    assert all(portal.home for portal in portals)
    assert sum(len(portal.cases) for portal in portals) >= 200
