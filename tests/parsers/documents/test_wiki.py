"""Tables of wikis: cells stand in their columns, whether the spans of merged ones are written or lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from parsers import Source, parse
from parsers.documents import read
from parsers.documents.media import TEXT
from parsers.documents.model import Paragraph

_TITLE = "青河市数据局2023年政府信息公开工作年度报告"
_RESULTS = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
_BLOCKS = ("reconsideration", "litigation_direct", "litigation_after_reconsideration")
_KEYS = ("upheld", "corrected", "other", "pending", "total")
_FIGURES = ("", "0", "", "0", "", "0", "0", "", "0", "0", "1", "0", "", "0", "1")
"""Blanks in front: a sign between two rows that passed for a cell would move all of them."""


def lost(figures: Sequence[str]) -> list[str]:
    """Table four as Pandoc writes it: what was merged is blank."""
    first = ["行政复议", *[""] * 4, "行政诉讼", *[""] * 9]
    second = [*_RESULTS, "未经复议直接起诉", *[""] * 4, "复议后起诉", *[""] * 4]
    third = [*[""] * 5, *_RESULTS, *_RESULTS]
    lines = [f'!width="6%"| {text}'.rstrip() for text in first]
    for row in (second, third, figures):
        lines += ["|-", *(f"| {text}".rstrip() for text in row)]
    return lines


def spanned(figures: Sequence[str]) -> list[str]:
    """The same as people write it in a wiki."""
    return [
        '! colspan="5" | 行政复议 !! colspan="10" | 行政诉讼',
        "|-",
        *(f'| rowspan="2" | {text}' for text in _RESULTS),
        "| colspan=5 | 未经复议直接起诉 || colspan=5 | '''复议后起诉'''",
        '|- style="color:red"',
        "| " + " || ".join((*_RESULTS, *_RESULTS)),
        "|-",
        *(f"| {text}" for text in figures),
    ]


def page(rows: Sequence[str]) -> bytes:
    anchors = [f'<span id="{number}"></span>' for number in range(3)]
    lines = [
        f"= {_TITLE} =",
        *anchors,
        "== 四、行政复议、行政诉讼情况 ==",
        '{| class="wikitable"',
        *rows,
        "|}",
        "",
        "== 六、其他 ==",
    ]
    return "\n".join(lines).encode()


@pytest.mark.parametrize("write", [lost, spanned])
def test_table_four_keeps_its_columns(write: Callable[[Sequence[str]], list[str]]) -> None:
    report = parse(Source(page(write(_FIGURES))))
    read_as = [report.figures[block][key] for block in _BLOCKS for key in _KEYS]
    assert read_as == [int(text) if text else None for text in _FIGURES]


def test_a_header_that_has_moved_names_no_column_silently() -> None:
    """Pandoc drops the rows that a cell reaches down over, and all below begins at the left."""
    rows = lost(_FIGURES)
    moved = [line for line in rows[: rows.index("| 复议后起诉")] if line != "|"] + rows[rows.index("| 复议后起诉") :]
    report = parse(Source(page(moved)))
    read_as = [report.figures.get(block, {}).get(key) for block in _BLOCKS for key in _KEYS]
    wrong = [pair for pair in zip(read_as, _FIGURES, strict=True) if pair[0] is not None and str(pair[0]) != pair[1]]
    assert not wrong or any(flag.startswith("ambiguous_columns") for flag in report.flags)


def test_its_text_is_kept_and_its_headings_are_headings() -> None:
    document = read(page(["| 一", "两行", "| 二<br>三", "|-", "| 4 || 5"]))
    assert document.media_type == TEXT
    assert document.title == _TITLE
    assert Paragraph("四、行政复议、行政诉讼情况", 2) in document.blocks
    (grid,) = document.grids()
    assert [[cell and cell.text for cell in row] for row in grid.rows] == [["一\n两行", "二\n三"], ["4", "5"]]


def test_a_table_inside_a_cell_is_text() -> None:
    document = read(page(["| 规章", "|", "{|", "| 3", "|}", "|-", "| 规范性文件 || 4"]))
    assert not list(document.grids())
    assert "| 规章 |  | 3 |\n| 规范性文件 | 4 |" in document.text()
    assert "|-" not in document.text()
