"""What the two readers (grids, flattened text) hand to the resolver: rows of a form with their slots."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from parsers.report import At
from parsers.template import Part, Row, Table


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


@dataclass(frozen=True)
class FoundTable:
    table: Table
    parts: tuple[FoundPart, ...]
    carrier: str
    """grid or text."""
    signs: int
    """How many signature labels of the table were seen."""
    flags: tuple[str, ...] = field(default=())
    unknown: tuple[str, ...] = field(default=())
    """Labels inside the table that no template knows, as they stand: the first sign of a new format."""

    @cached_property
    def row_count(self) -> int:
        return sum([len(part.rows) for part in self.parts])

    @property
    def missing_rows(self) -> int:
        return self.table.row_total - self.row_count
