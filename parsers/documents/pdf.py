"""PDF -> Document: text and drawn lines from pypdfium2 (complete and fast), tables by pdfplumber's table finder."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from statistics import median

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from parsers.documents import limits
from parsers.documents.media import PDF
from parsers.documents.model import Block, Document, Picture
from parsers.documents.pdf_drawn import Point, drawn_on, line, struck
from parsers.documents.pdf_layers import Layers
from parsers.documents.pdf_lines import Char, is_page_number, lines_of
from parsers.documents.pdf_notes import with_notes
from parsers.documents.pdf_seen import address
from parsers.documents.pdf_tables import Box, PdfTable, boxes, fill
from parsers.documents.placed import Item, assemble, in_order
from parsers.documents.radicals import repair
from parsers.documents.sheets import numbered, recognised
from parsers.documents.shown import STRIKE
from parsers.errors import Unreadable

_BORDERS = 4
_OVERSIZED = 4


@dataclass(frozen=True, slots=True)
class _Page:
    number: int
    height: float
    chars: tuple[Char, ...]
    tables: tuple[list[Box], ...]
    """The boxes of the cells of each table."""
    has_picture: bool
    is_recognised: bool
    """Is most of its text one that a scanner recognised and wrote where nobody sees it?"""


def read_pdf(content: bytes) -> Document:
    """Read a PDF. A page without text but with a picture (a scan) becomes a Picture `#page=<n>`.

    Raises Unreadable("damaged" | "encrypted" | "too_large").
    """
    limits.refuse_above(len(content), limits.MAX_PDF_BYTES, "the PDF")
    # Servers put blank lines before the file; offsets count from the first byte.
    content = content[max(content.find(b"%PDF-", 0, 1024), 0) :]
    pages, title = _pages(content)
    blocks: list[Block] = []
    for is_recognised, some in groupby(pages, key=lambda page: page.is_recognised):
        made = assemble(map(_items, some))
        blocks.extend(recognised(made) if is_recognised else made)
    has_ocr = any(page.is_recognised for page in pages)
    return Document(blocks=numbered(blocks) if has_ocr else tuple(blocks), media_type=PDF, title=title, ocr=has_ocr)


def _pages(content: bytes) -> tuple[list[_Page], str | None]:
    try:
        opened = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        reason = "encrypted" if "password" in str(error).lower() else "damaged"
        raise Unreadable(reason, f"the PDF cannot be opened: {error}") from error
    try:
        if len(opened) > limits.MAX_PDF_PAGES:
            raise Unreadable("too_large", f"the PDF has {len(opened)} pages, the limit is {limits.MAX_PDF_PAGES}")
        title = repair(opened.get_metadata_value("Title") or "").strip()
        layers = Layers(content)
        pages = [_page(opened, number, layers) for number in range(len(opened))]
        return pages, title if len(title) >= 6 else None
    except pdfium.PdfiumError as error:
        raise Unreadable("damaged", f"a page of the PDF cannot be read: {error}") from error
    finally:
        opened.close()


def _page(opened: pdfium.PdfDocument, index: int, layers: Layers) -> _Page:
    page, strikes = with_notes(opened, index)
    text = page.get_textpage()
    try:
        media = left, bottom, right, top = page.get_mediabox()
        rotation = page.get_rotation()

        def view(x: float, y: float) -> Point:
            seen = _upright((x, y, x, y), media, rotation)
            return seen[0], seen[1]

        drawn = drawn_on(page, view, layers)
        unseen = _unseen(text, drawn.unseen) if drawn.unseen else frozenset()
        off = _unseen(text, drawn.off) if drawn.off else frozenset()
        is_recognised = len(unseen) * 2 > text.count_chars() - len(off)
        rewritten, gone = (frozenset(), frozenset()) if is_recognised else drawn.texts.covered(text)
        left_out = off if is_recognised else off | unseen | rewritten
        found = _chars(text, media, rotation, left_out, gone)
        through = (
            line(view(begin, (low + high) / 2), view(end, (low + high) / 2)) for begin, low, end, high in strikes
        )
        chars = tuple(struck(list(found), (*drawn.edges, *through)))
        # Without text between them lines are no table.
        tables = boxes(drawn.edges) if chars and drawn.paths >= _BORDERS else []
        height = (right - left) if rotation in (90, 270) else (top - bottom)
        return _Page(index + 1, height, chars, tuple(tables), drawn.pictures > 0, is_recognised and bool(chars))
    finally:
        text.close()
        page.close()


def _unseen(text: pdfium.PdfTextPage, objects: Set[int]) -> frozenset[int]:
    """The numbers of the characters of these text objects."""
    of = pdfium_c.FPDFText_GetTextObject
    return frozenset(n for n in range(text.count_chars()) if address(of(text.raw, n)) in objects)


def _chars(text: pdfium.PdfTextPage, media: Box, rotation: int, unseen: Set[int], gone: Set[int]) -> Iterator[Char]:
    """The characters that can be seen, with their places as seen; of those that are painted over the digits stay, as if
    struck out. Raises pdfium.PdfiumError."""
    raw, found = text.raw, pdfium_c.FS_RECTF()
    boxed: list[tuple[str, Box, int]] = []
    for n in range(text.count_chars()):
        character = _character(pdfium_c.FPDFText_GetUnicode(raw, n))
        if not character.strip() or n in unseen:
            continue
        if n in gone:
            if not character.isdecimal():
                continue
            character = f"{STRIKE}{character}{STRIKE}"
        if not pdfium_c.FPDFText_GetLooseCharBox(raw, n, found):
            raise pdfium.PdfiumError("Failed to get charbox.")
        boxed.append((character, (found.left, found.bottom, found.right, found.top), n))
    usual = median(box[3] - box[1] for _, box, _ in boxed) if boxed else 0.0
    for character, box, n in boxed:
        # Vertical fonts report an em of 199 points for a glyph of 9: then only the ink is to be believed.
        sure = text.get_charbox(n) if box[3] - box[1] > _OVERSIZED * usual else box
        yield Char(character, *_upright(sure, media, rotation))


@lru_cache(maxsize=65536)
def _character(code: int) -> str:
    """The character of a code, a radical repaired; nothing for the codes that stand for no character."""
    if not 0x20 < code < 0x110000 or 0xD800 <= code < 0xE000 or code in (0xFFFE, 0xFFFF):
        return ""
    return repair(chr(code))


def _upright(box: Box, media: Box, rotation: int) -> Box:
    """PDF space (origin below left, unrotated) -> as seen (origin above left), for pages turned by quarters."""
    x0, y0, x1, y1 = box
    left, bottom, right, top = media
    if rotation == 90:
        return y0 - bottom, x0 - left, y1 - bottom, x1 - left
    if rotation == 180:
        return right - x1, y0 - bottom, right - x0, y1 - bottom
    if rotation == 270:
        return top - y1, right - x1, top - y0, right - x0
    return x0 - left, top - y1, x1 - left, top - y0


def _items(page: _Page) -> list[Item]:
    """Lines and tables of one page from top to bottom, the page number left out."""
    if not page.chars:
        return [Picture(f"#page={page.number}", f"第{page.number}页")] if page.has_picture else []
    taken: set[int] = set()
    tables: list[PdfTable] = []
    for cells in page.tables:
        free = [n for n in range(len(page.chars)) if n not in taken]
        table, used = fill(page.number, cells, [page.chars[n] for n in free])
        if table is not None:
            taken.update(free[n] for n in used)
            tables.append(table)
    rest = [char for n, char in enumerate(page.chars) if n not in taken]
    return in_order((line for line in lines_of(rest) if not is_page_number(line, page.height)), tables)
