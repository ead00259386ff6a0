"""Figures of others, of other times and of plans: null, with a flag and the place, where no sentence gives the organ's own."""

from __future__ import annotations

import pytest

from parsers.prose.facts import compare, extract
from parsers.report import FigureCell, Semantic
from parsers.template import load_templates

TEMPLATES = {template.id: template for template in load_templates()}
FACTS = TEMPLATES["e2014_narrative"].facts
CITY = ("滨河市人民政府",)
BUREAU = ("滨河市城东区城市管理局", "区城管局")


def received(written: str, organs: tuple[str, ...]) -> tuple[float | None, str | None, tuple[str, ...]] | None:
    result = extract(written, FACTS, 2016, organs)
    found = [cell for cell in result.cells if cell.path == "statistics.requests.received.total"]
    return (found[0].value, found[0].note, result.flags) if found else None


def test_a_figure_of_another_organ_is_null_and_flagged_with_its_place() -> None:
    text = "一、概述\n2016年，市公安局受理政府信息公开申请12件。"
    result = extract(text, FACTS, 2016, CITY)
    (cell,) = result.cells
    assert (cell.value, cell.semantic, cell.raw, cell.note) == (None, Semantic.TEXT, "12", "of_others")
    assert result.flags == ("facts_set_aside:statistics",)
    assert cell.at is not None
    assert text[int(cell.at["start"]) : int(cell.at["end"])] == "受理政府信息公开申请12件"


@pytest.mark.parametrize(
    "subject",
    [
        "市公安局",
        "其中，市规划局",
        "市公安局、市国土资源局共",
        "省政府办公厅",
        "各乡镇",
        "各区县政府共",
        "市直部门",
        "市级各部门",
        "规划、国土、房管三部门共",
        "市政府本级",
        "我市各街道",
        "市规划局高度重视信息公开工作，全年",
        "区人民法院",
        "我市各级法院",
        "市公安局等6个单位",
        "区属国有企业",
        "以国土资源局为例，全年",
        "市政府和市规划局",
        "各中小学校共",
        "作为试点单位，城东区全年",
    ],
)
def test_the_city_did_not_receive_what_another_or_a_part_received(subject: str) -> None:
    assert received(f"{subject}收到政府信息公开申请12件。", CITY) == (
        None,
        "of_others",
        ("facts_set_aside:statistics",),
    )


@pytest.mark.parametrize(
    "subject",
    [
        "",
        "市政府",
        "滨河市政府共",
        "我市",
        "全市",
        "全市各级行政机关共",
        "全市各部门、各乡镇共",
        "市政府及各部门共",
        "省政府高度重视信息公开工作，全市",
        "市公安局受理了三批信访件，我市",
        "市委、市政府高度重视，全年",
    ],
)
def test_what_the_city_received_is_its_own(subject: str) -> None:
    assert received(f"{subject}收到政府信息公开申请12件。", CITY) == (12, None, ())


@pytest.mark.parametrize(
    "subject", ["区城管局", "城东区城市管理局", "2016年，区城市管理局", "我局", "局办公室", "城管局"]
)
def test_a_short_form_of_its_name_is_the_organ(subject: str) -> None:
    assert received(f"{subject}收到政府信息公开申请12件。", BUREAU) == (12, None, ())


@pytest.mark.parametrize("subject", ["市城管局", "区政府", "市城市管理局", "我局机关", "区城管局和区规划局"])
def test_one_of_another_level_is_not(subject: str) -> None:
    assert received(f"{subject}收到政府信息公开申请12件。", BUREAU) == (
        None,
        "of_others",
        ("facts_set_aside:statistics",),
    )


def test_nobody_says_none_for_another() -> None:
    assert received("市规划局未收到政府信息公开申请。", CITY) == (None, "of_others", ("facts_set_aside:statistics",))
    assert received("如未收到政府信息公开申请，应当零报告。", CITY) is None
    assert received("我市未收到政府信息公开申请。", CITY) == (0, None, ())


