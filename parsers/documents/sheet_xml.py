"""Workbooks in one piece of XML (SpreadsheetML 2003), which systems of that time export as .xls -> their visible sheets.

https://learn.microsoft.com/previous-versions/office/developer/office-xp/aa140066(v=office.10)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from parsers.documents import dom, number_formats
from parsers.documents.foreign import guarded
from parsers.documents.grounds import WHITE, alike, colour, is_figure
from parsers.documents.limits import MAX_GRID_SLOTS, refuse_above
from parsers.documents.shown import STRIKE, lowered, raised
from parsers.documents.workbooks import MAX_BYTES, MAX_SHEETS, Sheet, text_of, visible
from parsers.errors import Unreadable

_SS = "{urn:schemas-microsoft-com:office:spreadsheet}"
_X = "{urn:schemas-microsoft-com:office:excel}"
_MOST_COLUMNS, _MOST_ROWS = 1 << 14, 1 << 20

_SHOWN = "SheetVisible"
_ON = ("1", "true")
_READABLE = 3.0
"""Points."""
_FORMATS = {"General": "", "General Number": "", "Fixed": "0.00", "Standard": "#,##0.00", "Percent": "0.00%"}
"""The names that formats of numbers have here -> the formats."""

Element = etree._Element


@dataclass(frozen=True, slots=True)
class _Style:
    is_struck: bool = False
    is_lost: bool = False
    """Has a text the colour of its ground, or is it too small to be read?"""
    code: str = ""
    """The format of a number."""


_PLAIN = _Style()


def open_sheet_xml(content: bytes) -> Iterator[Sheet]:
    """Raises Unreadable("damaged" | "too_large")."""
    refuse_above(len(content), MAX_BYTES, "the workbook")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    with guarded("the workbook", etree.XMLSyntaxError):
        root = etree.fromstring(content.strip(), parser)
        shown = [sheet for sheet in root.iterfind(f"{_SS}Worksheet") if _is_shown(sheet)][:MAX_SHEETS]
        styles = _styles(root)
        sheets = [_sheet(sheet, styles) for sheet in shown]
    yield from sheets


def _is_shown(sheet: Element) -> bool:
    return (sheet.findtext(f"{_X}WorksheetOptions/{_X}Visible") or _SHOWN) == _SHOWN


def _styles(root: Element) -> dict[str, _Style]:
    """Id of a style -> what it does to a cell."""
    found: dict[str, _Style] = {}
    for style in root.iterfind(f"{_SS}Styles/{_SS}Style"):
        above = found.get(style.get(f"{_SS}Parent") or "", _PLAIN)
        font, fill, shown = (style.find(f"{_SS}{name}") for name in ("Font", "Interior", "NumberFormat"))
        ink = colour(font.get(f"{_SS}Color") or "") if font is not None else None
        ground = colour(fill.get(f"{_SS}Color") or "") if fill is not None else None
        is_tiny = font is not None and float(font.get(f"{_SS}Size") or _READABLE) < _READABLE
        code = shown.get(f"{_SS}Format") or "" if shown is not None else above.code
        found[style.get(f"{_SS}ID") or ""] = _Style(
            is_struck=font.get(f"{_SS}StrikeThrough") in _ON if font is not None else above.is_struck,
            is_lost=is_tiny or (ink is not None and alike(ink, ground or WHITE)) or (font is None and above.is_lost),
            code=_FORMATS.get(code, code),
        )
    return found


def _sheet(sheet: Element, styles: Mapping[str, _Style]) -> Sheet:
    rows: list[tuple[str, ...]] = []
    merged: list[tuple[int, int, int, int]] = []
    hidden: set[int] = set()
    taken: set[tuple[int, int]] = set()
    at = -1
    slots = 0
    for row in sheet.iterfind(f"{_SS}Table/{_SS}Row"):
        at = _index(row, at)
        texts: list[str] = []
        column = -1
        for cell in row.iterfind(f"{_SS}Cell"):
            written = cell.get(f"{_SS}Index")
            column = _index(cell, column)
            while not written and (at, column) in taken:
                column += 1
            down, right = _number(cell, "MergeDown"), _number(cell, "MergeAcross")
            text = _text(cell, styles)
            if text:
                texts.extend([""] * (column - len(texts)))
                texts[column:] = [text]
            if down or right:
                merged.append((at, column, at + down, column + right))
                slots += (down + 1) * (right + 1)
                _refuse(slots)
                taken.update((at + r, column + c) for r in range(down + 1) for c in range(right + 1))
            column += right
        if not texts:
            continue
        slots += len(texts) + at - len(rows)
        _refuse(slots)
        rows.extend([()] * (at - len(rows)))
        rows.append(tuple(texts))
        if row.get(f"{_SS}Hidden") in _ON or row.get(f"{_SS}Height") == "0":
            hidden.add(at)
    return visible(Sheet(sheet.get(f"{_SS}Name") or "", tuple(rows), tuple(merged)), hidden, _hidden_columns(sheet))


def _refuse(slots: int) -> None:
    if slots > MAX_GRID_SLOTS:
        raise Unreadable("too_large", f"a sheet of more than {MAX_GRID_SLOTS:,} cells")


def _index(element: Element, before: int) -> int:
    """Its place from 0: the one that it names from 1, or the next."""
    written = element.get(f"{_SS}Index") or ""
    return min(int(written) - 1, _MOST_ROWS) if written.isdecimal() and int(written) > 0 else before + 1


def _number(element: Element, name: str) -> int:
    written = element.get(f"{_SS}{name}") or ""
    return min(int(written), _MOST_COLUMNS) if written.isdecimal() else 0


def _hidden_columns(sheet: Element) -> set[int]:
    found: set[int] = set()
    at = -1
    for column in sheet.iterfind(f"{_SS}Table/{_SS}Column"):
        at = _index(column, at)
        more = _number(column, "Span")
        if column.get(f"{_SS}Hidden") in _ON or column.get(f"{_SS}Width") == "0":
            found.update(range(at, min(at + more, _MOST_COLUMNS) + 1))
        at += more
    return found


def _text(cell: Element, styles: Mapping[str, _Style]) -> str:
    data = cell.find(f"{_SS}Data")
    if data is None:
        return ""
    style = styles.get(cell.get(f"{_SS}StyleID") or "", _PLAIN)
    text = "".join(_runs(data))
    if data.get(f"{_SS}Type") == "Number":
        value = float(text)
        shown = number_formats.shown(value, style.code) if style.code else None
        text = text_of(value) if shown is None else shown
    lines = [dom.trim(line) for line in text.replace("\r\n", "\n").split("\n")]
    text = "\n".join(line for line in lines if line)
    is_gone = style.is_struck or (style.is_lost and is_figure(text))
    return f"{STRIKE}{text}{STRIKE}" if text and is_gone else text


def _runs(data: Element) -> Iterator[str]:
    """The text, what is struck out or raised in it marked."""
    yield data.text or ""
    for part in data:
        name = etree.QName(part).localname.lower() if isinstance(part.tag, str) else ""
        inner = "".join(_runs(part))
        if name == "s" and inner.strip():
            inner = f"{STRIKE}{inner}{STRIKE}"
        yield raised(inner) if name == "sup" else lowered(inner) if name == "sub" else inner
        yield part.tail or ""
