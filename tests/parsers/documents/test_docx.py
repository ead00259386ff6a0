"""Word files: order, merged cells, headings, pictures, what was deleted."""

from __future__ import annotations

import io
import struct
import zlib

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from parsers.documents import read
from parsers.documents.model import Document, Grid, Paragraph, Picture
from parsers.errors import Unreadable
from tests.shared import shared


def saved(document: docx.document.Document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def shape(document: Document) -> list[list[list[str | None]]]:
    return [[[cell.text if cell else None for cell in row] for row in grid.rows] for grid in document.grids()]


def png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def test_paragraphs_tables_and_pictures_in_order() -> None:
    made = docx.Document()
    made.core_properties.title = "某县财政局2021年政府信息公开工作年度报告"
    made.add_heading("二、主动公开政府信息情况", level=1)
    made.add_paragraph("第一行\n第二行")
    table = made.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "规章", "3"
    made.add_paragraph("三、收到和处理")
    made.add_picture(io.BytesIO(png()))
    document = read(saved(made))
    assert document.title == "某县财政局2021年政府信息公开工作年度报告"
    assert [type(block) for block in document.blocks] == [
        Paragraph,
        Paragraph,
        Paragraph,
        Grid,
        Paragraph,
        Paragraph,
        Picture,
    ]
    assert document.blocks[0] == Paragraph("二、主动公开政府信息情况", 1)
    assert document.blocks[1:3] == (Paragraph("第一行"), Paragraph("第二行"))
    assert shape(document) == [[["规章", "3"]]]


def test_merged_cells_are_expanded() -> None:
    made = docx.Document()
    table = made.add_table(rows=3, cols=3)
    table.cell(0, 0).merge(table.cell(1, 0)).text = "三、本年度办理结果"
    table.cell(2, 0).merge(table.cell(2, 1)).text = "总计"
    for row, column, text in ((0, 1, "予以公开"), (0, 2, "1"), (1, 1, "部分公开"), (1, 2, "2"), (2, 2, "3")):
        table.cell(row, column).text = text
    assert shape(read(saved(made))) == [
        [
            ["三、本年度办理结果", "予以公开", "1"],
            ["三、本年度办理结果", "部分公开", "2"],
            ["总计", "总计", "3"],
        ]
    ]


def test_a_table_around_everything_is_read_through() -> None:
    made = docx.Document()
    outer = made.add_table(rows=1, cols=1)
    cell = outer.rows[0].cells[0]
    cell.text = "一、总体情况"
    inner = cell.add_table(rows=1, cols=2)
    inner.rows[0].cells[0].text, inner.rows[0].cells[1].text = "规章", "1"
    document = read(saved(made))
    assert shape(document) == [[["规章", "1"]]]
    assert document.blocks[0] == Paragraph("一、总体情况")


def test_deleted_text_is_gone_and_inserted_text_is_there() -> None:
    made = docx.Document()
    paragraph = made.add_paragraph("收到申请")._p
    for tag, kind, text in (("w:del", "w:delText", "三"), ("w:ins", "w:t", "五")):
        change, run, content = OxmlElement(tag), OxmlElement("w:r"), OxmlElement(kind)
        content.text = text
        run.append(content)
        change.append(run)
        paragraph.append(change)
    assert read(saved(made)).text() == "收到申请五"


def test_content_controls_are_looked_into() -> None:
    made = docx.Document()
    paragraph = made.add_paragraph("六、其他需要报告的事项")._p
    control, content = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
    paragraph.addprevious(control)
    control.append(content)
    content.append(paragraph)
    assert read(saved(made)).text() == "六、其他需要报告的事项"


def test_a_row_that_begins_late() -> None:
    made = docx.Document()
    table = made.add_table(rows=2, cols=3)
    for column in range(3):
        table.cell(0, column).text = f"列{column}"
    row = table.rows[1]._tr
    row.remove(row.tc_lst[0])
    before = OxmlElement("w:gridBefore")
    before.set(qn("w:val"), "1")
    row.get_or_add_trPr().append(before)
    table.rows[1].cells[1].text = "5"
    assert shape(read(saved(made)))[0][1][0] is None
    assert "5" in shape(read(saved(made)))[0][1]


def test_a_damaged_file() -> None:
    with pytest.raises(Unreadable) as caught:
        read(saved(docx.Document())[:3000])
    assert caught.value.reason == "damaged"


def test_the_official_blank_form() -> None:
    document = read(shared("real", "docx", "official_blank_form_2021.docx").read_bytes())
    assert [(len(grid.rows), grid.width) for grid in document.grids()] == [(14, 4), (28, 10), (4, 15)]
    label = list(document.grids())[1].rows[6][0]
    assert label is not None
    assert label.row_span == 22


def test_what_word_hides_strikes_out_or_raises() -> None:
    made = docx.Document()
    cells = made.add_table(rows=1, cols=4).rows[0].cells
    for cell, (before, change, behind) in zip(
        cells, [("13", "hidden", ""), ("", "strike", "6"), ("13", "superscript", ""), ("", None, "6")], strict=True
    ):
        cell.paragraphs[0].add_run(before)
        changed = cell.paragraphs[0].add_run("5")
        if change:
            setattr(changed.font, change, True)
        cell.paragraphs[0].add_run(behind)
    assert shape(read(saved(made))) == [[["13", "~~5~~6", "13⁵", "56"]]]


def test_cells_merged_in_the_old_way() -> None:
    """w:hMerge, as programs with Apache POI write it, down and across."""
    made = docx.Document()
    table = made.add_table(rows=3, cols=3)
    merged = {
        (0, 0): ("restart", ""),
        (0, 1): ("", ""),
        (1, 1): ("restart", "restart"),
        (1, 2): ("continue", "restart"),
    }
    merged |= {(2, 1): ("restart", "continue"), (2, 2): ("continue", "continue"), (0, 1): ("continue", "")}
    for r, row in enumerate(table.rows):
        for c, cell in enumerate(row.cells):
            cell.text = f"{r}{c}" if (r, c) not in merged or "continue" not in merged[r, c] else ""
            for name, value in zip(("hMerge", "vMerge"), merged.get((r, c), ("", "")), strict=True):
                if value:
                    element = OxmlElement(f"w:{name}")
                    element.set(qn("w:val"), value)
                    cell._tc.get_or_add_tcPr().append(element)
    assert shape(read(saved(made))) == [[["00", "00", "02"], ["10", "11", "11"], ["20", "11", "11"]]]
