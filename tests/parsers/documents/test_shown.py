"""What markup hides, strikes out or raises: no digit of it becomes part of a figure."""

from __future__ import annotations

import pytest

from parsers.documents import read
from parsers.documents.model import Document


def page(table: str) -> Document:
    return read(f"<html><meta charset=utf-8><body><h1>年报</h1>{table}".encode(), media_type="text/html")


def grid(rows: str, table: str = "<table>") -> list[list[str | None]]:
    """The texts of the page's one table: of `rows`, and of two rows and columns that make it a table."""
    found = list(page(f"{table}{rows}<tr><td>规章</td><td>0</td></tr><tr><td>文件</td><td>4</td></tr></table>").grids())
    assert len(found) == 1
    return [[cell.text if cell else None for cell in row] for row in found[0].rows[:-2]]


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        ("13<sup>1</sup>", "13¹"),
        ('13<span style="vertical-align: super">12</span>', "13¹²"),
        ("<sup>2021</sup>", "2021"),
        ("<s>5</s>6", "~~5~~6"),
        ("<strike>5</strike>6", "~~5~~6"),
        ("<del><b>5</b></del>6", "~~5~~6"),
        ('<span style="color:red;text-decoration:underline line-through">5</span>6', "~~5~~6"),
        ("<s>5</s>", "~~5~~"),
        ("<p style=text-decoration:line-through>5</p>", "~~5~~"),
        ('13<span style="DISPLAY: none">7</span>', "13"),
        ("13<span hidden>7</span>", "13"),
        ('13<span style="visibility:hidden">7</span>', "13"),
        ('<span style="font-size:0">7</span>13', "13"),
        ('<span style="font-size:0.9em">7</span>', "7"),
        ('<span style="font-size:0"><b style="font-size:14px">13</b></span>', "13"),
        ('<span style="opacity:0 !important">7</span>13', "13"),
        ('<span style="visibility:collapse">7</span>13', "13"),
        ('<span style="mso-hide:all">7</span>13', "13"),
        ("<dialog>7</dialog>13", "13"),
        ("<ruby>13<rt>7</rt></ruby>", "13"),
        ("13<sub>1</sub>", "13₁"),
        ('13<span style="vertical-align:-3px">1</span>', "13₁"),
        ('13<span style="position:relative;top:-6.0pt;mso-text-raise:6.0pt">1</span>', "13¹"),
        ('13<span style="vertical-align:text-top">1</span>', "13¹"),
        ('<span style="vertical-align:text-top">13</span>', "13"),
        ('<span style="color:#fff">7</span>13', "~~7~~13"),
        ('<span style="color:#fff">13</span>', "~~13~~"),
        ('<span style="background:#036"><b style="color:#fff">13</b></span>', "13"),
        ('<span style="background:url(dark.png)"><b style="color:#fff">13</b></span>', "13"),
        ('<span style="color:#003366;background:#036">13</span>', "~~13~~"),
        ('<span style="background:#000">13</span>', "~~13~~"),
        ('<span style="color:rgb(248,248,248)">7</span>13', "~~7~~13"),
        ('<span style="color:#eee">7件</span>', "~~7件~~"),
        ('<span style="color:#fff">规章</span>', "规章"),
        ('<span style="color:transparent">13</span>', "~~13~~"),
        ('<span style="text-indent:-9999px">13</span>', "~~13~~"),
        ('<span style="text-indent:-24pt">13</span>', "13"),
        ('<span style="transform:scale(0)">13</span>', "~~13~~"),
        ('<span style="transform:scale(0.9)">13</span>', "13"),
        ('<div style="height:0;overflow:hidden">13</div>', "~~13~~"),
        ('<div style="line-height:0;overflow:hidden">13</div>', "13"),
        ('<span style="font-size:0"><b>13</b></span>', "~~13~~"),
        ('<span style="color:rgba(0,0,0,0)">7</span>13', "~~7~~13"),
        ('<span style="display:inline-block;text-indent:-9999px">7</span>13', "~~7~~13"),
        ('<span style="position:absolute;left:-9999px">7</span>13', "~~7~~13"),
        ('<span style="position:absolute;clip:rect(0,0,0,0)">7</span>13', "~~7~~13"),
        ('<span style="display:inline-block;width:0;overflow:hidden">7</span>13', "~~7~~13"),
        ('<span style="line-height:1;border-left-width:1px">7</span>13', "713"),
        ("<bdo dir=rtl>31</bdo>", "\u202e31"),
        ('<span style="unicode-bidi:bidi-override;direction:rtl">31</span>', "\u202e31"),
        ('<img src="1.png">3', "\ufffc3"),
        ('<img src="dot.gif" width="1">13', "13"),
        ('<img src="icon.png">规章', "规章"),
        ("<textarea>13</textarea>", "13"),
        ("<select><option>7<option selected>13</select>", "13"),
        ("<select><option>13<option>7</select>", "13"),
        ("<input type=tel value=13>", "13"),
        ("<input type=hidden value=7>13", "13"),
        ('<span style="opacity:.01">7</span>13', "13"),
        ('<span style="font-size:1px">7</span>13', "13"),
        ('<span style="color:rgb(255, 255, 255)">7</span>13', "~~7~~13"),
        ('<span style="color:rgb(255, 0, 0)">7</span>13', "713"),
        ('<span style="color:#000">7</span>13', "713"),
        ('<span style="color:#00000000">7</span>13', "~~7~~13"),
        ('<span style="position:absolute;right:-9999px">7</span>13', "~~7~~13"),
        ('<span style="display:inline-block;transform:scale(0)">7</span>13', "~~7~~13"),
        ('<span style="text-transform:uppercase;transform:none">7</span>13', "713"),
        ('<span style="float:right">7</span>140', "~~7~~140"),
        ('<div style="display:flex;flex-direction:row-reverse"><b>7</b>140</div>', "\u202e7\u202e140"),
        ('<span style="display:block">1</span>3', "1 3"),
        ('<span style="display:inline-block">1</span>3', "13"),
        ("13<iframe>7</iframe>", "13"),
        ("13<applet>7</applet>", "13"),
        ("<ruby><rb>13</rb><rtc>7</rtc></ruby>", "13"),
        ('<font color="#FFFFFF">7</font>13', "~~7~~13"),
        ("<font color=white>13</font>", "~~13~~"),
        ("<font color=red>7</font>13", "713"),
        ('13<a href="#note1">1</a>', "13¹"),
        ('<a href="#note1">13</a>', "13"),
        ('13<a href="list.html">1</a>', "131"),
        ('<span style="position:absolute;z-index:-1">7</span>13', "~~7~~13"),
        ('<span style="zoom:0">7</span>13', "~~7~~13"),
        ('<span style="filter:opacity(0)">7</span>13', "~~7~~13"),
        ('<span style="visibility:hidden">7<b style="visibility:visible">13</b></span>4', "~~7~~~~13~~4"),
        ("13<object data=x>7</object>", "13"),
        ("<math><mfrac><mn>1</mn><mn>3</mn></mfrac></math>", "~~13~~"),
        ("13<svg><path/></svg>", "13"),
    ],
)
def test_the_text_of_a_cell(inner: str, text: str) -> None:
    assert grid(f"<tr><td>许可</td><td>{inner}</td></tr>") == [["许可", text]]


