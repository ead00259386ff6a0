"""What the XML of an XLSX says of its cells and calamine does not: what is hidden, how numbers are shown, which digits are
struck out or raised, and which formulas were never worked out."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from parsers.documents import number_formats
from parsers.documents.grounds import WHITE, Colour, alike, colour, is_figure
from parsers.documents.shown import STRIKE, lowered, raised

_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_OFF = ("0", "false")
_LOWEST = 0.8
"""Points: a row that is no higher shows nothing."""
_LONGEST_FORMULA = 60
_READABLE = 3.0
"""Points."""
_WHITE_OF_THE_LIST = ("1", "9")
_FAINT_TINT = 0.1
"""Share by which white is darkened and still looks white."""

Element = etree._Element
Place = tuple[int, int]
"""Row and column, from 0."""


@dataclass(slots=True)
class Told:
    """Of one sheet."""

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    texts: dict[Place, str] = field(default_factory=dict)
    """What a cell shows, where that is not its value."""


@dataclass(frozen=True, slots=True)
class _Book:
    formats: tuple[str, ...]
    """Of each cell style; "" where it is none that changes a number."""
    struck: frozenset[int]
    """The cell styles that strike out what stands in the cell."""
    lost: frozenset[int]
    """Those in which a figure has the colour of its ground, or is too small to be read."""
    strings: tuple[str, ...]
    """The shared strings, where a style strikes one out."""
    shared: Mapping[int, str]
    """The shared strings of which a part is struck out, raised or lowered."""
    is_stale: bool
    """Is everything worked out again when the file is opened?"""


def told(content: bytes, sheets: Container[str]) -> dict[str, Told]:
    """Name of each of these sheets -> what is told of it. Raises what `foreign.guarded` expects of a damaged file."""
    with zipfile.ZipFile(io.BytesIO(content)) as container:
        names = set(container.namelist())

        def part(name: str) -> Element | None:
            return _parsed(container.read(name)) if name in names else None

        workbook, relations = part("xl/workbook.xml"), part("xl/_rels/workbook.xml.rels")
        if workbook is None or relations is None:
            return {}
        styles, strings = part("xl/styles.xml"), part("xl/sharedStrings.xml")
        struck, lost = _struck(styles), _lost(styles)
        plain = _plain(strings) if struck or lost else ()
        book = _Book(_formats(styles), struck, lost, plain, _shared(strings), _is_stale(workbook))
        targets = {relation.get("Id"): relation.get("Target") or "" for relation in relations}
        found = {}
        for sheet in workbook.iter(f"{_S}sheet"):
            if sheet.get("name") not in sheets:
                continue
            target = targets.get(sheet.get(f"{_R}id"), "")
            root = part(posixpath.normpath(posixpath.join("xl", target)).lstrip("/"))
            if root is None and target.startswith("/"):
                root = part(target.lstrip("/"))
            if root is not None:
                found[sheet.get("name") or ""] = _sheet(root, book)
        return found


def _parsed(markup: bytes) -> Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    return etree.fromstring(markup.replace(_STRICT.encode(), _S[1:-1].encode()), parser)


def _is_stale(workbook: Element) -> bool:
    return any(node.get("fullCalcOnLoad", "0") not in _OFF for node in workbook.iter(f"{_S}calcPr"))


def _formats(styles: Element | None) -> tuple[str, ...]:
    if styles is None:
        return ()
    own = {node.get("numFmtId"): node.get("formatCode") or "" for node in styles.iter(f"{_S}numFmt")}
    used = styles.find(f"{_S}cellXfs")
    return tuple(_format(style.get("numFmtId") or "0", own) for style in (used if used is not None else ()))


def _struck(styles: Element | None) -> frozenset[int]:
    """The numbers of the cell styles whose font is struck out."""
    if styles is None:
        return frozenset()
    fonts = [_is_on(font.find(f"{_S}strike")) for font in styles.iterfind(f"{_S}fonts/{_S}font")]
    used = enumerate(int(style.get("fontId") or 0) for style in styles.iterfind(f"{_S}cellXfs/{_S}xf"))
    return frozenset(number for number, font in used if font < len(fonts) and fonts[font])


def _lost(styles: Element | None) -> frozenset[int]:
    """The numbers of the cell styles whose font has the colour of their fill, or is too small to be read."""
    if styles is None:
        return frozenset()
    fonts = list(styles.iterfind(f"{_S}fonts/{_S}font"))
    fills = [fill.find(f"{_S}patternFill") for fill in styles.iterfind(f"{_S}fills/{_S}fill")]
    found = set()
    for number, style in enumerate(styles.iterfind(f"{_S}cellXfs/{_S}xf")):
        font, fill = int(style.get("fontId") or 0), int(style.get("fillId") or 0)
        if font >= len(fonts):
            continue
        ink, size = _colour(fonts[font].find(f"{_S}color")), fonts[font].find(f"{_S}sz")
        pattern = fills[fill] if fill < len(fills) else None
        is_plain = pattern is None or pattern.get("patternType", "none") == "none"
        ground = WHITE if is_plain or pattern is None else _colour(pattern.find(f"{_S}fgColor"))
        is_tiny = size is not None and float(size.get("val") or _READABLE) < _READABLE
        if is_tiny or (ink is not None and ground is not None and alike(ink, ground)):
            found.add(number)
    return frozenset(found)


def _colour(said: Element | None) -> Colour | None:
    """The colour, where it is named, or white by its place in the theme or in the old list; None of all others."""
    if said is None:
        return None
    if said.get("theme") == "0" or said.get("indexed") in _WHITE_OF_THE_LIST:
        return WHITE if float(said.get("tint") or 0) > -_FAINT_TINT else None
    return colour(f"#{(said.get('rgb') or '')[-6:]}")


def _is_on(property_: Element | None) -> bool:
    return property_ is not None and property_.get("val", "1") not in _OFF


def _plain(strings: Element | None) -> tuple[str, ...]:
    items = strings.iterfind(f"{_S}si") if strings is not None else ()
    return tuple("".join(node.text or "" for node in _texts(item)) for item in items)


def _texts(item: Element) -> Iterator[Element]:
    """The texts of a string, but for what tells how they are pronounced."""
    yield from item.iterfind(f"{_S}t")
    yield from item.iterfind(f"{_S}r/{_S}t")


def _format(number: str, own: Mapping[str | None, str]) -> str:
    return own.get(number) or number_formats.BUILT_IN.get(int(number) if number.isdecimal() else 0, "")


def _shared(strings: Element | None) -> dict[int, str]:
    if strings is None:
        return {}
    texts = ((n, _rich(item)) for n, item in enumerate(strings.iterfind(f"{_S}si")))
    return {n: text for n, text in texts if text is not None}


def _rich(item: Element) -> str | None:
    """The text of runs of which one is struck out, raised, lowered or not to be seen beside others; None where nothing is
    told."""
    runs = item.findall(f"{_S}r")
    is_alone = len(runs) == 1
    shown = [_run(run, is_alone) for run in runs]
    plain = ["".join(node.text or "" for node in run.iterfind(f"{_S}t")) for run in runs]
    return "".join(shown) if shown != plain else None


def _run(run: Element, is_alone: bool) -> str:
    text = "".join(node.text or "" for node in run.iterfind(f"{_S}t"))
    properties = run.find(f"{_S}rPr")
    if properties is None or not text.strip():
        return text
    height = properties.find(f"{_S}vertAlign")
    if _is_on(properties.find(f"{_S}strike")) or (not is_alone and _is_faint(properties)):
        return f"{STRIKE}{text}{STRIKE}"
    if is_alone:
        return text
    place = height.get("val") if height is not None else None
    return raised(text) if place == "superscript" else lowered(text) if place == "subscript" else text


def _is_faint(properties: Element) -> bool:
    """Is it white, or so small that nobody reads it?"""
    colour, size = properties.find(f"{_S}color"), properties.find(f"{_S}sz")
    is_white = colour is not None and ((colour.get("rgb") or "").upper()[-6:] == "FFFFFF" or colour.get("theme") == "0")
    return is_white or (size is not None and float(size.get("val") or _READABLE) < _READABLE)


def _sheet(root: Element, book: _Book) -> Told:
    found = Told()
    for column in root.iterfind(f"{_S}cols/{_S}col"):
        if _is_hidden(column, "width"):
            first, last = int(column.get("min") or 1), int(column.get("max") or 0)
            found.hidden_columns.update(range(first - 1, min(last, 1 << 14)))
    for at, row in _numbered(root.iterfind(f"{_S}sheetData/{_S}row")):
        if _is_hidden(row, "ht"):
            found.hidden_rows.add(at)
        for place, cell in _placed(row.iterfind(f"{_S}c"), at):
            text = _text(cell, book)
            if text is not None:
                found.texts[place] = text
    return found


def _is_hidden(element: Element, size: str) -> bool:
    measure = element.get(size)
    return element.get("hidden", "0") not in _OFF or (measure is not None and float(measure) < _LOWEST)


def _numbered(rows: Iterator[Element]) -> Iterator[tuple[int, Element]]:
    at = -1
    for row in rows:
        written = row.get("r")
        at = int(written) - 1 if written else at + 1
        yield at, row


def _placed(cells: Iterator[Element], row: int) -> Iterator[tuple[Place, Element]]:
    column = -1
    for cell in cells:
        match = _REFERENCE.fullmatch((cell.get("r") or "").strip().upper())
        column = _column(match[1]) if match else column + 1
        yield (int(match[2]) - 1 if match else row, column), cell


def _column(letters: str) -> int:
    """A -> 0, Z -> 25, AA -> 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _struck_out(cell: Element, kind: str, value: str, book: _Book, is_lost: bool) -> str | None:
    """What stands in a cell that its style strikes out; where it `is_lost` in the ground, of figures alone."""
    if kind == "s":
        value = book.strings[int(value)] if value.isdecimal() and int(value) < len(book.strings) else ""
    elif (inline := cell.find(f"{_S}is")) is not None:
        value = "".join(node.text or "" for node in _texts(inline))
    is_read = is_figure(value) if is_lost else bool(value.strip())
    return f"{STRIKE}{value.strip()}{STRIKE}" if is_read else None


def _text(cell: Element, book: _Book) -> str | None:
    """What a cell shows, where that is not simply its value."""
    kind, value = cell.get("t", "n"), (cell.findtext(f"{_S}v") or "").strip()
    formula = cell.find(f"{_S}f")
    if formula is not None and (not value or (value == "0" and book.is_stale)):
        # Never worked out: the program that wrote it put nothing there, or a nought.
        return f"={(formula.text or '').strip()[:_LONGEST_FORMULA]}"
    style = cell.get("s") or "0"
    if style.isdecimal() and int(style) in book.struck:
        return _struck_out(cell, kind, value, book, False)
    if style.isdecimal() and int(style) in book.lost and (lost := _struck_out(cell, kind, value, book, True)):
        return lost
    if kind == "s":
        return book.shared.get(int(value)) if value.isdecimal() else None
    if kind == "inlineStr":
        inline = cell.find(f"{_S}is")
        return _rich(inline) if inline is not None else None
    code = book.formats[int(style)] if style.isdecimal() and int(style) < len(book.formats) else ""
    return number_formats.shown(float(value), code) if kind == "n" and value and code else None
