"""Which figure belongs to which column, where the source does not say: every possibility, then the sums.

A row with as many slots as columns has one possibility. A row with fewer has several: blanks may have vanished, digits
may have run together. A figure is taken only where all possibilities that the sums leave agree on it.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from math import comb

from parsers.tables.found import FoundRow, Slot
from parsers.tables.glued import split_digits
from parsers.tables.scattered import anywhere
from parsers.tables.sums import Answer, Left, sums_of
from parsers.tables.ways import MOST, Assignment, Ways
from parsers.template import CheckRule


@dataclass(frozen=True, slots=True)
class Solved:
    assignment: Assignment
    certain: tuple[bool, ...]
    """For each column: do all possibilities agree?"""


def possibilities(found: FoundRow, width: int, marks_trusted: bool, blanks_lost: bool = False) -> Sequence[Assignment]:
    """Every way to lay the slots of a row over `width` columns; [] where there are none or too many.

    `blanks_lost`: other rows show that in this table blank cells vanished without a mark (see `loses_blanks`).
    """
    slots = list(found.slots)
    while len(slots) > width and not slots[-1].raw:
        slots.pop()
    if found.damaged:
        return []
    if len(slots) == width and not (found.glued and width > 1):
        return [tuple(slots)]
    if not any(slot.raw for slot in slots):
        return [(None,) * width]
    if found.places_exact:
        return []  # Every cell left its mark, and they are too few or too many.
    filled = [slot for slot in slots if slot.raw]
    if not marks_trusted or not found.blanks_marked:
        if len(filled) == width:
            return [tuple(filled)] if _evenly(slots) else []
        if found.glued and width == 1:
            return []  # 行政处罚1 / 253: a footnote's mark, or a figure broken in two.
        if found.glued:
            return split_digits(filled, width, blanks_lost)
        return anywhere(filled, width)
    if len(slots) < width:
        return _longer_runs(slots, width)
    return []


def _evenly(slots: Sequence[Slot]) -> bool:
    """Are the blanks mere air, as many behind each figure? Else one of them may be a cell."""
    places = [place for place, slot in enumerate(slots) if slot.raw]
    return len({after - before for before, after in pairwise(places)}) < 2


def _longer_runs(slots: Sequence[Slot], width: int) -> Sequence[Assignment]:
    """Blank cells leave marks, but some marks are lost: a run of blanks may have been longer than it is.

    Editors shorten runs of empty paragraphs and drop those at the end; they do not swallow a lone one between two
    figures. So blanks are added to runs that are there, and at the end.
    """
    runs: list[list[Slot]] = []
    for slot in slots:
        if runs and not slot.raw and not runs[-1][0].raw:
            runs[-1].append(slot)
        else:
            runs.append([slot])
    if runs and runs[-1][0].raw:
        runs.append([])
    places = [index for index, run in enumerate(runs) if not run or not run[0].raw]
    lost = width - len(slots)
    if len(places) == 1:
        # Blanks at the end alone: nothing proves that the lost one was not elsewhere.
        return anywhere([slot for slot in slots if slot.raw], width)
    if comb(lost + len(places) - 1, lost) > MOST:
        return []
    result = []
    for extra in _compositions(lost, len(places)):
        row: list[Slot | None] = []
        for index, run in enumerate(runs):
            row.extend(run)
            if index in places:
                row.extend([None] * extra[places.index(index)])
        result.append(tuple(row))
    return result


def _compositions(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    if parts == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in _compositions(total - first, parts - 1):
            yield (first, *rest)


def settle(
    rows: Mapping[str, Sequence[Assignment]],
    paths: Mapping[str, Sequence[str]],
    rules: Sequence[CheckRule],
    glued: Container[str] = (),
) -> dict[str, Solved]:
    """Keep the possibilities that the hard sums allow, row by row until nothing changes.

    `rows`: row key -> possibilities; `paths`: row key -> path of each column. A rule is used on a row when every
    other figure in it is already certain. A rule that leaves no possibility is a misprint of the source: the sums
    decide nothing in that row, and the check reports it later. Nor do they in a row of `glued` (keys of rows whose
    digits ran together and may have lost blanks) where one sum leaves figures that another one contradicts.
    """
    if all(len(options) < 2 for options in rows.values()):
        # Nothing to decide: so it is in grids.
        return {key: _agree(options, len(paths[key])) for key, options in rows.items()}
    sums = sums_of(rules, paths)
    left = Left(rows)
    misprinted: set[str] = set()
    quiet: dict[str, int] = {}
    """Rows of which no sum had more to say when so much had changed."""
    changed = True
    while changed:
        changed = False
        for key in rows:
            options, before = left.rows[key], left.changes
            if quiet.get(key) == before or len(options) < 2 or key in misprinted:
                continue
            if isinstance(options, Ways) and options.is_nought:
                continue
            for total in sums.get(key, ()):
                answer = left.use(total, key)
                changed |= answer is Answer.NARROWED
                if answer is Answer.FORBIDS and total.is_own:
                    misprinted.add(key)
                    break
            if left.changes == before:
                quiet[key] = before
    # What was narrowed down to one possibility may break a sum that was looked at before: then it is none.
    for key, options in rows.items():
        own = (total for total in sums.get(key, ()) if key in glued or total.is_own)
        if len(options) > 1 and any(left.forbids(total, key) for total in own):
            misprinted.add(key)
    settled = {key: rows[key] if key in misprinted else options for key, options in left.rows.items()}
    return {key: _agree(options, len(paths[key])) for key, options in settled.items()}


def _agree(options: Sequence[Assignment], width: int) -> Solved:
    if not options:
        return Solved((None,) * width, (False,) * width)
    first = options[0]
    if len(options) == 1:
        return Solved(first, (True,) * width)
    if isinstance(options, Ways):
        return Solved(first, tuple([len(list(islice(options.written(column), 2))) == 1 for column in range(width)]))
    return Solved(first, tuple([_agree_on(options, column) for column in range(width)]))


def _agree_on(options: Sequence[Assignment], column: int) -> bool:
    first = options[0][column]
    text = first.raw if first else ""
    for option in options:
        slot = option[column]
        if slot is not first and (slot.raw if slot else "") != text:
            return False
    return True
