"""DOCX -> Document. Read from the XML: python-docx opens the package, the walk is ours (merged cells, order)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from docx import Document as open_document
from docx.opc.exceptions import PackageNotFoundError
from docx.opc.part import Part
from lxml import etree

from parsers.documents import dom, grid, limits, word_chunks, word_marks
from parsers.documents.containers import check_container
from parsers.documents.foreign import guarded
from parsers.documents.media import DOCX
from parsers.documents.model import Block, Document, InnerPicture, Link, Paragraph, Picture
from parsers.documents.shown import PICTURE, TURNED, without_pictures
from parsers.documents.word_runs import Looks, looks_of, shown
from parsers.errors import Unreadable

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_V = "{urn:schemas-microsoft-com:vml}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_WRAPPERS = frozenset((
    f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}moveTo", f"{_W}customXml", f"{_W}smartTag", f"{_W}body",
    f"{_MC}AlternateContent", f"{_MC}Choice", f"{_MC}Fallback",
))  # fmt: skip
_SKIPPED = frozenset((f"{_W}del", f"{_W}moveFrom", f"{_W}sdtPr", f"{_W}rt"))
_TEXTS = frozenset((f"{_W}t", f"{_M}t"))
_PARTS_OF_FORMULAS = frozenset(f"{_M}{name}" for name in ("sup", "sub", "den", "deg"))
"""1 above 3 is no 13."""
_PICTURES = frozenset((f"{_W}drawing", f"{_W}pict", f"{_W}object"))
_BOX = f"{_W}txbxContent"
_CHUNK = f"{_W}altChunk"
_PROSE_LENGTH = 300
_FLAT = 40
"""Twentieths of a point."""

Element = etree._Element


@dataclass(slots=True)
class _Reading:
    blocks: list[Block] = field(default_factory=list)
    grids: int = 0
    looks: Looks = field(default_factory=dict)
    levels: dict[str, int] = field(default_factory=dict)
    """Style id -> heading level."""
    targets: dict[str, str] = field(default_factory=dict)
    """Relationship id -> part name or address."""
    parts: dict[str, Part] = field(default_factory=dict)
    """Relationship id -> a picture inside the file."""
    inner: dict[str, InnerPicture] = field(default_factory=dict)
    """Name of such a part -> the picture, in the order in which the text shows them."""
    chunks: dict[str, bytes] = field(default_factory=dict)
    """Relationship id -> a whole file that the text shows in one place."""
    title: str | None = None
    """That of the first such file."""


def read_docx(content: bytes) -> Document:
    """Read a Word file. Raises Unreadable("damaged" | "encrypted" | "too_large")."""
    check_container(content, limits.MAX_DOCX_BYTES, "the Word file")
    links = []
    with guarded("the Word file", PackageNotFoundError, etree.XMLSyntaxError):
        opened = open_document(io.BytesIO(content))
        body = opened.element.body
        if body is None:
            raise Unreadable("damaged", "the Word file has no body")
        reading = _Reading(looks=looks_of(opened.styles.element), levels=_heading_levels(opened.styles.element))
        for identifier, relation in opened.part.rels.items():
            reading.targets[identifier] = relation.target_ref
            if not relation.is_external and relation.reltype.endswith("/image"):
                reading.parts[identifier] = relation.target_part
            if not relation.is_external and relation.reltype.endswith("/aFChunk"):
                reading.chunks[identifier] = relation.target_part.blob
            if relation.is_external and relation.reltype.endswith("/hyperlink"):
                links.append(Link(relation.target_ref, ""))
        title = (opened.core_properties.title or "").strip()
    word_marks.settle(body)
    _read_story(body, reading)
    return Document(
        blocks=tuple(reading.blocks),
        media_type=DOCX,
        title=title if len(title) >= 6 else reading.title,
        links=tuple(links),
        inner=tuple(reading.inner.values()),
    )


def _heading_levels(styles: Element) -> dict[str, int]:
    """Style id -> 1 to 6 for the styles that are headings."""
    levels = {}
    for style in styles.iterfind(f"{_W}style"):
        name = style.find(f"{_W}name")
        words = (name.get(f"{_W}val") or "").lower().split() if name is not None else []
        if len(words) == 2 and words[0] == "heading" and words[1].isdigit():
            levels[style.get(f"{_W}styleId") or ""] = min(int(words[1]), 6)
    return levels


def _content(element: Element) -> Iterator[Element]:
    """Paragraphs and tables below `element` in order, through the wrappers that Word puts around them."""
    stack = list(reversed(element))
    while stack:
        current = stack.pop()
        if current.tag in (f"{_W}p", f"{_W}tbl", _CHUNK):
            yield current
        elif current.tag in _WRAPPERS:
            stack.extend(reversed(current))


def _read_story(element: Element, reading: _Reading) -> None:
    """Paragraphs and tables into blocks; a table that only arranges text is read through."""
    stack = [_content(element)]
    while stack:
        current = next(stack[-1], None)
        if current is None:
            stack.pop()
        elif current.tag == f"{_W}p":
            _read_paragraph(current, reading)
        elif current.tag == _CHUNK:
            word_chunks.read_chunk(reading.chunks.get(current.get(f"{_R}id") or ""), reading)
        elif _is_layout(current):
            stack.append(_cell_contents(current))
        else:
            made = grid.build([_rows(current, reading.looks)], reading.grids)
            if made.width:
                reading.blocks.append(made)
                reading.grids += 1


def _cell_contents(table: Element) -> Iterator[Element]:
    for row in _parts(table, f"{_W}tr"):
        for cell in _parts(row, f"{_W}tc"):
            yield from _content(cell)


def _parts(element: Element, tag: str) -> Iterator[Element]:
    """Rows of a table or cells of a row, through content controls."""
    stack = list(reversed(element))
    while stack:
        current = stack.pop()
        if current.tag == tag:
            yield current
        elif current.tag in _WRAPPERS:
            stack.extend(reversed(current))


def _is_layout(table: Element) -> bool:
    """One cell, one column, or mostly prose and nested tables."""
    rows = [list(_parts(row, f"{_W}tc")) for row in _parts(table, f"{_W}tr")]
    if not any(len(row) >= 2 for row in rows):
        return True
    total = prose = nested = 0
    for row in rows:
        for cell in row:
            text = "".join(node.text or "" for node in cell.iter(f"{_W}t"))
            total += len(text)
            if cell.find(f"{_W}tbl") is not None:
                nested += len(text)
            elif len(text) >= _PROSE_LENGTH and text.count("。") >= 3:
                prose += len(text)
    return nested * 2 > total or prose * 2 > total


def _rows(table: Element, looks: Looks) -> list[list[grid.RawCell]]:
    """Cells with gridSpan and vMerge turned into spans; a continued cell belongs to the one above it."""
    rows: list[list[grid.RawCell]] = []
    open_above: dict[int, tuple[int, int]] = {}
    for row in _parts(table, f"{_W}tr"):
        properties = row.find(f"{_W}trPr")
        if properties is not None and (_is_gone(properties, "hidden", "del") or _is_flat(properties)):
            continue
        column = _value(properties, "gridBefore") or 0
        is_header = properties is not None and properties.find(f"{_W}tblHeader") is not None
        cells: list[grid.RawCell] = []
        still_open: dict[int, tuple[int, int]] = {}
        for cell in _parts(row, f"{_W}tc"):
            cell_properties = cell.find(f"{_W}tcPr")
            if cell_properties is not None and _is_gone(cell_properties, "cellDel"):
                continue
            span = max(1, _value(cell_properties, "gridSpan") or 1)
            merge = _value_of(cell_properties, "vMerge")
            continued = merge == "continue"
            if column and _value_of(cell_properties, "hMerge") == "continue":
                # The old way of merging across, which Apache POI's users and converters still write.
                if cells and (cells[-1].column or 0) + cells[-1].column_span == column:
                    cells[-1] = cells[-1]._replace(column_span=cells[-1].column_span + span)
                column += span
                continue
            if continued and column in open_above:
                at_row, at_cell = open_above[column]
                first = rows[at_row][at_cell]
                rows[at_row][at_cell] = grid.RawCell(
                    first.text, first.row_span + 1, first.column_span, first.header, first.column
                )
                still_open[column] = (at_row, at_cell)
            else:
                if merge is not None:
                    still_open[column] = (len(rows), len(cells))
                cells.append(grid.RawCell(_cell_text(cell, looks), 1, span, is_header, column))
            column += span
        rows.append(cells)
        open_above = still_open
    return rows


def _value_of(properties: Element | None, name: str) -> str | None:
    """What a property says; that it goes on, where it says nothing."""
    node = properties.find(f"{_W}{name}") if properties is not None else None
    return node.get(f"{_W}val", "continue") if node is not None else None


def _value(properties: Element | None, name: str) -> int | None:
    node = properties.find(f"{_W}{name}") if properties is not None else None
    digits = (node.get(f"{_W}val") or "") if node is not None else ""
    return min(int(digits), 1000) if digits.isdigit() else None


def _is_gone(properties: Element, *names: str) -> bool:
    """Is a row or a cell hidden, or deleted while changes are tracked?"""
    return any(
        (node := properties.find(f"{_W}{name}")) is not None and node.get(f"{_W}val", "1") not in ("0", "false", "off")
        for name in names
    )


def _is_flat(properties: Element) -> bool:
    """Is a row so low, by its own word, that nothing of it is seen?"""
    height = properties.find(f"{_W}trHeight")
    if height is None or height.get(f"{_W}hRule") != "exact":
        return False
    written = height.get(f"{_W}val") or ""
    return written.isdecimal() and int(written) <= _FLAT


def _cell_text(cell: Element, looks: Looks) -> str:
    lines = [line for paragraph in _paragraphs(cell) for line in _lines(paragraph, looks)]
    trimmed = [dom.trim(line) for line in lines]
    seen = [line for line in trimmed if line.strip()]
    return "\n".join(seen) if seen else next((line for line in trimmed if line), "")


def _paragraphs(cell: Element) -> Iterator[Element]:
    """The paragraphs in a cell, those of tables inside it, too; none that another paragraph holds."""
    stack = list(reversed(cell))
    while stack:
        current = stack.pop()
        if current.tag == f"{_W}p":
            yield current
        elif current.tag not in _SKIPPED:
            stack.extend(reversed(current))


def _lines(paragraph: Element, looks: Looks, boxes: bool = True) -> list[str]:
    """The paragraph's text at its line breaks; deleted text and the codes of fields left out, and without `boxes` the
    text boxes that hold tables."""
    lines = [""]
    codes: list[bool] = []
    stack = list(reversed(paragraph))
    while stack:
        current = stack.pop()
        tag = current.tag
        if tag == f"{_W}fldChar":
            word_marks.follow(current, codes)
        if True in codes:
            stack.extend(reversed(current))
            continue
        if tag in _TEXTS:
            lines[-1] += shown(current, paragraph, looks)
            continue
        if tag in (f"{_W}tab", f"{_W}ptab"):
            lines[-1] += "\t"
        elif tag in (f"{_W}br", f"{_W}cr"):
            lines.append("")
        elif tag == f"{_W}noBreakHyphen":
            lines[-1] += "-"
        elif tag not in _SKIPPED and isinstance(tag, str) and (boxes or not _is_box(current)):
            if tag == f"{_W}p":
                lines.append("")
            elif tag == f"{_W}sym":
                lines[-1] += word_marks.symbol(current)
            elif tag in _PARTS_OF_FORMULAS:
                lines[-1] += PICTURE
            elif tag == f"{_W}bdo" and current.get(f"{_W}val") == "rtl":
                lines[-1] += TURNED
            elif tag in _PICTURES and next(current.iter(f"{_A}blip", f"{_V}imagedata"), None) is not None:
                lines[-1] += PICTURE
            stack.extend(reversed(current))
    return [without_pictures(line) for line in lines]


def _is_box(element: Element) -> bool:
    """Is it a text box with a table in it?"""
    return element.tag == _BOX and element.find(f"{_W}tbl") is not None


def _read_paragraph(paragraph: Element, reading: _Reading) -> None:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    level = reading.levels.get(style.get(f"{_W}val") or "", 0) if style is not None else 0
    for line in _lines(paragraph, reading.looks, boxes=False):
        reading.blocks.append(Paragraph(dom.trim(line), level))
    for box in paragraph.iter(_BOX):
        if _is_box(box) and not any(up.tag == _BOX for up in box.iterancestors()):
            _read_story(box, reading)
    for node in paragraph.iter(f"{_A}blip", f"{_V}imagedata"):
        identifier = node.get(f"{_R}embed") or node.get(f"{_R}id") or node.get(f"{_R}link")
        if identifier in reading.targets:
            reading.blocks.append(Picture(_address(identifier, reading)))


def _address(identifier: str, reading: _Reading) -> str:
    """`#image=<n>` of a picture inside the file, the address of one that is only linked."""
    part = reading.parts.get(identifier)
    if part is None:
        return reading.targets[identifier]
    name = str(part.partname)
    if name not in reading.inner:
        reading.inner[name] = InnerPicture(f"#image={len(reading.inner) + 1}", part.blob)
    return reading.inner[name].url
