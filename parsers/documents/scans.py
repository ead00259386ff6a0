"""Scanned PDFs: the pages that are nothing but a picture are drawn and read by character recognition."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import pypdfium2 as pdfium

from parsers.documents import ocr, pixels, turned
from parsers.documents.foreign import guarded
from parsers.documents.model import Block, Document, Picture
from parsers.documents.pdf_lines import Line, is_page_number
from parsers.documents.pictures import page_items
from parsers.documents.placed import Item, assemble
from parsers.documents.seals import without_seals
from parsers.documents.sheets import Sheet, as_they_lie, numbered, recognised
from parsers.pictures import recognition

if TYPE_CHECKING:
    from parsers.documents.ocr import Pixels

MAX_PAGES = 12
"""Pages that are recognised, each in one or two seconds; what comes after them stays a Picture."""
_DOTS = 160
"""An inch: characters of 12 points get 27 pixels."""
_PAGE = re.compile(r"#page=(\d{1,4})")


def with_scans(content: bytes, document: Document) -> Document:
    """`document`, which read_pdf made of `content`, with its pictures of pages replaced by what they say.

    A PDF with some text stays as it is where recognition is not installed; one without any raises
    Unreadable("ocr_missing").
    """
    scanned = [number for block in document.blocks if (number := _page(block)) is not None]
    if not scanned:
        return document
    if not recognition.available():
        if not any(_page(block) is None for block in document.blocks):
            ocr.require("a scanned PDF")
        return document
    sheets = _recognised(content, scanned[:MAX_PAGES])
    lying = [sheet for sheet in sheets.values() if sheet.turned]
    blocks: list[Block] = []
    run: list[list[Item]] = []
    for block in [*document.blocks, None]:
        number = _page(block)
        if number in sheets:
            run.append(list(sheets[number].items))
            continue
        blocks.extend(as_they_lie(recognised(assemble(run)), lying))
        run = []
        if block is not None:
            blocks.append(block)
    return replace(document, blocks=numbered(blocks), ocr=True)


def _page(block: Block | None) -> int | None:
    match = _PAGE.fullmatch(block.url) if isinstance(block, Picture) else None
    return int(match[1]) if match else None


def _recognised(content: bytes, numbers: Sequence[int]) -> dict[int | None, Sheet]:
    """Page number -> what stands on it."""
    found: dict[int | None, Sheet] = {}
    with guarded("the PDF", pdfium.PdfiumError):
        opened = pdfium.PdfDocument(content[max(content.find(b"%PDF-", 0, 1024), 0) :])
        try:
            for number in numbers:
                found[number] = _read(_drawn(opened, number), number)
        finally:
            opened.close()
    return found


def _read(drawn: Pixels, number: int) -> Sheet:
    """What stands on one page, places in points of the page made upright."""
    straight = pixels.straightened(drawn)
    count = turned.quarters(straight)
    sheet, scale = turned.turn_by(straight, count), 72 / _DOTS
    height, width = (side * scale for side in sheet.shape)
    items = (
        item
        for item in page_items(sheet, number, scale)
        if not (isinstance(item, Line) and is_page_number(item, height))
    )
    return Sheet(number, width, height, tuple(items), count)


def _drawn(opened: pdfium.PdfDocument, number: int) -> Pixels:
    """One page as grey values without seals; a page larger than A3 is drawn smaller."""
    import numpy as np

    page = opened[number - 1]
    width, height = page.get_size()
    scale = min(_DOTS / 72, pixels.MAX_SIDE / max(width, height, 1.0))
    drawn = page.render(scale=scale, rev_byteorder=True).to_numpy()
    page.close()
    return without_seals(np.ascontiguousarray(drawn[:, :, :3]))
