"""HTML tables -> grids by the standard's table model; layout tables are read through."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from parsers.documents import read
from parsers.documents.grid import RawCell, build
from parsers.documents.model import Document, Grid, Paragraph
from tests.shared import shared


def body(markup: str) -> Document:
    return read(f"<html><body><div id='zoom'><p>表二</p>{markup}</div></body></html>".encode())


def grid_of(markup: str) -> Grid:
    (grid,) = body(f"<table>{markup}</table>").grids()
    return grid


def shape(grid: Grid) -> list[list[str | None]]:
    return [[cell.text if cell else None for cell in row] for row in grid.rows]


def test_spans_are_expanded_and_the_cell_is_one_object() -> None:
    grid = grid_of("<tr><td rowspan=2 colspan=2>甲</td><td>乙</td></tr><tr><td>丙</td></tr>")
    assert shape(grid) == [["甲", "甲", "乙"], ["甲", "甲", "丙"]]
    assert grid.rows[1][1] is grid.rows[0][0]


def test_rowspan_zero_reaches_to_the_end_of_its_row_group() -> None:
    grid = grid_of(
        "<tbody><tr><td rowspan=0>甲</td><td>1</td></tr><tr><td>2</td></tr></tbody><tbody><tr><td>3</td><td>4</td></tr></tbody>"
    )
    assert shape(grid) == [["甲", "1"], ["甲", "2"], ["3", "4"]]


def test_spans_do_not_leave_their_row_group() -> None:
    grid = grid_of(
        "<thead><tr><th rowspan=9>甲</th><th>乙</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody>"
    )
    assert shape(grid) == [["甲", "乙"], ["1", "2"]]
    assert grid.rows[0][0] is not None
    assert (grid.rows[0][0].header, grid.rows[0][0].row_span) == (True, 1)


def test_overlong_spans_are_cut_and_ragged_rows_filled() -> None:
    grid = grid_of(
        "<tr><td colspan=99>第二十条第（一）项</td></tr><tr><td>规章</td><td>0</td></tr><tr><td>备注</td></tr>"
    )
    assert shape(grid) == [["第二十条第（一）项"] * 2, ["规章", "0"], ["备注", None]]


def test_a_footer_comes_last_and_a_caption_is_kept() -> None:
    grid = grid_of(
        "<caption>表三</caption><tfoot><tr><td>总计</td><td>2</td></tr></tfoot><tr><td>甲</td><td>1</td></tr>"
    )
    assert shape(grid) == [["甲", "1"], ["总计", "2"]]
    assert grid.caption == "表三"


def test_cells_keep_lines_and_blanks() -> None:
    grid = grid_of(
        "<tr><td><p>商业</p><p>企业</p></td><td>科研<br>机构</td><td>&nbsp;</td></tr>"
        "<tr><td> <span>1</span><span>2</span> </td><td>　</td><td></td></tr>"
    )
    assert shape(grid) == [["商业\n企业", "科研\n机构", "\u00a0"], ["12", "\u3000", ""]]


def test_figures_in_input_fields_are_read() -> None:
    assert shape(grid_of("<tr><td>规章</td><td><input value='7'><input type='hidden' value='9'></td></tr>")) == [
        ["规章", "7"]
    ]


def test_unclosed_cells() -> None:
    assert shape(grid_of("<tr><td>甲<td>1<tr><td>乙<td>2")) == [["甲", "1"], ["乙", "2"]]


def test_layout_tables_are_read_through() -> None:
    inner = "<table><tr><td>规章</td><td>1</td></tr><tr><td>规范性文件</td><td>2</td></tr></table>"
    document = body(
        f"<table><tr><td colspan=2>二、主动公开政府信息情况</td></tr><tr><td>如下</td><td>{inner}</td></tr></table>"
    )
    (grid,) = document.grids()
    assert shape(grid) == [["规章", "1"], ["规范性文件", "2"]]
    assert [b.text for b in document.blocks if isinstance(b, Paragraph)] == ["表二", "二、主动公开政府信息情况", "如下"]


def test_prose_in_a_table_is_prose() -> None:
    prose = "全年主动公开政府信息若干条，均已按时答复，未收取任何费用。" * 12
    document = body(f"<table><tr><td>一、总体情况</td><td>说明</td></tr><tr><td>{prose}</td><td></td></tr></table>")
    assert not list(document.grids())
    assert prose in document.text()


def test_pictures_in_cells_are_kept() -> None:
    document = body("<table><tr><td>甲</td><td><img src='x.png'></td></tr></table>")
    assert [picture.url for picture in document.pictures()] == ["x.png"]


@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 6), st.integers(-1, 400), st.text("甲乙1 ", max_size=2)), max_size=6),
        max_size=8,
    )
)
def test_grids_are_rectangular_and_lose_no_cell(rows: list[list[tuple[int, int, str]]]) -> None:
    grid = build([[[RawCell(text, down, right) for down, right, text in row] for row in rows]])
    assert {len(row) for row in grid.rows} <= {grid.width}
    cells = {(cell.row, cell.column): cell for row in grid.rows for cell in row if cell}
    assert len(cells) == sum(map(len, rows))
    for cell in cells.values():
        assert cell.row + cell.row_span <= len(grid.rows)
        assert cell.column + cell.column_span <= grid.width


def test_the_real_forms_have_their_shape() -> None:
    document = read(shared("real", "html", "shanghai_office_2019.html").read_bytes())
    assert [(len(grid.rows), grid.width) for grid in document.grids()] == [(18, 5), (26, 10), (4, 15)]
