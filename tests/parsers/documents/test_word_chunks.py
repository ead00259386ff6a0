"""Pages that a program put into a Word file as they are, for Word to read."""

from __future__ import annotations

import io
from base64 import b64encode
from pathlib import Path

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from parsers.documents import read
from parsers.documents.model import Document, Paragraph, Picture
from tests.parsers.documents import invented

PAGE = "<html><head><title>某县财政局2021年政府信息公开工作年度报告</title></head><body><p>一、总体情况</p>{}</body></html>"
TABLE = "<table><tr><td rowspan='2'>规章</td><td>3</td></tr><tr><td>4</td></tr></table>"
_FORM = (Path(__file__).with_name("fixtures") / "form_1.png").read_bytes()
SHOWN = f"<img src='data:image/png;base64,{b64encode(_FORM).decode()}'>"


def mail(page: str) -> bytes:
    return (
        "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=part\n\n--part\n"
        "Content-Type: text/html; charset=utf-8\nContent-Location: file:///C:/fake/document.html\n\n"
        f"{page}\n--part--\n"
    ).encode()


def word(*chunks: bytes) -> Document:
    """A Word file: a paragraph, a table, the chunks, another paragraph."""
    made = docx.Document()
    made.add_paragraph("before")
    made.add_table(1, 2).rows[0].cells[0].text = "own"
    for number, content in enumerate(chunks, start=1):
        part = Part(PackURI(f"/word/chunk{number}.mht"), "message/rfc822", content, made.part.package)
        element = OxmlElement("w:altChunk")
        element.set(qn("r:id"), made.part.relate_to(part, RELATIONSHIP_TYPE.A_F_CHUNK))
        made.element.body.insert(len(made.element.body) - 1, element)
    made.add_paragraph("after")
    file = io.BytesIO()
    made.save(file)
    return read(file.getvalue())


@pytest.mark.parametrize("write", [mail, str.encode])
def test_a_page_stands_where_the_text_shows_it(write: object) -> None:
    assert callable(write)
    document = word(write(PAGE.format(TABLE)))
    said = [block.text if isinstance(block, Paragraph) else "grid" for block in document.blocks]
    assert said == ["before", "grid", "一、总体情况", "grid", "after"]
    assert [grid.index for grid in document.grids()] == [0, 1]
    assert [[cell and cell.text for cell in row] for row in list(document.grids())[1].rows] == [
        ["规章", "3"],
        ["规章", "4"],
    ]
    assert document.title == "某县财政局2021年政府信息公开工作年度报告"


def test_pictures_of_several_pages_have_numbers_of_their_own() -> None:
    document = word(*[PAGE.format(SHOWN + TABLE).encode()] * 2)
    assert [block.url for block in document.blocks if isinstance(block, Picture)] == ["#image=1", "#image=2"]
    assert [(picture.url, picture.content) for picture in document.inner] == [("#image=1", _FORM), ("#image=2", _FORM)]


def test_the_form_of_2021() -> None:
    assert invented.wrong(word(mail(invented.page()))) == {}


def test_what_is_no_page_and_what_is_not_there_is_left_out() -> None:
    document = word(b"\x00\x01\x02" * 50)
    assert [block.text for block in document.blocks if isinstance(block, Paragraph)] == ["before", "after"]
