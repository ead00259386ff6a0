"""Titles that name two years, two organs, or what an organ was called before."""

from __future__ import annotations

import pytest

from parsers.report import Scope
from tests.parsers.test_classify import CHAPTERS, identified, page, refused


@pytest.mark.parametrize(
    ("title", "flags"),
    [
        ("东江县财政局2022、2023年政府信息公开工作年度报告", ("year_conflict",)),
        ("东江县财政局2023-2024年政府信息公开工作年度报告", ("year_conflict",)),
        ("东江县财政局2023年政府信息公开工作年度报告2024-01-31", ()),
    ],
)
def test_a_title_of_two_years_is_flagged(title: str, flags: tuple[str, ...]) -> None:
    assert identified(page(title, f"<p>{CHAPTERS}</p>")).flags == flags


@pytest.mark.parametrize(
    ("meta", "flags"), [("东江县民政局", ("organ_conflict",)), ("县财政局", ()), ("东江县财局", ()), ("附表", ())]
)
def test_titles_of_one_page_that_name_two_organs_are_flagged(meta: str, flags: tuple[str, ...]) -> None:
    rest = "2023年政府信息公开工作年度报告"
    head = f"<meta name='ArticleTitle' content='东江县财政局{rest}'>"
    assert identified(page("", f"<h1>{meta}{rest}</h1><p>{CHAPTERS}</p>", head)).flags == flags


@pytest.mark.parametrize("remark", ["原东江县政务服务中心", "更名为东江县政务服务局", "现东江县数据局"])
def test_another_name_of_an_organ_makes_no_joint_report(remark: str) -> None:
    found = identified(page(f"东江县行政审批局（{remark}）2023年政府信息公开工作年度报告", f"<p>{CHAPTERS}</p>"))
    assert (found.organ.name, found.scope, found.joint) == ("东江县行政审批局", Scope.OWN, ())


@pytest.mark.parametrize(
    ("names", "organs"),
    [
        ("东江县教育局 东江县体育局", ["东江县教育局", "东江县体育局"]),
        ("东江县教育局　体育局", ["东江县教育局", "东江县体育局"]),
        ("东江县教育局 东江县体育局 东江县文化局", ["东江县教育局", "东江县体育局", "东江县文化局"]),
        ("东江县民政局、东江县残联", ["东江县民政局", "东江县残联"]),
        ("中共东江县委办公室东江县人民政府办公室", ["中共东江县委办公室", "东江县人民政府办公室"]),
        # A blank may stand anywhere in one name.
        ("东江县 教育局", []),
        ("东江县人民政府 办公室", []),
        ("东江县公安局 交通警察大队", []),
        ("东江县人民政府 教育局", []),
    ],
)
def test_two_organs_with_a_blank_between_them_report_jointly(names: str, organs: list[str]) -> None:
    found = identified(page(f"{names}2023年政府信息公开工作年度报告", f"<p>{CHAPTERS}</p>"))
    assert [organ.name for organ in found.joint] == organs
    assert (found.scope is Scope.JOINT) == bool(organs)


@pytest.mark.parametrize("names", ["东江县人民政府东江县财政局", "东江县东江县财政局", "东江县人民政府 东江县财政局"])
def test_the_name_of_the_site_in_front_is_no_part_of_the_organs(names: str) -> None:
    found = identified(page(f"{names}2023年政府信息公开工作年度报告", f"<p>{CHAPTERS}</p>"))
    assert (found.organ.name, found.scope) == ("东江县财政局", Scope.OWN)


@pytest.mark.parametrize(
    "name",
    [
        "东江县县直部门",
        "东江县各部门",
        "东江县县直各单位",
        "东江县教育系统",
        "东江县县级各部门和乡镇",
        "东江县各乡镇",
        "东江县行政区域",
    ],
)
def test_the_departments_of_an_area_are_no_organ_of_its_own(name: str) -> None:
    found = identified(page(f"{name}2023年政府信息公开工作年度报告", f"<p>{CHAPTERS}</p>"))
    assert found.scope is Scope.CONSOLIDATED


def test_a_body_of_the_departments_is_one_organ() -> None:
    found = identified(page("东江县县直机关工作委员会2023年政府信息公开工作年度报告", f"<p>{CHAPTERS}</p>"))
    assert (found.organ.name, found.scope) == ("东江县县直机关工作委员会", Scope.OWN)


def test_a_year_that_sentences_alone_name_is_flagged() -> None:
    body = f"<p>2023年，东江县财政局认真做好政府信息公开工作。</p><p>{CHAPTERS}</p>"
    found = identified(page("东江县财政局政府信息公开工作年度报告", body))
    assert (found.report_year, found.year_source, found.flags) == (2023, "text", ("year_from_text",))


@pytest.mark.parametrize(
    "said",
    [
        "东江县医疗保障局于2023年3月挂牌成立。",
        "2023年3月15日，东江县医疗保障局正式挂牌。",
        "东江县医疗保障局成立于2023年3月。",
        "按照机构改革方案，我局今年3月组建。",
    ],
)
def test_an_organ_founded_in_march_reports_its_whole_year(said: str) -> None:
    title = "东江县医疗保障局2023年3-12月政府信息公开工作年度报告"
    found = identified(page(title, f"<p>{said}</p><p>{CHAPTERS}</p>"))
    assert (found.organ.name, found.report_year, found.flags) == ("东江县医疗保障局", 2023, ("part_of_year",))


@pytest.mark.parametrize(
    "said", ["", "2023年3月成立政务公开领导小组。", "我局成立于2023年5月。", "2023年3月召开了会议，5月挂牌成立。"]
)
def test_of_an_older_organ_it_is_a_part_of_the_year(said: str) -> None:
    title = "东江县医疗保障局2023年3-12月政府信息公开工作年度报告"
    assert refused(page(title, f"<p>{said}</p><p>{CHAPTERS}</p>")) == "part_of_year"


@pytest.mark.parametrize(
    ("name", "organ"),
    [
        ("东江县人民政府本级", "东江县人民政府"),
        ("东江县财政局 Dongjiang Finance Bureau", "东江县财政局"),
        ("东江县财政局[2023年]", "东江县财政局"),
    ],
)
def test_what_stands_behind_a_name_is_no_part_of_it(name: str, organ: str) -> None:
    found = identified(page(f"{name}2023年政府信息公开工作年度报告", f"<p>{CHAPTERS}</p>"))
    assert (found.organ.name, found.scope) == (organ, Scope.OWN)
