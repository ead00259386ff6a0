"""The header of a table in a grid: which column of the form stands where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
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
    places: tuple[int, ...] = ()
    """Index of the template's column, 单位 among them, for each place; () where it is the form's own order."""
    contradicts: bool = False
    """Do the headers that were seen stand in another order than the form's, and nobody can say which?"""
    measured: tuple[tuple[int, int], ...] = ()
    """Grid columns of the figures as the rows have them, where the header does not tell; () where neither does."""

    told: tuple[tuple[int, int, int], ...] = ()
    """Of a header of which some labels are not known: (index of the template's column, left, right) of those that are."""
    told_in: Line | None = None
    """Where all of these stand."""

    @property
    def is_exact(self) -> bool:
        """Is every column's header known, and stand no two above the same column?"""
        return self.known and all(right <= left for (_, right), (left, _) in pairwise(self.ranges))


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
        is_moved = _is_moved(part, ordered, all_lines[stop : stop + 1])
        return Header(False, (), (), texts, contradicts=is_moved, told=_told(part, ordered), told_in=_line_of(ordered))
    ranges = tuple([(leaf.left, leaf.right) for leaf in ordered])
    grid = _grid_of(ordered)
    if not [1 for c, leaf in zip(part.columns, ordered, strict=True) if leaf.forms.isdisjoint(c.label.forms)]:
        below = _groups(part, ordered)
        if all(index in columns for index, columns in enumerate(below)):
            # Labels that stand three times prove nothing without a group above them.
            known = not part.shares_labels or any(len(columns) < len(part.columns) for columns in below)
            return Header(known, (), ranges, texts, grid, ordered[-1].line)
        if not _groups_moved(part, ordered):
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


def _groups(part: Part, ordered: Sequence[_Leaf]) -> list[frozenset[int]]:
    """For each header the columns that the groups above it leave, all of them where none stands above."""
    below, result = part.group_columns, []
    for leaf in ordered:
        columns = frozenset(range(len(part.columns)))
        for above in leaf.line.grid.rows[: leaf.row] if below else ():
            over = above[leaf.left] if leaf.left < len(above) else None
            if over is None or over is leaf.cell:
                continue
            for form in cell_forms(over.text):
                columns &= below.get(form, columns)
        result.append(columns)
    return result


def _groups_moved(part: Part, ordered: Sequence[_Leaf]) -> bool:
    """Do the groups themselves stand in another order than the form's? Else their spans are wrong, which proves nothing."""
    below = part.group_columns
    for above in ordered[0].line.grid.rows[: max(leaf.row for leaf in ordered)]:
        said = [below[form] for cell in dict.fromkeys(above) if cell for form in cell_forms(cell.text) if form in below]
        firsts = [min(columns) for columns in said]
        if firsts != sorted(firsts):
            return True
    return False


def _grid_of(ordered: Sequence[_Leaf]) -> Grid | None:
    """Where all of them stand; None where that is not one grid."""
    return ordered[0].line.grid if len({id(leaf.line.grid) for leaf in ordered}) == 1 else None


def _line_of(ordered: Sequence[_Leaf]) -> Line | None:
    return ordered[0].line if len({id(leaf.line) for leaf in ordered}) == 1 else None


def _told(part: Part, ordered: Sequence[_Leaf]) -> tuple[tuple[int, int, int], ...]:
    fitting = [(_fitting(part, leaf), leaf) for leaf in ordered]
    return tuple([(columns[0], leaf.left, leaf.right) for columns, leaf in fitting if len(columns) == 1])


def _is_moved(part: Part, ordered: Sequence[_Leaf], first_row: Sequence[Line]) -> bool:
    """Of a header that is not whole: do the columns that can be told stand in another order than the form's?"""
    own = [leaf for leaf in ordered for line in first_row if leaf.line.grid is line.grid]
    told = [columns for leaf in own if len(columns := _fitting(part, leaf)) == 1]
    places = [columns[0] for columns in told]
    return places != sorted(places)


def _fitting(part: Part, leaf: _Leaf) -> list[int]:
    return [index for index, column in enumerate(part.columns) if not leaf.forms.isdisjoint(column.label.forms)]


def _other_order(
    part: Part,
    ordered: Sequence[_Leaf],
    ranges: tuple[tuple[int, int], ...],
    texts: tuple[str, ...],
    grid: Grid | None,
) -> Header:
    """The page's columns stand in another order: follow the page where every label, with the groups above it, is one
    column's alone. Where two stand above the same column (the merged cells of the header are lost, and its labels have moved
    to the left) the header says nothing of its order."""
    if any(after < before for (_, before), (after, _) in pairwise(ranges)):
        return Header(False, (), (), texts)
    places = []
    for leaf, below in zip(ordered, _groups(part, ordered), strict=True):
        fits = [index for index in _fitting(part, leaf) if index in below]
        if len(fits) != 1:
            return Header(False, (), (), texts, contradicts=True)
        places.append(fits[0])
    if len(set(places)) != len(places):
        return Header(False, (), (), texts, contradicts=True)
    values = [index for index, column in enumerate(part.columns) if column.kind != "unit"]
    order = tuple([values.index(place) for place in places if place in values])
    return Header(True, order, ranges, texts, grid, ordered[-1].line, tuple(places))
