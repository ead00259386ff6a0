"""PDF: text complete, tables from their lines, what page breaks cut put together again."""

from __future__ import annotations

import pytest

from parsers.documents import read
from parsers.documents.model import Document, Grid, Paragraph
from parsers.documents.pdf_drawn import struck
from parsers.documents.pdf_lines import Char, lines_of
from parsers.documents.pdf_tables import PdfCell, PdfTable, fill, to_grid
from parsers.documents.placed import assemble
from parsers.documents.radicals import repair
from parsers.errors import Unreadable
from tests.parsers.documents.make_pdf import Page, make_pdf
from tests.shared import shared


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


def rows(grid: Grid) -> list[list[str | None]]:
    return [[cell.text if cell else None for cell in row] for row in grid.rows]


def prose_page() -> Page:
    page = Page()
    page.text(180, 60, "某县财政局2021年政府信息公开工作年度报告", 14)
    page.text(84, 100, "本报告由某县财政局编制，所列数据的统计期限自二〇二一年一月一日起至")
    page.text(60, 120, "十二月三十一日止，欢迎监督。")
    page.text(84, 140, "一、总体情况")
    page.text(280, 820, "- 1 -", 10)
    return page


def test_lines_become_paragraphs_and_page_numbers_go() -> None:
    document = read(make_pdf([prose_page()], title="某县财政局2021年政府信息公开工作年度报告"))
    assert document.media_type == "application/pdf"
    assert document.title == "某县财政局2021年政府信息公开工作年度报告"
    assert texts(document) == [
        "某县财政局2021年政府信息公开工作年度报告",
        "本报告由某县财政局编制，所列数据的统计期限自二〇二一年一月一日起至十二月三十一日止，欢迎监督。",
        "一、总体情况",
    ]


@pytest.mark.parametrize("rotate", [0, 90])
def test_a_ruled_table_is_a_grid(rotate: int) -> None:
    page = Page(rotate=rotate)
    page.text(60, 60, "表二")
    page.table(60, 80, (120, 80, 80), [("信息内容", "本年制发件数", "现行有效件数"), ("规章", "0", "3")])
    page.text(60, 160, "三、收到和处理")
    document = read(make_pdf([page]))
    (grid,) = document.grids()
    assert rows(grid) == [["信息内容", "本年制发件数", "现行有效件数"], ["规章", "0", "3"]]
    assert grid.page == 1
    assert [type(block).__name__ for block in document.blocks] == ["Paragraph", "Grid", "Paragraph"]


def test_a_table_cut_by_the_page_is_one_grid() -> None:
    first, second = Page(), Page()
    first.table(60, 700, (120, 80), [("项目", "数量"), ("一、行政许可", "12")], last_line=False)
    first.text(280, 825, "- 1 -", 10)
    second.table(60, 60, (120, 80), [("二、行政处罚", "7"), ("三、行政强制", "0")])
    second.text(60, 200, "五、存在的主要问题")
    document = read(make_pdf([first, second]))
    (grid,) = document.grids()
    assert [row[1] for row in rows(grid)] == ["数量", "12", "7", "0"]


def test_a_repeated_header_is_not_repeated() -> None:
    first, second = Page(), Page()
    first.table(60, 700, (120, 80), [("项目", "数量"), ("一、行政许可", "12")])
    second.table(60, 60, (120, 80), [("项目", "数量"), ("二、行政处罚", "7")])
    (grid,) = read(make_pdf([first, second])).grids()
    assert rows(grid) == [["项目", "数量"], ["一、行政许可", "12"], ["二、行政处罚", "7"]]


def test_tables_with_text_between_them_stay_two() -> None:
    first, second = Page(), Page()
    first.table(60, 700, (120, 80), [("项目", "数量"), ("行政许可", "12")])
    second.text(60, 50, "三、另一张表")
    second.table(60, 80, (120, 80), [("项目", "数量"), ("行政处罚", "7")])
    assert len(list(read(make_pdf([first, second])).grids())) == 2


