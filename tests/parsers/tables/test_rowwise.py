"""Labels torn off their figures, as when a PDF is turned into Markdown: rows by their place, flagged, or not at all."""

from __future__ import annotations

import pytest

from parsers import documents
from parsers.tables.read import ReadTable, read_tables
from parsers.template import load_templates
from tests.parsers import forms

TORN = (3, 5, 14, 21)
"""Rows whose label the conversion set on lines of its own, in pieces."""


def torn(figures: dict[str, str]) -> list[str]:
    """Table three of the 2021 form, one row a line, some labels torn off in front of their figures."""
    table = forms.template("e2021_v30").tables[1]
    part = table.parts[0]
    lines = [
        "申请人情况",
        "（本列数据的勾稽关系为：第一项加第二项法人或其他组织",
        "之和，等于第三项加第四项之和）",
        "自然人总计",
        "商业企科研机社会公法律服",
        "其他",
    ]
    for number, row in enumerate(part.rows):
        cells = " | ".join(figures.get(table.path(row, column), "") for column in part.values)
        if number in TORN:
            middle = len(row.name) // 2
            lines += [row.name[:middle], f"| {cells} |", "|---|---|---|---|---|---|---|", row.name[middle:]]
        else:
            lines.append(f"| {row.name} | {cells} |")
    return lines


def read(lines: list[str]) -> ReadTable:
    (table,) = read_tables(documents.read("\n".join(lines).encode()), load_templates())
    return table


def figures() -> dict[str, str]:
    table = forms.template("e2021_v30").tables[1]
    return {path: str(number % 17) for number, path in enumerate(table.paths())}


def test_rows_between_labelled_neighbours_are_found_by_their_place() -> None:
    want = figures()
    table = read(torn(want))
    assert {cell.path: cell.value for cell in table.cells} == {path: int(text) for path, text in want.items()}
    assert "rows_by_position:requests" in table.flags
    assert "columns_by_position:requests" in table.flags


def test_a_line_of_figures_more_or_less_leaves_the_torn_rows_unread() -> None:
    want = figures()
    lines = torn(want)
    lines.remove(next(line for line in lines if line.startswith("| 4 |") or line.count("|") == 8))
    table = read(lines)
    assert "rows_by_position:requests" not in table.flags
    assert any(flag in table.flags for flag in ("rows_missing:requests", "ambiguous_columns:requests"))
    for cell in table.cells:
        assert cell.value in (None, int(want[cell.path])), cell


@pytest.mark.parametrize("foot", ["12", "第12页", "- 12 -", "12\n续表"])
@pytest.mark.parametrize("at", [1, 2, 60, 61, 62, 120])
def test_the_number_of_a_page_among_cells_moves_no_row(at: int, foot: str) -> None:
    (table,) = forms.template("e2014_stats").tables
    rows = [(row, table.path(row, part.values[0])) for part in table.parts for row in part.rows]
    truth = {path: number + 100 for number, (_, path) in enumerate(rows)}
    cells = [cell for row, path in rows for cell in (row.name, "件", str(truth[path]))]
    lines = ["统计指标", "单位", "统计数", *cells[:at], foot, *cells[at:]]
    (found,) = read_tables(documents.read("\n".join(lines).encode()), load_templates())
    values = {cell.path: cell.value for cell in found.cells}
    assert not [path for path, value in values.items() if value not in (None, truth[path])]
    assert sum(value is None for value in values.values()) < 3
