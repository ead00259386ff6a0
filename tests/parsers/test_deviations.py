"""What real reports do to the forms (domain.md sections 3.1 to 3.4), each as a case of its own."""

from __future__ import annotations

import random
from collections.abc import Mapping

import pytest
from opencc import OpenCC

from parsers import Report, Source, parse
from parsers.report import Semantic
from tests.parsers import forms
from tests.parsers.generator import text
from tests.parsers.generator.judge import judge
from tests.parsers.generator.reports import invent
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
        ("e2019_v60", "本年增/减", "本年增", "proactive.administrative_licensing.items_change"),
        ("e2019_v60", "政府集中采购", "集中采购", "proactive.centralized_procurement.projects"),
        ("e2019_v60", "其他对外管理服务事项", "其他对外管理和服务事项", "proactive.other_external_services.items_prev_year"),
        ("e2021_v30", "一、本年新收", "一、本年度新收", "requests.received_new.business_enterprise"),
        ("e2021_v30", "四、结转下年度", "四、结转下一年度", "requests.carried_forward.total"),
        ("e2021_v30", "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请", "1.无正当理由逾期不补正",
         "requests.results.other.no_correction_overdue.total"),
        ("e2021_v30", "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
         "2.逾期未按收费通知要求缴纳费用", "requests.results.other.fee_unpaid_overdue.total"),
        ("e2021_v30", "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
         "2.申请人逾期未按收费通知要求缴纳费用，不再处理", "requests.results.other.fee_unpaid_overdue.total"),
    ],
)  # fmt: skip
def test_labels_that_drifted(template: str, official: str, written: str, path: str) -> None:
    markup = page(template, {path: "4"} if path.startswith("proactive") else None)
    assert official in markup
    found = read(markup.replace(official, written), 2022)
    expected = {"business_enterprise": 2, "natural_person": 5}.get(path.rsplit(".", 1)[1], 0)
    assert value(found, path) == (4 if path.startswith("proactive") else expected)
    assert found.unknown_labels == ()


@pytest.mark.parametrize("words", ["s2t", "s2tw", "s2hk", "s2twp"])
def test_a_page_in_traditional_characters_and_in_the_words_of_taiwan(words: str) -> None:
    """big5 gateways and mirrors: 政府資訊公開工作年度報告 is one; the organ's name stays what it is."""
    title = "云溪县档案局2022年政府信息公开工作年度报告"
    markup = page("e2021_v30").replace("<div id='zoom'>", f"<h1>{title}</h1><div id='zoom'><p>一、总体情况</p>", 1)
    found = parse(Source(content=OpenCC(words).convert(markup).encode()))
    assert (found.organ.name, found.report_year, found.language) == ("云溪县档案局", 2022, "zh-Hant")
    assert value(found, "requests.received_new.total") == 7
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


def test_a_form_that_is_one_sentence() -> None:
    """河北省科学技术厅 2019: no table three, a sentence says that nobody asked; its noughts are told, not read."""
    markup = page("e2019_v60")
    start = markup.index('<table><tr><td rowspan="3"')
    end = markup.index("</table>", start) + len("</table>")
    found = read(markup[:start] + "<p>本年度未收到政府信息公开申请。</p>" + markup[end:], 2019)
    told = {cell.path: cell for cell in found.cells if cell.path.startswith("requests.")}
    assert (told["requests.received_new.total"].value, told["requests.received_new.total"].semantic) == (
        0, Semantic.DERIVED,
    )  # fmt: skip
    assert "requests.results.granted.total" not in told and "table_missing:requests" in found.flags


def test_nothing_but_sentences_in_the_time_of_the_forms() -> None:
    """万载白水乡 2020: every form is one sentence."""
    text = "".join(
        f"<p>{line}</p>"
        for line in (
            "二、主动公开政府信息情况", "本年度未制发规范性文件。",
            "三、收到和处理政府信息公开申请情况", "本年度没有收到政府信息公开申请，也无上年结转。",
            "四、政府信息公开行政复议、行政诉讼情况", "本年度未发生因政府信息公开被申请行政复议、提起行政诉讼的情况。",
        )
    )  # fmt: skip
    prose = "<p>全年按照条例的要求推进公开工作，各项任务按期完成，没有发生责任追究的情形。</p>" * 10
    found = read(f"<html><body><div id='zoom'>{prose}{text}</div></body></html>", 2020)
    assert {cell.semantic for cell in found.cells} == {Semantic.DERIVED} and {cell.value for cell in found.cells} == {0}
    assert {"requests.received_new.total", "reconsideration.total"} <= {cell.path for cell in found.cells}
    assert {f"table_missing:{name}" for name in ("proactive", "requests", "appeals")} <= set(found.flags)


