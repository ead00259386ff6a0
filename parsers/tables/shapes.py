"""Tables that are turned on their side, and tables in two halves beside each other -> lines as the form has them.

A row of a turned table is a column of the form. Two halves, or two organs' tables, stand in one grid below a header that
says everything twice: the left one is read first, then the right one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from parsers.documents.model import Cell, Grid
from parsers.report import Semantic
from parsers.tables.grid_lines import Line, lines
from parsers.tables.numbers import read
from parsers.template import Template

_HEADER_ROWS = 5
_FEWEST = 2
"""Rows with words at the left of both halves."""


def shaped(grids: Iterable[Grid], templates: tuple[Template, ...]) -> list[Line]:
    """Every row of every grid in reading order, turned and parted where that makes rows of a form."""
    rows, columns = _labels(templates)
    result: list[Line] = []
    for grid in grids:
        own = lines([grid])
        if _is_turned(own, rows, columns):
            result.extend(_turned(grid))
        elif cut := _second_half(own):
            result.extend(_part(line, 0, cut) for line in own)
            result.extend(part for line in own if (part := _part(line, cut, grid.width)).cells)
        else:
            result.extend(own)
    return result


@lru_cache(maxsize=4)
def _labels(templates: tuple[Template, ...]) -> tuple[frozenset[str], frozenset[str]]:
    """Spellings of rows that are no columns', and of columns that are no rows'."""
    tables = [table for template in templates for table in template.tables]
    rows = frozenset[str]().union(*(table.row_forms for table in tables))
    columns = frozenset[str]().union(*(table.heading_forms for table in tables))
    return rows - columns, columns - rows


def _is_turned(own: Sequence[Line], rows: frozenset[str], columns: frozenset[str]) -> bool:
    """Does a column's label stand in front of a row, below a line with labels of rows behind its first cell?"""
    headed = False
    for line in own:
        if headed and line.has_figure and not columns.isdisjoint(line.forms[0]):
            return True
        headed = headed or (not line.has_figure and any(not rows.isdisjoint(forms) for forms in line.forms[1:]))
        if line.has_figure and not headed:
            return False
    return False


def _turned(grid: Grid) -> list[Line]:
    known: dict[int, Cell] = {}

    def turned(cell: Cell | None) -> Cell | None:
        if cell is None:
            return None
        if id(cell) not in known:
            known[id(cell)] = cell._replace(
                row=cell.column, column=cell.row, row_span=cell.column_span, column_span=cell.row_span
            )
        return known[id(cell)]

    rows = tuple([tuple([turned(row[column]) for row in grid.rows]) for column in range(grid.width)])
    on_its_side = Grid(rows, grid.index, grid.caption, grid.page, recognised=grid.recognised, pictures=grid.pictures)
    return [Line(line.grid, line.row, line.cells, line.forms, turned=True) for line in lines([on_its_side])]


def _second_half(own: Sequence[Line]) -> int:
    """The column in which the second half begins; 0 where there is none."""
    for line in own[:_HEADER_ROWS]:
        half, odd = divmod(len(line.cells), 2)
        if odd or half < 2 or line.has_figure:
            continue
        if all(not line.forms[n].isdisjoint(line.forms[half + n]) for n in range(half)):
            cut = line.cells[half][1]
            labelled = [1 for other in own if other.has_figure and _is_labelled(other, 0) and _is_labelled(other, cut)]
            return cut if len(labelled) >= _FEWEST else 0
    return 0


def _is_labelled(line: Line, column: int) -> bool:
    return any(left == column and read(cell.text).semantic is Semantic.TEXT for cell, left, _ in line.cells)


def _part(line: Line, begin: int, end: int) -> Line:
    places = [n for n, (_, left, _) in enumerate(line.cells) if begin <= left < end]
    return Line(line.grid, line.row, tuple([line.cells[n] for n in places]), tuple([line.forms[n] for n in places]))
