"""Tables drawn in texts: cells between lines, whatever they span; what does not close stays text."""

from __future__ import annotations

import pytest

from parsers import Source, parse
from parsers.documents import read
from parsers.documents.model import Document

_TITLE = "青河市数据局2023年政府信息公开工作年度报告"
_BLOCKS = ("reconsideration", "litigation_direct", "litigation_after_reconsideration")
_KEYS = ("upheld", "corrected", "other", "pending", "total")
_FIGURES = [None, 52, None, 150, 202, None, None, 116, None, 116, None, None, 0, 104, 104]

SPANNED = """\
┌────────────────────────────────────────┬─────────────────────────────────────────────────────────────────────────────────┐
│行政复议                                │行政诉讼                                                                         │
├────────┬────────┬────────┬────────┬────┼────────────────────────────────────────┬────────────────────────────────────────┤
│        │        │        │        │    │未经复议直接起诉                        │复议后起诉                              │
│结果维持│结果纠正│其他结果│尚未审结│总计├────────┬────────┬────────┬────────┬────┼────────┬────────┬────────┬────────┬────┤
│        │        │        │        │    │结果维持│结果纠正│其他结果│尚未审结│总计│结果维持│结果纠正│其他结果│尚未审结│总计│
├────────┼────────┼────────┼────────┼────┼────────┼────────┼────────┼────────┼────┼────────┼────────┼────────┼────────┼────┤
│        │52      │        │150     │202 │        │/       │116     │/       │116 │/       │/       │0       │104     │104 │
└────────┴────────┴────────┴────────┴────┴────────┴────────┴────────┴────────┴────┴────────┴────────┴────────┴────────┴────┘
"""
"""As text browsers dump it."""
BLANK = """\
+-------+-------+-------+-------+------+-------+-------+-------+-------+------+-------+-------+-------+-------+------+
| 行政  |       |       |       |      | 行政  |       |       |       |      |       |       |       |       |      |
| 复议  |       |       |       |      | 诉讼  |       |       |       |      |       |       |       |       |      |
+-------+-------+-------+-------+------+-------+-------+-------+-------+------+-------+-------+-------+-------+------+
| 结果  | 结果  | 其他  | 尚未  | 总计 | 未经  |       |       |       |      | 复    |       |       |       |      |
| 维持  | 纠正  | 结果  | 审结  |      | 复议  |       |       |       |      | 议后  |       |       |       |      |
|       |       |       |       |      | 直接  |       |       |       |      | 起诉  |       |       |       |      |
|       |       |       |       |      | 起诉  |       |       |       |      |       |       |       |       |      |
+-------+-------+-------+-------+------+-------+-------+-------+-------+------+-------+-------+-------+-------+------+
|       |       |       |       |      | 结果  | 结果  | 其他  | 尚未  | 总计 | 结果  | 结果  | 其他  | 尚未  | 总计 |
|       |       |       |       |      | 维持  | 纠正  | 结果  | 审结  |      | 维持  | 纠正  | 结果  | 审结  |      |
+=======+=======+=======+=======+======+=======+=======+=======+=======+======+=======+=======+=======+=======+======+
|       | 52    |       | 150   | 202  |       | /     | 116   | /     | 116  | /     | /     | 0     | 104   | 104  |
+-------+-------+-------+-------+------+-------+-------+-------+-------+------+-------+-------+-------+-------+------+
"""
"""As Pandoc writes it: the spans are lost, the words are cut."""


def texts(document: Document) -> list[list[list[str | None]]]:
    return [[[one.text if one else None for one in line] for line in grid.rows] for grid in document.grids()]


@pytest.mark.parametrize("table", [SPANNED, BLANK, SPANNED.replace("\n", "\n   ").join(("   ", "")), SPANNED + BLANK])
def test_table_four(table: str) -> None:
    report = parse(Source(f"{_TITLE}\n\n四、行政复议、行政诉讼情况\n\n{table}\n\n六、其他\n".encode()))
    assert [report.figures[block][key] for block in _BLOCKS for key in _KEYS] == _FIGURES


def test_a_wide_character_that_pushes_a_drawing_out_of_shape() -> None:
    drawing = "+---+---+\n| 许 | 1 |\n| 可 |   |\n+---+---+\n| 罚 | 4 |\n+---+---+\n| 罚款 | 5 |\n+---+---+"
    assert texts(read(drawing.encode())) == [[["许\n可", "1"], ["罚", "4"], ["罚款", "5"]]]


def test_a_header_that_alone_is_ruled_off_has_a_row_a_line_below() -> None:
    drawing = "+------+----+----+\n| 名称 | 甲 | 乙 |\n+------+----+----+\n| 许可 | 13 |    |\n| 处罚 |    | 4  |\n+------+----+----+"
    assert texts(read(drawing.encode())) == [[["名称", "甲", "乙"], ["许可", "13", ""], ["处罚", "", "4"]]]


def test_two_drawings_one_below_the_other_are_two() -> None:
    one = "┌──┬──┐\n│许│13│\n├──┼──┤\n│罚│4 │\n└──┴──┘\n"
    other = one.replace("─", "═").replace("┌", "╒").replace("└", "╘").replace("13", "14")
    ruled = "+--+--+\n|许|15|\n+--+--+\n|罚|4 |\n+--+--+\n"
    assert texts(read((one + other + ruled + ruled).encode())) == [
        [["许", figure], ["罚", "4"]] for figure in ("13", "14", "15", "15")
    ]


def test_cells_that_reach_down_and_across() -> None:
    drawing = "┌──┬──┬──┐\n│甲│乙   │\n│  ├──┬──┤\n│  │1 │2 │\n├──┴──┼──┤\n│丙   │3 │\n└─────┴──┘"
    assert texts(read(drawing.encode())) == [[["甲", "乙", "乙"], ["甲", "1", "2"], ["丙", "丙", "3"]]]


@pytest.mark.parametrize(
    "drawing",
    [
        "┌──┬──┐\n│许│13│\n├──┼──┤\n│罚│4\n└──┴──┘",
        "┌──┬──┐\n│许│13│\n├──┼──┤\n│罚│4 │\n",
        "┌──┬──┐\n│许│13│\n├──┼─ ┤\n│罚│4 │\n└──┴──┘",
    ],
)
def test_a_drawing_that_does_not_close_is_read_by_the_signs_between_its_cells(drawing: str) -> None:
    assert texts(read(drawing.encode())) == [[["许", "13"], ["罚", "4"]]]


def test_a_piece_of_a_drawing_is_text() -> None:
    drawing = "┌────┬───┐\n│ 甲 │ 乙│\n│    ├─\n│ 1 2 ┤"
    document = read(drawing.encode())
    assert not list(document.grids())
    assert [one for one in document.text() if one.isalnum()] == ["甲", "乙", "1", "2"]


def test_rows_that_no_line_parts_are_rows() -> None:
    drawing = "╔════════╦════╗\n║ 许可   ║ 13 ║\n╠════════╬════╣\n║ 处罚   ║ 4  ║\n║ 强制   ║ 5  ║\n╚════════╩════╝"
    assert texts(read(drawing.encode())) == [[["许可", "13"], ["处罚", "4"], ["强制", "5"]]]
