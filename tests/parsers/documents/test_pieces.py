"""Numbers put together from pieces that a stylesheet may treat differently, which is not at hand."""

from __future__ import annotations

import pytest

from parsers import Source, parse
from parsers.documents import read
from parsers.report import Semantic
from tests.parsers import forms

_LINKED = '<link rel="stylesheet" href="a.css">'


def cell(inner: str, head: str = _LINKED) -> str:
    page = f"<html><head><meta charset=utf-8>{head}</head><table><tr><td>许可<td>{inner}<tr><td>处罚<td>4</table>"
    (grid,) = read(page.encode(), media_type="text/html").grids()
    found = grid.rows[0][1]
    assert found is not None
    return found.text


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        ('<span class="a1">5</span>6', "~~5~~6"),
        ('6<span class="a1">5</span>', "6~~5~~"),
        ('<b><i id="a1">5</i></b>6', "~~5~~6"),
        ('<p><span class="a1">5</span><span class="a2">6</span></p>', "~~5~~~~6~~"),
        ('<span class="a1">5</span><span class="a1">6</span>', "56"),
        ('<span class="a1">56</span>', "56"),
        ('<span class="a1">5<b>6</b></span>', "56"),
        ('<span style="font-family:Arial">5</span>6', "56"),
        ('56<span class="unit">件</span>', "56件"),
        ('<span class="a1">第</span>6', "第6"),
        ('<p class="a1">5</p><p>6</p>', "5\n6"),
        ('<span class="a1"></span>56', "56"),
        ('56<sup class="a1">1</sup>', "56¹"),
        ('56<span class="a1" style="vertical-align:super">1</span>', "56¹"),
        ('<span class="a1" hidden>5</span>6', "6"),
        ('<i hidden>5</i><span class="a1">6</span>', "6"),
    ],
)
def test_a_piece_with_a_look_of_its_own(inner: str, text: str) -> None:
    assert cell(inner) == text


@pytest.mark.parametrize(
    ("head", "text"),
    [
        ("", "56"),
        ("<style>.a1{color:red}</style>", "56"),
        ("<style>@import url(a.css);</style>", "~~5~~6"),
        ('<link rel="icon" href="a.ico">', "56"),
    ],
)
def test_all_the_stylesheets_are_at_hand_or_not(head: str, text: str) -> None:
    assert cell('<span class="a1">5</span>6', head) == text


def test_what_an_interface_sends_is_shown_by_the_portals_stylesheet() -> None:
    (grid,) = read(b'<table><tr><td>a<td><b class="x">5</b>6<tr><td>b<td>4</table>', media_type="text/html").grids()
    assert grid.rows[0][1] is not None
    assert grid.rows[0][1].text == "~~5~~6"


def test_the_figure_is_null_and_its_table_flagged() -> None:
    path = "proactive.administrative_licensing.decisions"
    table = forms.html(forms.template("e2021_v30"), {path: "@"}).replace("@", '<span class="old">5</span>6')
    title = "青河市水务局2023年政府信息公开工作年度报告"
    report = parse(Source(f"<html><head>{_LINKED}<title>{title}</title></head><h1>{title}</h1>{table}".encode()))
    (found,) = [cell for cell in report.cells if cell.path == path]
    assert (found.value, found.semantic) == (None, Semantic.TEXT)
    assert "text_in_cell:proactive" in report.flags
