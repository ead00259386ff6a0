"""Forms that were found before. Thousands of organs fill in the same table: where the same labels stand in the same
cells, the same rows and columns are found again, whatever the figures are, and need not be looked for.

What is kept is where the rows of a form stand, never a figure. It is kept only where the labels alone decided it: a form
that lacks a row, says a label twice, has a label that nobody knows or a cell too many is looked at anew each time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial
from itertools import dropwhile
from typing import NamedTuple

from parsers.documents.model import Cell, Grid
from parsers.report import Semantic
from parsers.tables.found import FoundPart, FoundRow, FoundTable, Slot
from parsers.tables.grid_lines import at_of
from parsers.tables.labels import Label, cell_forms, fold
from parsers.tables.numbers import UNIT_BEHIND, read
from parsers.template import Table, Template


@dataclass(frozen=True)
class Layout:
    """The grids of a document without their figures."""

    grids: tuple[Grid, ...]
    """Themselves, from the first one on that has a label: what stands in front of it, most often the page's own block of
    labels, has no say in how forms are found."""
    cells: tuple[object, ...]
    """What every cell is to the forms (a figure, words, one of their labels), and what it spans."""
    signs: Mapping[int, int]
    """id() of a table -> how many of its signature labels are there."""

    @cached_property
    def key(self) -> object:
        return self.cells, tuple([signs > 0 for signs in self.signs.values()])


_MOST_LAYOUTS = 256
_MOST_TEXTS = 16_384
_NOTHING, _FIGURE, _WORDS, _LABELS = range(4)
"""No cell; a cell without words, blank or not; words that are no label; labels are counted from here."""


class _Place(NamedTuple):
    grid: int
    """Number among the grids of the layout."""
    row: int
    column: int


class _Labels(dict[str, int]):
    """Text of a cell -> what it is. Two spellings of one label are the same, wherever a form asks for them."""

    def __init__(self, templates: Iterable[Template]) -> None:
        tables = [table for template in templates for table in template.tables]
        self._owners: dict[str, list[int]] = {}
        self._rows = frozenset[str]().union(*(table.row_forms for table in tables))
        self._heads = frozenset[str]().union(*(table.header_forms | table.column_forms for table in tables))
        for number, label in enumerate(label for table in tables for label in _labels(table)):
            for form in label.forms:
                self._owners.setdefault(form, []).append(number)
        self._signatures = {form for table in tables for label in table.signature for form in label.forms}
        self._known: dict[object, int] = {}
        self.rows: set[int] = set()
        """Those that name a row."""
        self.heads: set[int] = set()
        """Those that stand in a header."""
        self.signed: set[str] = set()
        """The texts that say a signature label."""

    def __missing__(self, text: str) -> int:
        if len(self) > _MOST_TEXTS:
            self.clear()
            self.signed.clear()
        forms = sorted(cell_forms(text) & (self._owners.keys() | self._signatures))
        is_words = read(text).semantic is Semantic.TEXT
        if not forms:
            self[text] = _WORDS if is_words else _FIGURE
            return self[text]
        unit = UNIT_BEHIND.search(fold(text))
        owners = dict.fromkeys([tuple(self._owners.get(form, ())) for form in forms])
        kind = self[text] = self._known.setdefault((*owners, unit and unit[1], is_words), _LABELS + len(self._known))
        if not self._rows.isdisjoint(forms):
            self.rows.add(kind)
        if not self._heads.isdisjoint(forms):
            self.heads.add(kind)
        if not self._signatures.isdisjoint(forms):
            self.signed.add(text)
        return kind


def _labels(table: Table) -> Iterator[Label]:
    for part in table.parts:
        yield from ((part.captions,) if part.captions else ())
        yield from part.groups
        for column in part.columns:
            yield from (column.label, *column.under)
        for row in part.rows:
            yield from (row.label, *row.under)


Places = tuple[tuple[tuple[_Place, ...], ...], ...]
"""For each part of a table, for each of its rows: where its figures stand."""


class _Kept(NamedTuple):
    tables: list[list[FoundTable]]
    """For each template; their parts hold no figure."""
    places: Mapping[int, Places]
    """id() of the parts of a table -> where their figures stand. Forms have tables in common."""


class Memory:
    """The layouts that were met with one set of templates."""

    def __init__(self, templates: Iterable[Template]) -> None:
        self._labels = _Labels(templates)
        self._signed = [table for template in templates for table in template.tables if table.signature]
        self._kept: dict[object, _Kept] = {}

    def layout(self, grids: Iterable[Grid]) -> Layout:
        there = tuple(dropwhile(self._has_none, grids))
        cells = tuple([(grid.recognised, *map(self._told, grid.rows)) for grid in there])
        texts = {cell.text for grid in there for row in grid.rows for cell in row if cell is not None}
        forms = frozenset[str]().union(*map(cell_forms, texts & self._labels.signed))
        signs = {
            id(table): sum(not forms.isdisjoint(label.forms) for label in table.signature) for table in self._signed
        }
        return Layout(there, cells, signs)

    def recall(self, layout: Layout) -> list[list[FoundTable]] | None:
        """For each template its tables, with what stands in these grids; None for a layout that is new."""
        kept = self._kept.get(layout.key)
        if kept is None:
            return None
        there, signs = layout.grids, layout.signs
        parts = {
            id(found.parts): tuple(map(partial(_filled, there), found.parts, kept.places[id(found.parts)]))
            for tables in kept.tables
            for found in tables
        }
        return [
            [replace(found, parts=parts[id(found.parts)], signs=signs.get(id(found.table), 0)) for found in tables]
            for tables in kept.tables
        ]

    def keep(self, layout: Layout, tables: Sequence[Sequence[FoundTable]]) -> None:
        """Nothing is kept where more than the labels decided."""
        there = layout.grids
        grids = {grid.index: number for number, grid in enumerate(there)}
        different = {id(found.parts): found for own in tables for found in own}
        if not different or len(grids) < len(there):
            return
        places: dict[int, Places] = {}
        bare: dict[int, tuple[FoundPart, ...]] = {}
        for key, found in different.items():
            known = _places(found, there, grids)
            if known is None or not self._is_told_by_labels(found, known, there):
                return
            parts = bare[key] = tuple(map(_without_figures, found.parts))
            places[id(parts)] = known
        if len(self._kept) >= _MOST_LAYOUTS:
            self._kept.clear()
        own = [[replace(found, parts=bare[id(found.parts)]) for found in some] for some in tables]
        self._kept[layout.key] = _Kept(own, places)

    def _has_none(self, grid: Grid) -> bool:
        labels = self._labels
        return all(cell is None or labels[cell.text] < _LABELS for row in grid.rows for cell in row)

    def _told(self, row: Sequence[Cell | None]) -> tuple[object, ...]:
        """What a row of a grid is in the layout."""
        kinds = self._kinds(row)
        told = [
            kind if cell is None or cell[3] == 1 == cell[4] else (kind, *cell[1:5])
            for kind, cell in zip(kinds, row, strict=True)
        ]
        if self._is_row(row, kinds):
            return tuple(told)
        # Of other rows it counts whether they have figures, and whether they have anything.
        said = [read(cell.text) for cell in row if cell is not None]
        filled = any(written.semantic is not Semantic.EMPTY for written in said)
        return (*told, filled, any(written.value is not None for written in said))

    def _kinds(self, row: Sequence[Cell | None]) -> list[int]:
        labels = self._labels
        return [
            _NOTHING if cell is None else _FIGURE if (text := cell[0]).isdecimal() else labels[text] for cell in row
        ]

    def _is_row(self, row: Sequence[Cell | None], kinds: Sequence[int]) -> bool:
        """Does a label name the row? Two labels of a header do not."""
        labels = self._labels
        if labels.rows.isdisjoint(kinds):
            return False
        return (
            labels.heads.isdisjoint(kinds)
            or len({id(cell) for cell, kind in zip(row, kinds, strict=True) if kind in labels.heads}) < 2
        )

    def _is_told_by_labels(self, found: FoundTable, places: Places, there: Sequence[Grid]) -> bool:
        """Is each of its rows there, once, with the cells that it should have, and no other row among them?"""
        rows = [row for part in found.parts for row in part.rows]
        if found.flags or found.unknown or found.missing_rows or not all(row.whole and not row.rivals for row in rows):
            return False
        taken = {(place.grid, place.row) for part in places for row in part for place in row}
        grids = {grid for grid, _ in taken}
        return all(
            (grid, number) in taken
            for grid in grids
            for number, row in enumerate(there[grid].rows)
            if self._is_row(row, self._kinds(row))
        )


def _places(found: FoundTable, there: Sequence[Grid], grids: Mapping[int, int]) -> Places | None:
    """None where a figure is not found again in its place: its cell lies under another one."""
    parts = []
    for part in found.parts:
        rows = []
        for row in part.rows:
            own = [_place(slot, there, grids) for slot in row.slots]
            if None in own:
                return None
            rows.append(tuple([place for place in own if place is not None]))
        parts.append(tuple(rows))
    return tuple(parts)


def _place(slot: Slot, there: Sequence[Grid], grids: Mapping[int, int]) -> _Place | None:
    table, row, column = (slot.at.get(name) for name in ("table", "row", "column"))
    if not isinstance(table, int) or not isinstance(row, int) or not isinstance(column, int) or table not in grids:
        return None
    grid = there[grids[table]]
    cell = grid.rows[row][column]
    if cell is None or _slot(grid, cell) != slot:
        return None
    return _Place(grids[table], row, column)


def _slot(grid: Grid, cell: Cell) -> Slot:
    return tuple.__new__(Slot, (cell.text.strip(), at_of(grid, cell)))


def _without_figures(part: FoundPart) -> FoundPart:
    return replace(part, rows=tuple([row._replace(slots=()) for row in part.rows]))


def _filled(there: Sequence[Grid], part: FoundPart, places: Sequence[Sequence[_Place]]) -> FoundPart:
    rows = []
    for row, own in zip(part.rows, places, strict=True):
        # That there is a cell in each of the places the layout says.
        slots = [
            tuple.__new__(Slot, (cell.text.strip(), at_of(found, cell)))
            for grid, line, column in own
            if (cell := (found := there[grid]).rows[line][column])
        ]
        rows.append(tuple.__new__(FoundRow, (row.row, tuple(slots), *row[2:])))
    return replace(part, rows=tuple(rows))


@lru_cache(maxsize=4)
def memory(templates: tuple[Template, ...]) -> Memory:
    return Memory(templates)
