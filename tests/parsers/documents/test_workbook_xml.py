"""What a workbook's XML says of its cells: hidden rows and columns, formats, marked digits, formulas not worked out."""

from __future__ import annotations

import io
import zipfile

import pytest

from parsers.documents import read
from tests.parsers.documents.files import xlsx

_SHEET = [["信息内容", "去年", "数量"], ["行政许可", 7, 13], ["行政处罚", 1, 4]]
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def patched(changes: dict[str, tuple[str, str]], added: dict[str, str] | None = None) -> bytes:
    return repacked(xlsx({"Sheet1": _SHEET}), changes, added)


def repacked(content: bytes, changes: dict[str, tuple[str, str]], added: dict[str, str] | None = None) -> bytes:
    """A workbook with a piece of each of these parts replaced, and parts added."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            before, after = changes.get(name, ("", ""))
            assert before in text
            new.writestr(name, text.replace(before, after) if before else text)
        for name, text in (added or {}).items():
            new.writestr(name, text)
    return buffer.getvalue()


def rows(content: bytes) -> list[list[str]]:
    (grid,) = read(content).grids()
    return [[cell.text if cell else "" for cell in row] for row in grid.rows]


def cell(written: str, added: dict[str, str] | None = None) -> str:
    """What the cell C2 shows, written as it is here."""
    return rows(patched({"xl/worksheets/sheet1.xml": ('<c r="C2"><v>13</v></c>', written)}, added))[1][2]


def styles(code: str) -> dict[str, str]:
    return {
        "xl/styles.xml": f'<styleSheet {_MAIN}><numFmts><numFmt numFmtId="170" formatCode="{code}"/></numFmts>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="170"/></cellXfs></styleSheet>'
    }


@pytest.mark.parametrize("row", ['<row r="2" hidden="1">', '<row r="2" ht="0" customHeight="1">'])
def test_a_hidden_row_is_none(row: str) -> None:
    found = rows(patched({"xl/worksheets/sheet1.xml": ('<row r="2">', row)}))
    assert found == [["信息内容", "去年", "数量"], ["行政处罚", "1", "4"]]


@pytest.mark.parametrize("column", ['<col min="2" max="2" hidden="1"/>', '<col min="2" max="2" width="0"/>'])
def test_a_hidden_column_is_none(column: str) -> None:
    found = rows(patched({"xl/worksheets/sheet1.xml": ("<sheetData>", f"<cols>{column}</cols><sheetData>")}))
    assert found == [["信息内容", "数量"], ["行政许可", "13"], ["行政处罚", "4"]]


def test_merged_cells_keep_their_places_when_a_column_is_hidden() -> None:
    """And what the merged cell says stays as long as a part of it is seen."""
    sheet = [["信息内容", "去年和今年", None], *_SHEET[1:]]
    content = xlsx({"Sheet1": sheet}, merged=["B1:C1"])
    columns = ("<sheetData>", '<cols><col min="2" max="2" hidden="1"/></cols><sheetData>')
    assert rows(repacked(content, {"xl/worksheets/sheet1.xml": columns}))[:2] == [
        ["信息内容", "去年和今年"],
        ["行政许可", "13"],
    ]


@pytest.mark.parametrize(
    ("code", "value", "text"),
    [("#,##0,", "13000", "13"), ("0%", "0.19", "19%"), ("0", "12.6", "13"), (";;;", "13", ""), ("General", "13", "13")],
)
def test_a_number_is_what_its_format_shows(code: str, value: str, text: str) -> None:
    assert cell(f'<c r="C2" s="1"><v>{value}</v></c>', styles(code)) == text


@pytest.mark.parametrize(
    ("runs", "text"),
    [
        ("<r><rPr><strike/></rPr><t>7</t></r><r><t>13</t></r>", "~~7~~13"),
        ('<r><t>13</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>1</t></r>', "13¹"),
        ('<r><t>13</t></r><r><rPr><vertAlign val="subscript"/></rPr><t>1</t></r>', "13₁"),
        ("<r><rPr><strike/></rPr><t>13</t></r>", "~~13~~"),
        ('<r><t>13</t></r><r><rPr><color rgb="FFFFFFFF"/></rPr><t>7</t></r>', "13~~7~~"),
        ('<r><t>13</t></r><r><rPr><color theme="0"/></rPr><t>7</t></r>', "13~~7~~"),
        ('<r><t>13</t></r><r><rPr><sz val="1"/></rPr><t>7</t></r>', "13~~7~~"),
        ('<r><rPr><color rgb="FFFFFFFF"/></rPr><t>13</t></r>', "13"),
        ("<r><rPr><b/></rPr><t>1</t></r><r><t>3</t></r>", "13"),
    ],
)
def test_marked_digits(runs: str, text: str) -> None:
    assert cell(f'<c r="C2" t="inlineStr"><is>{runs}</is></c>') == text
    shared = {"xl/sharedStrings.xml": f"<sst {_MAIN}><si><t>甲</t></si><si>{runs}</si></sst>"}
    if text != "13":
        assert cell('<c r="C2" t="s"><v>1</v></c>', shared) == text


@pytest.mark.parametrize(
    "written",
    [
        '<c r="C2" s="1"><v>13</v></c>',
        '<c r="C2" s="1" t="inlineStr"><is><t>13</t><rPh><t>7</t></rPh></is></c>',
        '<c r="C2" s="1" t="s"><v>0</v></c>',
    ],
)
def test_a_cell_whose_style_strikes_it_out_is_no_figure(written: str) -> None:
    fonts = "<fonts><font/><font><strike/></font></fonts>"
    parts = {
        "xl/styles.xml": f'<styleSheet {_MAIN}>{fonts}<cellXfs><xf fontId="0"/><xf fontId="1"/></cellXfs></styleSheet>',
        "xl/sharedStrings.xml": f"<sst {_MAIN}><si><t>13</t></si></sst>",
    }
    assert cell(written, parts) == "~~13~~"


@pytest.mark.parametrize(
    ("font", "fill", "written", "text"),
    [
        ('<color rgb="FFFFFFFF"/>', "", "<c r='C2' s='1'><v>13</v></c>", "~~13~~"),
        ('<color theme="0"/>', "", "<c r='C2' s='1'><v>13</v></c>", "~~13~~"),
        ('<color indexed="9"/>', "", "<c r='C2' s='1'><v>13</v></c>", "~~13~~"),
        ('<sz val="1"/>', "", "<c r='C2' s='1'><v>13</v></c>", "~~13~~"),
        ('<color rgb="FFFFFFFF"/>', "", "<c r='C2' s='1' t='inlineStr'><is><t>13件</t></is></c>", "~~13件~~"),
        ('<color rgb="FFFFFFFF"/>', "", "<c r='C2' s='1' t='inlineStr'><is><t>规章</t></is></c>", "规章"),
        ('<color rgb="FFFFFFFF"/>', '<fgColor rgb="FF003366"/>', "<c r='C2' s='1'><v>13</v></c>", "13"),
        ('<color rgb="FFFFFFFF"/>', '<fgColor theme="4"/>', "<c r='C2' s='1'><v>13</v></c>", "13"),
        ('<color rgb="FF003366"/>', '<fgColor rgb="FF003366"/>', "<c r='C2' s='1'><v>13</v></c>", "~~13~~"),
        ('<color rgb="FFFF0000"/>', "", "<c r='C2' s='1'><v>13</v></c>", "13"),
    ],
)
def test_a_figure_in_the_colour_of_its_fill(font: str, fill: str, written: str, text: str) -> None:
    pattern = f'<patternFill patternType="solid">{fill}</patternFill>' if fill else '<patternFill patternType="none"/>'
    made = (
        f'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts><font/><font>{font}</font></fonts>'
        f"<fills><fill><patternFill/></fill><fill>{pattern}</fill></fills>"
        '<cellXfs><xf fontId="0"/><xf fontId="1" fillId="1"/></cellXfs></styleSheet>'
    )
    assert cell(written, {"xl/styles.xml": made}) == text


def test_a_formula_that_was_never_worked_out_is_no_figure() -> None:
    assert cell('<c r="C2"><f>6+7</f></c>') == "=6+7"
    assert cell('<c r="C2"><f>6+7</f><v>13</v></c>') == "13"
    assert cell('<c r="C2"><f>6-6</f><v>0</v></c>') == "0"


def test_a_nought_of_a_formula_counts_only_where_it_was_worked_out() -> None:
    stale = ("</sheets>", '</sheets><calcPr fullCalcOnLoad="1"/>')
    sheet = ('<c r="C2"><v>13</v></c>', '<c r="C2"><f>6+7</f><v>0</v></c>')
    assert rows(patched({"xl/workbook.xml": stale, "xl/worksheets/sheet1.xml": sheet}))[1][2] == "=6+7"
