"""Rows of a flattened text that end in empty pads: `6 | | ||`. A row with fewer than the others has lost a cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from parsers.tables.found import FoundPart, FoundTable

_SAME_PADS = 0.8
"""Share of rows that must end in as many pads, so that a row with fewer is short of a cell."""


def short_rows_damaged(tables: Sequence[FoundTable]) -> list[FoundTable]:
    """All tables that one template finds in a text, with the rows that took a pad for a lost cell marked as damaged.

    Table four has a single row: only the other tables say how a row ends in this text.
    """
    rows = [(part, row) for table in tables for part in table.parts for row in part.rows if row.blanks_marked]
    if not rows:
        return list(tables)
    pads = Counter(len(row.slots) - len(part.part.values) for part, row in rows)
    usual, often = max(pads.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
    if usual <= 0 or often < _SAME_PADS * pads.total():
        return list(tables)
    return [replace(table, parts=tuple(_marked(part, usual) for part in table.parts)) for table in tables]


def _marked(part: FoundPart, usual: int) -> FoundPart:
    width = len(part.part.values)
    rows = (
        row._replace(damaged=True) if row.blanks_marked and 0 <= len(row.slots) - width < usual else row
        for row in part.rows
    )
    return replace(part, rows=tuple(rows))
