"""Forms turned on their side, set in two halves beside each other, with columns of several years: read, or null."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from parsers import Source, parse
from parsers.report import Report
from tests.parsers import forms

_REQUESTS = forms.template("e2021_v30").tables[1]
_STATISTICS = forms.template("e2014_stats").tables[0]
_ROWS = [(row.name, _STATISTICS.path(row, part.values[0])) for part in _STATISTICS.parts for row in part.rows]
_FIGURES = {path: number + 3 for number, (_, path) in enumerate(_ROWS)}
_PART = _REQUESTS.parts[0]
_ASKED = {_REQUESTS.path(row, c): 10 * n + m for n, row in enumerate(_PART.rows) for m, c in enumerate(_PART.columns)}


def read(tables: Sequence[Sequence[Sequence[object]]], year: int = 2016) -> Report:
    made = "".join(
        f"<table>{''.join('<tr>' + ''.join(f'<td>{cell}</td>' for cell in row) + '</tr>' for row in table)}</table>"
        for table in tables
    )
    title = f"柘城县水利局{year}年政府信息公开工作年度报告"
    lead = "<p>现公布本年度报告。</p>"
    return parse(Source(content=f"<meta charset=utf-8><h1>{title}</h1>{lead}{made}".encode()))


def values(report: Report) -> dict[str, object]:
    return {cell.path: cell.value for cell in report.cells}


def test_a_form_turned_on_its_side() -> None:
    rows = [["申请人情况", *(row.name for row in _PART.rows)]]
    rows += [[c.name, *(_ASKED[_REQUESTS.path(row, c)] for row in _PART.rows)] for c in _PART.columns]
    report = read([rows], 2023)
    assert values(report) == _ASKED
    place = next(cell.at for cell in report.cells if cell.path == "requests.received_new.total")
    assert place is not None and (place["row"], place["column"]) == (7, 1)


def test_chapters_turned_on_their_side() -> None:
    tables = [
        [
            ["统计指标", *(name for name, _ in _ROWS[n : n + 6])],
            ["统计数", *(_FIGURES[path] for _, path in _ROWS[n : n + 6])],
        ]
        for n in range(0, len(_ROWS), 6)
    ]
    assert values(read(tables)) == _FIGURES


def test_two_halves_beside_each_other() -> None:
    lines = [[name, "件", _FIGURES[path]] for name, path in _ROWS]
    half = len(lines) // 2
    head = ["统计指标", "单位", "统计数"]
    assert values(read([[head * 2, *([*a, *b] for a, b in zip(lines[:half], lines[half:], strict=True))]])) == _FIGURES


def test_of_two_forms_beside_each_other_nobody_knows_which_is_the_reports() -> None:
    rows = [[name, "件", _FIGURES[path], name, "件", _FIGURES[path] + 1] for name, path in _ROWS]
    report = read([[["统计指标", "单位", "统计数"] * 2, *rows]])
    assert set(values(report).values()) == {None}
    assert "rows_repeated:statistics" in report.flags


_YEARS = [
    ("2015年", "2016年"), ("2015年度", "2016年度"), ("上年数", "本年数"), ("上年", "本年"), ("历年累计", "本年统计数"),
    ("2015年统计数", "2016年统计数"), ("2015", "2016"),
]  # fmt: skip


@pytest.mark.parametrize("is_first", [False, True])
@pytest.mark.parametrize(("other", "own"), _YEARS)
def test_the_column_of_the_reports_year_is_read(other: str, own: str, is_first: bool) -> None:
    pairs = [(other, own), *((900 + n, _FIGURES[path]) for n, (_, path) in enumerate(_ROWS))]
    columns = [pair[::-1] if is_first else pair for pair in pairs]
    labels = [("统计指标", "单位"), *((name, "件") for name, _ in _ROWS)]
    rows = [[*label, *some] for label, some in zip(labels, columns, strict=True)]
    report = read([rows])
    assert values(report) == _FIGURES
    assert "cells_surplus:statistics" in report.flags


@pytest.mark.parametrize(
    "heads", [("2014年", "2015年"), ("2016年上半年", "2016年下半年"), ("一季度", "合计"), ("本年", "2016年")]
)
def test_without_one_column_of_the_year_nothing_is_taken(heads: tuple[str, str]) -> None:
    rows = [["统计指标", "单位", *heads], *([name, "件", 900, _FIGURES[path]] for name, path in _ROWS)]
    report = read([rows])
    assert set(values(report).values()) <= {None}


def test_what_was_learnt_of_one_year_is_not_used_for_another() -> None:
    rows = [["统计指标", "单位", "2015年", "2016年"], *([name, "件", 900, _FIGURES[path]] for name, path in _ROWS)]
    assert values(read([rows], 2016)) == _FIGURES
    assert set(values(read([rows], 2015)).values()) == {900}
    assert set(values(read([rows], 2017)).values()) <= {None}


def test_a_row_without_cells_between_the_rows_of_a_turned_form() -> None:
    rows = [["申请人情况", *(row.name for row in _PART.rows)], []]
    rows += [[c.name, *(_ASKED[_REQUESTS.path(row, c)] for row in _PART.rows)] for c in _PART.columns]
    assert values(read([rows], 2023)) == _ASKED


@pytest.mark.parametrize("blank", range(len(_PART.columns)))
def test_blanks_where_the_spans_of_labels_were_lost(blank: int) -> None:
    """Pandoc's RTF: a label that covered two columns has an empty cell behind it, and the figures end in a blank."""
    head = ["", "", "", *(column.name for column in _PART.columns)]
    want = {path: None if path.endswith(f".{_PART.columns[blank].key}") else value for path, value in _ASKED.items()}
    rows = []
    for row in _PART.rows:
        figures = ["" if (value := want[_REQUESTS.path(row, column)]) is None else value for column in _PART.columns]
        rows.append(
            [
                *(["三、本年度办理结果", row.name, ""] if row.key.startswith("results.") else [row.name, "", ""]),
                *figures,
            ]
        )
    assert values(read([[head, *rows]], 2023)) == want


def test_a_label_that_covers_blank_figures_moves_none() -> None:
    """Gnumeric's pages: a long label covers the blank cells beside it, and the row ends in blanks of the sheet."""
    head = "".join(f"<td>{name}</td>" for name in ["", *(column.name for column in _PART.columns), "", "", ""])
    want = {path: None if path.endswith("natural_person") else value for path, value in _ASKED.items()}
    rows = []
    for number, row in enumerate(_PART.rows):
        figures = [_ASKED[_REQUESTS.path(row, column)] for column in _PART.columns[1:]]
        label = f"<td colspan=2>{row.name}</td>" if number % 2 else f"<td>{row.name}</td><td></td>"
        rows.append(label + "".join(f"<td>{figure}</td>" for figure in [*figures, "", "", ""]))
    made = "".join(f"<tr>{row}</tr>" for row in [head, *rows])
    title = "柘城县水利局2023年政府信息公开工作年度报告"
    report = parse(Source(content=f"<meta charset=utf-8><h1>{title}</h1><p>现公布。</p><table>{made}</table>".encode()))
    found = values(report)
    assert {path: value for path, value in found.items() if value not in (None, want[path])} == {}
    assert len([value for value in found.values() if value is not None]) >= len(_ASKED) // 3
