"""XLSX by calamine, XLS by xlrd -> the visible sheets of a workbook as rows of texts and merged ranges.

calamine reads XLS, too, but a damaged one can ask it for a hundred gigabytes, and then it ends the whole process; for
XLSX, whose cells name their places in plain XML, that is ruled out beforehand.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import xlrd
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum
from python_calamine import SheetVisibleEnum as Visible

from parsers.documents import dom
from parsers.documents.containers import check_container
from parsers.documents.foreign import guarded
from parsers.documents.limits import MAX_GRID_SLOTS, refuse_above
from parsers.errors import Unreadable

MAX_BYTES = 32 << 20
MAX_SHEETS = 40
MAX_SLOTS = 4 * MAX_GRID_SLOTS
"""Rows times columns of a sheet, blank ones and all."""
_FORMATTED = 16 * MAX_SLOTS
"""The same for what is only formatted: whole rows and columns often are."""
_PLACE = re.compile(rb"""\br\s*=\s*["']\s*([A-Za-z]{1,9})(\d{1,12})""")
_ROW = re.compile(rb"""\br\s*=\s*["']\s*(\d{1,12})""")
_CELL = re.compile(rb"<(?:[\w.-]+:)?c[\s/>]")

Value = int | float | str | bool | time | date | datetime | timedelta | None


@dataclass(frozen=True, slots=True)
class Sheet:
    name: str
    rows: tuple[tuple[str, ...], ...]
    """As the sheet shows them; rows may be of different lengths."""
    merged: tuple[tuple[int, int, int, int], ...]
    """First row, first column, last row, last column."""


def open_xlsx(content: bytes) -> Iterator[Sheet]:
    """Raises Unreadable("damaged" | "encrypted" | "too_large" | "unsupported_media:<type>")."""
    check_container(content, MAX_BYTES, "the workbook")
    _check_extent(content)
    with guarded("the workbook", CalamineError):
        try:
            workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        except PasswordError as error:
            raise Unreadable("encrypted", "the workbook is protected by a password") from error
        shown = [
            s for s in workbook.sheets_metadata if s.visible == Visible.Visible and s.typ == SheetTypeEnum.WorkSheet
        ]
        sheets = [_of_calamine(workbook.get_sheet_by_name(sheet.name)) for sheet in shown[:MAX_SHEETS]]
    yield from sheets


def _check_extent(content: bytes) -> None:
    """Refuse a sheet whose cells lie far apart: calamine keeps the whole rectangle, and two cells can span seventeen
    thousand million places."""
    with guarded("the workbook"), zipfile.ZipFile(io.BytesIO(content)) as container:
        names = container.namelist()
        if "xl/workbook.bin" in names:
            raise Unreadable("unsupported_media:application/vnd.ms-excel.sheet.binary", "a workbook in binary form")
        for name in names:
            if name.endswith(".xml"):
                _check_places(container.read(name))


def _check_places(markup: bytes) -> None:
    places = _PLACE.findall(markup)
    width = max((_number(letters) for letters, _ in places), default=0)
    height = max((int(digits) for _, digits in places), default=0)
    cells = len(_CELL.findall(markup))
    if cells > len(places):
        # Cells that do not say where they are follow one another in their row.
        width += cells - len(places)
        height = max([height, *(int(digits) for digits in _ROW.findall(markup))])
    _refuse(height, width, _FORMATTED)


def _refuse(height: int, width: int, limit: int) -> None:
    if width * height > limit:
        raise Unreadable("too_large", f"a sheet of {height:,} rows and {width:,} columns")


def _number(letters: bytes) -> int:
    """A -> 1, Z -> 26, AA -> 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _of_calamine(sheet: CalamineSheet) -> Sheet:
    _refuse(sheet.total_height + 1, sheet.total_width + 1, MAX_SLOTS)
    rows = tuple(tuple(_text(value) for value in row) for row in sheet.to_python(skip_empty_area=False))
    merged = tuple((top, left, bottom, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or ())
    return Sheet(sheet.name, rows, merged)


def open_xls(content: bytes) -> Iterator[Sheet]:
    """Raises Unreadable("damaged" | "encrypted" | "too_large")."""
    refuse_above(len(content), MAX_BYTES, "the workbook")
    with guarded("the workbook", xlrd.XLRDError, xlrd.compdoc.CompDocError):
        try:
            workbook = _opened(content)
        except xlrd.XLRDError as error:
            if "encrypted" in str(error).lower():
                raise Unreadable("encrypted", "the workbook is protected by a password") from error
            raise
        sheets = [
            _of_xlrd(sheet, workbook.datemode) for sheet in workbook.sheets()[:MAX_SHEETS] if not sheet.visibility
        ]
    yield from sheets


def _opened(content: bytes) -> xlrd.Book:
    """Formats are read for the merged cells alone: where they are damaged, the figures may still be whole."""
    silence = io.StringIO()
    try:
        return xlrd.open_workbook(
            file_contents=content,
            logfile=silence,
            formatting_info=True,
            ragged_rows=True,
            ignore_workbook_corruption=True,
        )
    except (AssertionError, AttributeError, IndexError, KeyError, TypeError, ValueError):
        return xlrd.open_workbook(
            file_contents=content, logfile=silence, ragged_rows=True, ignore_workbook_corruption=True
        )


def _of_xlrd(sheet: xlrd.sheet.Sheet, datemode: int) -> Sheet:
    _refuse(sheet.nrows, max((sheet.row_len(row) for row in range(sheet.nrows)), default=0), MAX_SLOTS)
    rows = tuple(tuple(_text(_value(cell, datemode)) for cell in sheet.row(number)) for number in range(sheet.nrows))
    merged = tuple((top, left, below - 1, beyond - 1) for top, below, left, beyond in sheet.merged_cells)
    return Sheet(sheet.name, rows, merged)


def _value(cell: xlrd.sheet.Cell, datemode: int) -> Value:
    value: Value = cell.value
    if cell.ctype == xlrd.XL_CELL_DATE and isinstance(value, float):
        moment: datetime = xlrd.xldate.xldate_as_datetime(value, datemode)
        return moment
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(value)
    return value if cell.ctype in (xlrd.XL_CELL_TEXT, xlrd.XL_CELL_NUMBER) else None


def _text(value: Value) -> str:
    """As the sheet shows it: 35.0 is 35, and 0.1 + 0.2 is 0.3 to the fifteen digits that Excel keeps."""
    if value is None:
        return ""
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
