"""Figures in sentences: taken where they are stated, nought where a sentence says there was none, null where two differ."""

import pytest

from parsers.facts import compare, extract
from parsers.report import FigureCell, Semantic
from parsers.template import load_templates

FACTS = next(t for t in load_templates() if t.id == "e2014_narrative").facts


def figures(text: str) -> dict[str, float | None]:
    return {cell.path.removeprefix("statistics."): cell.value for cell in extract(text, FACTS).cells}


@pytest.mark.parametrize(
    ("sentence", "key", "value"),
    [
        ("我办受理政府信息公开申请4宗，均已答复。", "requests.received.total", 4),
        ("全年共收到政府信息公开申请 1,204 件。", "requests.received.total", 1204),
        ("本年度没有收到要求公开政府信息的申请。", "requests.received.total", 0),
        ("未发生因政府信息公开被申请行政复议、提起行政诉讼的情况。", "reconsideration.total", 0),
        ("未发生因政府信息公开被申请行政复议、提起行政诉讼的情况。", "litigation.total", 0),
        ("本年度没有发生政府信息公开的收费及减免情况。", "fees.request_fees_wan_yuan", 0),
        ("依申请信息公开共收取费用350元。", "fees.request_fees_wan_yuan", 0.035),
        ("全年组织新闻发布会２场。", "response.press_conferences", 2),
        ("举办培训班22期，培训3600多人。", "training.classes", 22),
        ("主动公开政府信息1683条。", "proactive.info_count", 1683),
    ],
)
def test_stated(sentence: str, key: str, value: float) -> None:
    assert figures(sentence)[key] == value


@pytest.mark.parametrize(
    "sentence", ["主动公开政府信息1000余条。", "收到群众来信来访100件。", "办理行政复议案件12件。"]
)
def test_round_figures_and_other_things_are_left_alone(sentence: str) -> None:
    assert figures(sentence) == {}


def test_a_nought_from_a_sentence_says_so_and_where() -> None:
    text = "五、其他\n本年度没有收到要求公开政府信息的申请。"
    (cell,) = extract(text, FACTS).cells
    assert cell.semantic is Semantic.DERIVED
    assert cell.at is not None
    assert text[int(cell.at["start"]) : int(cell.at["end"])] == cell.raw == "没有收到要求公开政府信息的申请"


def test_two_figures_for_one_thing_are_null_and_flagged() -> None:
    result = extract("主动公开政府信息425条。区政府主动公开政府信息1873条。", FACTS)
    assert [(cell.value, cell.semantic) for cell in result.cells] == [(None, Semantic.UNREADABLE)]
    assert result.flags == ("facts_disagree:statistics",)


def cell(path: str, value: int) -> FigureCell:
    return FigureCell(path, str(value), value, Semantic.NUMBER)


TOLD = next(t for t in load_templates() if t.id == "e2019_v60").told


def test_the_text_against_the_table_is_a_soft_check() -> None:
    # 管城 2020: section one says 32 applications, the table 110.
    result = compare("共接到政府信息公开申请 32 件。", TOLD, [cell("requests.received_new.total", 110)])
    assert [(c.rule, c.level, c.status, c.left, c.right) for c in result.checks] == [("N-T3", "soft", "fail", 32, 110)]
    assert result.cells == ()


def test_a_sentence_gives_a_nought_only_where_no_table_does() -> None:
    text = "2019年未收到政府信息公开申请。未发生因政府信息公开引起的行政复议、行政诉讼。"
    result = compare(text, TOLD, [])
    assert {c.path: (c.value, str(c.semantic)) for c in result.cells} == {
        "requests.received_new.total": (0, "derived_from_text"),
        "reconsideration.total": (0, "derived_from_text"),
        "litigation_direct.total": (0, "derived_from_text"),
        "litigation_after_reconsideration.total": (0, "derived_from_text"),
    }
    assert compare("共收到政府信息公开申请5件。", TOLD, []).cells == ()
