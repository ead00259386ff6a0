"""Digits that ran together (domain.md section 3.3): every split, and where blank cells may have vanished as well.

`170000017` is 17|0|0|0|0|0|17, if the sums leave no other split. Dumps that lose the borders of cells often lose blank
cells too: then every split into fewer figures over any columns is possible, and the sums seldom leave one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from math import comb

from parsers.tables.found import FoundTable, Slot
from parsers.tables.numbers import read
from parsers.tables.run import STROKES, Run
from parsers.tables.scattered import anywhere
from parsers.tables.ways import MOST, Assignment

_MOST_GLUED = 4_000
"""`MOST` for digits that ran together where blanks vanished too: the sums seldom decide among so many."""

_LONGEST = 200
"""Digits of a row: seven figures of fifteen digits have half as many. A longer run is no row, and its pieces are too many
to be made (1,500 digits took six seconds)."""

_NOTHING_IN_IT = STROKES | {"0"}


def loses_blanks(tables: Iterable[FoundTable]) -> bool:
    """Do blank cells vanish from a text whose digits run together? They do where a row has fewer digits than columns,
    and nobody knows where no row says that it is whole: 0000000, //////."""
    rows = [
        (found, len(part.part.values))
        for table in tables
        if table.carrier != "grid"
        for part in table.parts
        for found in part.rows
        if len(part.part.values) > 1
    ]
    if not any(found.glued for found, _ in rows):
        return False
    written = [("".join(slot.raw for slot in found.slots), width) for found, width in rows]
    kept = any(len(text) == width and not set(text) - _NOTHING_IN_IT for text, width in written)
    return not kept or any(len(text) < width for text, width in written)


def split_digits(filled: Sequence[Slot], width: int, blanks_lost: bool) -> Sequence[Assignment]:
    """Digits run together: every split into as many figures as there are columns, no figure with a leading zero.

    What ends in a unit or holds a point or sign is split too: the split's pieces must each read as a figure, or be the
    stroke of a cell without one. Where blanks were lost as well, every split into fewer figures over any columns.
    """
    text = "".join(slot.raw for slot in filled)
    at = filled[0].at
    size = len(text)
    fewest = 1 if blanks_lost or size < width else width
    if size > _LONGEST or (fewest == width and comb(size - 1, width - 1) > MOST):
        return []
    if Run.holds(text):
        if size == width == fewest:
            return [tuple([Slot(digit, at) for digit in text])]
        run = Run(text, at, width, range(fewest, min(width, size) + 1))
        return [] if _leaves_too_many(run) else run if len(run) > 1 else run.all
    # Which pieces are figures is asked once for each, and a beginning that is none is not gone on with.
    pieces = {
        (a, b): Slot(text[a:b], at)
        for a in range(size)
        for b in range(a + 1, min(size, size - fewest + 2 + a) + 1)
        if text[a:b] in STROKES or _is_figure(text[a:b])
    }
    ends = [[b for b in range(a + 1, size + 1) if (a, b) in pieces] for a in range(size)]

    @cache
    def splits(start: int, left: int) -> list[tuple[Slot, ...]]:
        """Every way to cut the text from `start` on into `left` figures."""
        if left == 1:
            return [(pieces[start, size],)] if (start, size) in pieces else []
        return [
            head + rest
            for end in ends[start]
            if size - end >= left - 1 and (head := (pieces[start, end],))
            for rest in splits(end, left - 1)
        ]

    result: list[Assignment] = []
    for count in range(fewest, min(width, size) + 1):
        if count < width and len(result) + comb(size - 1, count - 1) * comb(width, count) > _MOST_GLUED * width:
            return []
        for split in splits(0, count):
            result.extend([split] if count == width else anywhere(split, width))
        if fewest < width and len(result) > _MOST_GLUED:
            return []
    return result


def _leaves_too_many(run: Run) -> bool:
    """Are there, where blanks vanished too, more ways than the sums decide among?"""
    if run.counts.start == run.width:
        return False
    number = 0
    for figures in run.counts:
        if figures < run.width:
            number_at_most = number + comb(len(run.text) - 1, figures - 1) * comb(run.width, figures)
            if number_at_most > _MOST_GLUED * run.width:
                return True
        number += run.numbers[figures]
        if number > _MOST_GLUED:
            return True
    return False


def _is_figure(piece: str) -> bool:
    if piece.isdecimal() and piece.isascii():
        return piece[0] != "0" or len(piece) == 1
    written = read(piece)
    return written.value is not None and written.odd is None
