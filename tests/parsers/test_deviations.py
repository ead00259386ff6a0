"""What real reports do to the forms (domain.md sections 3.1 to 3.4), each as a case of its own."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from parsers import Report, Source, parse
from parsers.report import Semantic
from tests.parsers import forms
from tests.parsers.tables.test_carriers import counted

FIGURES = {"requests.results.granted.natural_person": 5, "requests.results.unable.not_held.business_enterprise": 2}


def page(template: str, figures: Mapping[str, str] | None = None, carrier: str = "html") -> str:
    form = forms.template(template)
    return forms.page(carrier, form, {**counted(form, FIGURES), **(figures or {})}).decode()


def read(markup: str, year: int, text: str = "") -> Report:
    title = f"云溪县统计局{year}年政府信息公开工作年度报告"
    markup = markup.replace("<div id='zoom'>", f"<h1>{title}</h1><div id='zoom'><p>{text or '一、总体情况'}</p>", 1)
    return parse(Source(content=markup.encode(), title=title))


def value(report: Report, path: str) -> object:
    return next(cell.value for cell in report.cells if cell.path == path)


# --- 3.1 wrong or mixed templates --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("template", "year", "notice"),
    [
        ("e2019_v60", 2023, "国办公开办函〔2021〕30号"),
        ("e2021_v30", 2020, "国办公开办函〔2019〕60号"),
        ("e2021_v30", 2021, "国办公开办函〔2019〕60号"),
    ],
)
def test_neither_the_year_nor_the_notice_says_which_form_it_is(template: str, year: int, notice: str) -> None:
    found = read(page(template), year, f"一、总体情况。按照{notice}要求编制。")
    assert found.template.id == template
    assert value(found, "requests.received_new.total") == 7


def test_table_two_of_2019_above_table_three_of_2021() -> None:
    old, new = page("e2019_v60", {"proactive.rules.made_new": "3"}), page("e2021_v30")
    start = '<table><tr><td rowspan="3"'
    found = read(old[: old.index(start)] + new[new.index(start) :], 2022)
    assert found.template.id == "mixed" and "mixed_template" in found.flags
    assert value(found, "proactive.rules.made_new") == 3
    assert value(found, "requests.results.other.other.total") == 0


@pytest.mark.parametrize(
    ("columns", "template"),
    [
        ("本年制发件数 | 本年废止件数 | 现行有效件数", "e2021_v30"),
        ("本年新制作数量 | 本年新公开数量 | 对外公开总数量", "e2019_v60"),
    ],
)
def test_rows_that_both_forms_have_belong_to_the_form_of_the_tables_beside_them(columns: str, template: str) -> None:
    page = f"""宿迁市2022年政府信息公开工作年度报告
