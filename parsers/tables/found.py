"""What the two readers (grids, flattened text) hand to the resolver: rows of a form with their slots."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, overload

from parsers.documents.model import Grid
from parsers.report import At
from parsers.template import Column, Part, Row, Table


class Slot(NamedTuple):
    """One place for a figure as it stands in the source; `raw` is "" for a cell that is blank."""

    raw: str
    at: At


class FoundRow(NamedTuple):
    row: Row
    slots: tuple[Slot, ...]
    blanks_marked: bool
    """True when a blank cell leaves a mark (a cell, a pipe, a line of its own); False when it may have vanished."""
    glued: bool = False
    """True when figures stand side by side without anything between them: `4000004`."""
    places_exact: bool = False
    """True when every cell, also the last, left a mark that was measured: so many slots are so many cells."""
    damaged: bool = False
    """True when something other than figures stood between the figures of the row."""
    surplus: bool = False
    """True when more cells stand behind the label than the form has columns, and headers told which to read."""
    rivals: tuple[tuple[Slot, ...], ...] = ()
    """The figures of other rows that bear the same label (see `rivals`)."""
    other_unit: bool = False
    """True when the row is in a unit that the form does not have: 费用 元 3600."""
    unit: str | None = None
    """Unit of money that the row's label names: 行政事业性收费（元）."""
    whole: bool = False
    """True when as many cells stand behind the label as the form has columns, whatever is in them."""


@dataclass(frozen=True)
class FoundPart:
    part: Part
    rows: tuple[FoundRow, ...]
    columns_known: bool
    """Was every column's header seen? Otherwise the order of the form was taken, and that is flagged."""
    unit: str | None = None
    """Unit of money that the header or caption names."""
    order: tuple[int, ...] = ()
    """Index of the template's column for each slot, where the page's columns stand in another order."""


class KnownRow(NamedTuple):
    """A row of a grid, and which of its cells are figures of a form whose layout was met before."""

    grid: int
    """Number among the document's grids that have labels."""
    row: int
    columns: tuple[int, ...]
    """Of the grid: where the figures stand."""
    paths: tuple[str, ...]
    """Of the figures."""
    of: tuple[Column, ...]
    """Their columns of the form."""
    counts: bool
    """Is none of them money?"""
    unit: str | None
    """Unit of money that the header names."""


class Known(NamedTuple):
    """What of a form does not depend on its figures."""

    grids: frozenset[int]
    """Those that it stands in, by their numbers among those that have labels."""
    rows: tuple[KnownRow, ...] | None
    """In the form's order; None where it takes more than the layout to say which cell is which figure."""
    flags: tuple[str, ...]


class Recalled(Sequence[FoundPart]):
    """The parts of a form whose layout was met before. Its rows are filled for whoever asks for them: nearly always
    nobody does, because it is known already which cell is which figure."""

    def __init__(
        self, bare: Sequence[FoundPart], fill: Callable[[], tuple[FoundPart, ...]], grids: Sequence[Grid], known: Known
    ) -> None:
        self.bare = bare
        """Its rows hold no slots."""
        self.grids = grids
        self.known = known
        self._fill = fill

    @cached_property
    def _filled(self) -> tuple[FoundPart, ...]:
        return self._fill()

    @overload
    def __getitem__(self, index: int) -> FoundPart: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[FoundPart, ...]: ...
    def __getitem__(self, index: int | slice) -> FoundPart | tuple[FoundPart, ...]:
        return self._filled[index]

    def __len__(self) -> int:
        return len(self.bare)


@dataclass(frozen=True)
class FoundTable:
    table: Table
    parts: Sequence[FoundPart]
    carrier: str
    """grid or text."""
    signs: int
    """How many signature labels of the table were seen."""
    flags: tuple[str, ...] = field(default=())
    unknown: tuple[str, ...] = field(default=())
    """Labels inside the table that no template knows, as they stand: the first sign of a new format."""

    @cached_property
    def row_count(self) -> int:
        return sum([len(part.rows) for part in self.outline])

    @property
    def outline(self) -> Sequence[FoundPart]:
        """Its parts, perhaps without what stands in their rows."""
        return self.parts.bare if isinstance(self.parts, Recalled) else self.parts

    @property
    def missing_rows(self) -> int:
        return self.table.row_total - self.row_count
