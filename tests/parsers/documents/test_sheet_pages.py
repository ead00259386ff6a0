"""Sheets that Excel and others saved as pages: the title and the sentences are rows of the one table."""

from __future__ import annotations

from parsers import Source, parse
from parsers.documents import read
from parsers.documents.model import Grid, Paragraph
from tests.parsers import forms

_TITLE = "青河市数据局2023年政府信息公开工作年度报告"
_FORM = forms.template("e2021_v30")
_FIGURES = {path: str(number % 7) for number, path in enumerate(p for table in _FORM.tables for p in table.paths())}


def wide(text: str, columns: int = 15) -> str:
    return f"<tr><td colspan={columns}>{text}</td></tr>"


def rows_of(rows: list[list[str]]) -> str:
    return "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)


def page(rows: str, before: str = "") -> bytes:
    return f"<html><head><meta charset=utf-8><title></title></head><body>{before}<table>{rows}</table></body></html>".encode()


def test_rows_of_text_are_paragraphs_and_the_rest_is_in_tables() -> None:
    rows = (
        wide(_TITLE)
        + wide("")
        + wide("一、总体情况<br>无")
        + rows_of([["规章", "3", "4"]])
        + wide("第二十条第（五）项")
    )
    rows += rows_of([["<b>行政许可</b>", "5"]]) + wide("三、收到和处理") + wide("如下。")
    rows += rows_of([["重复申请", "6"]])
    document = read(page(rows, "<h1>Sheet1</h1>"))
    said = [block.text if isinstance(block, Paragraph) else [row[0] and row[0].text for row in block.rows]
            for block in document.blocks if isinstance(block, (Paragraph, Grid))]  # fmt: skip
    assert said == [
        "Sheet1",
        _TITLE,
        "一、总体情况",
        "无",
        ["规章", "第二十条第（五）项", "行政许可"],
        "三、收到和处理",
        "如下。",
        ["重复申请"],
    ]
    first, second = document.grids()
    assert (first.index, second.index) == (0, 1)
    cell = second.rows[0][1]
    assert cell is not None
    assert (cell.text, cell.row, cell.element) == ("6", 0, 12)


def test_a_cell_that_begins_above_a_cut_ends_where_it_ended() -> None:
    """A label that reaches down beside a row of text: what is left of it below is as high as it was."""
    rows = (
        wide(_TITLE)
        + rows_of([["规章", "3", "4"]])
        + "<tr><td rowspan=5></td><td>许可</td><td>5</td></tr>"
        + wide("三、收到和处理", 14)
        + wide("如下。", 14)
        + rows_of([["重复申请", "6"], ["其他", "7"]])
        + rows_of([["总计", "8", "9"]])
    )
    _, below = read(page(rows)).grids()
    corner = below.rows[0][0]
    assert corner is not None
    assert (corner.row, corner.row_span) == (0, 2)
    assert [row[0] is corner for row in below.rows] == [True, True, False]


def test_a_page_with_text_of_its_own_stays_as_it_is() -> None:
    rows = wide("表一") + rows_of([["规章", "3"]]) + wide("表二") + rows_of([["重复申请", "6"]])
    before = f"<p>{_TITLE}</p><p>本机关认真贯彻落实条例，扎实推进政府信息公开工作，现将有关情况报告如下。</p>"
    assert len(list(read(page(rows, before)).grids())) == 1


def test_the_form_of_2021() -> None:
    rows = wide(_TITLE) + wide("一、总体情况") + wide("本机关认真做好政府信息公开工作。")
    for _, block in forms.blocks(_FORM, _FIGURES):
        rows += rows_of([list(line) for line in [*block.header, *block.rows]])
    report = parse(Source(page(rows)))
    assert (report.report_year, report.organ.name) == (2023, "青河市数据局")
    found = {cell.path: cell.value for cell in report.cells if cell.value is not None}
    assert {path: value for path, value in found.items() if str(value) != _FIGURES.get(path)} == {}
