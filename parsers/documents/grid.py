"""Rows of cells with spans -> a rectangular Grid, by the table model of the HTML standard.

https://html.spec.whatwg.org/multipage/tables.html#table-processing-model, with two differences: where two cells
claim a place the first keeps it, and columns at the right edge in which no cell begins are cut off (a caption row
that says colspan=20 over four columns).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from parsers.documents.limits import MAX_GRID_SLOTS
from parsers.documents.model import Box, Cell, Grid
from parsers.errors import Unreadable

MAX_COLUMN_SPAN = 200
"""The standard clips at 1000; no report has a table of 200 columns."""


class RawCell(NamedTuple):
    """A cell as a file gives it, before anyone knows its place."""

    text: str
    row_span: int = 1
    """0 means: to the end of the row group."""
    column_span: int = 1
    header: bool = False
    column: int | None = None
    """The first column where the file says so itself (DOCX, PDF); HTML takes the next free one."""
    element: int | None = None
    page: int | None = None
    box: Box | None = None
    """Where it stands in the file; see `Cell`."""


def build(
    groups: Iterable[Sequence[Sequence[RawCell]]], index: int = 0, caption: str = "", page: int | None = None
) -> Grid:
    """Expand `groups` (thead, tbody …, each a list of rows) into a Grid; no span leaves its group.

    Raises Unreadable("too_large") for a grid of more than MAX_GRID_SLOTS places.
    """
    placed: list[Cell] = []
    height = 0
    for rows in groups:
        placed.extend(_place(rows, height))
        height += len(rows)
    width = max([cell.column for cell in placed], default=-1) + 1
    if width * height > MAX_GRID_SLOTS:
        raise Unreadable("too_large", f"a table of {height} rows and {width} columns")
    slots: list[list[Cell | None]] = [[None] * width for _ in range(height)]
    for cell in placed:
        top, left, row_span, column_span = cell[1:5]
        if row_span == 1 == column_span:
            row = slots[top]
            if row[left] is None:
                row[left] = cell
            continue
        if left + column_span > width:
            cell = cell._replace(column_span=width - left)
        for row in slots[top : top + row_span]:
            for column in range(left, left + cell.column_span):
                if row[column] is None:
                    row[column] = cell
    return Grid(tuple(map(tuple, slots)), index, caption, page)


def _place(rows: Sequence[Sequence[RawCell]], first_row: int) -> list[Cell]:
    """Give every cell of one row group its place; its column span may still reach over the right edge."""
    placed = []
    taken: list[set[int]] = [set() for _ in rows]
    work = 0
    for r, row in enumerate(rows):
        column = 0
        here = taken[r]
        below = len(rows) - r
        for text, row_span, column_span, header, said, element, page, box in row:
            if said is not None:
                column = said
            while column in here:
                column += 1
            if row_span != 1:
                row_span = below if row_span == 0 else max(1, min(row_span, below))
            if column_span != 1:
                column_span = max(1, min(column_span, MAX_COLUMN_SPAN))
            work += row_span * column_span
            if work > 8 * MAX_GRID_SLOTS:
                raise Unreadable("too_large", "a table whose cells span more than any report's")
            if row_span > 1 or said is not None:
                for covered in range(r, r + row_span):
                    taken[covered].update(range(column, column + column_span))
            cell = (text, first_row + r, column, row_span, column_span, header, element, page, box)
            placed.append(tuple.__new__(Cell, cell))
            column += column_span
    return placed
