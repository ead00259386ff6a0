"""Figures in a row that lost its blank cells: every way to lay them over the columns, counted and not made.

Fifteen columns of table four hold eight noughts in 6,435 ways, and its three sums leave every one of them. So the row is
cut at the sums into stretches of columns: how many figures stand in a stretch decides whether its sum fits, and ways are
multiplied from stretch to stretch.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import combinations
from math import comb
from typing import NamedTuple

from parsers.tables.found import Slot
from parsers.tables.sums import value_of
from parsers.tables.ways import MOST, Assignment, Signed, Ways, summed


class _Stretch(NamedTuple):
    """Columns side by side, `last` included; the last is the sum of the others if `is_sum`."""

    first: int
    last: int
    is_sum: bool


class _Filling(NamedTuple):
    """How many figures stand, anywhere, in the first columns of a stretch, and how many in its last one behind them."""

    free: int
    columns: int
    in_total: int
    """1 where the total is written, 0 where it is blank or the stretch has none."""


class Scattered(Ways):
    """Every way to lay `figures`, in order, over `width` columns, by their columns; `sums` are (first, last) of columns
    of which the last is the sum of the others."""

    def __init__(self, figures: Sequence[Slot], width: int, sums: tuple[tuple[int, int], ...] = ()) -> None:
        self.figures, self.width, self.sums = figures, width, sums
        values = list(map(value_of, figures))
        self._is_readable = None not in values
        self._values = [value or 0 for value in values]
        self.is_nought = self._is_readable and not any(self._values)

    def __len__(self) -> int:
        return self._size

    @cached_property
    def _size(self) -> int:
        return self._ways[0][0] if self.sums else comb(self.width, len(self.figures))

    def balanced(self, signed: Signed) -> Sequence[Assignment] | None:
        if self.is_nought:
            return self
        block = summed(signed)
        if block is None or not self._is_readable:
            return None
        if block in self.sums:
            return self
        if any(block[0] <= last and first <= block[1] for first, last in self.sums):
            return None
        return Scattered(self.figures, self.width, (*self.sums, block))

    def written(self, column: int) -> Iterator[str]:
        if not self.sums:
            missing = self.width - len(self.figures)
            texts = [slot.raw for slot in self.figures[max(0, column - missing) : column + 1]]
            yield from dict.fromkeys(["", *texts] if missing else texts)
            return
        number, stretch = next((n, s) for n, s in enumerate(self._stretches) if s.first <= column <= s.last)
        place = column - stretch.first
        seen: set[str] = set()
        for start, ends in self._fillings[number].items():
            for end, fillings in ends.items():
                if self._ways[number + 1].get(end):
                    for filling in fillings:
                        for text in self._in(place, start, filling):
                            if text not in seen:
                                seen.add(text)
                                yield text

    def _in(self, place: int, start: int, filling: _Filling) -> Iterator[str]:
        """What a column of a stretch may hold, by its place, where the stretch is so filled from `start` on."""
        free, columns, in_total = filling
        if place == columns:
            yield self.figures[start + free].raw if in_total else ""
            return
        if free < columns:
            yield ""
        for index in range(max(0, free - columns + place), min(place, free - 1) + 1):
            yield self.figures[start + index].raw

    @cached_property
    def _stretches(self) -> list[_Stretch]:
        found: list[_Stretch] = []
        column = 0
        for first, last in sorted(self.sums):
            if first > column:
                found.append(_Stretch(column, first - 1, is_sum=False))
            found.append(_Stretch(first, last, is_sum=True))
            column = last + 1
        if column < self.width:
            found.append(_Stretch(column, self.width - 1, is_sum=False))
        return found

    @cached_property
    def _fillings(self) -> list[dict[int, dict[int, list[_Filling]]]]:
        """`[stretch][start]`: the figure behind those that stand in it -> ways to fill it with those, for every start that
        it may have. The last one holds whatever is left."""
        size = len(self.figures)
        found: list[dict[int, dict[int, list[_Filling]]]] = []
        starts = {0}
        for stretch in self._stretches:
            most = stretch.last - stretch.first + 1
            by_start: dict[int, dict[int, list[_Filling]]] = {}
            for start in sorted(starts):
                fewest = size if stretch.last == self.width - 1 else start
                ends = range(fewest, min(size, start + most) + 1)
                by_start[start] = {end: fit for end in ends if (fit := self._filled(stretch, start, end))}
            found.append(by_start)
            starts = {end for ends_of in by_start.values() for end in ends_of}
        return found

    def _filled(self, stretch: _Stretch, start: int, end: int) -> list[_Filling]:
        count, columns = end - start, stretch.last - stretch.first + 1
        if not stretch.is_sum:
            return [_Filling(count, columns, 0)]
        found = []
        values = self._values[start:end]
        if count and abs(sum(values[:-1]) - values[-1]) < 1e-9:
            found.append(_Filling(count - 1, columns - 1, 1))
        if count < columns and abs(sum(values)) < 1e-9:
            found.append(_Filling(count, columns - 1, 0))
        return found

    @cached_property
    def _ways(self) -> list[dict[int, int]]:
        """`[stretch][start]`: in how many ways the figures from `start` on fill the stretches from that one on."""
        ways = [{len(self.figures): 1}]
        for by_start in reversed(self._fillings):
            behind, counted = ways[-1], {}
            for start, ends in by_start.items():
                number = 0
                for end, fillings in ends.items():
                    if behind.get(end):
                        number += behind[end] * sum([comb(columns, free) for free, columns, _ in fillings])
                counted[start] = number
            ways.append(counted)
        return ways[::-1]

    @property
    def first(self) -> Assignment:
        if not self.sums:
            return self._row(range(len(self.figures)))
        places: list[int] = []
        start = 0
        for number, stretch in enumerate(self._stretches):
            own, start = min(
                [
                    ((*range(stretch.first, stretch.first + free), *[stretch.last] * in_total, self.width), end)
                    for end, free, in_total in self._behind(number, start)
                ],
                key=lambda one: one[0],
            )
            places.extend(own[:-1])
        return self._row(places)

    def each(self) -> Iterator[Assignment]:
        columns = self._laid(0, 0) if self.sums else combinations(range(self.width), len(self.figures))
        return map(self._row, columns)

    def _row(self, places: Iterable[int]) -> Assignment:
        row: list[Slot | None] = [None] * self.width
        for place, slot in zip(places, self.figures, strict=True):
            row[place] = slot
        return tuple(row)

    def _behind(self, number: int, start: int) -> list[tuple[int, int, int]]:
        """How a stretch may be filled from `start` on: the figure behind it, `free` and `in_total` of `_Filling`."""
        behind = self._ways[number + 1]
        ends = self._fillings[number][start].items()
        return [(end, free, total) for end, fillings in ends if behind.get(end) for free, _, total in fillings]

    def _laid(self, number: int, start: int) -> Iterator[tuple[int, ...]]:
        """The columns of the figures from `start` on in the stretches from `number` on, in order."""
        stretch = self._stretches[number]
        is_last = number + 1 == len(self._stretches)
        columns = range(stretch.first, stretch.last + (not stretch.is_sum))
        found = [
            ((*places, *[stretch.last] * in_total), end)
            for end, free, in_total in self._behind(number, start)
            for places in combinations(columns, free)
        ]
        # A figure that stands in a later stretch stands behind.
        for places, end in sorted(found, key=lambda one: (*one[0], self.width)):
            if is_last:
                yield places
                continue
            for rest in self._laid(number + 1, end):
                yield (*places, *rest)


def anywhere(filled: Sequence[Slot], width: int) -> Sequence[Assignment]:
    """Blank cells vanished without a mark: they may have stood anywhere."""
    if len(filled) > width or comb(width, len(filled)) > MOST:
        return []
    return Scattered(filled, width)
