"""Invented reports as workbooks: the smallest package that a spreadsheet program opens, with merged cells."""

from __future__ import annotations

import io
import zipfile
from html import escape

from tests.parsers.generator import layout
from tests.parsers.generator.layout import Rows
from tests.parsers.generator.model import Invented, Prose
from tests.parsers.generator.word import places

_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml"'
    ' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml"'
    ' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def page(report: Invented) -> bytes:
    cells: dict[int, dict[int, str]] = {}
    merged: list[str] = []
    at = 1
    for part in report.body:
        if isinstance(part, Prose):
            cells[at] = {0: _cell(at, 0, part.text)}
            at += 1
        else:
            rows = layout.rows(part)
            _add(rows, at, cells, merged)
            at += len(rows) + 1
    lines = "".join(
        f'<row r="{number}">{"".join(text for _, text in sorted(row.items()))}</row>'
        for number, row in sorted(cells.items())
    )
    spans = f'<mergeCells count="{len(merged)}">{"".join(merged)}</mergeCells>' if merged else ""
    sheet = f'<?xml version="1.0"?><worksheet xmlns="{_MAIN}"><sheetData>{lines}</sheetData>{spans}</worksheet>'
    return _package(sheet)


def _add(rows: Rows, first: int, cells: dict[int, dict[int, str]], merged: list[str]) -> None:
    for row, column, box in places(rows):
        at = first + row
        cells.setdefault(at, {})[column] = _cell(at, column, box.text)
        if box.row_span > 1 or box.column_span > 1:
            last = _name(at + box.row_span - 1, column + box.column_span - 1)
            merged.append(f'<mergeCell ref="{_name(at, column)}:{last}"/>')


def _cell(row: int, column: int, text: str) -> str:
    name = _name(row, column)
    if text.isascii() and text.isdigit() and (text == "0" or text[0] != "0"):
        return f'<c r="{name}"><v>{text}</v></c>'
    return f'<c r="{name}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def _name(row: int, column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"


def _package(sheet: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", _TYPES)
        package.writestr(
            "_rels/.rels",
            f'<?xml version="1.0"?><Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1"'
            f' Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        package.writestr(
            "xl/workbook.xml",
            f'<?xml version="1.0"?><workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
            '<sheets><sheet name="年报" sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        package.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<?xml version="1.0"?><Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1"'
            f' Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        )
        package.writestr("xl/worksheets/sheet1.xml", sheet)
    return file.getvalue()
