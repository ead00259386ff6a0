"""Pictures of a report or of its tables -> grids and lines, by character recognition (the extra `ocr`).

A cell that two readings do not agree on ends in a question mark (picture_tables.py); whoever takes figures from here
must still have them confirmed by the sums (parsers/pictures/recognised.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from parsers.documents import ocr, pixels, turned
from parsers.documents.limits import MAX_PICTURES
from parsers.documents.model import Block, Document, Grid
from parsers.documents.pdf_lines import Line
from parsers.documents.picture_tables import read_tables
from parsers.documents.placed import Item, in_order
from parsers.documents.sheets import Sheet, to_blocks
from parsers.errors import Unreadable

if TYPE_CHECKING:
    from parsers.documents.ocr import Pixels

_WIDTH = 595.0
"""Points of the widest picture: about what a sheet of A4 has, so that tolerances in points fit."""
_LEGIBLE = 0.6


def read_pictures(contents: Sequence[bytes], addresses: Sequence[str] = ()) -> tuple[Grid, ...]:
    """The tables on pictures that a page shows one below the other; a table cut by their edges is put together.

    `addresses` name the pictures. A picture that cannot be decoded, is a chart or has no ruled table adds nothing; of
    more than MAX_PICTURES the rest is not looked at. Raises Unreadable("ocr_missing").
    """
    return tuple(block for block in to_blocks(look(contents), addresses) if isinstance(block, Grid))


def read_sheets(contents: Sequence[bytes], addresses: Sequence[str] = ()) -> tuple[Block, ...]:
    """Pictures that are the pages of a report: their tables and the lines of text around them.

    As read_pictures, but everything on them is read, and that takes longer. Raises Unreadable("ocr_missing").
    """
    return to_blocks(look(contents, around=True), addresses)


def read_picture(content: bytes, media_type: str) -> Document:
    """A picture as a document of its own: its tables, and the lines of text around them.

    Raises Unreadable("damaged" | "too_large" | "too_small" | "ocr_missing" | "no_text").
    """
    ocr.require("a picture")
    blocks = to_blocks(_looked_at([(1, *_upright(content))], around=True), ())
    if not blocks:
        raise Unreadable("no_text", "no text can be made out on the picture")
    return Document(blocks=blocks, media_type=media_type, ocr=True)


def look(contents: Sequence[bytes], *, around: bool = False) -> list[Sheet]:
    """What stands on each picture: its tables, and with `around` the text around them."""
    ocr.require("a picture of a table")
    upright: list[tuple[int, Pixels, int]] = []
    for number, content in enumerate(contents[:MAX_PICTURES], start=1):
        try:
            upright.append((number, *_upright(content)))
        except Unreadable:
            continue
    return _looked_at(upright, around=around)


def _upright(content: bytes) -> tuple[Pixels, int]:
    """A picture made straight and upright, and the quarters of a circle by which it was turned."""
    sheet = pixels.straightened(pixels.decode(content))
    count = turned.quarters(sheet)
    return turned.turn_by(sheet, count), count


def _looked_at(upright: Sequence[tuple[int, Pixels, int]], *, around: bool) -> list[Sheet]:
    # One scale for all: pieces of one table were cut from one sheet.
    scale = _WIDTH / max((picture.shape[1] for _, picture, _ in upright), default=1)
    return [
        Sheet(
            number,
            picture.shape[1] * scale,
            picture.shape[0] * scale,
            tuple(page_items(picture, number, scale) if around else read_tables(picture, number, scale).tables),
            count,
        )
        for number, picture, count in upright
    ]


def page_items(sheet: Pixels, page: int, scale: float) -> list[Item]:
    """Tables and lines of one straight page in order, places in points (`scale` points a pixel)."""
    found = read_tables(sheet, page, scale)
    lines = [_line(row, scale) for row in _same_height(_text_around(found.rest, found.letter))]
    return in_order(lines, found.tables)


def _text_around(rest: Pixels, letter: float) -> list[ocr.TextBox]:
    """The text outside the tables. Looking for it is the slow part: only where there is ink, and not for dirt."""
    import numpy as np

    marks = pixels.without_specks(pixels.ink(pixels.without_grain(rest)), 0.4 * letter)
    rows, columns = np.flatnonzero(marks.any(axis=1)), np.flatnonzero(marks.any(axis=0))
    if not len(rows):
        return []
    margin = round(letter)
    top, left = max(0, int(rows[0]) - margin), max(0, int(columns[0]) - margin)
    part = rest[top : int(rows[-1]) + margin, left : int(columns[-1]) + margin]
    return [
        replace(box, x0=box.x0 + left, x1=box.x1 + left, top=box.top + top, bottom=box.bottom + top)
        for box in ocr.find(part)
    ]


def _same_height(boxes: Sequence[ocr.TextBox]) -> list[list[ocr.TextBox]]:
    """Pieces of text side by side belong to one line."""
    rows: list[list[ocr.TextBox]] = []
    for box in sorted((b for b in boxes if b.score >= _LEGIBLE), key=lambda b: b.top + b.bottom):
        middle = (box.top + box.bottom) / 2
        if rows and rows[-1][0].top < middle < rows[-1][0].bottom:
            rows[-1].append(box)
        else:
            rows.append([box])
    return [sorted(row, key=lambda box: box.x0) for row in rows]


def _line(row: Sequence[ocr.TextBox], scale: float) -> Line:
    letters = sum(1.0 if not character.isascii() else 0.5 for box in row for character in box.text) or 1.0
    em = sum(box.x1 - box.x0 for box in row) / letters
    return Line(
        " ".join(box.text.strip() for box in row),
        min(box.x0 for box in row) * scale,
        min(box.top for box in row) * scale,
        max(box.x1 for box in row) * scale,
        max(box.bottom for box in row) * scale,
        em * scale,
    )
