"""Invented reports as Word files, with the merged cells of the official form."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from docx import Document
from docx.document import Document as WordDocument
from docx.table import Table
from docx.text.paragraph import Paragraph

from tests.parsers.generator import layout
from tests.parsers.generator.layout import Box, Rows
from tests.parsers.generator.model import Invented, Prose, Sheet


@dataclass(frozen=True)
class Hand:
    """How the file was typed."""

    runs: int = 1
    """Pieces of every text: Word begins a run wherever the font changed."""
    together: bool = False
    """Forms as single tables, as wide as their widest part."""
    broken: bool = False
    """Headers in two paragraphs of their cell (the official layout itself: 商业 above 企业)."""


def page(report: Invented, hand: Hand = Hand()) -> bytes:
    document = Document()
    for is_sheet, parts in groupby(report.body, key=lambda part: isinstance(part, Sheet)):
        if not is_sheet:
            for part in parts:
                assert isinstance(part, Prose)
                _write(document.add_paragraph(style="Heading 2" if part.heading else None), part.text, hand)
            continue
        sheets = [part for part in parts if isinstance(part, Sheet)]
        for rows in [layout.together(sheets)] if hand.together else map(layout.rows, sheets):
            _add(document, rows, hand)
            document.add_paragraph("")
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _add(document: WordDocument, rows: Rows, hand: Hand) -> None:
    placed = list(places(rows))
    width = max(column + box.column_span for _, column, box in placed)
    table: Table = document.add_table(rows=len(rows), cols=width)
    cells = [list(row.cells) for row in table.rows]
    for row, column, box in placed:
        cell = cells[row][column]
        last = cells[min(row + box.row_span, len(rows)) - 1][column + box.column_span - 1]
        merged = cell.merge(last) if last is not cell else cell
        half = len(box.text) // 2 if hand.broken and box.header and len(box.text) > 3 else 0
        if half:
            _write(merged.paragraphs[0], box.text[:half], hand)
            _write(merged.add_paragraph(), box.text[half:], hand)
        else:
            _write(merged.paragraphs[0], box.text, hand)


def _write(paragraph: Paragraph, text: str, hand: Hand) -> None:
    length = max(1, -(-len(text) // hand.runs))
    for at in range(0, len(text), length):
        paragraph.add_run(text[at : at + length])


def places(rows: Rows) -> Iterator[tuple[int, int, Box]]:
    """(row, column, box) of every box: each takes the first free column."""
    taken: set[tuple[int, int]] = set()
    for row, boxes in enumerate(rows):
        column = 0
        for box in boxes:
            while (row, column) in taken:
                column += 1
            taken |= {(row + down, column + right) for down in range(box.row_span) for right in range(box.column_span)}
            yield row, column, box
            column += box.column_span
