"""XLSX by calamine, XLS by xlrd -> the visible sheets of a workbook as rows of texts and merged ranges.

calamine reads XLS, too, but a damaged one can ask it for a hundred gigabytes, and then it ends the whole process; for
XLSX, whose cells name their places in plain XML, that is ruled out beforehand.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import accumulate

import xlrd
from lxml import etree
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum
from python_calamine import SheetVisibleEnum as Visible

from parsers.documents import dom, number_formats, workbook_xml
from parsers.documents.containers import check_container
from parsers.documents.foreign import guarded
from parsers.documents.grounds import WHITE, alike, is_figure
from parsers.documents.limits import MAX_GRID_SLOTS, refuse_above
from parsers.documents.shown import STRIKE, lowered, raised
from parsers.errors import Unreadable

MAX_BYTES = 32 << 20
MAX_SHEETS = 40
MAX_SLOTS = 4 * MAX_GRID_SLOTS
"""Rows times columns of a sheet, blank ones and all."""
_FORMATTED = 16 * MAX_SLOTS
"""The same for what is only formatted: whole rows and columns often are."""
_READABLE = 60
"""Twentieths of a point: nobody reads what is lower."""
_STREAMS = frozenset(("workbook", "book"))
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
    """Raises Unreadable("damaged" | "encrypted" | "too_large")."""
    check_container(content, MAX_BYTES, "the workbook")
    _check_extent(content)
    with guarded("the workbook", CalamineError, etree.XMLSyntaxError):
        try:
            workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        except PasswordError as error:
            raise Unreadable("encrypted", "the workbook is protected by a password") from error
        shown = [
            sheet.name
            for sheet in workbook.sheets_metadata
            if sheet.visible == Visible.Visible and sheet.typ == SheetTypeEnum.WorkSheet
        ][:MAX_SHEETS]
        told = workbook_xml.told(content, shown)
        sheets = [_of_calamine(workbook.get_sheet_by_name(name), told.get(name, workbook_xml.Told())) for name in shown]
    yield from sheets


def _check_extent(content: bytes) -> None:
    """Refuse a sheet whose cells lie far apart: calamine keeps the whole rectangle, and two cells can span seventeen
    thousand million places."""
    with guarded("the workbook"), zipfile.ZipFile(io.BytesIO(content)) as container:
        for name in container.namelist():
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


def _of_calamine(sheet: CalamineSheet, told: workbook_xml.Told) -> Sheet:
    _refuse(sheet.total_height + 1, sheet.total_width + 1, MAX_SLOTS)
    rows = tuple(
        tuple(text_of(told.texts.get((r, c), value)) for c, value in enumerate(row))
        for r, row in enumerate(sheet.to_python(skip_empty_area=False))
    )
    merged = tuple((top, left, bottom, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or ())
    return visible(Sheet(sheet.name, rows, merged), told.hidden_rows, told.hidden_columns)


def visible(sheet: Sheet, hidden_rows: Set[int], hidden_columns: Set[int]) -> Sheet:
    """The sheet without its hidden rows and columns, as if they were not there."""
    if not hidden_rows and not hidden_columns:
        return sheet
    width = max(map(len, sheet.rows), default=0)
    down = _places(len(sheet.rows), hidden_rows)
    right = _places(max([width, *(area[3] + 1 for area in sheet.merged)]), hidden_columns)
    merged = []
    texts = [list(row) for row in sheet.rows]
    for top, left, bottom, beyond in sheet.merged:
        bottom = min(bottom, len(sheet.rows) - 1)
        if top > bottom or down[bottom + 1] == down[top] or right[beyond + 1] == right[left]:
            continue
        merged.append((down[top], right[left], down[bottom + 1] - 1, right[beyond + 1] - 1))
        # What stands in a merged cell is seen as long as some of it is.
        row = next(at for at in range(top, bottom + 1) if at not in hidden_rows)
        column = next(at for at in range(left, beyond + 1) if at not in hidden_columns)
        if (row, column) != (top, left) and left < len(texts[top]):
            texts[row].extend([""] * (column + 1 - len(texts[row])))
            texts[row][column] = texts[top][left]
    rows = tuple(
        tuple(text for c, text in enumerate(row) if c not in hidden_columns)
        for r, row in enumerate(texts)
        if r not in hidden_rows
    )
    return Sheet(sheet.name, rows, tuple(merged))


def _places(size: int, hidden: Set[int]) -> list[int]:
    """For each place, and for the end: how many are seen before it."""
    return list(accumulate((at not in hidden for at in range(size)), initial=0))


def open_xls(content: bytes) -> Iterator[Sheet]:
    """Raises Unreadable("damaged" | "encrypted" | "too_large")."""
    refuse_above(len(content), MAX_BYTES, "the workbook")
    with guarded("the workbook", xlrd.XLRDError, xlrd.compdoc.CompDocError):
        _refuse_circles(content)
        try:
            workbook = _opened(content)
        except xlrd.XLRDError as error:
            if "encrypted" in str(error).lower():
                raise Unreadable("encrypted", "the workbook is protected by a password") from error
            raise
        sheets = [_of_xlrd(sheet, workbook) for sheet in workbook.sheets()[:MAX_SHEETS] if not sheet.visibility]
    yield from sheets


def _refuse_circles(content: bytes) -> None:
    """Raises Unreadable("damaged") where the sectors of a small workbook follow one another in a circle: xlrd looks for
    that in large ones alone, and would collect sectors until the memory is full."""
    if not content.startswith(xlrd.compdoc.SIGNATURE):
        return
    shell = xlrd.compdoc.CompDoc(content, logfile=io.StringIO(), ignore_workbook_corruption=True)
    for entry in shell.dirlist:
        if entry.name.lower() not in _STREAMS or entry.tot_size >= shell.min_size_std_stream:
            continue
        sector, seen = entry.first_SID, set[int]()
        while 0 <= sector < len(shell.SSAT):
            if sector in seen:
                raise Unreadable("damaged", "the workbook cannot be read: its sectors follow one another in a circle")
            seen.add(sector)
            sector = shell.SSAT[sector]


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


def _of_xlrd(sheet: xlrd.sheet.Sheet, book: xlrd.Book) -> Sheet:
    _refuse(sheet.nrows, max((sheet.row_len(row) for row in range(sheet.nrows)), default=0), MAX_SLOTS)
    rows = tuple(
        tuple(text_of(_as_formatted(sheet, book, (r, c), cell)) for c, cell in enumerate(sheet.row(r)))
        for r in range(sheet.nrows)
    )
    merged = tuple((top, left, below - 1, beyond - 1) for top, below, left, beyond in sheet.merged_cells)
    hidden_rows = {r for r, info in sheet.rowinfo_map.items() if info.hidden or info.height == 0}
    hidden_columns = {c for c, info in sheet.colinfo_map.items() if info.hidden or info.width == 0}
    return visible(Sheet(sheet.name, rows, merged), hidden_rows, hidden_columns)


def _as_formatted(sheet: xlrd.sheet.Sheet, book: xlrd.Book, place: tuple[int, int], cell: xlrd.sheet.Cell) -> Value:
    """The cell's value, or the text that its format, its font or its runs make of it."""
    value = _value(cell, book.datemode)
    if value is not None and (_is_struck(cell, book) or (_is_lost(cell, book) and is_figure(text_of(value)))):
        return f"{STRIKE}{text_of(value)}{STRIKE}"
    if isinstance(value, float) and book.formatting_info and cell.xf_index is not None:
        code = book.format_map[book.xf_list[cell.xf_index].format_key].format_str
        shown = number_formats.shown(value, code)
        return value if shown is None else shown
    runs = sheet.rich_text_runlist_map.get(place) if isinstance(value, str) else None
    return _of_runs(str(value), runs, book) if runs else value


