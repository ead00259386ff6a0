"""One label, two rows, two numbers: last year's table beside this year's, a row typed twice. Nobody can say which.

A rival row that says the same is no doubt. Where it says something else the figure is null and its table flagged
`rows_repeated`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from parsers.report import Number, Semantic
from parsers.tables.found import Slot
from parsers.tables.numbers import read
from parsers.tables.scan import Occurrence
from parsers.template import Table


def spare(table: Table, found: Iterable[Occurrence], chosen: Mapping[int, Occurrence]) -> dict[int, list[Occurrence]]:
    """id(row) -> where its label stands besides the chosen place (`chosen`: id(row) -> that place).

    A label that heads a column as well (总计, 其他) counts only between the table's first row and its last. Of a label
    that several rows bear (被依法纠错数 of 复议 and of 诉讼) one that is left over is a rival of the nearest of them.
    """
    places = chosen.values()
    taken = {(occurrence.begin, occurrence.end) for occurrence in places}
    first, last = min([o.begin for o in places], default=0), max([o.end for o in places], default=0)
    result: dict[int, list[Occurrence]] = {}
    for occurrence in found:
        own = table.owners.get(occurrence.form, ())
        if not own or (occurrence.begin, occurrence.end) in taken:
            continue
        if occurrence.form in table.heading_forms and not first <= occurrence.begin <= last:
            continue
        placed = [row for row in own if id(row) in chosen] if len(own) > 1 else own
        if placed:
            nearest = (
                min(placed, key=lambda row: abs(chosen[id(row)].begin - occurrence.begin)) if placed[1:] else placed[0]
            )
            result.setdefault(id(nearest), []).append(occurrence)
    return result


def contradicted(own: Sequence[Slot | None], rivals: Sequence[Sequence[Slot]]) -> frozenset[int]:
    """Places of `own` (one a column) about which a rival row says something else."""
    if not rivals:
        return frozenset()
    doubted: set[int] = set()
    for rival in rivals:
        slots = list(rival)
        while len(slots) > len(own) and not slots[-1].raw:
            slots.pop()
        filled = [slot for slot in slots if slot.raw]
        if filled and all(read(slot.raw).semantic is Semantic.TEXT for slot in filled):
            continue  # words alone: a header that shares the label (其他)
        if len(slots) == len(own):
            doubted.update(place for place, slot in enumerate(slots) if _said(own[place]) != _said(slot))
        elif [_said(slot) for slot in own if slot and slot.raw] != [_said(slot) for slot in filled]:
            # Blanks are lost in one of the two: what stands where in it cannot be compared.
            doubted.update(range(len(own)))
    return frozenset(doubted)


def _said(slot: Slot | None) -> tuple[Number | str | None, str | None]:
    """The figure and its unit: 3元 and 3 are two things."""
    if slot is None:
        return None, None
    written = read(slot.raw)
    return (slot.raw, None) if written.semantic is Semantic.TEXT else (written.value, written.unit)