@pytest.mark.parametrize(
    "written",
    [
        "收到政府信息公开申请33件（含上年结转2件）。",
        "收到政府信息公开申请33件，其中2015年结转2件、本年新收31件。",
        "受理政府信息公开申请33件（其中：去年转入2件）。",
        "受理政府信息公开申请33件（上年结转2件）。",
        "收到政府信息公开申请33件，其中新收31件、上年结转2件。",
        "收到政府信息公开申请33件（其中：本年新收31件，上年结转2件）。",
    ],
)
def test_a_total_with_what_was_carried_over_is_not_what_was_received(written: str) -> None:
    assert received(written, ()) == (None, "with_carried_over", ("facts_set_aside:statistics",))


def test_what_was_carried_over_may_stand_beside_it() -> None:
    assert received("收到政府信息公开申请33件，另有上年结转2件。", ()) == (33, None, ())
    assert received("新收到政府信息公开申请33件，加上去年结转的2件，共35件。", ()) == (33, None, ())


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("力争2016年收到政府信息公开申请30件。", "more_is_said"),
        ("2015年收到政府信息公开申请30件。", "other_time"),
        ("截至2016年11月底，共收到政府信息公开申请30件。", "other_time"),
        ("截止目前，共收到政府信息公开申请30件。", "other_time"),
        ("收到政府信息公开申请30件，剔除咨询类10件。", "other_time"),
        ("六、下一步打算\n收到政府信息公开申请30件。", "planned"),
    ],
)
def test_plans_and_other_times_are_flagged_as_well(written: str, why: str) -> None:
    assert received(written, ()) == (None, why, ("facts_set_aside:statistics",))


def test_nothing_is_set_aside_where_the_figure_is_given() -> None:
    assert received("2015年收到政府信息公开申请30件，我局2016年收到政府信息公开申请12件。", ()) == (12, None, ())


def test_a_table_is_not_compared_with_what_another_organ_says() -> None:
    told = TEMPLATES["e2021_v30"].told
    cells = [FigureCell("requests.received_new.total", "40", 40, Semantic.NUMBER)]
    assert compare("市公安局收到政府信息公开申请12件。", told, cells, 2022, CITY).checks == ()
    assert [check.left for check in compare("市公安局收到政府信息公开申请12件。", told, cells, 2022).checks] == [12]


def test_an_office_is_not_its_government_nor_the_other_way_round() -> None:
    office, government = ("滨河市城东区人民政府办公室",), ("滨河市城东区人民政府（本级）",)
    assert received("区政府办共收到政府信息公开申请12件。", office) == (12, None, ())
    assert received("区政府收到政府信息公开申请12件。", government) == (12, None, ())
    set_aside = (None, "of_others", ("facts_set_aside:statistics",))
    assert received("区政府收到政府信息公开申请12件。", office) == set_aside
    assert received("区政府办公室代表区政府共收到政府信息公开申请12件。", office) == (12, None, ())
    assert received("区政府办公室收到政府信息公开申请12件。", government) == set_aside


@pytest.mark.parametrize(
    "before",
    [
        "其中，通过信函",
        "其中以公民身份",
        "国庆期间",
        "同一天",
        "因拆迁问题",
        "针对该项目",
        "在土地征收领域",
        "涉及规划的，",
        "再次",
    ],
)
def test_some_of_the_requests_are_not_all(before: str) -> None:
    assert received(f"{before}收到政府信息公开申请12件。", ()) == (
        None,
        "more_is_said",
        ("facts_set_aside:statistics",),
    )


@pytest.mark.parametrize(
    "before", ["通过信函、网络等方式", "通过各种渠道", "因此共", "在全市范围内", "一次也未延期，全年"]
)
def test_what_sounds_like_some_may_be_all(before: str) -> None:
    assert received(f"{before}收到政府信息公开申请12件。", ()) == (12, None, ())


@pytest.mark.parametrize("which", ["重复的", "内容相同的", "律师代理提出的", "外商提出的", "批转的", "补正后的"])
def test_some_kind_of_requests_may_be_a_part(which: str) -> None:
    assert received(f"收到{which}政府信息公开申请12件。", ()) == (None, "more_is_said", ("facts_set_aside:statistics",))


@pytest.mark.parametrize(
    "which", ["", "公民、法人和其他组织提出的", "群众以书面形式向我局提出的", "社会各界", "各类", "依"]
)
def test_whoever_asked_in_whatever_way_is_everybody(which: str) -> None:
    assert received(f"收到{which}政府信息公开申请12件。".replace("依政府信息公开申请", "依申请公开信息"), ()) == (
        12,
        None,
        (),
    )
