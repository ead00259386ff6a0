"""Invented reports as OpenDocument texts: spans, and the cells that they cover, as the format writes them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from html import escape

from tests.parsers.generator import layout
from tests.parsers.generator.layout import Rows
from tests.parsers.generator.model import Invented, Prose
from tests.parsers.generator.word import places

_TYPE = "application/vnd.oasis.opendocument.text"
_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "text", "table")
)


def page(report: Invented) -> bytes:
    body = "".join(
        f"<text:p>{escape(part.text)}</text:p>" if isinstance(part, Prose) else "".join(_table(layout.rows(part)))
        for part in report.body
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", _TYPE, zipfile.ZIP_STORED)
        package.writestr(
            "content.xml",
            f"<office:document-content {_SPACES}><office:body><office:text>{body}</office:text></office:body>"
            "</office:document-content>",
        )
    return file.getvalue()


def _table(rows: Rows) -> Iterator[str]:
    boxes = {(row, column): box for row, column, box in places(rows)}
    width = max(column + box.column_span for (_, column), box in boxes.items())
    yield "<table:table>"
    for row in range(len(rows)):
        yield "<table:table-row>"
        for column in range(width):
            box = boxes.get((row, column))
            if box is None:
                yield "<table:covered-table-cell/>"
                continue
            spans = f'table:number-rows-spanned="{box.row_span}" table:number-columns-spanned="{box.column_span}"'
            yield f"<table:table-cell {spans}><text:p>{escape(box.text)}</text:p></table:table-cell>"
        yield "</table:table-row>"
    yield "</table:table><text:p/>"
