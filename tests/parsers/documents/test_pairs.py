"""The block of labels and values at the top of files that are no pages: a page that was saved as a Word file, or printed."""

from __future__ import annotations

import io
from datetime import date

import docx
import pytest

from parsers import Source, parse
from parsers.documents import grid, read
from parsers.documents.model import Block, Paragraph
from parsers.documents.pairs import from_blocks

_TITLE = "青河市数据局2023年政府信息公开工作年度报告"


def table(*rows: list[str]) -> Block:
    return grid.build([[[grid.RawCell(text) for text in row] for row in rows]])


BLOCK = (
    ["索 引 号：", "005275134/2024-00002", "发布机构：", "青河市数据局"],
    ["发布日期：", "2024-01-20", "文号：", ""],
)


def test_lines_and_small_tables_of_labels() -> None:
    found = from_blocks([Paragraph("首页"), table(*BLOCK), Paragraph(_TITLE), Paragraph("来源：本站  时效：有效")])
    assert found == (
        ("索 引 号", "005275134/2024-00002"),
        ("发布机构", "青河市数据局"),
        ("发布日期", "2024-01-20"),
        ("文号", ""),
        ("来源", "本站"),
        ("时效", "有效"),
    )


def test_nothing_below_the_first_form_counts() -> None:
    form = table(["信息内容", "本年制发件数"], ["规章", "3"])
    assert from_blocks([form, Paragraph("发布日期：2024-01-20")]) == ()
    assert from_blocks([table(*BLOCK * 5)]) == ()


def test_a_label_at_the_end_of_a_block_takes_no_value_from_the_next() -> None:
    assert from_blocks([table(["文号：", ""], ["发布日期：", ""]), Paragraph(_TITLE)]) == (
        ("文号", ""),
        ("发布日期", ""),
    )


@pytest.mark.parametrize("is_table", [True, False])
def test_the_day_of_publication_in_a_word_file(is_table: bool) -> None:
    made = docx.Document()
    if is_table:
        cells = made.add_table(2, 4)
        for row, texts in zip(cells.rows, BLOCK, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
    else:
        made.add_paragraph("发布日期：2024-01-20 索引号：005275134/2024-00002")
    for text in (_TITLE, "一、总体情况", "本机关认真做好政府信息公开工作，全年收到申请5件。" * 9):
        made.add_paragraph(text)
    buffer = io.BytesIO()
    made.save(buffer)
    page = parse(Source(buffer.getvalue())).page
    assert (page.published_on, page.index_number) == (date(2024, 1, 20), "005275134/2024-00002")


def test_a_value_on_the_line_below_its_label_in_a_text() -> None:
    text = f"索 引 号：\n005275134/2024-00002\n发布日期：\n2024-01-20\n{_TITLE}\n一、总体情况\n"
    assert read(text.encode()).pairs == (("索 引 号", "005275134/2024-00002"), ("发布日期", "2024-01-20"))


@pytest.mark.parametrize(
    "block",
    [
        "<table><tr><td><b>索 引 号：</b></td><td>A1</td><td><b>主题分类：</b></td><td>年报</td></tr></table>",
        "<table><tr><td><p>索引号：</p></td><td><p>A1</p></td><td><p>主题分类：</p></td><td><p>年报</p></td></tr></table>",
        "<table><tr><td><p><b>索引号：</b></p></td><td>A1</td></tr><tr><th>主题分类：</th><td>年报</td></tr></table>",
        "<table><tr><td><strong>索引号</strong></td><td><span>A1</span></td></tr><tr><td>主题分类</td><td>年报</td></tr></table>",
        "<ul><li>【索引号】A1</li><li>【主题分类】年报</li></ul>",
        "<p><em>索引号</em>：<i>A1</i></p><p><em>主题分类</em>：<i>年报</i></p>",
        "<dl><dt><b>索引号：</b></dt><dd>A1</dd><dt><b>主题分类：</b></dt><dd>年报</dd></dl>",
    ],
)
def test_a_label_in_an_element_of_its_own(block: str) -> None:
    """<td><b>索 引 号：</b></td> of the State Council's archive (domain.md section 4), cells of Word, items in brackets."""
    body = f"<div id='zoom'><p>{'本机关认真做好政府信息公开工作。' * 9}</p></div>"
    found = dict(read(f"<meta charset=utf-8><body>{block}{body}</body>".encode()).pairs)
    assert {label.replace(" ", ""): value for label, value in found.items()} == {"索引号": "A1", "主题分类": "年报"}


@pytest.mark.parametrize(
    "block",
    [
        "<table><tr><td><b>文号：</b></td><td></td><td><b>索引号：</b></td><td>A1</td></tr></table>",
        "<table><tr><td><b>文号：</b></td><td><b></b></td><td>索引号：</td><td>A1</td></tr></table>",
        "<table><tr><td><p>文号：</p></td><td><p></p></td></tr><tr><td><p>索引号：</p></td><td><p>A1</p></td></tr></table>",
        "<dl><dt><b>文号：</b></dt><dd></dd><dt>索引号：</dt><dd>A1</dd></dl>",
    ],
)
def test_an_empty_cell_is_an_empty_value(block: str) -> None:
    body = f"<div id='zoom'><p>{'本机关认真做好政府信息公开工作。' * 9}</p></div>"
    assert read(f"<meta charset=utf-8><body>{block}{body}</body>".encode()).pairs == (("文号", ""), ("索引号", "A1"))
