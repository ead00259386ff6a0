"""The header of a table in a grid: which column of the form stands where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple

from parsers.documents.model import Cell, Grid
from parsers.tables.grid_lines import Line
from parsers.tables.labels import cell_forms
from parsers.template import Part


@dataclass(frozen=True)
class Header:
    known: bool
    """Was every column's header seen?"""
    order: tuple[int, ...]
    """Index of the template's figure column for each place; () where it is the form's own order."""
    ranges: tuple[tuple[int, int], ...]
    """Grid columns that each header covers, in page order; () where not every header was seen."""
    texts: tuple[str, ...]
    grid: Grid | None = None
    line: Line | None = None
    """Where the last of them stands."""


def read_header(all_lines: Sequence[Line], part: Part, start: int, stop: int) -> Header:
    """The header among the lines [start, stop) in front of the part's first row."""
    leaves: dict[int, _Leaf] = {}
    for line in all_lines[start:stop]:
        for (cell, left, right), forms in zip(line.cells, line.forms, strict=True):
            if not forms.isdisjoint(part.column_forms):
                leaves[id(cell)] = _Leaf(left, cell.row, right, cell, forms, line)
    ordered = sorted(leaves.values(), key=_PLACE)
    texts = tuple([leaf.cell.text for leaf in ordered])
    if len(ordered) != len(part.columns):
        return Header(False, (), (), texts)
    ranges = tuple([(leaf.left, leaf.right) for leaf in ordered])
    grid = ordered[0].line.grid if len({id(leaf.line.grid) for leaf in ordered}) == 1 else None
    if not [1 for c, leaf in zip(part.columns, ordered, strict=True) if leaf.forms.isdisjoint(c.label.forms)]:
        if _groups_fit(part, ordered):
            return Header(True, (), ranges, texts, grid, ordered[-1].line)
        return Header(False, (), (), texts)
    return _other_order(part, ordered, ranges, texts, grid)


class _Leaf(NamedTuple):
    """A cell that says a column's label."""

    left: int
    row: int
    right: int
    cell: Cell
    forms: frozenset[str]
    line: Line


_PLACE = itemgetter(0, 1)


def _groups_fit(part: Part, ordered: Sequence[_Leaf]) -> bool:
    """Labels that occur in several groups (结果维持) must stand below their own group where one stands above."""
    below = part.group_columns
    if not below:
        return True
    for index, leaf in enumerate(ordered):
        for above in leaf.line.grid.rows[: leaf.row]:
            over = above[leaf.left] if leaf.left < len(above) else None
            if over is None or over is leaf.cell:
                continue
            groups = [below[form] for form in cell_forms(over.text) if form in below]
            if groups and not any(index in columns for columns in groups):
                return False
    return True


def _other_order(
    part: Part,
    ordered: Sequence[_Leaf],
    ranges: tuple[tuple[int, int], ...],
    texts: tuple[str, ...],
    grid: Grid | None,
) -> Header:
    """The page's columns stand in another order: follow the page where every label is one column's alone."""
    indices = []
    for leaf in ordered:
        fits = [i for i, column in enumerate(part.values) if not leaf.forms.isdisjoint(column.label.forms)]
        if len(fits) != 1:
            return Header(False, (), (), texts)
        indices.append(fits[0])
    if len(set(indices)) != len(indices):
        return Header(False, (), (), texts)
    return Header(True, tuple(indices), ranges, texts, grid, ordered[-1].line)
