"""What there may be thousands of: ways to lay the figures of a row over its columns, of which hardly any is ever made.

They are counted before one is made, cut under a sum where it speaks of a total behind its summands, and asked for what
they agree on; whoever needs all of them still has them, in the same order, as from a list.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import overload

from parsers.tables.found import Slot

MOST = 20_000
"""More possibilities than this for one row are not looked at: the row stays unreadable."""

Assignment = tuple[Slot | None, ...]
"""One slot a column; None is a cell whose blank left no mark."""

Signed = Sequence[tuple[int, int]]
"""Columns that add up to nothing, as (sign, column)."""


class Ways(Sequence[Assignment]):
    """Every way to lay a row, in a fixed order."""

    is_nought = False
    """Is every figure nought, or a stroke, in every one of them? Then they are alike to every sum."""

    @abstractmethod
    def balanced(self, signed: Signed) -> Sequence[Assignment] | None:
        """Those in which the columns add up to nothing. None where that cannot be told without making them all."""

    @abstractmethod
    def written(self, column: int) -> Iterator[str]:
        """What stands in a column, each different text once, "" where it may be blank."""

    @abstractmethod
    def each(self) -> Iterator[Assignment]:
        """All of them, in order, made one by one."""

    @property
    def first(self) -> Assignment:
        return next(self.each())

    @overload
    def __getitem__(self, index: int) -> Assignment: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Assignment]: ...
    def __getitem__(self, index: int | slice) -> Assignment | Sequence[Assignment]:
        return self.first if index == 0 else self.all[index]

    def __iter__(self) -> Iterator[Assignment]:
        return iter(self.all)

    @cached_property
    def all(self) -> list[Assignment]:
        return list(self.each())


def summed(signed: Signed) -> tuple[int, int] | None:
    """The first and the last of columns side by side of which the last is the sum of the others; None where they are
    not so."""
    signs = {column: sign for sign, column in signed}
    first, last = min(signs, default=0), max(signs, default=0)
    side_by_side = len(signed) == len(signs) == last - first + 1 > 1
    if not side_by_side or sum(signs.values()) * signs[last] != first - last + 1:
        return None
    return first, last
