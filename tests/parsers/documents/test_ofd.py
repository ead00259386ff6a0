"""OFD: text in order, tables from their lines, a row of a table that is one run of text taken apart."""

from __future__ import annotations

import io
import zipfile

import pytest

from parsers.documents import read
from parsers.documents.media import OFD
from parsers.documents.model import Document, Grid, Paragraph
from parsers.errors import Unreadable
from tests.parsers.documents.files import zipped
from tests.parsers.documents.make_ofd import make_ofd
from tests.parsers.documents.make_pdf import Page

TITLE = "某县财政局2021年政府信息公开工作年度报告"


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


def rows(grid: Grid) -> list[list[str | None]]:
    return [[cell.text if cell else None for cell in row] for row in grid.rows]


def replaced(content: bytes, old: str, new: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(buffer, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).decode().replace(old, new))
    return buffer.getvalue()


def test_lines_become_paragraphs_and_page_numbers_go() -> None:
    page = Page()
    page.text(180, 60, TITLE, 14)
    page.text(84, 100, "本报告由某县财政局编制，所列数据的统计期限自二〇二一年一月一日起至")
    page.text(60, 120, "十二月三十一日止，欢迎监督。")
    page.text(280, 820, "- 1 -", 10)
    document = read(make_ofd([page], TITLE))
    assert document.media_type == OFD
    assert document.title == TITLE
    assert texts(document) == [
        TITLE,
        "本报告由某县财政局编制，所列数据的统计期限自二〇二一年一月一日起至十二月三十一日止，欢迎监督。",
    ]


def test_a_ruled_table_is_a_grid() -> None:
    page = Page()
    page.text(60, 60, "表二")
    page.backgrounds.append((60, 80, 340, 104))
    page.table(60, 80, (120, 80, 80), [("信息内容", "本年制发件数", "现行有效件数"), ("规章", "", "3")])
    page.text(60, 160, "三、收到和处理")
    document = read(make_ofd([page]))
    (grid,) = document.grids()
    assert rows(grid) == [["信息内容", "本年制发件数", "现行有效件数"], ["规章", "", "3"]]
    assert texts(document) == ["表二", "三、收到和处理"]


def test_a_table_cut_by_the_page_is_one_grid() -> None:
    first, second = Page(), Page()
    first.table(60, 700, (120, 80), [("项目", "数量"), ("一、行政许可", "12")], last_line=False)
    second.table(60, 60, (120, 80), [("二、行政处罚", "3"), ("三、行政强制", "0")])
    (grid,) = read(make_ofd([first, second])).grids()
    assert rows(grid) == [["项目", "数量"], ["一、行政许可", "12"], ["二、行政处罚", "3"], ["三、行政强制", "0"]]


def test_a_row_in_one_run_of_text() -> None:
    """DeltaX jumps over the borders: 规章, 4 and 12 are cells, and no 412."""
    page = Page()
    page.table(60, 80, (120, 80, 80), [("信息内容", "制发", "现行"), ("", "", "")])
    page.text(64, 120, "规章412", 10)
    content = make_ofd([page])
    step = 10 * 25.4 / 72
    plain = f"DeltaX='{step} {step} {step / 2} {step / 2}'"
    jump = f"DeltaX='{step} {120 * 25.4 / 72 - step} {80 * 25.4 / 72} g 1 {step / 2}'"
    (grid,) = read(replaced(content, plain, jump)).grids()
    assert rows(grid)[1] == ["规章", "4", "12"]


def test_a_page_that_is_a_picture() -> None:
    content = replaced(make_ofd([Page()]), "<ofd:Layer ID='1'>", "<ofd:Layer ID='1'><ofd:ImageObject ResourceID='3'/>")
    (picture,) = read(content).pictures()
    assert picture.url == "#page=1"


def test_damage() -> None:
    good = make_ofd([Page()])
    for content in (replaced(good, "</ofd:Document>", ""), zipped({"OFD.xml": b"<OFD/>"}), good[:-40]):
        with pytest.raises(Unreadable) as caught:
            read(content)
        assert caught.value.reason == "damaged"


def test_entities_are_refused() -> None:
    hostile = replaced(make_ofd([Page()]), "<ofd:Document ", "<!DOCTYPE a [<!ENTITY b 'c'>]><ofd:Document ")
    with pytest.raises(Unreadable) as caught:
        read(hostile)
    assert caught.value.reason == "too_large"
