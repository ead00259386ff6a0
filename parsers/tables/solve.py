"""Which figure belongs to which column, where the source does not say: every possibility, then the sums.

A row with as many slots as columns has one possibility. A row with fewer has several: blanks may have vanished, digits
may have run together. A figure is taken only where all possibilities that the sums leave agree on it.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from math import comb

from parsers.report import Number
from parsers.tables.found import FoundRow, Slot
from parsers.tables.glued import split_digits
from parsers.tables.numbers import read
from parsers.tables.run import MOST, Assignment, Run, anywhere
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


def _longer_runs(slots: Sequence[Slot], width: int) -> list[Assignment]:
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
    left = dict(rows)
    place = {path: (key, column) for key, row in paths.items() for column, path in enumerate(row)}
    sums = [rule for rule in rules if rule.relation == "=" and rule.level == "hard"]
    by_row: dict[str, list[CheckRule]] = {}
    for rule in sums:
        for key in {place[path][0] for path in (*rule.left, *rule.right) if path in place}:
            by_row.setdefault(key, []).append(rule)
    agreed = _Agreed()
    misprinted: set[str] = set()
    changed = True
    while changed:
        changed = False
        for key, options in left.items():
            if len(options) < 2 or key in misprinted:
                continue
            for rule in by_row.get(key, ()):
                kept = _allowed(key, left, rule, place, agreed)
                if kept is not None and 0 < len(kept) < len(left[key]):
                    left[key] = kept
                    changed = True
                elif kept is not None and not kept and _is_own(rule, key, place):
                    misprinted.add(key)
    # What was narrowed down to one possibility may break a rule that was looked at before: then it is none.
    for key, options in rows.items():
        own = (rule for rule in by_row.get(key, ()) if key in glued or _is_own(rule, key, place))
        if len(options) > 1 and any(_forbids(key, left, rule, place, agreed) for rule in own):
            misprinted.add(key)
    settled = {key: rows[key] if key in misprinted else options for key, options in left.items()}
    return {key: _agree(options, len(paths[key])) for key, options in settled.items()}


def _is_own(rule: CheckRule, key: str, place: Mapping[str, tuple[str, int]]) -> bool:
    """Does the rule speak of this row alone? Then a break is this row's; else it may be another row's misprint."""
    return all(place.get(path, ("",))[0] == key for path in (*rule.left, *rule.right))


def _allowed(
    key: str,
    left: Mapping[str, Sequence[Assignment]],
    rule: CheckRule,
    place: Mapping[str, tuple[str, int]],
    agreed: _Agreed,
) -> Sequence[Assignment] | None:
    """The possibilities of row `key` under which the rule's sides are equal; None where others are uncertain."""
    fixed = 0.0
    own: list[tuple[int, int]] = []
    for sign, side in ((1, rule.left), (-1, rule.right)):
        for path in side:
            if path not in place:
                return None
            row, column = place[path]
            if row == key:
                own.append((sign, column))
                continue
            value = agreed.value(left[row], column)
            if value is None:
                return None
            fixed += sign * value
    options = left[key]
    if isinstance(options, Run):
        if not fixed and (kept := options.balanced(own)) is not None:
            return kept
        options = options.all
    # The same few slots in thousands of possibilities: each is read once.
    said = agreed.said
    found = []
    for option in options:
        total: Number = 0
        for sign, column in own:
            slot = option[column]
            value = said.get(id(slot))
            if value is None:
                value = said[id(slot)] = _value(slot)
            total += sign * value
        if abs(fixed + total) < 1e-9:
            found.append(option)
    return found


def _forbids(
    key: str,
    left: Mapping[str, Sequence[Assignment]],
    rule: CheckRule,
    place: Mapping[str, tuple[str, int]],
    agreed: _Agreed,
) -> bool:
    """Does the rule leave none of the possibilities of row `key`?"""
    kept = _allowed(key, left, rule, place, agreed)
    return kept is not None and not kept


class _Agreed:
    """What all possibilities of a row say of a column. Every rule asks for it again; a row's list changes seldom."""

    def __init__(self) -> None:
        self.said: dict[int, Number] = {}
        """id(slot) -> its value, for slots that `settle` holds."""
        self._known: dict[tuple[int, int], tuple[Sequence[Assignment], Number | None]] = {}

    def value(self, options: Sequence[Assignment], column: int) -> Number | None:
        """The value; None where they differ, or where there is no possibility at all."""
        known = self._known.get((id(options), column))
        # The list is kept beside its id, which so cannot become another's.
        if known is None:
            known = self._known[id(options), column] = options, self._seen(options, column)
        return known[1]

    def _seen(self, options: Sequence[Assignment], column: int) -> Number | None:
        if isinstance(options, Run):
            return _only(read(text).value or 0 for text in options.written(column))
        first: Number | None = None
        before: Slot | None = None
        for number, option in enumerate(options):
            slot = option[column]
            if number and slot is before:
                continue
            before, value = slot, _value(slot)
            if first is None:
                first = value
            elif value != first:
                return None
        return first


def _only(values: Iterable[Number]) -> Number | None:
    """What they all are; None where they differ."""
    values = iter(values)
    first = next(values, None)
    return first if all(value == first for value in values) else None


def _value(slot: Slot | None) -> Number:
    """Blank counts as 0 for a sum only."""
    return 0 if slot is None else (read(slot.raw).value or 0)


def _agree(options: Sequence[Assignment], width: int) -> Solved:
    if not options:
        return Solved((None,) * width, (False,) * width)
    first = options[0]
    if len(options) == 1:
        return Solved(first, (True,) * width)
    if isinstance(options, Run):
        return Solved(first, tuple([len(list(islice(options.written(column), 2))) == 1 for column in range(width)]))
    certain = tuple(
        all((option[c].raw if option[c] else "") == (first[c].raw if first[c] else "") for option in options)  # type: ignore[union-attr]
        for c in range(width)
    )
    return Solved(first, certain)
