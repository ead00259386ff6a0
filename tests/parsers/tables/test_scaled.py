"""Counts in hundreds or thousands by a header or a line above: null and flagged, in every carrier."""

from __future__ import annotations

import pytest

from parsers import Source, parse
from parsers.report import Report
from tests.parsers import forms

FORM = forms.template("e2021_v30")
PATHS = [
    table.path(row, column)
    for table in FORM.tables
    for part in table.parts
    for row in part.rows
    for column in part.values
]
LICENSING, PENALTY = "proactive.administrative_licensing.decisions", "proactive.administrative_penalty.decisions"
FIGURES = dict.fromkeys(PATHS, "0") | {LICENSING: "1407", PENALTY: "253"}
TITLE = "东江县财政局2023年政府信息公开工作年度报告"


def _read(tables: str) -> Report:
    return parse(Source(content=f"{TITLE}\n二、主动公开政府信息情况\n{tables}".encode()))


def _value(report: Report, path: str) -> float | None:
    return next(cell.value for cell in report.cells if cell.path == path)


@pytest.mark.parametrize("carrier", ["tabs", "pipes", "blank_lines"])
@pytest.mark.parametrize(
    ("written", "instead"),
    [("本年处理决定数量", "本年处理决定数量（百件）"), ("第二十条第(五)项", "第二十条第（五）项\n（单位：万件）")],
)
def test_counts_in_hundreds_are_null_and_flagged(carrier: str, written: str, instead: str) -> None:
    report = _read(forms.flattened(carrier, FORM, FIGURES).replace(written, instead))
    assert _value(report, LICENSING) is None
    assert "count_scaled:proactive" in report.flags
    assert _value(report, "requests.received_new.total") == 0


def test_a_line_above_a_table_of_a_page_says_so_too() -> None:
    tables = forms.html(FORM, FIGURES).replace("<table>", "<p>单位：万件</p><table>", 1)
    report = parse(Source(content=f"<html><body><h1>{TITLE}</h1>{tables}</body></html>".encode()))
    assert _value(report, LICENSING) is None
    assert "count_scaled:proactive" in report.flags


def test_what_sentences_count_so_changes_no_table() -> None:
    report = _read("办理各类事项（万件）12.5，网上申请1.2万件。\n" + forms.flattened("tabs", FORM, FIGURES))
    assert (_value(report, LICENSING), _value(report, PENALTY)) == (1407, 253)


@pytest.mark.parametrize("carrier", ["blank_lines", "vanished", "air"])
def test_a_mark_at_a_label_is_no_digit_of_the_figure_below_it(carrier: str) -> None:
    report = _read(forms.flattened(carrier, FORM, FIGURES).replace("行政处罚", "行政处罚1"))
    assert _value(report, PENALTY) is None
    assert "ambiguous_columns:proactive" in report.flags


def test_columns_that_may_stand_on_either_side_of_a_group_are_not_told_apart() -> None:
    text = forms.flattened("tabs", FORM, FIGURES)
    report = _read(text.replace("自然人\t法人或其他组织\t总计", "总计\t自然人\t法人或其他组织"))
    assert "columns_by_position:requests" in report.flags
