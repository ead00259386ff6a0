"""Forms that were found before. Thousands of organs fill in the same table: where the same labels stand in the same
cells, the same rows and columns are found again, whatever the figures are, and need not be looked for.

What is kept is where the rows of a form stand, never a figure. It is kept only where the labels alone decided it: a form
that lacks a row, says a label twice, has a label that nobody knows or a cell too many is looked at anew each time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from itertools import dropwhile, groupby
from typing import NamedTuple

from parsers.documents.model import Cell, Grid
from parsers.report import Semantic
from parsers.tables.found import FoundPart, FoundTable, Known, KnownRow, Recalled, Slot
from parsers.tables.grid_lines import at_of
from parsers.tables.labels import Label, cell_forms, fold
from parsers.tables.numbers import OTHER_UNIT, OTHER_UNIT_BEHIND, UNIT_BEHIND, read
from parsers.tables.resolve import form_flags, in_page_order, is_whole, rows_with_paths
from parsers.template import Table, Template


@dataclass(frozen=True)
class Layout:
    """The grids of a document without their figures."""

    grids: tuple[Grid, ...]
    """Themselves, from the first one on that has a label: what stands in front of it, most often the page's own block of
    labels, has no say in how forms are found."""
    key: tuple[object, ...]
    """What every cell is to the forms (a figure, words, one of their labels), and what it spans; which tables' signature
    labels are there."""
    signs: Mapping[int, int]
    """id() of a table -> how many of its signature labels are there."""


_MOST_LAYOUTS = 256
_MOST_TEXTS = 16_384
_DEPENDS = 2
_EMPTY = Semantic.EMPTY
_NOTHING, _FIGURE, _WORDS, _LABELS = range(4)
"""No cell; a cell without words, blank or not; words that are no label; labels are counted from here."""


class _Place(NamedTuple):
    grid: int
    """Number among the grids of the layout."""
    row: int
    column: int


class _Row(NamedTuple):
    named: int
    """Does a label name it: 0, 1, or _DEPENDS on its cells."""
    signs: bool
    """May one of its cells say a signature label?"""
    words: bool
    """Are there words in each of its cells, so that none is a figure or blank?"""


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
        self._forms = self._owners.keys() | self._signatures
        self._ascii = any(form.isascii() for form in self._forms)
        self._known: dict[object, int] = {}
        self.met: dict[tuple[int, ...], _Row] = {}
        """What is known of rows by what their cells are, of those that were asked for."""
        self.signed: set[str] = set()
        """The texts that say a signature label."""
        self.words = {_WORDS}
        """What cells are that hold words."""
        self.signing: set[int] = set()
        """What these are, and others that are not told from them."""
        self.rows: set[int] = set()
        """Those that name a row."""
        self.heads: set[int] = set()
        """Those that stand in a header."""

    def __missing__(self, text: str) -> int:
        if len(self) > _MOST_TEXTS:
            self.clear()
            self.signed.clear()
        # No label is written without a Chinese character.
        forms = [] if text.isascii() and not self._ascii else sorted(cell_forms(text) & self._forms)
        is_words = read(text).semantic is Semantic.TEXT
        if not forms:
            kind = _WORDS if is_words else _FIGURE
            if is_words and OTHER_UNIT.fullmatch(fold(text)):
                # A row in 元 is not read as one in 万元 is.
                kind = self._known.setdefault((fold(text),), _LABELS + len(self._known))
                self.words.add(kind)
            self[text] = kind
            return kind
        unit = UNIT_BEHIND.search(fold(text))
        owners = dict.fromkeys([tuple(self._owners.get(form, ())) for form in forms])
        told = (*owners, unit and unit[1], bool(OTHER_UNIT_BEHIND.search(text)), is_words)
        kind = self[text] = self._known.setdefault(told, _LABELS + len(self._known))
        if is_words:
            self.words.add(kind)
        if not self._rows.isdisjoint(forms):
            self.rows.add(kind)
        if not self._heads.isdisjoint(forms):
            self.heads.add(kind)
        if not self._signatures.isdisjoint(forms):
            self.signed.add(text)
            self.signing.add(kind)
            self.met.clear()  # Rows with it may have been met before it was known to sign.
        return kind

    def row(self, kinds: tuple[int, ...]) -> _Row:
        """What is known of a row by what its cells are."""
        known = self.met.get(kinds)
        if known is None:
            if len(self.met) > _MOST_TEXTS:
                self.met.clear()
            is_named, is_headed = not self.rows.isdisjoint(kinds), not self.heads.isdisjoint(kinds)
            named = _DEPENDS if is_named and is_headed else int(is_named)
            words = self.words.union((_NOTHING,)).issuperset(kinds) and not self.words.isdisjoint(kinds)
            known = self.met[kinds] = _Row(named, not self.signing.isdisjoint(kinds), words)
        return known

    def names_row(self, row: Sequence[Cell | None], kinds: tuple[int, ...]) -> bool:
        """Does a label name the row? Two labels of a header do not."""
        named = self.row(kinds).named
        if named != _DEPENDS:
            return named > 0
        # Labels of a header stand in it as well: are they different cells?
        return len({id(cell) for cell, kind in zip(row, kinds, strict=True) if kind in self.heads}) < 2


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
    forms: Mapping[int, tuple[Places, Known]]
    """id() of the parts of a table -> where their figures stand. Forms have tables in common."""


class Memory:
    """The layouts that were met with one set of templates."""

    def __init__(self, templates: Iterable[Template]) -> None:
        self._labels = _Labels(templates)
        self._signed = [table for template in templates for table in template.tables if table.signature]
        self._signs: dict[frozenset[str], Mapping[int, int]] = {}
        self._kept: dict[object, _Kept] = {}

    def layout(self, grids: Iterable[Grid]) -> Layout:
        there = tuple(dropwhile(self._has_none, grids))
        signed: set[str] = set()
        cells = [(grid.recognised, _spans(grid), *self._told(grid, signed)) for grid in there]
        signs = self._signs_of(frozenset(signed & self._labels.signed))
        return Layout(there, (tuple([count > 0 for count in signs.values()]), *cells), signs)

    def _signs_of(self, texts: frozenset[str]) -> Mapping[int, int]:
        if texts not in self._signs:
            if len(self._signs) >= _MOST_LAYOUTS:
                self._signs.clear()
            forms = frozenset[str]().union(*map(cell_forms, texts))
            self._signs[texts] = {
                id(table): sum(not forms.isdisjoint(label.forms) for label in table.signature) for table in self._signed
            }
        return self._signs[texts]

    def recall(self, layout: Layout) -> list[list[FoundTable]] | None:
        """For each template its tables, with what stands in these grids; None for a layout that is new."""
        kept = self._kept.get(layout.key)
        if kept is None:
            return None
        there = layout.grids
        parts: dict[int, Recalled] = {}
        for bare in {id(found.parts): found.parts for tables in kept.tables for found in tables}.values():
            places, known = kept.forms[id(bare)]
            parts[id(bare)] = Recalled(bare, partial(_filled, there, bare, places), there, known)
        return [
            [
                FoundTable(found.table, parts[id(found.parts)], found.carrier, layout.signs.get(id(found.table), 0))
                for found in tables
            ]
            for tables in kept.tables
        ]

    def keep(self, layout: Layout, tables: Sequence[Sequence[FoundTable]]) -> None:
        """Nothing is kept where more than the labels decided."""
        there = layout.grids
        grids = {grid.index: number for number, grid in enumerate(there)}
        different = {id(found.parts): found for own in tables for found in own}
        if not different or len(grids) < len(there):
            return
        forms: dict[int, tuple[Places, Known]] = {}
        bare: dict[int, tuple[FoundPart, ...]] = {}
        for key, found in different.items():
            places = _places(found, there, grids)
            if places is None or not self._is_told_by_labels(found, places, there):
                return
            parts = bare[key] = tuple(map(_without_figures, found.parts))
            forms[id(parts)] = places, _known(found, places)
        if len(self._kept) >= _MOST_LAYOUTS:
            self._kept.clear()
        own = [[replace(found, parts=bare[id(found.parts)]) for found in some] for some in tables]
        self._kept[layout.key] = _Kept(own, forms)

    def _has_none(self, grid: Grid) -> bool:
        labels = self._labels
        return all(cell is None or labels[cell.text] < _LABELS for row in grid.rows for cell in row)

    def _told(self, grid: Grid, signed: set[str]) -> Iterator[object]:
        """What the rows of a grid are in the layout. The texts that may say a signature label are added to `signed`."""
        labels = self._labels
        met, row_of = labels.met, labels.row
        for row in grid.rows:
            kinds = tuple([
                _NOTHING if cell is None else _FIGURE if (text := cell[0]).isdecimal() else labels[text] for cell in row
            ])  # fmt: skip
            named, signs, words = met.get(kinds) or row_of(kinds)
            if signs:
                signed.update([cell[0] for cell in row if cell is not None])
            if named and (named != _DEPENDS or labels.names_row(row, kinds)):
                yield kinds
                continue
            # Of other rows it counts whether they have figures, and whether they have anything.
            if words:
                yield kinds, True, False
                continue
            said = [read(cell[0]) for cell in row if cell is not None]
            filled = [written for written in said if written.semantic is not _EMPTY]
            yield kinds, bool(filled), bool([written for written in filled if written.value is not None])

    def _kinds(self, row: Sequence[Cell | None]) -> tuple[int, ...]:
        labels = self._labels
        return tuple([
            _NOTHING if cell is None else _FIGURE if (text := cell[0]).isdecimal() else labels[text] for cell in row
        ])  # fmt: skip

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
            if self._labels.names_row(row, self._kinds(row))
        )


def _spans(grid: Grid) -> tuple[object, ...]:
    """Which cells span, and what; where two may claim a place, what covers it is told of every place."""
    if grid.spans is not None:
        return tuple([cell[1:5] for cell in grid.spans])
    return tuple([tuple([cell and cell[1:5] for cell in row]) for row in grid.rows])


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


def _known(found: FoundTable, places: Places) -> Known:
    """What of a form is the same in every report with this layout."""
    grids = frozenset(row[0].grid for part in places for row in part if row)
    if not is_whole(found):
        return Known(grids, None, ())
    rows: list[KnownRow] = []
    seen: set[str] = set()
    for part, own in zip(found.parts, places, strict=True):
        where = dict(zip(map(id, part.rows), own, strict=True))
        columns = in_page_order(part)
        for item, paths in rows_with_paths(found.table, part, seen):
            figures = zip(where[id(item)], paths, columns, strict=True)
            for (grid, row), some in groupby(figures, key=lambda figure: figure[0][:2]):
                line = list(some)
                at = tuple([place.column for place, _, _ in line])
                of = tuple([column for _, _, column in line])
                counts = all(column.kind != "money" for column in of)
                rows.append(KnownRow(grid, row, at, tuple([path for _, path, _ in line]), of, counts, part.unit))
    return Known(grids, tuple(rows), tuple(form_flags(found)))


def _filled(there: Sequence[Grid], bare: Sequence[FoundPart], places: Places) -> tuple[FoundPart, ...]:
    """The parts with what stands in these grids: that there is a cell in each of the places the layout says."""
    return tuple(
        replace(
            part,
            rows=tuple([
                row._replace(slots=tuple([_slot(there[grid], _cell(there[grid], line, column)) for grid, line, column in own]))
                for row, own in zip(part.rows, some, strict=True)
            ]),
        )
        for part, some in zip(bare, places, strict=True)
    )  # fmt: skip


def _cell(grid: Grid, row: int, column: int) -> Cell:
    cell = grid.rows[row][column]
    assert cell is not None  # so the layout says
    return cell


@lru_cache(maxsize=4)
def memory(templates: tuple[Template, ...]) -> Memory:
    return Memory(templates)
