"""OpenDocument workbooks: what the sheet shows, repeated and merged cells in their places, nothing that is hidden."""

from __future__ import annotations

import io
import zipfile

import pytest

from parsers.documents import read
from parsers.documents.media import ODS
from parsers.documents.model import Document, Paragraph
from parsers.errors import Unreadable
from tests.parsers.documents import invented
from tests.parsers.documents.test_odt import cell, flat, p, row


def ods(*tables: str, styles: str = "") -> bytes:
    markup = flat("".join(tables), "spreadsheet", styles).replace(b"office:document ", b"office:document-content ")
    markup = markup.replace(b"</office:document>", b"</office:document-content>")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as container:
        container.writestr("mimetype", ODS)
        container.writestr("content.xml", markup)
    return buffer.getvalue()


def sheet(*rows: str, name: str = "Sheet1", columns: str = "", style: str = "") -> str:
    return f'<table:table table:name="{name}" table:style-name="{style}">{columns}{"".join(rows)}</table:table>'


def texts(document: Document) -> list[list[str | None]]:
    return [[one.text if one else None for one in line] for grid in document.grids() for line in grid.rows]


def test_the_whole_form() -> None:
    """Titles over the whole width are text, the tables are grids, and every figure is in its place."""
    rows = [row(*(cell(p(text)) if text else cell("") for text in line)) for line in invented.rows()]
    blank = row(
        '<table:table-cell table:number-columns-repeated="16384"/>', attributes='table:number-rows-repeated="1048000"'
    )
    for content in (ods(sheet(*rows, blank)), flat(sheet(*rows, blank), "spreadsheet")):
        document = read(content)
        assert document.media_type == ODS
        assert invented.wrong(document) == {}


def test_repeated_merged_and_blank_cells_keep_their_places() -> None:
    rows = (
        row(cell(p("甲"), 'table:number-columns-spanned="2"'), "<table:covered-table-cell/>", cell(p("乙"))),
        row(cell(p("1"), 'table:number-rows-spanned="2"'), cell("", 'table:number-columns-repeated="1"'), cell(p("2"))),
        row(
            "<table:covered-table-cell><text:p>9</text:p></table:covered-table-cell>",
            cell(p("3"), 'table:number-columns-repeated="2"'),
        ),
    )
    assert texts(read(ods(sheet(*rows)))) == [["甲", "甲", "乙"], ["1", "", "2"], ["1", "3", "3"]]


def test_hidden_rows_columns_and_sheets_are_none() -> None:
    styles = '<style:style style:name="gone"><style:table-properties table:display="false"/></style:style>'
    columns = '<table:table-column/><table:table-column table:visibility="collapse"/><table:table-column/>'
    line = [row(cell(p("许可")), cell(p("7")), cell(p("13"))), row(cell(p("处罚")), cell(p("8")), cell(p("4")))]
    hidden = row(cell(p("强制")), cell(p("8")), cell(p("9")), attributes='table:visibility="filter"')
    document = read(ods(sheet(*line, name="旧", style="gone"), sheet(*line, hidden, columns=columns), styles=styles))
    assert texts(document) == [["许可", "13"], ["处罚", "4"]]
    assert not any(isinstance(block, Paragraph) for block in document.blocks)


def test_a_figure_in_the_colour_of_its_cell() -> None:
    styles = (
        '<style:style style:name="White"><style:text-properties fo:color="#ffffff"/></style:style>'
        '<style:style style:name="dark"><style:table-cell-properties fo:background-color="#003366"/></style:style>'
    )
    rows = [
        row(cell(p("许可")), cell(p("7", "White"))),
        row(cell(p("处罚")), cell(p("4", "White"), 'table:style-name="dark"')),
    ]
    assert texts(read(ods(sheet(*rows), styles=styles))) == [["许可", "~~7~~"], ["处罚", "4"]]


def test_a_sheet_without_an_end_is_refused() -> None:
    line = row(cell(p("1"), 'table:number-columns-repeated="900"'), attributes='table:number-rows-repeated="1000"')
    with pytest.raises(Unreadable) as caught:
        read(ods(sheet(line)))
    assert caught.value.reason == "too_large"