def test_a_hidden_cell_takes_no_place() -> None:
    assert grid('<tr><td>许可</td><td style="display:none">9</td><td>13</td></tr>') == [["许可", "13"]]


def test_a_cell_that_keeps_its_place_shows_nothing() -> None:
    assert grid('<tr><td>许可</td><td style="visibility:hidden">9</td></tr>') == [["许可", ""]]


def test_a_white_figure_on_the_ground_of_its_cell_row_or_table_is_seen() -> None:
    cell = "<td>许可</td><td><font color=white>13</font></td>"
    assert grid(f"<tr bgcolor=navy>{cell}</tr>") == [["许可", "13"]]
    assert grid(f"<tr>{cell}</tr>", "<table style='background:#036'>") == [["许可", "13"]]
    assert grid(f"<tr>{cell}</tr>", "<style>td{background:#039}</style><table>") == [["许可", "13"]]
    assert grid(f"<tr>{cell}</tr>", "<style>th{background:#039}</style><table>") == [["许可", "~~13~~"]]


def test_a_row_of_no_height_says_no_figure() -> None:
    assert grid('<tr style="font-size:0"><td>许可</td><td>9</td></tr>') == [["许可", "~~9~~"]]


def test_a_hidden_row_is_none() -> None:
    assert grid('<tr style="display:none"><td>许可</td><td>9</td></tr>') == []


@pytest.mark.parametrize("table", ['<table style="display:none">', "<div style=display:none><table>"])
def test_a_table_that_a_script_shows_later_is_read(table: str) -> None:
    assert grid("<tr><td>许可</td><td>13</td></tr>", table) == [["许可", "13"]]


def test_rows_that_are_all_hidden_are_read() -> None:
    found = page("<table><tr hidden><td>规章</td><td>0</td></tr><tr hidden><td>文件</td><td>4</td></tr></table>")
    assert [len(grid.rows) for grid in found.grids()] == [2]


