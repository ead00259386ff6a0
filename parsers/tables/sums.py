"""What the hard sums leave of the possibilities of rows. A sum is asked again only when one of its rows has changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from parsers.report import Number, Semantic
from parsers.tables.found import Slot
from parsers.tables.numbers import read
from parsers.tables.ways import Assignment, Signed, Ways
from parsers.template import CheckRule

Place = tuple[str, int]
"""(row key, column)."""


@dataclass(frozen=True, slots=True, eq=False)
class Sum:
    """A rule of which every figure stands in a row that is to be settled."""

    signed: Mapping[str, Signed]
    """Row key -> its columns in the sum: all of them together make nought."""
    is_own: bool
    """Does it speak of one row alone? Then a break is this row's; else it may be another row's misprint."""

    @staticmethod
    def of(rule: CheckRule, places: Mapping[str, Place]) -> Sum | None:
        signed: dict[str, list[tuple[int, int]]] = {}
        for sign, side in ((1, rule.left), (-1, rule.right)):
            for path in side:
                place = places.get(path)
                if place is None:
                    return None
                signed.setdefault(place[0], []).append((sign, place[1]))
        return Sum(signed, is_own=len(signed) == 1)


_Kept = tuple[Sequence[CheckRule], list[Sequence[str]], dict[str, list[Sum]]]
_KEPT: dict[tuple[object, ...], _Kept] = {}
_MOST_KEPT = 64


def sums_of(rules: Sequence[CheckRule], paths: Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[Sum]]:
    """Row key -> the hard sums that speak of it. `paths`: row key -> path of each column."""
    # Thousands of reports fill in the same form. What an id stands for is kept beside it.
    asked = (id(rules), *paths, *map(id, paths.values()))
    if asked not in _KEPT:
        if len(_KEPT) >= _MOST_KEPT:
            _KEPT.clear()
        place = {path: (key, column) for key, row in paths.items() for column, path in enumerate(row)}
        by_row: dict[str, list[Sum]] = {}
        for rule in rules:
            if rule.relation == "=" and rule.level == "hard" and (total := Sum.of(rule, place)):
                for key in total.signed:
                    by_row.setdefault(key, []).append(total)
        _KEPT[asked] = rules, list(paths.values()), by_row
    return _KEPT[asked][2]


class Answer(Enum):
    """What a sum says of the possibilities of a row."""

    NOTHING = "other rows are uncertain, or all possibilities fit"
    NARROWED = "some fit"
    FORBIDS = "none fits"


class Left:
    """The possibilities that are left of each row."""

    def __init__(self, rows: Mapping[str, Sequence[Assignment]]) -> None:
        self.rows = dict(rows)
        self.changes = 0
        """How often a row has been narrowed."""
        self._changed = dict.fromkeys(rows, 0)
        self._asked: dict[tuple[str, Sum], tuple[int, Answer, Iterable[str]]] = {}
        """When a sum was asked of a row, what it said, and the rows of which one has to change before it says more."""
        self._values: dict[int, Number | None] = {}
        """id(slot) -> its value. All slots are held by the rows that were given."""
        self._agreed: dict[str, dict[int, Number | None]] = {row: {} for row in rows}
        """Row -> column -> what all of its possibilities say."""
        self._stuck: dict[Sum, tuple[str, int]] = {}
        """Sum -> a row in it that is uncertain, and since when: to all others the sum says nothing until that changes."""

    def use(self, total: Sum, key: str) -> Answer:
        """Keep of row `key` what the sum allows, unless that is none."""
        stuck = self._stuck.get(total)
        if stuck and stuck[0] != key and self._changed[stuck[0]] <= stuck[1]:
            return Answer.NOTHING
        known = self._known(total, key)
        if known is not None:
            return known
        kept = self._allowed(total, key)
        answer, watched = Answer.NOTHING, total.signed.keys()
        if isinstance(kept, str):
            watched = {kept: None}.keys()
            self._stuck[total] = kept, self.changes
        elif len(kept) < len(self.rows[key]):
            answer = Answer.NARROWED if kept else Answer.FORBIDS
            if kept:
                self.rows[key], self._agreed[key] = kept, {}
                self.changes += 1
                self._changed[key] = self.changes
        self._asked[key, total] = self.changes, Answer.NOTHING if answer is Answer.NARROWED else answer, watched
        return answer

    def forbids(self, total: Sum, key: str) -> bool:
        """Does the sum leave none of the possibilities of row `key`?"""
        return (self._known(total, key) or self._judged(total, key)) is Answer.FORBIDS

    def _judged(self, total: Sum, key: str) -> Answer:
        return Answer.NOTHING if self._allowed(total, key) else Answer.FORBIDS

    def _known(self, total: Sum, key: str) -> Answer | None:
        """What it said when it was asked last, if no row has changed since that matters."""
        asked = self._asked.get((key, total))
        if asked is None:
            return None
        when, answer, watched = asked
        for row in watched:
            if self._changed[row] > when:
                return None
        return answer

    def _allowed(self, total: Sum, key: str) -> Sequence[Assignment] | str:
        """The possibilities of row `key` under which the sum may be right, or another row that is uncertain."""
        fixed: Number = 0
        for row, signed in total.signed.items():
            if row != key:
                told = self._told(row, signed, fixed)
                if told is None:
                    return row
                fixed = told
        options, own = self.rows[key], total.signed[key]
        if isinstance(options, Ways):
            if options.is_nought:
                return options if abs(fixed) < 1e-9 else []
            if not fixed and (kept := options.balanced(own)) is not None:
                return kept
            if (told := self._told(key, own, fixed)) is not None:
                return options if abs(told) < 1e-9 else []
            options = options.all
        # The same few slots in thousands of possibilities: each is read once.
        values = self._values
        found = []
        for option in options:
            left = fixed
            for sign, column in own:
                slot = option[column]
                try:
                    value = values[id(slot)]
                except KeyError:
                    value = values[id(slot)] = value_of(slot)
                if value is None:
                    found.append(option)  # Under what cannot be read the sum may be right.
                    break
                left += sign * value
            else:
                if abs(left) < 1e-9:
                    found.append(option)
        return found

    def _told(self, row: str, signed: Signed, before: Number) -> Number | None:
        """`before` and what the columns of a row add up to, if all of its possibilities agree on each of them."""
        agreed, told = self._agreed[row], before
        for sign, column in signed:
            if column not in agreed:
                agreed[column] = _agreed(self.rows[row], column)
            value = agreed[column]
            if value is None:
                return None
            told += sign * value
        return told


def _agreed(options: Sequence[Assignment], column: int) -> Number | None:
    if isinstance(options, Ways):
        return 0 if options.is_nought else _only(map(_value, options.written(column)))
    first: Number | None = None
    before: Slot | None = None
    for number, option in enumerate(options):
        slot = option[column]
        if number and slot is before:
            continue
        before, value = slot, value_of(slot)
        if value is None or value != (value if first is None else first):
            return None
        first = value
    return first


def _only(values: Iterable[Number | None]) -> Number | None:
    """What they all are; None where they differ, or where one cannot be read."""
    values = iter(values)
    first = next(values, None)
    return first if all(value == first for value in values) else None


def value_of(slot: Slot | None) -> Number | None:
    """What a slot adds to a sum: a blank, a stroke and 无 nothing. None where it cannot be read: it may be any number."""
    return 0 if slot is None else _value(slot.raw)


def _value(raw: str) -> Number | None:
    written = read(raw)
    return None if written.semantic is Semantic.TEXT else written.value or 0
