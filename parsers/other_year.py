"""A table under a heading of another year than the report's: last year's form copied, or last year's figures.

Which of the two it is nobody can say, so the figures stay and the table is flagged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from parsers.documents.model import Block, Grid, Paragraph
from parsers.report import FigureCell

_YEAR = re.compile(r"(?<!\d)(20\d\d)年(?!\d{1,2}月)")
_COMPARES = re.compile(r"[比较增减降。]|上年|结转|同期|以来|[至到—－-]\s*20\d\d")
_LONGEST = 60
"""Characters: what is longer is no heading."""


def flags(blocks: Sequence[Block], cells: Iterable[FigureCell], year: int) -> list[str]:
    """`other_year:<head>` for every table that holds figures and whose heading names other years alone."""
    strange = {
        block.index
        for number, block in enumerate(blocks)
        if isinstance(block, Grid) and any(_is_strange(text, str(year)) for text in _headings(blocks, number, block))
    }
    if not strange:
        return []
    heads = {cell.path.split(".", 1)[0]: None for cell in cells if cell.at and cell.at.get("table") in strange}
    return [f"other_year:{head}" for head in heads]


def _headings(blocks: Sequence[Block], number: int, grid: Grid) -> Iterable[str]:
    """The paragraph right above a table, its caption, and a first row that is one cell."""
    if grid.caption:
        yield grid.caption
    first = grid.rows[0]
    if first[0] is not None and first[0] is first[-1]:
        yield first[0].text
    above = number - 1
    while above >= 0 and isinstance(block := blocks[above], Paragraph):
        if block.text.strip():
            yield block.text
            return
        above -= 1


def _is_strange(text: str, year: str) -> bool:
    if "20" not in text or len(text) > _LONGEST:
        return False
    named = _YEAR.findall(text)
    return bool(named) and year not in named and not _COMPARES.search(text)
