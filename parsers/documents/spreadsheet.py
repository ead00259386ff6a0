"""XLS, XLSX and ET (the WPS name of an XLS) -> Document: one grid a table, merged cells as spans.

A report kept in a spreadsheet has its title and its sentences in rows merged over the whole width: those rows are
paragraphs, what lies between them is a grid.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from parsers.documents import dom, grid
from parsers.documents.containers import check_container
from parsers.documents.foreign import guarded
from parsers.documents.limits import MAX_GRID_SLOTS, refuse_above
from parsers.documents.media import XLSX
from parsers.documents.model import Block, Document, Grid, Paragraph
from parsers.errors import Unreadable

MAX_BYTES = 32 << 20
MAX_SHEETS = 40
_DEFAULT_NAME = re.compile(r"(?:Sheet|工作表|表)\s*\d+", re.IGNORECASE)
_FILLED_CELL = re.compile(rb"""<(?:\w+:)?c\s[^<>]*?\br=["']([A-Z]{1,3})(\d{1,7})["'][^<>]*(?<!/)>""")
_WHOLE_WIDTH = 0.9

Value = int | float | str | bool | time | date | datetime | timedelta


@dataclass(frozen=True, slots=True)
class _Row:
    cells: tuple[grid.RawCell, ...]
    """The cells that begin in this row and say something, or span."""
    covered: bool
    """A merged cell of a row above reaches into it."""

    @property
    def filled(self) -> list[grid.RawCell]:
        return [cell for cell in self.cells if cell.text.strip()]


def read_spreadsheet(content: bytes, media_type: str) -> Document:
    """Read a workbook; `media_type` is XLS or XLSX. Sheets that the file hides are left out.

    Raises Unreadable("damaged" | "encrypted" | "too_large" | "unsupported_media:<type>").
    """
    if media_type == XLSX:
        check_container(content, MAX_BYTES, "the workbook")
        _check_extent(content)
    refuse_above(len(content), MAX_BYTES, "the workbook")
    blocks: list[Block] = []
    with guarded("the workbook", CalamineError):
        try:
            workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        except PasswordError as error:
            raise Unreadable("encrypted", "the workbook is protected by a password") from error
        visible = [
            sheet.name
            for sheet in workbook.sheets_metadata
            if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
        ]
        for name in visible[:MAX_SHEETS]:
            grids = sum(isinstance(block, Grid) for block in blocks)
            found = _sheet(workbook.get_sheet_by_name(name), grids)
            if found and not _DEFAULT_NAME.fullmatch(name):
                blocks.append(Paragraph(name, 2))
            blocks.extend(found)
    return Document(blocks=tuple(blocks), media_type=media_type, title=_title(blocks))


def _check_extent(content: bytes) -> None:
    """Refuse a sheet whose cells lie far apart: calamine keeps the whole rectangle, and 2 cells can span 17 thousand
    million."""
    with guarded("the workbook"), zipfile.ZipFile(io.BytesIO(content)) as container:
        names = container.namelist()
        if "xl/workbook.bin" in names:
            raise Unreadable("unsupported_media:application/vnd.ms-excel.sheet.binary", "a workbook in binary form")
        for name in names:
            if not re.fullmatch(r"/?xl/worksheets/[^/]+\.xml", name):
                continue
            width = height = 0
            for match in _FILLED_CELL.finditer(container.read(name)):
                width = max(width, _number(match[1]))
                height = max(height, int(match[2]))
            _check_size(width, height)


def _check_size(width: int, height: int) -> None:
    if width * height > 4 * MAX_GRID_SLOTS:
        raise Unreadable("too_large", f"a sheet of {height:,} rows and {width:,} columns")


def _number(letters: bytes) -> int:
    """A -> 1, Z -> 26, AA -> 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _sheet(sheet: CalamineSheet, grids: int) -> list[Block]:
    _check_size(sheet.total_width + 1, sheet.total_height + 1)
    values = sheet.to_python(skip_empty_area=False)
    rows = _rows(values, _merged(sheet, len(values)))
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


def _merged(sheet: CalamineSheet, height: int) -> dict[tuple[int, int], tuple[int, int]]:
    """First place of each merged cell -> rows and columns that it covers."""
    found = {}
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if 0 <= top < height and top <= bottom and 0 <= left <= right:
            found[top, left] = (min(bottom, height - 1) - top + 1, min(right - left + 1, grid.MAX_COLUMN_SPAN))
    return found


def _rows(values: Sequence[Sequence[Value]], merged: Mapping[tuple[int, int], tuple[int, int]]) -> list[_Row]:
    """Rows up to the last that says something."""
    hidden: set[tuple[int, int]] = set()
    reached: set[int] = set()
    work = 0
    for (top, left), (height, width) in merged.items():
        work += height * width
        if work > 4 * MAX_GRID_SLOTS:
            raise Unreadable("too_large", "a sheet whose merged cells cover more than any report's")
        hidden.update((top + r, left + c) for r in range(height) for c in range(width) if r or c)
        reached.update(range(top + 1, top + height))
    rows = []
    for r, line in enumerate(values):
        cells = []
        for c, value in enumerate(line):
            if (r, c) not in hidden:
                height, width = merged.get((r, c), (1, 1))
                cells.append(grid.RawCell(_text(value), height, width, False, c))
        while cells and not cells[-1].text and cells[-1].column_span == cells[-1].row_span == 1:
            cells.pop()
        rows.append(_Row(tuple(cells), r in reached))
    while rows and not rows[-1].filled:
        rows.pop()
    return rows


def _text(value: Value) -> str:
    """As the sheet shows it: 35.0 is 35, and 0.1 + 0.2 is 0.3 to the fifteen digits that Excel keeps."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else format(value, ".15g")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    lines = [dom.trim(line) for line in str(value).replace("\r\n", "\n").split("\n")]
    return "\n".join(line for line in lines if line)


def _text_rows(rows: Sequence[_Row], width: int) -> set[int]:
    """Which rows are text and no part of a table.

    A lone cell merged over the whole width is; so is a lone cell above the first row of a table. The caption of a
    part (第二十条第(五)项) stands alone between two rows of the table and stays in it.
    """
    lone = {n for n, row in enumerate(rows) if len(row.filled) == 1 and not row.covered}
    tables = [n for n, row in enumerate(rows) if len(row.filled) > 1 or row.covered]
    if not tables:
        return {n for n, row in enumerate(rows) if row.filled}
    found = set()
    for n in lone:
        cell = rows[n].filled[0]
        between = n - 1 in tables and n + 1 in tables
        if n < tables[0] or (cell.column_span >= _WHOLE_WIDTH * width and cell.row_span == 1 and not between):
            found.add(n)
    return found


def _grid(part: Sequence[_Row], index: int) -> Grid | None:
    used = [n for n, row in enumerate(part) if row.filled or row.covered]
    if not used or not any(row.filled for row in part):
        return None
    made = grid.build([[row.cells for row in part[used[0] : used[-1] + 1]]], index)
    return made if made.width else None


def _title(blocks: Sequence[Block]) -> str | None:
    """The first line, where it is as long as a title."""
    lines = (block.text for block in blocks if isinstance(block, Paragraph) and not block.level)
    first = next((line.strip() for line in lines if line.strip()), "")
    return first if 6 <= len(first) <= 80 else None
