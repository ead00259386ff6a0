"""The form of 2014 with columns and units of somebody's own: cumulative figures, last year's, remarks, 元 for 万元."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from parsers import Source, parse
from parsers.report import Report
from tests.parsers import forms

_TABLE = forms.template("e2014_stats").tables[0]
_ROWS = [(row, _TABLE.path(row, part.values[0])) for part in _TABLE.parts for row in part.rows]
_FUNDS = "statistics.organization.special_funds_wan_yuan"
_COUNT = "statistics.proactive.info_count"


def lines(header: Sequence[str], unit: str, others: int = 0, label: str = "{}") -> list[list[str]]:
    """The form's rows with the figures 3, 4, 5 …; `unit` is that of the rows of money; other columns hold 900, 901 …"""
    rows = [list(header)]
    for number, (row, path) in enumerate(_ROWS):
        is_money = path.endswith("_wan_yuan")
        name = label.format(row.name) if is_money else row.name
        units = [unit if is_money else "件"] if "单位" in header else []
        rows.append([name, *units, str(number + 3), *(str(900 + number) for _ in range(others))])
    return rows


def read(rows: Sequence[Sequence[str]], carrier: str = "html") -> Report:
    title = "柘城县水利局2016年政府信息公开工作年度报告"
    if carrier == "html":
        table = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
        content = f"<meta charset=utf-8><h1>{title}</h1><p>现公布本年度报告。</p><table>{table}</table>"
    else:
        content = "\n".join([title, "现公布本年度报告。", *(carrier.join(row) for row in rows)])
    return parse(Source(content=content.encode()))


def values(report: Report) -> dict[str, float | None]:
    return {cell.path: cell.value for cell in report.cells}


_RIGHT = {path: number + 3 for number, (_, path) in enumerate(_ROWS)}


@pytest.mark.parametrize("other", ["累计数", "上年数", "备注", "代码"])
def test_a_column_of_its_own_header_is_left_out(other: str) -> None:
    report = read(lines(["统计指标", "单位", "统计数", other], "万元", others=1))
    assert values(report) == _RIGHT
    assert "cells_surplus:statistics" in report.flags


def test_two_columns_without_a_header_say_nothing() -> None:
    report = read(lines([], "", others=1)[1:])
    assert set(values(report).values()) == {None}
    assert "ambiguous_columns:statistics" in report.flags


@pytest.mark.parametrize("carrier", ["html", "\t", "\n", "|", ""])
@pytest.mark.parametrize("unit", ["元", "千元", "亿元"])
def test_money_in_another_unit_is_no_figure(carrier: str, unit: str) -> None:
    report = read(lines(["统计指标", "单位", "统计数"], unit), carrier)
    assert values(report)[_FUNDS] is None
    assert values(report)[_COUNT] == 3
    assert "ambiguous_columns:statistics" in report.flags


def test_a_unit_behind_the_label_counts_too() -> None:
    assert values(read(lines(["统计指标", "单位", "统计数"], "", label="{}（元）")))[_FUNDS] is None
    assert values(read(lines(["统计指标", "单位", "统计数"], "", label="{}（万元）"))) == _RIGHT


def test_a_nought_is_a_nought_in_every_unit() -> None:
    rows = lines(["统计指标", "单位", "统计数"], "元")
    assert values(read([[*row[:-1], "0"] if row[1] == "元" else row for row in rows]))[_FUNDS] == 0


def test_what_was_learnt_of_a_form_in_wan_yuan_is_not_used_for_one_in_yuan() -> None:
    for unit, value in (("万元", _RIGHT[_FUNDS]), ("元", None), ("万元", _RIGHT[_FUNDS])):
        assert values(read(lines(["统计指标", "单位", "统计数"], unit)))[_FUNDS] == value


@pytest.mark.parametrize("written", ["3600元", "0.36万元", "￥3600"])
def test_the_unit_in_the_cell_is_the_amounts(written: str) -> None:
    rows = lines(["统计指标", "单位", "统计数"], "万元")
    report = read([[*row[:-1], written] if row[1] == "万元" else row for row in rows])
    assert values(report)[_FUNDS] == 0.36


@pytest.mark.parametrize("carrier", ["html", "\t", "\n"])
def test_the_unit_may_stand_behind_the_figure(carrier: str) -> None:
    rows = [[row[0], row[2], row[1]] for row in lines(["统计指标", "单位", "统计数"], "万元")]
    found = values(read(rows, carrier))
    assert found == _RIGHT or set(found.values()) == {None}
    assert carrier == "\n" or found == _RIGHT


@pytest.mark.parametrize("carrier", ["html", "\t", "\n"])
def test_figures_in_front_of_their_labels_are_not_given_to_the_label_before(carrier: str) -> None:
    rows = [row[::-1] for row in lines(["统计指标", "单位", "统计数"], "万元")]
    report = read(rows, carrier)
    assert set(values(report).values()) <= {None}
    assert carrier != "\n" or "ambiguous_columns:statistics" in report.flags
