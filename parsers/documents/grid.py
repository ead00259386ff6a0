"""Rows of cells with spans -> a rectangular Grid, by the table model of the HTML standard.

https://html.spec.whatwg.org/multipage/tables.html#table-processing-model, with two differences: where two cells
claim a place the first keeps it, and columns at the right edge in which no cell begins are cut off (a caption row
that says colspan=20 over four columns).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import NamedTuple

from parsers.documents.limits import MAX_GRID_SLOTS
from parsers.documents.model import Box, Cell, Grid, read_rows
from parsers.errors import Unreadable

_TEXT = itemgetter(0)
"""Of a cell."""
MAX_COLUMN_SPAN = 200
"""The standard clips at 1000; no report has a table of 200 columns."""


class RawCell(NamedTuple):
    """A cell as a file gives it, before anyone knows its place. `Raw` is the same without names: pages have hundreds."""

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


Raw = tuple[str, int, int, bool, int | None, int | None, int | None, Box | None]


def build(
    groups: Iterable[Sequence[Sequence[Raw]]], index: int = 0, caption: str = "", page: int | None = None
) -> Grid:
    """Expand `groups` (thead, tbody …, each a list of rows) into a Grid; no span leaves its group.

    Raises Unreadable("too_large") for a grid of more than MAX_GRID_SLOTS places.
    """
    groups = tuple(groups)
    laid = _laid(groups)
    if laid is not None:
        return Grid(laid.rows, index, caption, page, spans=laid.spans).reading(laid.text)
    placed: list[Cell] = []
    height = 0
    for rows in groups:
        placed.extend(_place(rows, height))
        height += len(rows)
    width = max([cell.column for cell in placed], default=-1) + 1
    _refuse_above(width, height)
    slots: list[list[Cell | None]] = [[None] * width for _ in range(height)]
    spans: list[Cell] = []
    claimed_twice = False
    for cell in placed:
        top, left, row_span, column_span = cell[1:5]
        if left + column_span > width:
            cell = cell._replace(column_span=width - left)
        if cell[3] > 1 or cell[4] > 1:
            spans.append(cell)
        for row in slots[top : top + row_span]:
            for column in range(left, left + cell.column_span):
                if row[column] is None:
                    row[column] = cell
                else:
                    claimed_twice = True
    return Grid(tuple(map(tuple, slots)), index, caption, page, spans=None if claimed_twice else tuple(spans))


def _refuse_above(width: int, height: int) -> None:
    if width * height > MAX_GRID_SLOTS:
        raise Unreadable("too_large", f"a table of {height} rows and {width} columns")


class _Laid(NamedTuple):
    rows: tuple[tuple[Cell | None, ...], ...]
    spans: tuple[Cell, ...]
    text: str
    """As `Grid.text` reads it."""


def _laid(groups: Iterable[Sequence[Sequence[Raw]]]) -> _Laid | None:
    """The rows of a regular table, laid in one pass, and its cells that span: so nearly all are. None where two cells
    claim a place, one reaches over the right edge, or the file says itself where they stand."""
    lines: list[list[Cell | None]] = []
    spans: list[Cell] = []
    read: list[list[str]] = []
    nothing: dict[int, Cell] = {}
    new, widest, work = tuple.__new__, -1, 0
    for rows in groups:
        above: dict[int, dict[int, Cell]] = {}
        for r, row in enumerate(rows):
            top, here, column, free = len(lines), above.get(r, nothing), -1, 0
            reach = max(here) if here else -1
            line: list[Cell | None] = []
            lines.append(line)
            for text, row_span, column_span, header, said, element, page, box in row:
                while free <= reach and free in here:
                    line.append(here[free])
                    free += 1
                column = free
                if row_span == 1 == column_span and said is None:
                    line.append(new(Cell, (text, top, column, 1, 1, header, element, page, box)))
                    free += 1
                    continue
                row_span = len(rows) - r if row_span == 0 else max(1, min(row_span, len(rows) - r))
                column_span = max(1, min(column_span, MAX_COLUMN_SPAN))
                work += row_span * column_span
                if said is not None or work > MAX_GRID_SLOTS:
                    return None
                cell = new(Cell, (text, top, column, row_span, column_span, header, element, page, box))
                line.extend([cell] * column_span)
                free += column_span
                if row_span > 1 or column_span > 1:
                    spans.append(cell)
                if row_span == 1 and column > reach:
                    continue
                covered = range(column, free)
                if not here.keys().isdisjoint(covered):
                    return None
                for below in range(r + 1, r + row_span):
                    there = above.setdefault(below, {})
                    if not there.keys().isdisjoint(covered):
                        return None
                    there.update(dict.fromkeys(covered, cell))
            if column > widest:
                widest = column
            for column, cell in sorted(here.items()) if reach >= len(line) else ():
                if column >= len(line):
                    line.extend([None] * (column - len(line)))
                    line.append(cell)
            read.append(list(map(_TEXT, row)))
    width = widest + 1
    if any(cell[2] + cell[4] > width for cell in spans):
        return None
    _refuse_above(width, len(lines))
    rows_of_cells = tuple(
        [tuple(line) if len(line) == width else (*line, *[None] * (width - len(line))) for line in lines]
    )
    return _Laid(rows_of_cells, tuple(spans), read_rows(read))


def _place(rows: Sequence[Sequence[Raw]], first_row: int) -> list[Cell]:
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
            row_span = below if row_span == 0 else max(1, min(row_span, below))
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