def test_two_headers_that_lost_what_told_them_apart() -> None:
    """安顺西秀 2019: 本年新 and 本年新 for 本年新制作数量 and 本年新公开数量: the first is what was made."""
    markup = page("e2019_v60", {"proactive.rules.made_new": "3", "proactive.rules.disclosed_new": "4"})
    markup = markup.replace("本年新制作数量", "本年新").replace("本年新公开数量", "本年新")
    found = read(markup, 2019)
    assert (value(found, "proactive.rules.made_new"), value(found, "proactive.rules.disclosed_new")) == (3, 4)


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


@pytest.mark.parametrize(("written", "is_odd"), [("1.140", True), ("12.0", False), ("13<sup>1</sup>", True)])
def test_a_count_that_is_not_whole_or_has_a_footnote_is_flagged(written: str, is_odd: bool) -> None:
    figures = {"proactive.administrative_licensing.decisions": "0"}
    found = read(page("e2019_v60", figures).replace("<td>0</td>", f"<td>{written}</td>"), 2019)
    assert ("odd_figure:proactive" in found.flags) is is_odd


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


def test_a_form_that_cannot_be_read_is_not_passed_over() -> None:
    """The form of 2014 with all its cells run together: what no sentence gives is missing, and the report says so."""
    invented = invent("e2014_stats", random.Random(1), traps=False)
    found = parse(Source(content=text.page(invented, "glued").encode(), title=invented.title))
    assert judge(found, invented.truth()).unflagged == ()
    assert found.template.id == "e2014_stats" or "table_missing:statistics" in found.flags


@pytest.mark.parametrize("carrier", ["pipes", "vanished", "blank_lines"])
def test_a_group_broken_by_the_foot_of_a_page(carrier: str) -> None:
    """淮安 2024: `（四）无`, `- 5 -`, `法提供`."""
    text = page("e2021_v30", carrier=carrier)
    assert text.count("（四）无法提供") == 1
    title = "云溪县统计局2022年政府信息公开工作年度报告"
    broken = text.replace("（四）无法提供", "（四）无\n\n- 5 -\n\n法提供")
    found = parse(Source(content=f"{title}\n{broken}".encode(), title=title))
    assert value(found, "requests.results.unable.not_held.business_enterprise") == 2
    assert value(found, "requests.results.unable.needs_creation.total") == 0


def test_a_row_whose_blanks_vanished_is_placed_by_its_sum_or_not_at_all() -> None:
    """河北省教育厅 2019: `申请数量22` is natural person 2, total 2, five blanks gone."""
    form = forms.template("e2019_v60")
    figures = {"requests.received_new.natural_person": "2", "requests.received_new.total": "2"}
    title = "云溪县统计局2019年政府信息公开工作年度报告"
    found = parse(Source(content=f"{title}\n{forms.flattened('glued', form, figures)}".encode(), title=title))
    row = {cell.path.rsplit(".", 1)[1]: cell for cell in found.cells if ".received_new." in cell.path}
    assert {cell.value for cell in row.values()} <= {None, 2}
    assert row["total"].value in (None, 2)
    assert any(flag.endswith(":requests") for flag in found.flags)


@pytest.mark.parametrize(("projects", "amount"), [("30", "4948.3955万元"), ("10", "2339.45万元"), ("5", "12万元")])
def test_a_count_and_money_run_together_are_nobodys_to_part(projects: str, amount: str) -> None:
    """河北省教育厅 2019: `304948.3955万元` is 30 | 4948.3955 or 304 | 948.3955: only the source could tell."""
    key = "proactive.centralized_procurement"
    lines = page("e2019_v60", {f"{key}.projects": projects, f"{key}.amount_wan_yuan": amount}, carrier="glued")
    assert f"{projects}{amount}" in lines
    title = "云溪县统计局2019年政府信息公开工作年度报告"
    found = parse(Source(content=f"{title}\n{lines}".encode(), title=title))
    assert {cell.value for cell in found.cells if cell.path.startswith(key)} == {None}
    assert "ambiguous_columns:proactive" in found.flags


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


@pytest.mark.parametrize(
    "after",
    [
        "<div class='comment'><p>我要留言</p><p>验证码：</p><input name='code'></div>",
        "<div>上一篇：<a href='1.html'>公开指南</a></div><div>下一篇：<a href='2.html'>公开制度</a></div>",
        "<div class='tools'><a href='javascript:print()'>打印</a> <a href='javascript:close()'>关闭</a> 字体大小：大 中 小</div>",
        "<div class='share'>分享到：<a href='#'>微信</a></div>",
    ],
)
def test_what_the_system_prints_behind_the_report_is_none_of_it(after: str) -> None:
    markup = page("e2021_v30").replace(
        "</div></body>", f"<p>六、其他需要报告的事项</p><p>无。</p></div>{after}</body>", 1
    )
    found = read(markup, 2022)
    whole = "".join(section.text for section in found.sections)
    assert not [word for word in ("留言", "验证码", "上一篇", "下一篇", "打印", "字体", "分享") if word in whole]
    assert found.sections[-1].text.endswith("无。")
