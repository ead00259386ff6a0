"""One label, two rows, two numbers: last year's table beside this year's, a row typed twice. Nobody can say which.

A rival row that says the same is no doubt. Where it says something else the figure is null and its table flagged
`rows_repeated`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from parsers.report import Number, Semantic
from parsers.tables.found import Slot
from parsers.tables.numbers import read
from parsers.tables.scan import Occurrence, chain
from parsers.template import Table

_RUN_TOGETHER = re.compile(r"[\d/\\\-−－—+.,增减无]+")
FEWEST = 3
"""Rows in the form's order that are a copy of it, or of a part of it."""
_COPIES = 6
"""A page has two or three; one with hundreds must not cost the square of them."""


def spare(
    table: Table,
    found: Iterable[Occurrence],
    chosen: Mapping[int, Occurrence],
    likely: Callable[[Occurrence], bool] = lambda occurrence: True,
) -> dict[int, list[Occurrence]]:
    """id(row) -> where its label stands besides the chosen place (`chosen`: id(row) -> that place). `likely`: is it a row
    also where it does not stand among others of its copy?

    First by its order: where the form stands a second time, every row there is a rival of the same row here. Of what is
    left over a label that heads a column as well (总计, 其他) counts only between the table's first row and its last,
    and one that several rows bear (被依法纠错数 of 复议 and of 诉讼) is a rival of the nearest of them.
    """
    places = chosen.values()
    taken = {(occurrence.begin, occurrence.end) for occurrence in places}
    found = [occurrence for occurrence in found if (occurrence.begin, occurrence.end) not in taken]
    result: dict[int, list[Occurrence]] = {}
    rows = [row for part in table.ordinary for row in part.rows]
    for _ in range(_COPIES):
        again = _again(table, found)
        if len(again) < FEWEST:
            break
        for index, occurrence in again.items():
            result.setdefault(id(rows[index]), []).append(occurrence)
        taken |= {(occurrence.begin, occurrence.end) for occurrence in again.values()}
        found = [occurrence for occurrence in found if (occurrence.begin, occurrence.end) not in taken]
    first, last = min([o.begin for o in places], default=0), max([o.end for o in places], default=0)
    for occurrence in found:
        own = table.owners.get(occurrence.form, ())
        if not own or not likely(occurrence):
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


def _again(table: Table, found: Sequence[Occurrence]) -> dict[int, Occurrence]:
    """Index of the row -> where it stands in another copy of the form; labels of headers only between other rows."""
    copy = chain(found, table.row_order)
    sure = [o.begin for o in copy.values() if o.form not in table.heading_forms]
    first, last = min(sure, default=0), max(sure, default=-1)
    return {index: occurrence for index, occurrence in copy.items() if first <= occurrence.begin <= last}


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
        if filled and all(_is_words(slot.raw) for slot in filled):
            continue  # a header that shares the label (其他)
        if len(slots) == len(own):
            doubted.update(place for place, slot in enumerate(slots) if _said(own[place]) != _said(slot))
        elif not _say_the_same([slot for slot in own if slot and slot.raw], filled):
            # Blanks are lost in one of the two: what stands where in it cannot be compared.
            doubted.update(range(len(own)))
    return frozenset(doubted)


def _is_words(raw: str) -> bool:
    """Not so figures that run together: 6//103/19."""
    return read(raw).semantic is Semantic.TEXT and not _RUN_TOGETHER.fullmatch(raw)


def _say_the_same(own: Sequence[Slot], rival: Sequence[Slot]) -> bool:
    if [_said(slot) for slot in own] == [_said(slot) for slot in rival]:
        return True
    return "".join(slot.raw for slot in own) == "".join(slot.raw for slot in rival)


def _said(slot: Slot | None) -> tuple[Number | str | None, str | None]:
    """The figure and its unit: 3元 and 3 are two things."""
    if slot is None:
        return None, None
    written = read(slot.raw)
    return (slot.raw, None) if written.semantic is Semantic.TEXT else (written.value, written.unit)
