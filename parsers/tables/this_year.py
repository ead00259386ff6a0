"""Columns of several years: 2015年 | 2016年, 上年数 | 本年数. The one that names the report's year is the form's column.

Of the others the form knows nothing: they stay columns with a header of their own, whose figures are not taken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from parsers.documents.model import Cell, Grid
from parsers.tables.labels import fold
from parsers.template import Template

_HEADER_ROWS, _LONGEST = 4, 20
_OF_THE_YEAR = ("", "度", "数", "统计数", "度数", "度统计数", "数据", "度数据", "情况", "度情况")


def named(grids: Sequence[Grid], templates: tuple[Template, ...], year: int) -> Sequence[Grid]:
    """The grids, with the form's own label in the header that names the year where no header says it itself."""
    words = _words(templates)
    return [_named(grid, words, year) for grid in grids] if words else grids


@lru_cache(maxsize=4)
def _words(templates: tuple[Template, ...]) -> Mapping[str, tuple[str, frozenset[str], frozenset[str]]]:
    """A folded word for this year -> the label of its column, every spelling of that, what stands beside it."""
    return {
        fold(word): (
            column.name,
            frozenset(column.label.forms),
            frozenset(form for c in beside for form in c.label.forms),
        )
        for template in templates
        for table in template.tables
        for part in table.parts
        for column in part.columns
        for beside in [[other for other in part.columns if other is not column]]
        for word in column.this_year
    }


def _named(grid: Grid, words: Mapping[str, tuple[str, frozenset[str], frozenset[str]]], year: int) -> Grid:
    columns = dict.fromkeys(words.values())
    begins = {form[0] for _, _, beside in columns for form in beside}
    for row in grid.rows[:_HEADER_ROWS]:
        if begins.isdisjoint([cell[0].lstrip()[:1] for cell in row if cell is not None]):
            continue  # So are nearly all.
        cells = list(dict.fromkeys(cell for cell in row if cell is not None))
        texts = [fold(cell.text) for cell in cells if len(cell.text) < _LONGEST]
        for label, own, beside in columns:
            if own.isdisjoint(texts) and not beside.isdisjoint(texts):
                said = [cell for cell in cells if _says(fold(cell.text), words, year)]
                if len(said) == 1:
                    return _with(grid, said[0], label)
    return grid


def _says(text: str, words: Mapping[str, object], year: int) -> bool:
    return text in words or (text.startswith(str(year)) and text[4:].removeprefix("年") in _OF_THE_YEAR)


def _with(grid: Grid, cell: Cell, label: str) -> Grid:
    new = cell._replace(text=label)
    rows = tuple([
        tuple([new if other is cell else other for other in row]) if cell in row else row for row in grid.rows
    ])  # fmt: skip
    return replace(grid, rows=rows)
