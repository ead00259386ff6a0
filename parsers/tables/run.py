"""A run of digits that lost the borders of its cells: every way to cut it, of which hardly any is ever made.

Where blanks are lost as well, each of its figures may stand in any column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate
from itertools import chain as joined
from math import comb

from parsers.report import At
from parsers.tables.found import Slot
from parsers.tables.scattered import Scattered
from parsers.tables.ways import MOST, Assignment, Signed, Ways, summed

STROKES = frozenset("/无—")
"""A cell that has no figure."""

_DIGITS_AND_STROKES = re.compile("[0-9０-９/无—]+")
_PLAIN = str.maketrans("０１２３４５６７８９/无—", "0123456789000")
"""Digits as one writes them, a stroke as the nought that it is to a sum."""

Ends = tuple[int, ...]
"""One way to cut: where each figure ends."""


class Run(Ways):
    """Every way to lay `text`, digits and strokes, over `width` columns, by the number of its figures (`counts`), then by
    where they end, then by their columns. No figure has a leading zero, a stroke is a cell of its own; of fewer figures
    than columns each may stand anywhere."""

    def __init__(self, text: str, at: At, width: int, counts: range) -> None:
        self.text, self.at, self.width, self.counts = text, at, width, counts
        self._plain = text.translate(_PLAIN)
        self._digits = list(accumulate(map(int, self._plain), initial=0))
        """Sums of the digits in front of each place: no figures of a piece add up to less."""
        self.is_nought = not self._digits[-1]
        self._reach = [0] * len(text)
        """How far the figure that begins at a place may go."""
        stop = len(text)
        for start in range(len(text) - 1, -1, -1):
            stop = start if text[start] in STROKES else stop
            self._reach[start] = start + 1 if self._plain[start] == "0" else stop
        self._cut_behind = [[0]]
        self._summing: dict[tuple[int, int], list[Assignment]] = {}

    @staticmethod
    def holds(text: str) -> bool:
        """Are there digits and strokes, and nothing else?"""
        return _DIGITS_AND_STROKES.fullmatch(text) is not None

    @cached_property
    def _ways(self) -> list[list[int]]:
        """`[start][figures]`: in how many ways the text from `start` on makes so many figures."""
        size, most = len(self.text), self.counts.stop
        ways = [[0] * most for _ in range(size + 1)]
        ways[size][0] = 1
        behind = [0] * most  # of all places together where a figure may end
        for start in range(size - 1, -1, -1):
            behind = [a + b for a, b in zip(behind, ways[start + 1], strict=True)]
            ways[start][1:] = (ways[start + 1] if self._plain[start] == "0" else behind)[:-1]
            if self.text[start] in STROKES:
                behind = [0] * most
        return ways

    @cached_property
    def numbers(self) -> dict[int, int]:
        """How many ways there are with so many figures."""
        places = {figures: comb(self.width, figures) for figures in self.counts}
        return {
            figures: self._ways[0][figures] * (some if some <= MOST or figures == self.width else 0)
            for figures, some in places.items()
        }

    @cached_property
    def _possible(self) -> list[int]:
        """The numbers of figures that it can be cut into."""
        return [figures for figures, number in self.numbers.items() if number]

    @cached_property
    def _size(self) -> int:
        return sum(self.numbers.values())

    def __len__(self) -> int:
        return self._size

    # --- what a sum leaves ----------------------------------------------------------------------------------------

    def balanced(self, signed: Signed) -> Sequence[Assignment] | None:
        if self.is_nought:
            return self
        block = summed(signed)
        if block is None:
            return None
        first, last = block
        if self.counts.start < self.width > last - first + 1:
            return None  # A figure may stand beside those columns as well as in them.
        if block not in self._summing:
            self._summing[block] = self._totalled(first, last)
        return self._summing[block]

    def _totalled(self, first: int, last: int) -> list[Assignment]:
        """Those in which column `last` is the sum of the columns from `first` on. Where blanks are lost that is all
        columns, and the total, which is more than nought, is the last figure."""
        found: list[tuple[int, Ends]] = []
        digits, plain, ways, size = self._digits, self._plain, self._ways, len(self.text)
        behind = self.width - 1 - last
        for figures in self._possible:
            added = figures - behind - first - 1
            if not added:
                continue  # A total alone would be the sum of nothing.
            for start in self._after(first):
                for stop in range(start + max(1, added), size):
                    least, most = digits[stop] - digits[start], self._most(start, stop, added)
                    # With nothing behind it a total ends where the text does.
                    places = self._ends(stop, size) if behind else [size] if self._reach[stop] == size else []
                    for end in places:
                        total = int(plain[stop:end])
                        if total > most:
                            break
                        if total >= least and ways[end][behind]:
                            found.extend(
                                (figures, ends) for ends in self._around(first, start, stop, end, added, behind)
                            )
        blank = self.counts.start < self.width
        return [way for _, ends in sorted(found) for way in self._laid(ends) if not blank or way[last] is not None]

    def _around(self, first: int, start: int, stop: int, end: int, added: int, behind: int) -> Iterator[Ends]:
        """`first` figures up to `start`, then `added` up to `stop` whose sum ends at `end`, then `behind` others."""
        for summands in self._adding_up(start, stop, added, int(self._plain[stop:end])):
            for before in self._cuts(0, start, first):
                for after in self._cuts(end, len(self.text), behind):
                    yield (*before, *summands, end, *after)

    def _adding_up(self, start: int, stop: int, figures: int, total: int) -> Iterator[Ends]:
        """Every way to cut `text[start:stop]` into so many figures that add up to `total`."""
        digits, plain = self._digits, self._plain
        if stop - start < figures or digits[stop] - digits[start] > total or self._most(start, stop, figures) < total:
            return
        if figures == 1:
            if int(plain[start:stop]) == total and stop <= self._reach[start]:
                yield (stop,)
            return
        for end in self._ends(start, stop - figures + 1):
            if (rest := total - int(plain[start:end])) < 0:
                break
            for ends in self._adding_up(end, stop, figures - 1, rest):
                yield (end, *ends)

    def _most(self, start: int, stop: int, figures: int) -> int:
        """No so many figures of `text[start:stop]` add up to more: one of them long, the others of a digit each. The least
        is the sum of its digits."""
        if figures < 2:
            return int(self._plain[start:stop])
        return 10 ** (stop - start - figures + 1) + 9 * figures if stop - start >= figures else -1

    # --- what they agree on ---------------------------------------------------------------------------------------

    def written(self, column: int) -> Iterator[str]:
        seen: set[str] = set()
        for figures in self._possible:
            texts = [""] if figures < self.width else []
            ranks = range(max(0, figures - self.width + column), min(column, figures - 1) + 1)
            for text in joined(texts, (text for rank in ranks for text in self._ranked(rank, figures))):
                if text not in seen:
                    seen.add(text)
                    yield text

    def _ranked(self, rank: int, figures: int) -> Iterator[str]:
        """The figures that are number `rank` of `figures`, from 0."""
        for start in self._after(rank):
            for end in self._ends(start, len(self.text)):
                if self._ways[end][figures - rank - 1]:
                    yield self.text[start:end]

    def _after(self, figures: int) -> list[int]:
        """Where the text may be cut behind so many figures."""
        while len(self._cut_behind) <= figures:
            places = {end for start in self._cut_behind[-1] for end in self._ends(start, len(self.text))}
            self._cut_behind.append(sorted(places))
        return self._cut_behind[figures]

    # --- making ---------------------------------------------------------------------------------------------------

    def each(self) -> Iterator[Assignment]:
        for figures in self._possible:
            for ends in self._cuts(0, len(self.text), figures):
                yield from self._laid(ends)

    def _ends(self, start: int, stop: int) -> range:
        """Where a figure that begins at `start` may end, not behind `stop`."""
        return range(start + 1, min(stop, self._reach[start]) + 1) if start < len(self.text) else range(0)

    def _cuts(self, start: int, stop: int, figures: int) -> Iterator[Ends]:
        """Every way to cut `text[start:stop]` into so many figures."""
        if not figures:
            if start == stop:
                yield ()
            return
        for end in self._ends(start, stop - figures + 1):
            if stop < len(self.text) or self._ways[end][figures - 1]:
                for ends in self._cuts(end, stop, figures - 1):
                    yield (end, *ends)

    def _laid(self, ends: Ends) -> Iterator[Assignment]:
        """The figures that end there, laid over the columns."""
        figures = [Slot(self.text[a:b], self.at) for a, b in zip((0, *ends), ends, strict=False)]
        return iter((tuple(figures),)) if len(figures) == self.width else Scattered(figures, self.width).each()