def test_a_label_cut_by_the_page_is_one_label() -> None:
    """（四）无 / 法提供, with the values on the first page."""
    first, second = Page(), Page()
    first.table(60, 700, (120, 80, 80), [("项目", "自然人", "总计"), ("（四）无", "3", "3")])
    second.table(60, 60, (120, 80, 80), [("法提供", "", ""), ("（五）不予处理", "1", "1")])
    (grid,) = read(make_pdf([first, second])).grids()
    assert rows(grid) == [["项目", "自然人", "总计"], ["（四）无\n法提供", "3", "3"], ["（五）不予处理", "1", "1"]]


def test_a_frame_around_prose_is_no_table() -> None:
    page = Page()
    page.table(60, 60, (400,), [("一段文字，四周有框。",), ("又一段文字。",)])
    document = read(make_pdf([page]))
    assert not list(document.grids())
    assert texts(document) == ["一段文字，四周有框。", "又一段文字。"]


def test_backgrounds_of_lines_are_no_borders() -> None:
    page = Page()
    for n in range(8):
        page.backgrounds.append((60, 60 + 20 * n, 460, 80 + 20 * n))
        page.text(60, 75 + 20 * n, f"第{n}行的文字没有表格")
    assert not list(read(make_pdf([page])).grids())


def test_numbers_in_neighbouring_columns_stay_apart_without_lines() -> None:
    page = Page()
    for n, text in enumerate(("行政许可", "550", "12")):
        page.text(60 + 120 * n, 60, text)
    assert texts(read(make_pdf([page]))) == ["行政许可 550 12"]


def test_a_title_in_two_sizes_is_one_line_when_it_stands_on_one() -> None:
    chars = [Char("二", 10, 10, 22, 22), Char("2", 22, 12, 28, 22), Char("页", 28, 10, 40, 22)]
    assert [line.text for line in lines_of(chars)] == ["二2页"]


def test_radicals_become_characters() -> None:
    assert repair("⼈⺠政府⾏政⻔户⻚⾯⻅⻛") == "人民政府行政门户页面见风"
    assert repair("① （一）Ａ") == "① （一）Ａ"


@pytest.mark.parametrize("content", [b"%PDF-1.4\nnothing", make_pdf([Page()])[:200]])
def test_a_damaged_pdf_says_so(content: bytes) -> None:
    with pytest.raises(Unreadable) as caught:
        read(content)
    assert caught.value.reason == "damaged"


def test_too_many_pages() -> None:
    with pytest.raises(Unreadable) as caught:
        read(make_pdf([Page() for _ in range(401)]))
    assert caught.value.reason == "too_large"


def test_a_pdf_under_another_name_and_behind_blank_lines() -> None:
    page = Page()
    page.table(60, 60, (120, 80), [("项目", "数量"), ("行政许可", "12")])
    document = read(b"\r\n\r\n" + make_pdf([page]), url="http://example.gov.cn/a.html", media_type="text/html")
    assert document.media_type == "application/pdf"
    assert len(list(document.grids())) == 1


def test_a_real_report_of_a_district() -> None:
    """洪泽区 2023: tables cut by pages, white backgrounds behind every line, one label printed upright."""
    document = read(shared("real", "huaian_hongze_2023.pdf").read_bytes())
    two, three, four = document.grids()
    assert (len(two.rows), two.width) == (14, 4)
    assert (len(three.rows), three.width) == (26, 10)
    assert (len(four.rows), four.width) == (4, 15)
    label = three.rows[5][0]
    assert label is not None
    assert ("".join(label.text.split()), label.row_span) == ("三、本年度办理结果", 20)
    assert "渠。2023年全区受理政府信息公开申请21件" in document.text()
    assert "- 3 -" not in document.text()


def one_row(columns: int, page: int, texts: str = "7") -> PdfTable:
    cells = [(60.0 + 30 * n, 57.0, 90.0 + 30 * n, 90.0) for n in range(columns)]
    chars = [Char(texts, x0 + 10, 65, x0 + 16, 77) for x0, *_ in cells]
    table, taken = fill(page, cells, chars)
    assert table is not None
    assert len(taken) == columns
    return table


@pytest.mark.parametrize(("columns", "is_table"), [(15, True), (5, True), (4, False), (2, False)])
def test_the_last_row_of_a_table_on_a_page_of_its_own(columns: int, is_table: bool) -> None:
    """Table four has one row of figures; a page break above it leaves a table of one row. A frame has few columns."""
    table = one_row(columns, 3)
    assert [cell.text for cell in table.cells] == ["7"] * columns
    blocks = assemble([[table]])
    assert [type(block) for block in blocks] == ([Grid] if is_table else [Paragraph])


