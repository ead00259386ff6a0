"""Where the cells of a PDF's tables stand on its pages: for whoever shows a figure beside its source.

No report is made from this. It runs the reader's own steps with texts that remember their boxes, so that a cell of the
grid and its box can never be two different cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from parsers.documents import pdf
from parsers.documents.model import Grid
from parsers.documents.pdf_tables import Box, PdfTable, belongs_to, to_grid


class _Boxed(str):
    """A cell's text, and where it stands. What is joined out of several is a plain string again."""

    page: int
    box: Box

    @classmethod
    def of(cls, text: str, page: int, box: Box) -> _Boxed:
        made = cls(text)
        made.page, made.box = page, box
        return made


def cell_boxes(content: bytes) -> Mapping[tuple[int, int, int], tuple[int, Box]]:
    """(table, row, column) as in `cells[].at` -> page from 1, and (x0, top, x1, bottom) in points, from above left.

    A label that a page break has cut stands on two pages and is left out. Raises Unreadable as `read_pdf` does.
    """
    content = content[max(content.find(b"%PDF-", 0, 1024), 0) :]
    pages, _ = pdf._pages(content)
    found: dict[tuple[int, int, int], tuple[int, Box]] = {}
    for grid in _grids([item for page in pages for item in pdf._items(page)]):
        for number, row in enumerate(grid.rows):
            for column, cell in enumerate(row):
                if cell is not None and (cell.row, cell.column) == (number, column) and isinstance(cell.text, _Boxed):
                    found[grid.index, number, column] = cell.text.page, cell.text.box
    return found


def _grids(items: Sequence[pdf.Item]) -> Iterator[Grid]:
    """The tables in the reader's order and under its numbers (`pdf._blocks`)."""
    parts: list[PdfTable] = []
    index = 0
    for item in [*items, None]:
        if parts and not (isinstance(item, PdfTable) and belongs_to(item, parts)):
            yield to_grid([_with_boxes(part) for part in parts], index)
            index += 1
            parts = []
        if isinstance(item, PdfTable):
            parts.append(item)


def _with_boxes(part: PdfTable) -> PdfTable:
    cells = tuple(
        replace(cell, text=_Boxed.of(cell.text, part.page, (cell.x0, cell.top, cell.x1, cell.bottom)))
        for cell in part.cells
    )
    return replace(part, cells=cells)
