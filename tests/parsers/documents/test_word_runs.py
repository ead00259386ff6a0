"""Texts of a Word file as Word shows them: by their runs, by styles, in text boxes; and what is gone from a table."""

from __future__ import annotations

import io

import docx
import pytest
from docx.oxml import parse_xml
from lxml import etree

from parsers.documents import read
from parsers.documents.model import Document, Grid
from tests.parsers.documents.test_docx import png

_SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" xmlns:v="urn:schemas-microsoft-com:vml"'
)
_STYLES = (
    ("character", "Gone", "", "<w:vanish/>"),
    ("character", "GoneToo", '<w:basedOn w:val="Gone"/>', ""),
    ("character", "Struck", "", "<w:strike/>"),
    ("character", "Note", "", '<w:vertAlign w:val="superscript"/>'),
    ("paragraph", "Lost", "", "<w:vanish/>"),
)


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def box(inner: str) -> str:
    return f"<w:pict><v:shape><v:textbox><w:txbxContent>{inner}</w:txbxContent></v:textbox></v:shape></w:pict>"


def paragraph(text: str) -> str:
    return f"<w:p>{run(text)}</w:p>"


def row(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(f'<w:tc><w:tcPr/>{cell}</w:tc>' for cell in cells)}</w:tr>"


def table(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/>{''.join(rows)}</w:tbl>"


def word(*parts: str) -> Document:
    made = docx.Document()
    for kind, name, based, properties in _STYLES:
        made.styles.element.append(
            parse_xml(
                f'<w:style {_SPACES} w:type="{kind}" w:styleId="{name}"><w:name w:val="{name}"/>{based}'
                f"<w:rPr>{properties}</w:rPr></w:style>"
            )
        )
    body = made.element.body
    for part in reversed(list(etree.fromstring(f"<w:body {_SPACES}>{''.join(parts)}</w:body>"))):
        body.insert(0, part)
    buffer = io.BytesIO()
    made.save(buffer)
    return read(buffer.getvalue())


_BOXED = box(paragraph("13"))


def test_a_white_figure_on_the_ground_of_its_cell_or_table_is_seen() -> None:
    white = "<w:p>" + run("13", '<w:color w:val="FFFFFF"/>') + "</w:p>"
    rows = row(paragraph("许可"), white) + row(paragraph("文件"), paragraph("4"))
    dark = '<w:shd w:val="clear" w:fill="003366"/>'
    of_cell = rows.replace(f"<w:tc><w:tcPr/>{white}", f"<w:tc><w:tcPr>{dark}</w:tcPr>{white}")
    for one in (f"<w:tbl><w:tblPr/>{of_cell}</w:tbl>", f"<w:tbl><w:tblPr>{dark}</w:tblPr>{rows}</w:tbl>"):
        (grid,) = word(one).grids()
        assert [cell and cell.text for cell in grid.rows[0]] == ["许可", "13"]


def test_a_row_that_is_no_higher_than_a_line_is_hidden() -> None:
    flat, low = (
        f'<w:trHeight w:val="{height}" w:hRule="{rule}"/>' for height, rule in ((20, "exact"), (20, "atLeast"))
    )
    rows = [row(paragraph("规章"), paragraph("9"), properties=one) for one in (flat, low)]
    (grid,) = word(table(*rows, row(paragraph("文件"), paragraph("4")))).grids()
    assert len(grid.rows) == 2


def cell(inner: str) -> str:
    other = row(paragraph("文件"), paragraph("4"))
    (grid,) = word(
        table(row(paragraph("许可"), inner if inner.startswith("<w:p>") else f"<w:p>{inner}</w:p>"), other)
    ).grids()
    found = grid.rows[0][1]
    return found.text if found else ""


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        (run("7", '<w:rStyle w:val="Gone"/>') + run("13"), "13"),
        (run("7", '<w:rStyle w:val="GoneToo"/>') + run("13"), "13"),
        (run("13", '<w:rStyle w:val="Gone"/><w:vanish w:val="0"/>'), "13"),
        (run("7", '<w:rStyle w:val="Struck"/>') + run("13"), "~~7~~13"),
        (run("13") + run("1", '<w:rStyle w:val="Note"/>'), "13¹"),
        (run("13") + run("1", '<w:position w:val="6"/>'), "13¹"),
        (run("13") + run("1", '<w:position w:val="-6"/>'), "13₁"),
        (run("13") + run("1", '<w:vertAlign w:val="subscript"/>'), "13₁"),
        (run("7", '<w:color w:val="FFFFFF"/>') + run("13"), "~~7~~13"),
        (run("13", '<w:color w:val="FFFFFF"/>'), "~~13~~"),
        (run("规章", '<w:color w:val="FFFFFF"/>'), "规章"),
        (run("13", '<w:color w:val="FFFFFF"/><w:shd w:val="clear" w:fill="1F3864"/>'), "13"),
        (run("13", '<w:color w:val="FFFFFF"/><w:highlight w:val="darkBlue"/>'), "13"),
        (run("13", '<w:color w:val="1F3864"/><w:shd w:val="clear" w:fill="1F3864"/>'), "~~13~~"),
        (run("13", '<w:color w:val="auto"/><w:shd w:val="clear" w:fill="000000"/>'), "13"),
        (run("13", '<w:sz w:val="2"/>'), "~~13~~"),
        ('<w:p><w:pPr><w:shd w:fill="C00000"/></w:pPr>' + run("13", '<w:color w:val="FFFFFF"/>') + "</w:p>", "13"),
        (f'<w:p><w:pPr><w:pStyle w:val="Lost"/></w:pPr>{run("7")}</w:p><w:p>{run("13")}</w:p>', "13"),
        (f"<w:r><w:ruby><w:rt>{run('7')}</w:rt><w:rubyBase>{run('13')}</w:rubyBase></w:ruby></w:r>", "13"),
        ("<w:r><w:t>1</w:t><w:ptab/><w:t>3</w:t></w:r>", "1\t3"),
        ("<m:oMath><m:r><m:t>13</m:t></m:r></m:oMath>", "13"),
        (f"<w:r>{_BOXED}</w:r>", "13"),
    ],
)
def test_the_text_of_a_cell(inner: str, text: str) -> None:
    assert cell(inner) == text