@pytest.mark.parametrize("is_first", [True, False])
def test_a_row_of_few_columns_belongs_to_the_table_overleaf(is_first: bool) -> None:
    """The header of a form alone at the foot of a page, or its last row alone at the head of one."""
    page = 1 if is_first else 3
    cells = [(60.0 + 30 * n, y, 90.0 + 30 * n, y + 20) for y in (100.0, 120.0) for n in range(3)]
    table, _ = fill(2, cells, [Char("5", x0 + 10, y + 5, x0 + 16, y + 15) for x0, y, *_ in cells])
    assert table is not None
    pages = [[one_row(3, page)], [table]] if is_first else [[table], [one_row(3, page)]]
    (grid,) = assemble(pages)
    assert isinstance(grid, Grid)
    assert [row[0] for row in rows(grid)] == (["7", "5", "5"] if is_first else ["5", "5", "7"])


def test_a_number_that_reaches_over_the_border_is_whole() -> None:
    """Tables that touch are taken for one, and their borders for the same, which are some points apart."""
    chars = [Char(text, 57.0 + 5 * n, 44, 62.0 + 5 * n, 54) for n, text in enumerate("8,971")]
    boxes = [(20, 40, 61, 60), (61, 40, 100, 60), (20, 60, 61, 80), (61, 60, 100, 80)]
    table, _ = fill(1, [(float(a), float(b), float(c), float(d)) for a, b, c, d in boxes], chars)
    assert table is not None
    assert [cell.text for cell in table.cells] == ["", "8,971", "", ""]


def test_figures_alone_on_the_next_page_are_figures_below_their_headers() -> None:
    """A blank below 结果维持, which spans two rows, is a blank figure and not the rest of the label."""
    heads = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
    columns = [(60.0 + 80 * n, 140.0 + 80 * n) for n in range(5)]
    upper = [PdfCell("行政复议", 60, 700, 460, 720)]
    upper += [PdfCell(text, x0, 720, x1, 760) for text, (x0, x1) in zip(heads, columns, strict=True)]
    upper += [PdfCell("", 460, y, 500, y + 20) for y in (700.0, 720.0, 740.0)]
    lower = [PdfCell(text, x0, 57, x1, 90) for text, (x0, x1) in zip(("", "3", "", "0", "3"), columns, strict=True)]
    lower.append(PdfCell("0", 460, 57, 500, 90))
    made = to_grid([PdfTable(2, (60, 700, 500, 760), tuple(upper)), PdfTable(3, (60, 57, 500, 90), tuple(lower))], 0)
    assert [cell.text if cell else None for cell in made.rows[-1]] == ["", "3", "", "0", "3", "0"]


def test_a_footnotes_mark_is_told_by_its_height() -> None:
    raised = Char("1", 36.8, 51.0, 43.1, 62.6)
    chars = [Char("1", 21.5, 53.9, 29.1, 67.8), Char("3", 29.1, 53.9, 36.8, 67.8)]
    assert [line.text for line in lines_of([*chars, raised])] == ["13¹"]
    low = raised._replace(top=56.2, bottom=67.5)
    assert [line.text for line in lines_of([*chars, low])] == ["131"]


@pytest.mark.parametrize(("width", "text"), [(30.0, "14358"), (90.0, "143\n58")])
def test_a_number_in_a_cell_that_is_too_narrow_for_it(width: float, text: str) -> None:
    """Two lines of a wide cell are two figures."""
    cells = [(60.0 + width * n, 50.0, 60.0 + width * (n + 1), 90.0) for n in range(5)]
    places = ((5, 55), (12, 55), (19, 55), (5, 70), (12, 70))
    chars = [Char(digit, 60.0 + x, y, 66.0 + x, y + 12) for digit, (x, y) in zip("14358", places, strict=True)]
    table, _ = fill(3, cells, chars)
    assert table is not None and table.cells[0].text == text


