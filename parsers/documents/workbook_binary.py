"""XLSB, workbooks in binary form -> their visible sheets as rows of texts and merged ranges. [MS-XLSB].

calamine reads XLSB, too, but ends in a panic where a record is cut short, and knows of no merged cells in it.
"""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

import xlrd
from lxml import etree

from parsers.documents import number_formats
from parsers.documents.containers import check_container
from parsers.documents.foreign import guarded
from parsers.documents.grounds import WHITE, alike, is_figure
from parsers.documents.shown import STRIKE, lowered, raised
from parsers.documents.workbooks import MAX_BYTES, MAX_SHEETS, MAX_SLOTS, Sheet, text_of, visible
from parsers.errors import Unreadable

_ROW, _STRING, _FONT, _FORMAT, _STYLE, _COLUMNS = 0, 19, 43, 44, 47, 60
_PROPERTIES, _SHEET, _CALCULATION, _MERGED, _STYLES, _STYLES_END = 153, 156, 157, 176, 617, 618
_CELLS, _WORKED_OUT = range(2, 12), range(8, 12)
_PACKED, _ERROR, _WHOLE, _INLINE, _SHARED = 2, (3, 11), (5, 9), (6, 8), 7
"""Kinds of cells; the others hold TRUE or FALSE."""
_READABLE = 60
"""Twentieths of a point: nobody reads what is lower."""
_WHITE_OF_THE_LIST = (1, 9)
_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
"""The formats of days and times that are named by their number alone."""
_DATE = re.compile(r"[ymdhs]", re.IGNORECASE)
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|General', re.IGNORECASE)
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_VISIBLE = 0

Runs = tuple[tuple[int, int], ...]
"""(first character, number of the font)."""


@dataclass(frozen=True, slots=True)
class _Font:
    struck: bool = False
    raised: int = 0
    """1 above the line, 2 below it."""
    faint: bool = False
    """White, or so small that nobody reads it."""


@dataclass(slots=True)
class _Book:
    strings: list[tuple[str, Runs]] = field(default_factory=list)
    fonts: list[_Font] = field(default_factory=list)
    codes: list[tuple[str, bool]] = field(default_factory=list)
    """The format of each cell style, "" where it is none that changes a number; is it one of days or times?"""
    styles: list[int] = field(default_factory=list)
    """The font of each cell style."""
    is_stale: bool = False
    """Is everything worked out again when the file is opened?"""
    datemode: int = 0
    """1: days are counted from 1904."""

    def font(self, style: int) -> _Font:
        return self.fonts[self.styles[style]] if style < len(self.styles) else _Font()


def open_xlsb(content: bytes) -> Iterator[Sheet]:
    """Raises Unreadable("damaged" | "encrypted" | "too_large")."""
    check_container(content, MAX_BYTES, "the workbook")
    with (
        guarded("the workbook", struct.error, IndexError, UnicodeDecodeError, etree.XMLSyntaxError),
        zipfile.ZipFile(io.BytesIO(content)) as container,
    ):
        sheets = list(_sheets(container))
    yield from sheets


def _sheets(container: zipfile.ZipFile) -> Iterator[Sheet]:
    names = set(container.namelist())

    def part(name: str) -> bytes:
        return container.read(name) if name in names else b""

    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    relations = etree.fromstring(part("xl/_rels/workbook.bin.rels") or b"<none/>", parser)
    targets = {
        one.get("Id"): one.get("Target") or ""
        for one in relations.iter(_RELATION)
        if (one.get("Type") or "").endswith("/worksheet")
    }
    book = _book(part("xl/styles.bin"), part("xl/sharedStrings.bin"))
    found: list[tuple[str, str]] = []
    for kind, data in _records(part("xl/workbook.bin")):
        if kind == _SHEET:
            relation, at = _text(data, 8)
            if struct.unpack_from("<I", data)[0] == _VISIBLE and relation in targets:
                found.append((_text(data, at)[0], targets[relation]))
        elif kind == _CALCULATION:
            book.is_stale = bool(data[24] & 1)
        elif kind == _PROPERTIES:
            book.datemode = data[0] & 1
    for name, target in found[:MAX_SHEETS]:
        place = target if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
        yield _sheet(name, part(place.lstrip("/")), book)


def _records(part: bytes) -> Iterator[tuple[int, bytes]]:
    """(kind, what it holds) of one record after the other."""
    at = 0
    while at < len(part):
        kind = part[at]
        at += 1
        if kind & 0x80:
            kind = (kind & 0x7F) | (part[at] & 0x7F) << 7
            at += 1
        size = shift = 0
        while True:
            byte = part[at]
            size |= (byte & 0x7F) << shift
            at, shift = at + 1, shift + 7
            if not byte & 0x80 or shift > 21:
                break
        yield kind, part[at : at + size]
        at += size


def _text(data: bytes, at: int) -> tuple[str, int]:
    """The string there, and where the next thing begins; "" for none."""
    (length,) = struct.unpack_from("<I", data, at)
    if length == 0xFFFFFFFF:
        return "", at + 4
    end = at + 4 + 2 * length
    if end > len(data):
        raise struct.error("a string is longer than its record")
    return data[at + 4 : end].decode("utf-16-le"), end


