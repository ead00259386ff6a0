"""Columns of a table that must not be cut: those without room beside each other stand below each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.cells import cell_len

BETWEEN = 3
"""Columns of the terminal between two columns of a table: ` │ `."""


def in_parts(widths: Sequence[int], room: int) -> Iterator[list[int]]:
    """The numbers of the columns that have `room` beside each other, part by part; one column at least.

    `widths` in columns of the terminal, `room` without what every part begins with.
    """
    some: list[int] = []
    taken = 0
    for at, width in enumerate(widths):
        if some and taken + BETWEEN + width > room:
            yield some
            some, taken = [], 0
        some.append(at)
        taken += BETWEEN + width
    yield some


def packed(pieces: Iterable[str], room: int) -> Iterator[str]:
    """Lines of as many `pieces` as have `room`, two spaces between them; no piece is broken."""
    line = ""
    for piece in pieces:
        if line and cell_len(line) + 2 + cell_len(piece) > room:
            yield line
            line = ""
        line += f"  {piece}" if line else piece
    if line:
        yield line
