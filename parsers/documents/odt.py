"""ODT (LibreOffice Writer, and what WPS saves as OpenDocument) -> Document: paragraphs, tables with their spans, from the
one file of XML that holds both.

The format repeats cells and rows, covers those below a span, and says in styles what is hidden or struck out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from lxml import etree

from parsers.documents import dom, grid
from parsers.documents.grounds import WHITE, Colour, alike, colour, is_figure
from parsers.documents.media import ODT
from parsers.documents.model import Block, Document, InnerPicture, Paragraph, Picture
from parsers.documents.open_document import NS, Looks, Package, number, opened
from parsers.documents.shown import PICTURE, STRIKE, lowered, raised, without_pictures

_OFFICE, _TEXT, _TABLE, _STYLE, _DRAW = (NS % name for name in ("office", "text", "table", "style", "drawing"))
_FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_GROUND = f"{_FO}background-color"
_LINES = frozenset((f"{_TEXT}p", f"{_TEXT}h"))
CELLS = frozenset((f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"))
_SKIPPED = frozenset((
    f"{_TEXT}tracked-changes", f"{_TEXT}note", f"{_TEXT}ruby-text", f"{_TEXT}hidden-text", f"{_TEXT}hidden-paragraph",
    f"{_OFFICE}annotation", f"{_OFFICE}forms", f"{_TEXT}sequence-decls", f"{_TEXT}variable-decls",
))  # fmt: skip
_MOST_REPEATED = 1000
_TINY = ("0", "1pt", "2pt")
_PROSE_LENGTH = 300

Element = etree._Element


@dataclass(slots=True)
class _Reading:
    package: Package
    looks: Looks
    blocks: list[Block] = field(default_factory=list)
    inner: dict[str, InnerPicture] = field(default_factory=dict)
    grids: int = 0


def read_odt(content: bytes) -> Document:
    """Read an OpenDocument text, a ZIP or in one piece. Raises Unreadable("damaged" | "encrypted" | "too_large")."""
    with opened(content, "text", "the OpenDocument text") as package:
        reading = _Reading(package, package.looks)
        _read_story(package.body, reading)
    return Document(
        blocks=tuple(reading.blocks), media_type=ODT, title=package.title, inner=tuple(reading.inner.values())
    )


def _read_story(story: Element, reading: _Reading) -> None:
    """Paragraphs and tables into blocks; a table that only arranges text is read through."""
    for part in _content(story, reading):
        if part.tag in _LINES:
            level = int(part.get(f"{_TEXT}outline-level") or 1) if part.tag == f"{_TEXT}h" else 0
            lines = _lines(part, reading.looks)
            reading.blocks.extend(Paragraph(dom.trim(line), min(level, 6)) for line in lines)
            _pictures(part, reading)
        elif _is_layout(part):
            for cell in part.iter(*CELLS):
                if next(up for up in cell.iterancestors(f"{_TABLE}table")) is part:
                    _read_story(cell, reading)
        else:
            made = grid.build([_rows(part, reading)], reading.grids)
            if made.width:
                reading.blocks.append(made)
                reading.grids += 1
            _pictures(part, reading)


def _content(story: Element, reading: _Reading) -> Iterator[Element]:
    """Paragraphs and tables in their order, through sections, lists and frames."""
    for part in story:
        if part.tag in _LINES or part.tag == f"{_TABLE}table":
            if _is_shown(part, reading):
                yield part
            if part.tag in _LINES:
                yield from (table for box in part.iter(f"{_DRAW}text-box") for table in box.iterfind(f"{_TABLE}table"))
        elif isinstance(part.tag, str) and part.tag not in _SKIPPED and part.get(f"{_TEXT}display") != "none":
            yield from _content(part, reading)


def _is_shown(part: Element, reading: _Reading) -> bool:
    style = part.get(f"{_TEXT}style-name") or part.get(f"{_TABLE}style-name") or ""
    return reading.looks.get(style, {}).get(f"{_TEXT}display") != "none"


def table_rows(table: Element) -> Iterator[tuple[Element, bool]]:
    """(row, does it stand in the header?)"""
    for part in table:
        if part.tag == f"{_TABLE}table-row":
            yield part, False
        elif part.tag == f"{_TABLE}table-header-rows":
            yield from ((row, True) for row in part.iter(f"{_TABLE}table-row"))
        elif part.tag in (f"{_TABLE}table-rows", f"{_TABLE}table-row-group"):
            yield from table_rows(part)


def _is_layout(table: Element) -> bool:
    """One column, or mostly prose and tables inside it."""
    rows = [[cell for cell in row if cell.tag in CELLS] for row, _ in table_rows(table)]
    if not any(len(row) >= 2 for row in rows):
        return True
    total = other = 0
    for cell in (cell for row in rows for cell in row):
        text = "".join(map(str, cell.itertext()))
        total += len(text)
        is_prose = len(text) >= _PROSE_LENGTH and text.count("。") >= 3
        other += len(text) if is_prose or cell.find(f".//{_TABLE}table") is not None else 0
    return other * 2 > total


def _rows(table: Element, reading: _Reading) -> list[list[grid.RawCell]]:
    rows: list[list[grid.RawCell]] = []
    for row, is_header in table_rows(table):
        if row.get(f"{_TABLE}visibility") in ("collapse", "filter") or not _is_shown(row, reading):
            continue
        cells: list[grid.RawCell] = []
        column = 0
        for cell in row:
            if cell.tag not in CELLS:
                continue
            times = number(cell, "columns-repeated", _MOST_REPEATED)
            if cell.tag == f"{_TABLE}table-cell":
                text = cell_text(cell, reading.looks, ground_of((cell, row, table), reading.looks))
                down, right = (number(cell, f"{name}-spanned", _MOST_REPEATED) for name in ("rows", "columns"))
                cells.extend(grid.RawCell(text, down, right, is_header, column + n) for n in range(times))
            column += times
        rows.extend([list(cells) for _ in range(number(row, "rows-repeated", _MOST_REPEATED))])
    while rows and not any(cell.text for cell in rows[-1]):
        rows.pop()
    return rows


def ground_of(around: Sequence[Element], looks: Looks) -> Colour:
    """The colour of a cell, of its row or of its table; white where none has one."""
    styles = (looks.get(one.get(f"{_TABLE}style-name") or "", {}) for one in around)
    return next((found for look in styles if (found := colour(look.get(_GROUND, "")))), WHITE)


def cell_text(cell: Element, looks: Looks, ground: Colour) -> str:
    """What a cell shows, on a ground of this colour."""
    own = [part for part in cell.iter(*_LINES) if _is_own(part, cell)]
    lines = [dom.trim(line) for part in own for line in _lines(part, looks, ground)]
    return "\n".join(line for line in lines if line.strip())


def _is_own(paragraph: Element, cell: Element) -> bool:
    """Does it stand, in this cell, in no other paragraph, nor in what is not shown?"""
    inside = takewhile(lambda up: up is not cell, paragraph.iterancestors())
    return not any(up.tag in _LINES or up.tag in _SKIPPED for up in inside)


def _lines(paragraph: Element, looks: Looks, ground: Colour | None = None) -> list[str]:
    """The text at its line breaks, as its styles show it; `ground` is the colour of the cell that it stands in."""
    lines = [""]
    parts = list(_texts(paragraph, looks, {}))
    own = looks.get(paragraph.get(f"{_TEXT}style-name") or "", {})
    is_mixed = len({_is_faint({**own, **look}) for text, look in parts if text.strip()}) > 1
    for text, look in parts:
        both = {**own, **look}
        is_lost = ground is not None and is_figure(text) and _is_lost(both, ground)
        first, *others = (f"{STRIKE}{text}{STRIKE}" if is_lost else _as_shown(text, both, is_mixed)).split("\n")
        lines[-1] += first
        lines.extend(others)
    return [without_pictures(line) for line in lines]


def _texts(element: Element, looks: Looks, look: Mapping[str, str]) -> Iterator[tuple[str, Mapping[str, str]]]:
    """(text, the properties of the styles around it): white space is one blank, more of it is an element."""
    if element.text:
        yield dom.squeeze(element.text), look
    for child in element:
        tag = child.tag
        if tag == f"{_TEXT}s":
            yield " " * int(child.get(f"{_TEXT}c") or 1), look
        elif tag == f"{_TEXT}tab":
            yield "\t", look
        elif tag == f"{_TEXT}line-break" or tag in _LINES:
            yield "\n", look
        elif tag in (f"{_DRAW}image", f"{_DRAW}object"):
            yield PICTURE, look
        if isinstance(tag, str) and tag not in _SKIPPED and tag != f"{_TABLE}table":
            own = looks.get(child.get(f"{_TEXT}style-name") or "", {}) if tag == f"{_TEXT}span" else {}
            yield from _texts(child, looks, {**look, **own})
        if child.tail:
            yield dom.squeeze(child.tail), look


def _as_shown(text: str, look: Mapping[str, str], is_mixed: bool) -> str:
    if not look or not text.strip():
        return text
    if look.get(f"{_TEXT}display") in ("none", "true"):
        return ""
    is_struck = any(look.get(f"{_STYLE}text-line-through-{name}", "none") != "none" for name in ("style", "type"))
    if is_struck or (is_mixed and _is_faint(look)):
        return f"{STRIKE}{text}{STRIKE}"
    place = look.get(f"{_STYLE}text-position", "").split(" ")[0]
    if place == "super" or (place.endswith("%") and place[0].isdecimal() and place != "0%"):
        return raised(text)
    return lowered(text) if place == "sub" or place.startswith("-") else text


def _is_lost(look: Mapping[str, str], ground: Colour) -> bool:
    """Is a text too low to be read, or has it the colour of its ground?"""
    if look.get(f"{_FO}font-size") in _TINY:
        return True
    ink = colour(look.get(f"{_FO}color", ""))
    is_its_own = look.get(f"{_STYLE}use-window-font-color") != "true"
    return ink is not None and is_its_own and alike(ink, colour(look.get(_GROUND, "")) or ground)


def _is_faint(look: Mapping[str, str]) -> bool:
    return look.get(f"{_FO}color", "").lower() == "#ffffff" or look.get(f"{_FO}font-size") in _TINY


def _pictures(part: Element, reading: _Reading) -> None:
    for image in part.iter(f"{_DRAW}image"):
        shown = reading.package.picture(image)
        if shown is not None:
            name, content = shown
            if name not in reading.inner:
                reading.inner[name] = InnerPicture(f"#image={len(reading.inner) + 1}", content)
            reading.blocks.append(Picture(reading.inner[name].url))
