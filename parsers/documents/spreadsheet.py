"""XLS, XLSX, XLSB, ET (the WPS name of an XLS), ODS and workbooks in XML -> Document: one grid a table, merged cells as spans.

A report kept in a spreadsheet has its title and its sentences in rows merged over the whole width: those rows are
paragraphs, what lies between them is a grid.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from parsers.documents import grid
from parsers.documents.limits import MAX_GRID_SLOTS
from parsers.documents.media import ODS, SHEET_XML, XLS, XLSB, XLSX
from parsers.documents.model import Block, Document, Grid, Paragraph
from parsers.documents.ods import open_ods
from parsers.documents.sheet_xml import open_sheet_xml
from parsers.documents.workbook_binary import open_xlsb
from parsers.documents.workbooks import MAX_SLOTS, Sheet, open_xls, open_xlsx
from parsers.errors import Unreadable

_OPENERS = {XLS: open_xls, XLSX: open_xlsx, XLSB: open_xlsb, ODS: open_ods, SHEET_XML: open_sheet_xml}
_DEFAULT_NAME = re.compile(r"(?:Sheet|工作表|表)\s*\d+", re.IGNORECASE)
_WHOLE_WIDTH = 0.9


@dataclass(frozen=True, slots=True)
class _Row:
    cells: tuple[grid.RawCell, ...]
    """The cells that begin in this row, up to the last that says something or spans."""
    covered: bool
    """A merged cell of a row above reaches into it."""

    @property
    def filled(self) -> list[grid.RawCell]:
        return [cell for cell in self.cells if cell.text.strip()]


def read_spreadsheet(content: bytes, media_type: str) -> Document:
    """Read a workbook; `media_type` is one of `_OPENERS`. Sheets that the file hides are left out.

    Raises Unreadable("damaged" | "encrypted" | "too_large" | "unsupported_media:<type>").
    """
    blocks: list[Block] = []
    for sheet in _OPENERS[media_type](content):
        grids = sum(isinstance(block, Grid) for block in blocks)
        found = _blocks(sheet, grids)
        if found and not _DEFAULT_NAME.fullmatch(sheet.name):
            blocks.append(Paragraph(sheet.name, 2))
        blocks.extend(found)
    return Document(blocks=tuple(blocks), media_type=media_type, title=_title(blocks))


def _blocks(sheet: Sheet, grids: int) -> list[Block]:
    rows = _rows(sheet)
    width = max(((row.cells[-1].column or 0) + row.cells[-1].column_span for row in rows if row.cells), default=0)
    texts = _text_rows(rows, width)
    blocks: list[Block] = []
    part: list[_Row] = []
    for number, row in enumerate([*rows, None]):
        if row is not None and number not in texts:
            part.append(row)
            continue
        made = _grid(part, grids)
        part = []
        if made is not None:
            blocks.append(made)
            grids += 1
        if row is not None:
            blocks.extend(Paragraph(line) for cell in row.filled for line in cell.text.split("\n"))
    return blocks


def _rows(sheet: Sheet) -> list[_Row]:
    """Rows up to the last that says something."""
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    hidden: set[tuple[int, int]] = set()
    reached: set[int] = set()
    last_row = len(sheet.rows) - 1
    work = 0
    for top, left, bottom, right in sheet.merged:
        height, width = min(bottom, last_row) - top + 1, min(right - left + 1, grid.MAX_COLUMN_SPAN)
        if height < 1 or width < 1 or top < 0 or left < 0 or (top, left) in hidden:
            continue
        work += height * width
        if work > MAX_SLOTS:
            raise Unreadable("too_large", "a sheet whose merged cells cover more than any report's")
        spans[top, left] = (height, width)
        hidden.update((top + r, left + c) for r in range(height) for c in range(width) if r or c)
        reached.update(range(top + 1, top + height))
    rows = []
    for r, line in enumerate(sheet.rows):
        cells = []
        for c, text in enumerate(line):
            if (r, c) not in hidden:
                height, width = spans.get((r, c), (1, 1))
                cells.append(grid.RawCell(text, height, width, False, c))
        while cells and not cells[-1].text and cells[-1].column_span == cells[-1].row_span == 1:
            cells.pop()
        rows.append(_Row(tuple(cells), r in reached))
    while rows and not rows[-1].filled:
        rows.pop()
    return rows


def _text_rows(rows: Sequence[_Row], width: int) -> set[int]:
    """Which rows are text and no part of a table.

    A lone cell merged over the whole width is; so is a lone cell above the first row of a table. The caption of a
    part (第二十条第(五)项) stands alone between two rows of the table and stays in it.
    """
    lone = {n for n, row in enumerate(rows) if len(row.filled) == 1 and not row.covered}
    tables = {n for n, row in enumerate(rows) if len(row.filled) > 1 or row.covered}
    if not tables:
        return {n for n, row in enumerate(rows) if row.filled}
    first = min(tables)
    found = set()
    for n in lone:
        cell = rows[n].filled[0]
        between = n - 1 in tables and n + 1 in tables
        if n < first or (cell.column_span >= _WHOLE_WIDTH * width and cell.row_span == 1 and not between):
            found.add(n)
    return found


def _grid(part: Sequence[_Row], index: int) -> Grid | None:
    used = [n for n, row in enumerate(part) if row.filled or row.covered]
    if not used or not any(row.filled for row in part):
        return None
    made = grid.build([_to_the_edge([row.cells for row in part[used[0] : used[-1] + 1]])], index)
    return made if made.width else None


def _to_the_edge(rows: list[tuple[grid.RawCell, ...]]) -> Sequence[Sequence[grid.RawCell]]:
    """Every row up to the table's last column: a sheet has no cells that are not there, only blank ones."""
    width = max((cell.column or 0 for row in rows for cell in row), default=-1) + 1
    if width * len(rows) > MAX_GRID_SLOTS:
        return rows  # grid.build refuses it
    covered = {
        (n + down, (cell.column or 0) + right)
        for n, row in enumerate(rows)
        for cell in row
        for down in range(cell.row_span)
        for right in range(min(cell.column_span, width))
    }
    return [
        [*row, *(grid.RawCell("", 1, 1, False, column) for column in range(width) if (n, column) not in covered)]
        for n, row in enumerate(rows)
    ]


def _title(blocks: Sequence[Block]) -> str | None:
    """The first line, where it is as long as a title."""
    lines = (block.text for block in blocks if isinstance(block, Paragraph) and not block.level)
    first = next((line.strip() for line in lines if line.strip()), "")
    return first if 6 <= len(first) <= 80 else None
