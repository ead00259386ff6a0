"""A table in which the indicators stand beside each other and the figures below them: 四川省教育厅 2018 has its answers so.

Every line below the header is a column of figures: its first cell says of what (2018年, 合计), where it is words.
"""

from __future__ import annotations

import re

from parsers.documents.model import Grid
from parsers.report import Semantic
from parsers.tables.grid_lines import Line, lines
from parsers.tables.local_form import LocalRow, Words, indicator
from parsers.tables.numbers import read

_YEAR = re.compile(r"(?:19|20)\d\d年?度?")
_HEADER_LINES = 3
_FEWEST = 2
"""Cells of the header that are known."""
_FEWEST_ROWS = 3


def find(grid: Grid, words: Words) -> tuple[tuple[str, ...], tuple[LocalRow, ...]] | None:
    """Headers of its columns of figures, and its rows; None where it is no such table."""
    own = lines([grid])
    start = next((n for n, line in enumerate(own[:_HEADER_LINES]) if _is_header(line, words)), None)
    if start is None:
        return None
    header, below = own[start], own[start + 1 :]
    if not below or not all(_is_figures(line, header) for line in below):
        return None
    has_names = all(_is_words(line, 0) or _YEAR.fullmatch(line.cells[0][0].text.strip()) for line in below)
    rows = [
        LocalRow(
            code=None,
            label=" ".join(cell.text.split()),
            group=None,
            unit=None,
            values=tuple(None if grid.recognised else read(line.cells[place][0].text).value for line in below),
            raw=tuple(" ".join(line.cells[place][0].text.split()) for line in below),
        )
        for place, (cell, _, _) in enumerate(header.cells)
        if place or not has_names
    ]
    if len(rows) < _FEWEST_ROWS:
        return None
    return tuple(" ".join(line.cells[0][0].text.split()) if has_names else "" for line in below), tuple(rows)


def _is_header(line: Line, words: Words) -> bool:
    known = [1 for cell, _, _ in line.cells if indicator(cell.text) in words.indicators]
    return len(known) >= _FEWEST and not line.has_figure


def _is_figures(line: Line, header: Line) -> bool:
    """Is it cut as the header is, with figures behind its first cell at most?"""
    places = [(left, right) for _, left, right in line.cells]
    is_cut_alike = places == [(left, right) for _, left, right in header.cells]
    return is_cut_alike and line.has_figure and not any(_is_words(line, place) for place in range(1, len(places)))


def _is_words(line: Line, place: int) -> bool:
    return read(line.cells[place][0].text).semantic is Semantic.TEXT
