"""A figure in a cell that is merged over several rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from parsers.tables.found import FoundPart, FoundRow, Slot
from parsers.tables.numbers import read


def without(parts: Sequence[FoundPart]) -> list[FoundPart]:
    """A figure in a cell that is merged over several rows is none of theirs alone, unless it is a nought: 行政处罚 and
    行政强制 beside one 35. None of these rows can be read."""
    seen = Counter(place for part in parts for row in part.rows for place in set(map(_place, row.slots)))
    shared = {place for place, count in seen.items() if count > 1}
    if not shared:
        return list(parts)

    def own(row: FoundRow) -> FoundRow:
        is_shared = any(_place(slot) in shared and read(slot.raw).value for slot in row.slots)
        return FoundRow(row.row, (), blanks_marked=False, damaged=True) if is_shared else row

    return [replace(part, rows=tuple(map(own, part.rows))) for part in parts]


def _place(slot: Slot) -> tuple[object, ...]:
    return slot.at["table"], slot.at["row"], slot.at["column"]
