"""Lines with a sign between the cells: CSV files, Markdown, tabs and pipes become tables where every line is whole."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import pytest

from parsers import Source, parse
from parsers.documents import read
from parsers.documents.model import Document, Grid, Paragraph
from parsers.errors import Unreadable
from tests.parsers import forms

_TITLE = "青河市数据局2023年政府信息公开工作年度报告"
_FORM = forms.template("e2021_v30")
_FIGURES = {path: str(number % 7) for number, path in enumerate(p for table in _FORM.tables for p in table.paths())}


def rows() -> list[list[str]]:
    """The official form as a spreadsheet program saves it: a merged cell is its words and blanks beside them."""
    result = [[_TITLE], ["一、总体情况"], ["本机关认真做好政府信息公开工作。"]]
    for table, block in forms.blocks(_FORM, _FIGURES):
        depth = 3 if table == "requests" else 0 if table == "appeals" else 1
        result.append([""])
        if table == "requests":
            result += [
                [forms.CORNER, "", "", "申请人情况", *[""] * 6],
                ["", "", "", "自然人", "法人或其他组织", *[""] * 4, "总计"],
                ["", "", "", "", *block.header[2], ""],
            ]
        elif table == "appeals":
            five = block.header[1][:5]
            result += [
                ["行政复议", *[""] * 4, "行政诉讼", *[""] * 9],
                [*five, "未经复议直接起诉", *[""] * 4, "复议后起诉", *[""] * 4],
                [*[""] * 5, *five, *five],
            ]
        else:
            result += [[block.caption], list(block.header[0])]
        opened: tuple[str, ...] = ()
        for labels, values in block.rows:
            told = [
                "" if opened[: n + 1] == labels[: n + 1] and n + 1 < len(labels) else x for n, x in enumerate(labels)
            ]
            opened = labels
            result.append([*told, *[""] * (depth - len(labels)), *values])
    return result


def written(lines: Sequence[Sequence[str]], sign: str = ",") -> str:
    file = io.StringIO()
    csv.writer(file, delimiter=sign).writerows(lines)
    return file.getvalue()


def grids(document: Document) -> list[Grid]:
    return list(document.grids())


@pytest.mark.parametrize("sign", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_a_csv_file_is_read_like_the_sheet_that_it_was(sign: str, encoding: str) -> None:
    report = parse(Source(content=written(rows(), sign).encode(encoding), media_type="text/csv"))
    assert {cell.path: str(cell.value) for cell in report.cells} == _FIGURES
    assert report.title == _TITLE
    assert not [flag for flag in report.flags if flag.startswith(("columns", "cells", "ambiguous"))]


@pytest.mark.parametrize("declared", [None, "application/octet-stream", "application/vnd.ms-excel"])
def test_a_csv_file_is_known_by_its_lines(declared: str | None) -> None:
    document = read(written(rows()).encode(), media_type=declared)
    assert document.media_type == "text/csv"
    assert Paragraph("本机关认真做好政府信息公开工作。") in document.blocks


@pytest.mark.parametrize(
    "text",
    [
        "本机关认真贯彻,扎实推进,不断提高.\n" * 9,
        "予以公开 1,234 0 0 12,345\n部分公开 1,234 0 0 12,345\n" * 5,
        "14,358\n123,253\n1,140\n" * 4,
        "行政许可\n7,310\n" * 8,
    ],
)
def test_sentences_and_thousands_are_no_csv(text: str) -> None:
    assert read(text.encode()).media_type == "text/plain"


def test_a_csv_file_with_a_broken_quotation_is_damaged_and_not_a_crash() -> None:
    with pytest.raises(Unreadable, match="damaged"):
        read(b'"' + b"a," * 200_000, media_type="text/csv")


@pytest.mark.parametrize("sign", ["\t", "|", " | "])
def test_lines_that_are_all_equally_long_are_a_table(sign: str) -> None:
    lines = ["信息内容", "本年制发件数", "行政规范性文件", "3"]
    text = "\n".join(["一句话", sign.join(lines[:2]), sign.join(lines[2:]), "又一句话"])
    document = read(text.encode())
    (grid,) = grids(document)
    assert [[cell.text for cell in row if cell] for row in grid.rows] == [lines[:2], lines[2:]]
    assert document.blocks[0] == Paragraph("一句话") and document.blocks[-1] == Paragraph("又一句话")


def test_markdown_is_a_table_without_its_rule_and_with_line_breaks_in_cells() -> None:
    (grid,) = grids(read("| 商业<br>企业 | 总计 |\n| --- | :-: |\n| 0 | 5 |\n".encode()))
    assert [[cell.text for cell in row if cell] for row in grid.rows] == [["商业\n企业", "总计"], ["0", "5"]]


@pytest.mark.parametrize(
    "text",
    [
        "三、本年度办理结果\t（一）予以公开\t1\t2\n（二）部分公开\t3\t4\n",
        "规章\n|\n3\n|\n|||\n",
        "规章 |\n3 |\n0 | ||\n",
        "索引号\tABC\n发布机构\t数据局\n",
    ],
    ids=["lines of different length", "a cell a line", "pads", "no figure"],
)
def test_the_dump_of_a_page_stays_text(text: str) -> None:
    document = read(text.encode())
    assert not grids(document)
    assert [block.text for block in document.blocks if isinstance(block, Paragraph)] == text.split("\n")[:-1]


def test_a_label_spans_the_blanks_behind_it_and_a_figure_none() -> None:
    (grid,) = grids(read("申请情况\t\t自然人\t总计\n合计\t\t\t7\n其他\t\t3\t\n".encode()))
    assert [[(cell.text, cell.column) for cell in dict.fromkeys(row) if cell] for row in grid.rows] == [
        [("申请情况", 0), ("自然人", 2), ("总计", 3)],
        [("合计", 0), ("", 2), ("7", 3)],
        [("其他", 0), ("3", 2), ("", 3)],
    ]


def test_a_label_reaches_down_over_the_blanks_below_it() -> None:
    (grid,) = grids(
        read("项目\t年度\t件数\n予以公开\t2022年\t3\n\t2023年\t4\n部分公开\t2022年\t5\n\t2023年\t\n".encode())
    )
    assert [row[0].text for row in grid.rows if row[0]] == ["项目", "予以公开", "予以公开", "部分公开", ""]


def test_a_line_of_a_million_signs_is_no_table() -> None:
    assert not grids(read(("1" + "|2" * 1_000_000 + "\n").encode() * 2))


def test_line_breaks_in_the_cells_of_markdown_make_no_page_of_it() -> None:
    text = "# 年报\n\n| 商业<br>企业 | 科研<br>机构 | 公益<br>组织 |\n| --- | --- | --- |\n| 1 | 2 | 3 |\n"
    assert read(text.encode()).media_type == "text/plain"
    assert read(text.replace("| --- | --- | --- |", "").encode()).media_type == "text/html"


def test_a_half_that_has_ended_has_no_labels() -> None:
    (grid,) = grids(read("项目\t件数\t项目\t件数\n甲\t1\t丙\t3\n乙\t2\t丁\t4\n\t\t戊\t5\n".encode()))
    assert [cell.text for cell in grid.rows[-1] if cell] == ["", "", "戊", "5"]


def test_a_sheet_with_sentences_is_csv_without_anyone_saying_so() -> None:
    """As spreadsheet programs save it: every line has as many cells, those of sentences as well."""
    lines = [[_TITLE], ["一、总体情况"], ["一是加强领导，责任明确。"], ["信息内容", "本年制发件数", "现行有效件数"]]
    lines += [["规章", "", ""], ["行政规范性文件", "3", "1,204"], ["三、收到和处理"], ["详见附表。"], ["四、其他"]]
    file = io.StringIO()
    csv.writer(file).writerows([*line, *[""] * (4 - len(line))] for line in lines)
    document = read(file.getvalue().encode())
    assert document.media_type == "text/csv"
    assert document.title == _TITLE
    (grid,) = document.grids()
    assert [row[0] and row[0].text for row in grid.rows] == ["信息内容", "规章", "行政规范性文件"]
    assert [cell and cell.text for cell in grid.rows[2]] == ["行政规范性文件", "3", "1,204", ""]


def test_sentences_with_an_equal_number_of_commas_are_text() -> None:
    text = "\n".join([_TITLE, "一、总体情况", *["全年公开信息3条, 受理申请4件, 均已答复。"] * 4, "二、其他", "无。"])
    assert read(text.encode()).media_type == "text/plain"


def test_a_row_of_blanks_parts_no_table() -> None:
    """Below it the labels would cover the first column of figures, which is blank in all the rows that are left."""
    text = "不予公开\t1.国家秘密\t2\t3\n\t2.行政查询\t\t\n无法提供\t1.不掌握\t\t4\n\t2.另行制作\t\t5\n"
    (grid,) = grids(read(text.encode()))
    assert [[cell.text for cell in row if cell] for row in grid.rows] == [
        ["不予公开", "1.国家秘密", "2", "3"],
        ["不予公开", "2.行政查询", "", ""],
        ["无法提供", "1.不掌握", "", "4"],
        ["无法提供", "2.另行制作", "", "5"],
    ]


def test_a_sheet_that_is_wider_than_its_form_and_blank_in_places() -> None:
    """LibreOffice and SheetJS fill every line up to the sheet's last column: a row may begin and end in blanks, and 总计 and
    其他 stand above the columns behind them, too."""
    whole = rows()
    figures = [n for n, line in enumerate(whole) if len(line) == 10 and line[4].isdecimal()]
    for n in figures[1:]:
        whole[n] = [*whole[n][:3], "", *whole[n][4:]]
    lines = [[*line, *[""] * (16 - len(line))] for line in whole]
    report = parse(Source(content=written(lines).encode()))
    found = {cell.path: cell.value for cell in report.cells}
    asked = [path for path in _FIGURES if path.startswith("requests.")]
    blank = {path for path in asked if path.endswith(".natural_person")} - {asked[0]}
    assert {path: found[path] for path in asked} == {
        path: None if path in blank else int(_FIGURES[path]) for path in asked
    }