def _book(styles: bytes, strings: bytes) -> _Book:
    book, own, is_cells = _Book(), dict[int, str](), False
    for kind, data in _records(styles):
        if kind == _FORMAT:
            own[struct.unpack_from("<H", data)[0]] = _text(data, 2)[0]
        elif kind == _FONT:
            book.fonts.append(_font(data))
        elif kind in (_STYLES, _STYLES_END):
            is_cells = kind == _STYLES
        elif kind == _STYLE and is_cells:
            _, code, font = struct.unpack_from("<3H", data)
            said = own.get(code) or number_formats.BUILT_IN.get(code, "")
            book.codes.append((said, code in _DATES or bool(_DATE.search(_LITERAL.sub("", said)))))
            book.styles.append(font)
    for kind, data in _records(strings):
        if kind == _STRING:
            text, at = _text(data, 1)
            book.strings.append((text, _runs(data, at) if data[0] & 1 else ()))
    return book


def _font(data: bytes) -> _Font:
    height, bits, _, place = struct.unpack_from("<4H", data)
    kind, number, tint, red, green, blue = struct.unpack_from("<BBh3B", data, 12)
    kind >>= 1
    is_white = alike((red, green, blue), WHITE) if kind == 2 else kind == 3 and number == 0 and tint > -3277
    is_white = is_white or (kind == 1 and number in _WHITE_OF_THE_LIST)
    return _Font(bool(bits & 8), place, is_white or height < _READABLE)


def _runs(data: bytes, at: int) -> Runs:
    (count,) = struct.unpack_from("<I", data, at)
    return tuple(struct.iter_unpack("<2H", data[at + 4 : at + 4 + 4 * count]))


def _sheet(name: str, part: bytes, book: _Book) -> Sheet:
    cells: dict[tuple[int, int], str] = {}
    hidden_rows, hidden_columns = set[int](), set[int]()
    merged: list[tuple[int, int, int, int]] = []
    row = 0
    for kind, data in _records(part):
        if kind == _ROW:
            (row,) = struct.unpack_from("<I", data)
            if data[11] & 0x10 or not struct.unpack_from("<H", data, 8)[0]:
                hidden_rows.add(row)
        elif kind == _COLUMNS:
            first, last, size = struct.unpack_from("<3I", data)
            if data[16] & 1 or not size:
                hidden_columns.update(range(first, min(last + 1, 1 << 14)))
        elif kind == _MERGED:
            top, bottom, left, right = struct.unpack_from("<4I", data)
            merged.append((top, left, bottom, right))
        elif kind in _CELLS:
            cells[row, struct.unpack_from("<I", data)[0]] = _shown(kind, data, book)
    height, width = (max((place[axis] + 1 for place in cells), default=0) for axis in (0, 1))
    if height * width > MAX_SLOTS:
        raise Unreadable("too_large", f"a sheet of {height:,} rows and {width:,} columns")
    rows = tuple(tuple(cells.get((r, c), "") for c in range(width)) for r in range(height))
    return visible(Sheet(name, rows, tuple(merged)), hidden_rows, hidden_columns)


def _shown(kind: int, data: bytes, book: _Book) -> str:
    """What a cell shows."""
    style = int.from_bytes(data[4:7], "little")
    runs: Runs = ()
    if kind == _SHARED:
        (number,) = struct.unpack_from("<I", data, 8)
        text, runs = book.strings[number]
    elif kind in _INLINE:
        text = _text(data, 8)[0]
    elif kind == _PACKED or kind in _WHOLE:
        value = _number(kind, data)
        text = "=" if book.is_stale and kind in _WORKED_OUT and not value else _written(value, style, book)
    else:
        text = "#N/A" if kind in _ERROR else text_of(bool(data[8]))
    font = book.font(style)
    if text.strip() and (font.struck or (font.faint and is_figure(text))):
        return f"{STRIKE}{text.strip()}{STRIKE}"
    return text_of(_of_runs(text, runs, book) if runs else text)


def _written(value: float, style: int, book: _Book) -> str:
    code, is_date = book.codes[style] if style < len(book.codes) else ("", False)
    if is_date:
        return text_of(xlrd.xldate.xldate_as_datetime(value, book.datemode))
    shown = number_formats.shown(value, code) if code else None
    return text_of(value) if shown is None else shown


def _number(kind: int, data: bytes) -> float:
    if kind != _PACKED:
        return float(struct.unpack_from("<d", data, 8)[0])
    (packed,) = struct.unpack_from("<i", data, 8)
    # Two bits say whether it is a whole number, and whether it is a hundred times as much.
    wide = struct.pack("<II", 0, packed & 0xFFFFFFFC)
    value = float(packed >> 2 if packed & 2 else struct.unpack("<d", wide)[0])
    return value / 100 if packed & 1 else value


def _of_runs(text: str, runs: Runs, book: _Book) -> str:
    """The text with what is struck out, raised, lowered or not to be seen in it marked."""
    parts = [text[: runs[0][0]]]
    for (begin, number), end in zip(runs, [*(first for first, _ in runs[1:]), len(text)], strict=True):
        part, font = text[begin:end], book.fonts[number]
        if part.strip() and (font.struck or (font.faint and part.strip() != text.strip())):
            part = f"{STRIKE}{part}{STRIKE}"
        parts.append(raised(part) if font.raised == 1 else lowered(part) if font.raised == 2 else part)
    return "".join(parts)
