"""Workbooks in XML of 2003: cells in the places that they name, nothing that is hidden, numbers as their formats show them."""

from __future__ import annotations

from xml.sax.saxutils import escape

import pytest

from parsers.documents import read
from parsers.documents.media import SHEET_XML
from parsers.documents.model import Document
from parsers.errors import Unreadable
from tests.parsers.documents import invented

_STYLES = (
    '<Style ss:ID="gone"><Font ss:StrikeThrough="1"/></Style><Style ss:ID="white"><Font ss:Color="#FFFFFF"/></Style>'
    '<Style ss:ID="seen"><Font ss:Color="#FFFFFF"/><Interior ss:Color="#003366" ss:Pattern="Solid"/></Style>'
    '<Style ss:ID="fixed"><NumberFormat ss:Format="0.00"/></Style><Style ss:ID="child" ss:Parent="gone"/>'
)


def book(table: str, options: str = "", before: str = "") -> bytes:
    return (
        '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
        ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" xmlns:x="urn:schemas-microsoft-com:office:excel">'
        f'<Styles>{_STYLES}</Styles>{before}<Worksheet ss:Name="Sheet1"><Table>{table}</Table>{options}</Worksheet></Workbook>'
    ).encode()


def cell(text: str, attributes: str = "", kind: str = "String") -> str:
    return f'<Cell {attributes}><Data ss:Type="{kind}">{text}</Data></Cell>'


def row(*cells: str, attributes: str = "") -> str:
    return f"<Row {attributes}>{''.join(cells)}</Row>"


def texts(document: Document) -> list[list[str | None]]:
    return [[one.text if one else None for one in line] for grid in document.grids() for line in grid.rows]


def test_the_whole_form() -> None:
    document = read(book("".join(row(*(cell(escape(text)) for text in line)) for line in invented.rows())))
    assert document.media_type == SHEET_XML
    assert invented.wrong(document) == {}


def test_cells_stand_where_they_say_and_beside_merged_ones() -> None:
    table = (
        row(cell("甲", 'ss:MergeAcross="1"'), cell("乙"))
        + row(cell("1", 'ss:MergeDown="1"'), cell("2", 'ss:Index="3"'))
        + row(cell("3"), cell("4"))
        + row(cell("5", 'ss:Index="2"'), attributes='ss:Index="5"')
        + row(cell("6"))
    )
    assert texts(read(book(table))) == [
        ["甲", "甲", "乙"], ["1", "", "2"], ["1", "3", "4"], ["", "", ""], ["", "5", ""], ["6", "", ""],
    ]  # fmt: skip


def test_hidden_rows_columns_and_sheets_are_none() -> None:
    gone = (
        '<Worksheet ss:Name="旧"><Table><Row><Cell><Data ss:Type="String">许可</Data></Cell></Row></Table>'
        "<x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions></Worksheet>"
    )
    columns = '<Column/><Column ss:Hidden="1"/>'
    rows = row(cell("许可"), cell("7"), cell("13")) + row(
        cell("强制"), cell("8"), cell("9"), attributes='ss:Hidden="1"'
    )
    rows += row(cell("处罚"), cell("8"), cell("4"))
    assert texts(read(book(columns + rows, before=gone))) == [["许可", "13"], ["处罚", "4"]]


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (cell("13", kind="Number"), "13"),
        (cell("976.81", kind="Number"), "976.81"),
        (cell("13", 'ss:StyleID="fixed"', "Number"), "13.00"),
        (cell("13", 'ss:StyleID="gone"', "Number"), "~~13~~"),
        (cell("13", 'ss:StyleID="child"', "Number"), "~~13~~"),
        (cell("13", 'ss:StyleID="white"', "Number"), "~~13~~"),
        (cell("13", 'ss:StyleID="seen"', "Number"), "13"),
        (cell("合计", 'ss:StyleID="white"'), "合计"),
        (
            '<Cell><ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40">1<S>7</S>3<Sup>1</Sup></ss:Data></Cell>',
            "1~~7~~3¹",
        ),
    ],
)
def test_what_a_cell_shows(written: str, text: str) -> None:
    table = row(cell("许可"), written) + row(cell("处罚"), cell("4"))
    assert texts(read(book(table)))[0] == ["许可", text]


def test_cells_far_apart_and_damage_are_refused() -> None:
    for content, reason in (
        (book(row(cell("1", 'ss:Index="16000"'), attributes='ss:Index="900000"')), "too_large"),
        (book(row(cell("1", 'ss:MergeAcross="9999" ss:MergeDown="9999"'))), "too_large"),
        (book(row(cell("1")))[:-30], "damaged"),
        (book(row(cell("drei", kind="Number"))), "damaged"),
    ):
        with pytest.raises(Unreadable) as caught:
            read(content)
        assert caught.value.reason == reason