def test_cells_are_numbered_as_on_the_page() -> None:
    """So that a figure's place is marked in the archived page."""
    table = "<table><tr><td>许可</td><td hidden>9</td><td>13</td></tr><tr><td>文件</td><td>4</td></tr></table>"
    (found,) = page(table).grids()
    assert [cell.element for row in found.rows for cell in row if cell] == [0, 2, 3, 4]


def test_what_is_struck_out_of_a_sentence_is_kept_beside_it() -> None:
    assert page("<p>收到申请<s>5</s>6件，答复<s>完毕</s>。</p>").text() == "年报\n收到申请~~5~~6件，答复~~完毕~~。"


def test_a_page_that_is_struck_by_a_slip_is_read_as_it_is() -> None:
    assert page("<s><p>收到申请6件。</p><p>答复6件。</p>").text() == "年报\n收到申请6件。\n答复6件。"


def styled(rules: str, inner: str) -> list[list[str | None]]:
    return grid(f"<tr><td>许可</td><td>{inner}</td></tr>", f"<style>{rules}</style><table>")


@pytest.mark.parametrize(
    ("rules", "text"),
    [
        (".x{display:none}", "13"),
        ("td span.x { DISPLAY : none }", "13"),
        (".x{visibility:hidden}", "13"),
        (".x{font-size:0;color:red}", "13"),
        ("/* once */ .y, .x{text-decoration:line-through}", "~~7~~13"),
        (".x{font-size:0} td .x{font-size:14pt}", "713"),
        (".x{font-size:16pt;line-height:1} td{height:18px}", "713"),
        (".x{vertical-align:super}", "⁷13"),
        (".x{position:absolute;left:-9999px}", "~~7~~13"),
        ("@media print{.x{display:none}} .z{display:none}", "713"),
        ("@media screen and (min-width:600px){.x{display:none}}", "13"),
        ("@supports (display:grid){.x{display:none}}", "13"),
        ("@media (max-width:600px){.x{display:none}}", "713"),
        (".x{display:none} .x{display:inline}", "713"),
        (".x{display:none} span{display:inline}", "13"),
        (".x{display:none!important} td .x{display:inline}", "13"),
        ("td{& .x{display:none}}", "13"),
        ("td span:first-child{display:none}", "13"),
        (":is(.x,.y){display:none}", "13"),
        ("td span:not(.y){display:none}", "13"),
        (".x{display:/* gone */none}", "13"),
        (".x{display:none", "13"),
        (".x{display:var(--d)}", "~~7~~13"),
        (".x::before{content:attr(id)}", "\ufffc713"),
        (".x:hover{display:none}", "713"),
        (".x{color:red}", "713"),
        (".x::before{content:'4'}", "4713"),
        ('.x:after{content:"4"}', "7413"),
        (".x::before{content:'»'}", "713"),
    ],
)
def test_the_stylesheet_inside_a_page(rules: str, text: str) -> None:
    assert styled(rules, '<span class="x">7</span>13') == [["许可", text]]


@pytest.mark.parametrize(("media", "text"), [("print", "713"), ("screen", "13"), ("all", "13"), ("", "13")])
def test_a_stylesheet_for_prints_hides_nothing(media: str, text: str) -> None:
    sheet = f"<style media='{media}'>.x{{display:none}}</style>"
    assert grid('<tr><td>许可</td><td><span class="x">7</span>13</td></tr>', f"{sheet}<table>") == [["许可", text]]


def test_a_tag_outdoes_the_stylesheet() -> None:
    assert styled(".x{display:none}", '<span class="x" style="display:inline">1</span>3') == [["许可", "13"]]


def test_a_hidden_column_takes_no_place() -> None:
    table = "<style>.old{display:none}</style><table><tr><td>许可</td><td class=old>9</td><td>13</td></tr>"
    assert [
        [cell.text for cell in row if cell] for row in next(page(f"{table}<tr><td>文件<td>4</table>").grids()).rows
    ] == [
        ["许可", "13"],
        ["文件", "4"],
    ]


def test_a_row_that_is_struck_out_is_kept_and_gives_nothing() -> None:
    row = "<tr style=text-decoration:line-through><td>许可</td><td>9</td></tr>"
    assert grid(row) == [["~~许可~~", "~~9~~"]]


def test_a_table_that_is_struck_by_a_slip_is_read_as_it_is() -> None:
    found = page("<s><table><tr><td>规章</td><td>0</td></tr><tr><td>文件</td><td>4</td></tr></table></s>")
    assert [[cell.text for cell in row if cell] for row in next(found.grids()).rows] == [["规章", "0"], ["文件", "4"]]