def test_a_text_box_that_is_written_twice_for_old_readers_is_read_once() -> None:
    twice = f"<mc:Choice Requires='wps'>{_BOXED}</mc:Choice>"
    old = f"<mc:Fallback>{_BOXED}</mc:Fallback>"
    assert cell(f"<w:r><mc:AlternateContent>{twice}{old}</mc:AlternateContent></w:r>") == "13"


def test_what_is_hidden_or_deleted_takes_no_place_in_a_table() -> None:
    kept = row(paragraph("许可"), paragraph("13"))
    old = [row(paragraph("许可"), paragraph("7"), properties=p) for p in ("<w:hidden/>", "<w:del/>")]
    shifted = row(paragraph("文件"), "<w:p/>", paragraph("4"))
    shifted = shifted.replace("<w:tcPr/><w:p/>", "<w:tcPr><w:cellDel/></w:tcPr><w:p/>")
    (grid,) = word(table(*old, kept, shifted)).grids()
    assert [[one.text for one in line if one] for line in grid.rows] == [["许可", "13"], ["文件", "4"]]


def test_a_table_in_a_text_box_is_a_table() -> None:
    inner = table(row(paragraph("许可"), paragraph("13")))
    document = word(f"<w:p>{run('表一')}<w:r>{box(inner)}</w:r></w:p>")
    assert [block.text() if isinstance(block, Grid) else block.text for block in document.blocks[:2]] == [
        "表一",
        "许可\t13",
    ]


def test_a_picture_among_digits_may_be_one_of_them() -> None:
    made = docx.Document()
    cells = made.add_table(rows=2, cols=2).rows
    cells[0].cells[1].paragraphs[0].add_run().add_picture(io.BytesIO(png()))
    cells[0].cells[1].paragraphs[0].add_run("07")
    cells[1].cells[0].paragraphs[0].add_run("许可").add_picture(io.BytesIO(png()))
    buffer = io.BytesIO()
    made.save(buffer)
    (grid,) = read(buffer.getvalue()).grids()
    assert [[one.text for one in line if one] for line in grid.rows] == [["", "\ufffc07"], ["许可", ""]]
