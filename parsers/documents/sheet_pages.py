"""Sheets of workbooks that were saved as pages: all of it is one table, the title and the sentences are rows of it.

Excel, WPS, LibreOffice and Apache POI write such pages, and systems that export them call them .xls.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from parsers.documents.model import Block, Cell, Grid, Paragraph

_FEW = 40
"""Characters beside the tables: the name of the sheet."""
_FEWEST_ROWS = 5
_WHOLE_WIDTH = 0.5
"""Share of the columns that a sentence covers, at the least."""


def opened(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks of a page, of a sheet the rows of text as paragraphs; a page that is no sheet stays as it is."""
    grids = [block for block in blocks if isinstance(block, Grid)]
    beside = sum(len(block.text.strip()) for block in blocks if isinstance(block, Paragraph))
    if not grids or beside > _FEW or len(grids[0].rows) < _FEWEST_ROWS or not _is_lone(grids[0], 0):
        return tuple(blocks)
    made: list[Block] = []
    for block in blocks:
        if not isinstance(block, Grid):
            made.append(block)
            continue
        for part in _parts(block):
            made.append(_numbered(part, made) if isinstance(part, Grid) else part)
    return tuple(made)


def _numbered(part: Grid, before: Sequence[Block]) -> Grid:
    return Grid(part.rows, sum(isinstance(block, Grid) for block in before))


def _parts(table: Grid) -> Iterator[Paragraph | Grid]:
    lone = [_is_lone(table, r) for r in range(len(table.rows))]
    own = [_own(table, r) for r in range(len(table.rows))]
    first = next((n for n, is_lone in enumerate(lone) if own[n] and not is_lone), len(lone))

    def is_text(r: int) -> bool:
        """A row of one cell is text above the table, and as a wide one everywhere but between two rows of the table: there it
        is the caption of a part."""
        if not lone[r]:
            return False
        between = 0 < r < len(lone) - 1 and own[r - 1] and own[r + 1] and not lone[r - 1] and not lone[r + 1]
        return r < first or (own[r][0].column_span >= _WHOLE_WIDTH * table.width and not between)

    for text, some in groupby(range(len(table.rows)), key=is_text):
        rows = list(some)
        if text:
            yield from (Paragraph(line) for r in rows for line in own[r][0].text.split("\n"))
        elif any(own[r] for r in rows):
            yield _cut(table, rows[0], rows[-1] + 1)


def _own(table: Grid, r: int) -> list[Cell]:
    """The cells with text that begin in the row."""
    return [
        cell
        for c, cell in enumerate(table.rows[r])
        if cell is not None and cell.row == r and cell.column == c and cell.text.strip()
    ]


def _is_lone(table: Grid, r: int) -> bool:
    """Is there a single cell with text in the row, one line high?"""
    own = _own(table, r)
    covered = any(cell is not None and cell.row < r and cell.text.strip() for cell in table.rows[r])
    return len(own) == 1 and own[0].row_span == 1 and not covered


def _cut(table: Grid, first: int, last: int) -> Grid:
    """The rows [first, last) as a table of their own."""
    made: dict[int, Cell] = {}

    def moved(cell: Cell) -> Cell:
        if id(cell) not in made:
            top = max(cell.row, first)
            made[id(cell)] = cell._replace(row=top - first, row_span=min(cell.row + cell.row_span, last) - top)
        return made[id(cell)]

    return Grid(tuple(tuple(cell and moved(cell) for cell in row) for row in table.rows[first:last]))