一、总体情况
全年持续推进政务公开工作。
二、主动公开政府信息情况
第二十条第（一）项
| 信息内容 | {columns} |
| 规章 | 3 | 0 | 15 |
| 行政规范性文件 | 61 | 59 | 422 |
三、收到和处理政府信息公开申请情况
| 一、本年新收政府信息公开申请数量 | 3746 | 63 | 0 | 0 | 19 | 2 | 3830 |
"""
    found = parse(Source(content=page.encode()))
    assert found.template.id == template and "mixed_template" not in found.flags
    assert value(found, "requests.received_new.total") == 3830
    assert found.figures["requests"]["carried_over"]["total"] is None and "rows_missing:requests" in found.flags


@pytest.mark.parametrize(
    ("template", "official", "written", "path"),
    [
        ("e2019_v60", "本年新制作数量", "本年度新制作数量", "proactive.rules.made_new"),
        ("e2019_v60", "本年新公开数量", "本年度公开数量", "proactive.rules.disclosed_new"),
        ("e2019_v60", "对外公开总数量", "对外公开数量", "proactive.rules.disclosed_total"),
        ("e2019_v60", "本年增/减", "本年增/", "proactive.administrative_licensing.items_change"),
        ("e2019_v60", "第二十条第(一)项", "第二十条第（一项）", "proactive.rules.made_new"),
        ("e2021_v30", "现行有效件数", "现行有效件数(历史累计)", "proactive.rules.in_force"),
        ("e2021_v30", "第二十条第(一)项", "第二十条  第(一)项", "proactive.rules.in_force"),
        ("e2021_v30", "行政规范性文件", "规范性文件", "proactive.normative_documents.issued"),
        ("e2021_v30", "3.危及“三安全一稳定”", "3.危及三安全一稳定",
         "requests.results.denied.three_securities_one_stability.total"),
        ("e2021_v30", "自然人", "自 然 人", "requests.received_new.natural_person"),
        ("e2021_v30", "商业企业", "<p>商业</p><p>企业</p>", "requests.received_new.business_enterprise"),
    ],
)  # fmt: skip
def test_labels_that_drifted(template: str, official: str, written: str, path: str) -> None:
    markup = page(template, {path: "4"} if path.startswith("proactive") else None)
    assert official in markup
    found = read(markup.replace(official, written), 2022)
    expected = {"business_enterprise": 2, "natural_person": 5}.get(path.rsplit(".", 1)[1], 0)
    assert value(found, path) == (4 if path.startswith("proactive") else expected)
    assert found.unknown_labels == ()


def test_a_table_that_is_one_sentence() -> None:
    markup = page("e2019_v60")
    start = markup.index('<table><tr><td colspan="5">行政复议')
    sentence = (
        "<p>四、政府信息公开行政复议、行政诉讼情况</p><p>本年度未发生因政府信息公开引起的行政复议、行政诉讼。</p>"
    )
    found = read(markup[:start] + sentence + "</div></body></html>", 2019)
    assert "table_missing:appeals" in found.flags
    told = {cell.path: cell for cell in found.cells}
    assert told["reconsideration.total"].value == 0
    assert told["reconsideration.total"].semantic is Semantic.DERIVED
    assert "reconsideration.upheld" not in told


def test_headings_with_nothing_but_pictures_between_them() -> None:
    body = "<p>二、主动公开政府信息情况三、收到和处理政府信息公开申请情况</p><p><img src='1.png'><img src='2.png'></p>"
    prose = "<p>全年按照条例的要求推进公开工作，各项任务按期完成，没有收取费用，没有发生责任追究的情形。</p>" * 12
    found = read(f"<html><body><div id='zoom'>{prose}{body}</div></body></html>", 2019)
    assert {"table_image", "table_missing:requests", "table_missing:proactive"} <= set(found.flags)
    assert not [cell for cell in found.cells if cell.value is not None]


# --- 3.2 values ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "written", "read_as", "semantic"),
    [
        ("proactive.administrative_licensing.items_change", "增123", 123, Semantic.NUMBER),
        ("proactive.administrative_licensing.items_change", "减2", -2, Semantic.NUMBER),
        ("proactive.administrative_licensing.items_change", "−59", -59, Semantic.NUMBER),
        ("proactive.administrative_licensing.items_change", "+1036", 1036, Semantic.NUMBER),
        ("proactive.administrative_licensing.decisions", "14,358", 14358, Semantic.NUMBER),
        ("proactive.administrative_licensing.decisions", "１２", 12, Semantic.NUMBER),
        ("proactive.administrative_licensing.decisions", "/", None, Semantic.NA),
        ("proactive.administrative_licensing.decisions", "——", None, Semantic.NA),
        ("proactive.administrative_licensing.decisions", "□", None, Semantic.EMPTY),
        ("proactive.administrative_licensing.decisions", "00", 0, Semantic.ZERO),
        ("proactive.normative_documents.made_new", "22(其中修订16件)", 22, Semantic.NUMBER),
        ("proactive.centralized_procurement.amount_wan_yuan", "13015.02(万元)", 13015.02, Semantic.NUMBER),
        ("proactive.centralized_procurement.amount_wan_yuan", "251000元", 25.1, Semantic.NUMBER),
        ("proactive.centralized_procurement.projects", "1288.5万元", None, Semantic.TEXT),
        ("proactive.administrative_licensing.decisions", "1288 / 591", None, Semantic.TEXT),
    ],
)
def test_values_as_they_are_written(path: str, written: str, read_as: float | None, semantic: Semantic) -> None:
    found = read(page("e2019_v60", {path: written}), 2019)
    (cell,) = (cell for cell in found.cells if cell.path == path)
    assert (cell.value, cell.semantic, cell.raw) == (read_as, semantic, written)


def test_what_is_odd_about_a_value_is_flagged() -> None:
    odd = {"proactive.administrative_licensing.decisions": "00", "proactive.centralized_procurement.projects": "5万元",
           "proactive.centralized_procurement.amount_wan_yuan": "4837.23"}  # fmt: skip
    flags = set(read(page("e2019_v60", odd), 2019).flags)
    assert {"odd_figure:proactive", "text_in_cell:proactive", "unit_missing:proactive"} <= flags


# --- 3.3 flattened ------------------------------------------------------------------------------------------------


def glued(row: str, digits: str) -> Report:
    text = page("e2021_v30", carrier="glued")
    label = {"received_new": "一、本年新收政府信息公开申请数量", "rules": "规章"}[row]
    start = text.index(label) + len(label)
    end = start + len(text[start:]) - len(text[start:].lstrip("0123456789"))
    title = "云溪县统计局2022年政府信息公开工作年度报告"
    return parse(Source(content=(title + "\n" + text[:start] + digits + text[end:]).encode(), title=title))


def test_glued_digits_that_split_in_one_way() -> None:
    """`170000017` = 17, five noughts, 17: by the sum of the row there is no other way."""
    found = glued("received_new", "170000017")
    row = {cell.path.rsplit(".", 1)[1]: cell.value for cell in found.cells if ".received_new." in cell.path}
    assert (row["natural_person"], row["total"], row["other_org"]) == (17, 17, 0)
    assert "digits_split:requests" in found.flags


@pytest.mark.parametrize(("row", "digits"), [("rules", "201956"), ("received_new", "20000011")])
def test_glued_digits_that_no_sum_tells_apart(row: str, digits: str) -> None:
    """河北省科学技术厅 2022: `20000011` splits in two ways and fits the sum in neither."""
    found = glued(row, digits)
    head = "requests" if row == "received_new" else "proactive"
    doubtful = [cell for cell in found.cells if f".{row}." in cell.path and cell.semantic is Semantic.UNREADABLE]
    assert doubtful and all(cell.value is None for cell in doubtful)
    assert f"ambiguous_columns:{head}" in found.flags


# --- 3.4 structure ------------------------------------------------------------------------------------------------


def test_a_letter_to_the_superior_and_a_placeholder() -> None:
    markup = page("e2021_v30").replace("<div id='zoom'>", "<div id='zoom'><p>省政府办公厅：</p>", 1)
    found = read(markup, 2022, "现将(镇街、单位名称)的情况报告如下。一、总体情况")
    assert found.organ.name.endswith("统计局")
    assert value(found, "requests.received_new.total") == 7


def test_a_table_inside_layout_tables() -> None:
    markup = page("e2021_v30")
    inner = markup[markup.index("<table>") : markup.rindex("</table>") + 8]
    nested = f"<table><tr><td><table width='100%'><tr><td>{inner}</td></tr></table></td></tr></table>"
    found = read(markup.replace(inner, nested), 2022)
    assert value(found, "requests.received_new.total") == 7 and found.trust["requests"] == "verified"
