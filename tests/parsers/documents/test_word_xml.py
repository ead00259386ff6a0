"""Word files that are one XML file: Flat OPC and WordprocessingML 2003."""

from __future__ import annotations

import io
import re
import zipfile
from xml.sax.saxutils import escape

import pytest
from docx import Document as new_document

from parsers.documents import read
from parsers.documents.media import WORD_XML
from parsers.documents.model import Grid, Paragraph
from parsers.errors import Unreadable
from tests.parsers.documents import invented

OLD = "http://schemas.microsoft.com/office/word/2003/wordml"
HINT = "http://schemas.microsoft.com/office/word/2003/auxHint"


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p>"


def word_2003(body: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><?mso-application progid="Word.Document"?>'
        f'<w:wordDocument xmlns:w="{OLD}" xmlns:wx="{HINT}"><w:styles/><w:body><wx:sect><wx:sub-section>{body}'
        "</wx:sub-section><w:sectPr/></wx:sect></w:body></w:wordDocument>"
    ).encode()


def test_the_form_in_the_xml_of_2003() -> None:
    rows = "".join(
        "<w:tr>" + "".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) + "</w:tr>" for row in invented.rows()
    )
    body = "".join(map(paragraph, invented.BEFORE)) + f"<w:tbl>{rows}</w:tbl>" + "".join(map(paragraph, invented.AFTER))
    document = read(word_2003(body), media_type="application/msword")
    assert document.media_type == WORD_XML
    assert invented.wrong(document) == {}
    lines = [block.text for block in document.blocks if isinstance(block, Paragraph)]
    assert lines == [*invented.BEFORE, *invented.AFTER]


def test_merged_cells_of_2003() -> None:
    cell = "<w:tc><w:tcPr>{}</w:tcPr>{}</w:tc>"
    rows = (
        "<w:tr>" + cell.format('<w:vmerge w:val="restart"/>', paragraph("结果")) + cell.format("", paragraph("1")) + "</w:tr>"
        "<w:tr>" + cell.format("<w:vmerge/>", "<w:p/>") + cell.format("", paragraph("2")) + "</w:tr>"
        "<w:tr>" + cell.format('<w:gridSpan w:val="2"/>', paragraph("合计")) + "</w:tr>"
    )  # fmt: skip
    (grid,) = read(word_2003(f"<w:tbl>{rows}</w:tbl>")).grids()
    assert grid.rows[0][0] is grid.rows[1][0]
    assert grid.rows[2][0] is grid.rows[2][1]


def flat(content: bytes) -> bytes:
    """A DOCX as Flat OPC."""
    related = "application/vnd.openxmlformats-package.relationships+xml"
    parts = []
    with zipfile.ZipFile(io.BytesIO(content)) as container:
        listed = container.read("[Content_Types].xml").decode()
        kinds = dict(re.findall(r'PartName="/([^"]+)" ContentType="([^"]+)"', listed))
        for name in container.namelist():
            if name == "[Content_Types].xml":
                continue
            kind = kinds.get(name, related if name.endswith(".rels") else "application/xml")
            if name.endswith((".xml", ".rels")):
                data = f"<pkg:xmlData>{container.read(name).decode().partition('?>')[2]}</pkg:xmlData>"
            else:
                data = "<pkg:binaryData>AAAA</pkg:binaryData>"
            parts.append(f'<pkg:part pkg:name="/{name}" pkg:contentType="{kind}">{data}</pkg:part>')
    return (
        '<?xml version="1.0" encoding="UTF-8"?><pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage">'
        f"{''.join(parts)}</pkg:package>"
    ).encode()


def test_flat_opc() -> None:
    made = new_document()
    made.add_paragraph(invented.TITLE)
    table = made.add_table(2, 2)
    for row, texts in zip(table.rows, (("信息内容", "数量"), ("规章", "3")), strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    buffer = io.BytesIO()
    made.save(buffer)
    document = read(flat(buffer.getvalue()))
    assert document.media_type == WORD_XML
    assert invented.TITLE in document.text()
    (grid,) = (block for block in document.blocks if isinstance(block, Grid))
    assert grid.text() == "信息内容\t数量\n规章\t3"


@pytest.mark.parametrize(
    "content",
    [
        word_2003("<w:p>"),
        word_2003("").replace(b"w:body", b"w:other"),
        b'<pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage"/>',
    ],
)
def test_damage(content: bytes) -> None:
    with pytest.raises(Unreadable) as caught:
        read(content)
    assert caught.value.reason == "damaged"