def _is_struck(cell: xlrd.sheet.Cell, book: xlrd.Book) -> bool:
    if not book.formatting_info or cell.xf_index is None:
        return False
    return bool(book.font_list[book.xf_list[cell.xf_index].font_index].struck_out)


def _is_lost(cell: xlrd.sheet.Cell, book: xlrd.Book) -> bool:
    """Has the cell's text the colour of its ground, or is it too small to be read?"""
    if not book.formatting_info or cell.xf_index is None:
        return False
    style = book.xf_list[cell.xf_index]
    font, fill = book.font_list[style.font_index], style.background
    if font.height < _READABLE:
        return True
    ink = book.colour_map.get(font.colour_index)
    ground = book.colour_map.get(fill.pattern_colour_index) if fill.fill_pattern else WHITE
    return ink is not None and ground is not None and alike(ink, ground)


def _of_runs(text: str, runs: Sequence[tuple[int, int]], book: xlrd.Book) -> str:
    """The text with what is struck out, raised, lowered or not to be seen in it marked; `runs`: where each font begins."""
    parts = [text[: runs[0][0]]]
    for (begin, number), end in zip(runs, [*(run[0] for run in runs[1:]), len(text)], strict=True):
        part, font = text[begin:end], book.font_list[number]
        is_faint = font.height < _READABLE or book.colour_map.get(font.colour_index) == WHITE
        if part.strip() and (font.struck_out or (is_faint and part.strip() != text.strip())):
            part = f"{STRIKE}{part}{STRIKE}"
        parts.append(raised(part) if font.escapement == 1 else lowered(part) if font.escapement == 2 else part)
    return "".join(parts)


def _value(cell: xlrd.sheet.Cell, datemode: int) -> Value:
    value: Value = cell.value
    if cell.ctype == xlrd.XL_CELL_DATE and isinstance(value, float):
        moment: datetime = xlrd.xldate.xldate_as_datetime(value, datemode)
        return moment
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(value)
    return value if cell.ctype in (xlrd.XL_CELL_TEXT, xlrd.XL_CELL_NUMBER) else None


def text_of(value: Value) -> str:
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
