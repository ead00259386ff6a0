"""Rows that lost their labels: a PDF turned into text keeps each row's figures on one line and tears the labels off.

When as many lines of figures stand in the table as the form has rows, and every row that kept its label stands at its
own place among them, the others are the rows in between. The table is flagged `rows_by_position`; the sums then say
whether that was right.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from parsers.report import Semantic
from parsers.tables.found import FoundRow, Slot
from parsers.tables.numbers import read
from parsers.template import Part

FEWEST = 10
"""Fewer rows or columns than this are not told apart by their place: table two's parts have one or two."""
_LABELLED = 4
"""One of so many lines must still have its label, or this is no text with a row a line: in one with a cell a line the number
of a page would count as a row, and every figure behind it move by one."""
_RULE = re.compile(r"^[\s|:-]+$")


@dataclass(frozen=True, slots=True)
class FigureLine:
    line: int
    """From 1."""
    words: str
    """What stands in front of the figures."""
    slots: tuple[Slot, ...]


def figure_lines(lines: Sequence[str], first: int, last: int, width: int) -> list[FigureLine]:
    """Lines `first`..`last` (from 1) that end in exactly `width` cells of figures, one of them at least filled."""
    result = []
    some = enumerate(lines[first - 1 : last], start=first)
    for number, text in [(n, text) for n, text in some if len(text) > width - 2]:
        if (text.count("|") if "|" in text else len(text) // 2) + 1 < width:
            continue  # too short for so many cells
        cells = _cells(text)
        if len(cells) < width:
            continue
        begin = next((i for i, cell in enumerate(cells) if read(cell).semantic is not Semantic.TEXT), len(cells))
        figures = cells[begin:]
        while len(figures) > width and not figures[-1]:
            figures.pop()
        meanings = [read(cell) for cell in figures]
        if len(figures) != width or any(meaning.semantic is Semantic.TEXT for meaning in meanings):
            continue
        if any(meaning.value is not None for meaning in meanings):
            slots = tuple(Slot(cell, {"line": number}) for cell in figures)
            result.append(FigureLine(number, "".join(cells[:begin]), slots))
    return result


def _cells(text: str) -> list[str]:
    if _RULE.match(text):
        return []
    if "|" in text:
        return [cell.strip() for cell in text.strip().removeprefix("|").removesuffix("|").split("|")]
    return text.split()


def fill(part: Part, lines: Sequence[FigureLine], labelled: Mapping[int, int]) -> list[FoundRow] | None:
    """All rows of the part from the lines; `labelled`: line number -> index of the row whose label stands in it.

    None where the lines are not as many as the rows, or a labelled row stands elsewhere.
    """
    if len(lines) != len(part.rows) or _LABELLED * sum(line.line in labelled for line in lines) < len(lines):
        return None
    for index, line in enumerate(lines):
        if labelled.get(line.line, index) != index:
            return None
    return [FoundRow(row, line.slots, blanks_marked=True) for row, line in zip(part.rows, lines, strict=True)]
