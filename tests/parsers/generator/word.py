"""Invented reports as Word files, with the merged cells of the official form."""

from __future__ import annotations

import io
from collections.abc import Iterator

from docx import Document
from docx.document import Document as WordDocument
from docx.table import Table

from tests.parsers.generator import layout
from tests.parsers.generator.layout import Box, Rows
from tests.parsers.generator.model import Invented, Prose


def page(report: Invented) -> bytes:
    document = Document()
    for part in report.body:
        if isinstance(part, Prose):
            document.add_paragraph(part.text, style="Heading 2" if part.heading else None)
        else:
            _add(document, layout.rows(part))
            document.add_paragraph("")
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _add(document: WordDocument, rows: Rows) -> None:
    placed = list(places(rows))
    width = max(column + box.column_span for _, column, box in placed)
    table: Table = document.add_table(rows=len(rows), cols=width)
    cells = [list(row.cells) for row in table.rows]
    for row, column, box in placed:
        cell = cells[row][column]
        last = cells[min(row + box.row_span, len(rows)) - 1][column + box.column_span - 1]
        (cell.merge(last) if last is not cell else cell).paragraphs[0].add_run(box.text)


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