def rule(x0: float, x1: float, y: float) -> dict[str, object]:
    return {"orientation": "h", "x0": x0, "x1": x1, "top": y, "bottom": y}


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        ([rule(20, 36.8, 60)], "~~13~~6"),
        ([rule(20, 29, 60)], "~~1~~36"),
        ([rule(20, 45, 53.9), rule(20, 45, 66.9)], "136"),
        ([rule(60, 90, 60)], "136"),
    ],
)
def test_digits_that_a_line_goes_through(lines: list[dict[str, object]], text: str) -> None:
    """Borders run above and underlines below them; a line beside them is not theirs."""
    chars = [Char(digit, 21.5 + 7.6 * n, 53.9, 29.1 + 7.6 * n, 67.8) for n, digit in enumerate("136")]
    assert [line.text for line in lines_of(struck(chars, lines))] == [text]


def cut(upper: list[PdfCell], lower: list[PdfCell]) -> list[list[str | None]]:
    """The rows of a table whose parts stand on two pages."""
    parts = []
    for page, cells in enumerate((upper, lower), start=1):
        box = (cells[0].x0, min(c.top for c in cells), max(c.x1 for c in cells), max(c.bottom for c in cells))
        parts.append(PdfTable(page, box, tuple(cells)))
    return rows(to_grid(parts, 0))


def across(top: float, bottom: float, texts: list[str], first: float = 0) -> list[PdfCell]:
    """Cells of 40 points side by side."""
    return [PdfCell(text, first + 40 * n, top, first + 40 * n + 40, bottom) for n, text in enumerate(texts)]


def test_a_row_that_goes_on_overleaf_beside_its_group() -> None:
    """LibreOffice lets rows break across pages: of the group's and the row's label the rest is below, the figures above."""
    upper = [*across(700, 720, ["（三\n）不", "1.属\n于国", "7", "", "9"])]
    lower = [
        PdfCell("予公\n开", 0, 50, 40, 90),
        *across(50, 70, ["家秘\n密", "", "", ""], 40),
        *across(70, 90, ["2.其\n他", "1", "2", "3"], 40),
    ]
    group = "（三\n）不\n予公\n开"
    assert cut(upper, lower) == [[group, "1.属\n于国\n家秘\n密", "7", "", "9"], [group, "2.其\n他", "1", "2", "3"]]


def test_a_group_that_ends_with_a_row_that_goes_on_overleaf() -> None:
    upper = [PdfCell("（四）无", 0, 660, 40, 720), *across(660, 690, ["1.", "5", "5"], 40), *across(690, 720, ["2.没有", "", "4"], 40)]  # fmt: skip
    lower = [*across(50, 70, ["法提供", "信息", "", ""]), *across(70, 90, ["（五）", "1.", "1", "1"])]
    group = "（四）无\n法提供"
    assert cut(upper, lower) == [
        [group, "1.", "5", "5"],
        [group, "2.没有\n信息", "", "4"],
        ["（五）", "1.", "1", "1"],
    ]


def test_what_has_no_ordinal_and_figures_of_its_own_is_a_row() -> None:
    upper, lower = (
        across(700, 720, ["2.在线访谈次数", "次", "3"]),
        across(50, 70, ["其中：主要负责同志参加", "次", "0"]),
    )
    assert cut(upper, lower) == [["2.在线访谈次数", "次", "3"], ["其中：主要负责同志参加", "次", "0"]]


def test_a_row_without_figures_below_another_is_no_rest_of_a_label_that_begins_nowhere() -> None:
    upper, lower = across(700, 720, ["", "7", "9"]), across(50, 70, ["规范性文件", "", ""])
    assert cut(upper, lower) == [["", "7", "9"], ["规范性文件", "", ""]]


def test_a_mark_that_hangs_over_the_border_belongs_to_its_line() -> None:
    """ReportLab and Word let 、 stand beyond the line's end: its middle may be in the next cell."""
    label = [Char(text, 20.0 + 10 * n, 50, 30.0 + 10 * n, 60) for n, text in enumerate("用、")]
    boxes = [(0, 40, 34, 70), (34, 40, 80, 70), (80, 40, 120, 70)]
    table, _ = fill(1, [*boxes, *((x0, 70, x1, 90) for x0, _, x1, _ in boxes)], [*label, Char("0", 55, 50, 60, 60)])
    assert table is not None
    assert [cell.text for cell in table.cells] == ["用、", "0", "", "", "", ""]
