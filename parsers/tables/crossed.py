"""Table four in another shape: its fifteen figures below one another, in a row for each kind of case, in three tables.

Its labels say little by themselves (结果维持 stands three times), but of every figure the words above it and in front of it
together name one column of the form, or it is none of its figures.
"""

from __future__ import annotations

from collections.abc import Iterator

from parsers.documents.model import Cell, Grid
from parsers.report import Semantic
from parsers.tables.found import FoundRow, Slot
from parsers.tables.grid_lines import GridLines, at_of
from parsers.tables.labels import cell_forms, strip_ordinal
from parsers.tables.numbers import read
from parsers.template import Part

_JOINTS = "-:、,()·/"
"""What may stand between the two halves of a label: 行政复议-结果维持."""
_FEWEST = 3
"""Columns whose labels are there, so that it is worth looking."""
_COPIES = 6
"""So many copies of a table are compared."""


def find(all_lines: GridLines, part: Part) -> FoundRow | None:
    """The part's row, every column of it found once by its words; None where that cannot be said of each of them."""
    words = _Words(part)
    if not _may_stand(all_lines, part, words):
        return None
    found: dict[int, list[Slot]] = {}
    grids = {id(line.grid): line.grid for line in all_lines.all}
    for grid in grids.values():
        for column, slot in _figures(grid, words):
            found.setdefault(column, []).append(slot)
    if len(found) < len(part.columns):
        return None
    times = min(_COPIES, max(map(len, found.values())))
    first, *again = [
        tuple([some[min(number, len(some) - 1)] for _, some in sorted(found.items())]) for number in range(times)
    ]
    return FoundRow(part.rows[0], first, blanks_marked=True, rivals=tuple(again))


class _Words(dict[str, frozenset[int] | None]):
    """Words of a cell -> the columns that they leave; None where they name none."""

    def __init__(self, part: Part) -> None:
        names: dict[str, set[int]] = {form: set(columns) for form, columns in part.group_columns.items()}
        for index, column in enumerate(part.columns):
            for form in column.label.forms:
                names.setdefault(form, set()).add(index)
        self.names = {form: frozenset(columns) for form, columns in names.items()}
        """Every spelling of a column's own label or of one above it."""
        self._longest_first = sorted(self.names, key=len, reverse=True)
        self._all = frozenset(range(len(part.columns)))

    def __missing__(self, text: str) -> frozenset[int] | None:
        forms = sorted(cell_forms(text), key=len, reverse=True)
        said = (self.names.get(form) or self.joined(form) for form in forms)
        self[text] = found = next((some for some in said if some), None)
        return found

    def joined(self, form: str) -> frozenset[int] | None:
        """Several labels in one cell: 行政诉讼(复议后起诉), 行政复议结果维持."""
        found, rest = self._all, strip_ordinal(form)
        while rest:
            label = next((name for name in self._longest_first if rest.startswith(name)), None)
            if label is None:
                return None
            found, rest = found & self.names[label], rest[len(label) :].lstrip(_JOINTS)
        return found or None


def _may_stand(all_lines: GridLines, part: Part, words: _Words) -> bool:
    said = {form for form in all_lines.by_form if form in words.names or words.joined(form)}
    return len(said & part.column_forms) >= _FEWEST or len(said - words.names.keys()) >= _FEWEST


def _figures(grid: Grid, words: _Words) -> Iterator[tuple[int, Slot]]:
    """(number of the column, figure) of every cell that is no words and that its labels name."""
    above: list[frozenset[int] | None] = [None] * grid.width
    """What the words above each column of the grid leave of the form's columns; None: there are none."""
    for number, row in enumerate(grid.rows):
        left: frozenset[int] | None = None
        before: Cell | None = None
        for place, cell in enumerate(row):
            if cell is None:
                continue
            if read(cell.text).semantic is not Semantic.TEXT:
                is_new = cell is not before and cell.row == number
                named = _both(left, above[place])
                if is_new and named is not None and len(named) == 1:
                    yield next(iter(named)), Slot(cell.text.strip(), at_of(grid, cell))
            elif (said := words[cell.text]) is not None:
                if cell is not before:
                    left = _both(left, said)
                if cell.row == number:
                    above[place] = _narrowed(above[place], said)
            before = cell


def _both(one: frozenset[int] | None, other: frozenset[int] | None) -> frozenset[int] | None:
    if one is None or other is None:
        return one if other is None else other
    return one & other


def _narrowed(above: frozenset[int] | None, said: frozenset[int]) -> frozenset[int]:
    """A label below another one says more, or it begins anew: 行政诉讼 below the figures of 行政复议."""
    return _both(above, said) or said
