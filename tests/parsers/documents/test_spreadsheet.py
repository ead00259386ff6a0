"""XLS and XLSX: grids with their merged cells, sentences as paragraphs."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest
from xlrd.compdoc import SIGNATURE as OLE_SIGNATURE

from parsers.documents import read
from parsers.documents.media import XLS, XLSX
from parsers.documents.model import Document, Grid, Paragraph
from parsers.documents.workbooks import open_xls
from parsers.errors import Unreadable
from tests.parsers.documents import invented
from tests.parsers.documents.files import fixture, xlsx

SHEET = xlsx({"统计表": [["信息内容", "数量"], ["规章", 3], ["许可", 14358]]}, merged=["A1:A2"])


def shown(document: Document) -> list[str]:
    return [block.text() if isinstance(block, Grid) else f"¶{getattr(block, 'text', '')}" for block in document.blocks]


def test_every_figure_and_every_line_of_an_old_workbook() -> None:
    document = read(fixture("report.xls"), media_type="application/octet-stream")
    assert document.media_type == XLS
    assert document.title == invented.TITLE
    assert invented.wrong(document) == {}
    lines = {block.text for block in document.blocks if isinstance(block, Paragraph)}
    assert lines.issuperset((*invented.BEFORE, *invented.AFTER))


def test_what_an_old_workbook_hides_strikes_out_or_formats() -> None:
    (grid,) = read(fixture("marks.xls")).grids()
    assert [tuple(cell.text for cell in row if cell) for row in grid.rows] == [
        ("写法", "数量"),
        ("整格划去", "~~13~~"),
        ("划去一半", "~~713~~"),
        ("白字", "13~~7~~"),
        ("小字", "13~~7~~"),
        ("上标", "13¹"),
        ("百分比", "13%"),
        ("单位", "13件"),
        ("会计零", "-"),
        ("末行", "13"),
    ]


def test_the_form_row_by_row() -> None:
    rows = [[float(cell) if cell.isdigit() else cell for cell in row] for row in invented.rows()]
    assert invented.wrong(read(xlsx({"附表": rows}))) == {}


def test_numbers_as_the_sheet_shows_them() -> None:
    document = read(xlsx({"Sheet1": [["甲", "乙"], [35.0, 0.1 + 0.2], [13015.02, 1e6]]}))
    assert shown(document) == ["甲\t乙\n35\t0.3\n13015.02\t1000000"]
    assert document.media_type == XLSX


def test_titles_are_paragraphs_and_captions_rows() -> None:
    sheet = [
        ["某局2023年政府信息公开情况统计表", None, None],
        ["信息内容", "本年", "累计"],
        ["规章", 1, 2],
        ["第二十条第(五)项", None, None],
        ["行政许可", 3, 4],
        ["填表人：张三", None, None],
    ]
    document = read(xlsx({"统计表": sheet}, merged=["A1:C1", "A4:C4", "A6:C6"]))
    assert shown(document) == [
        "¶统计表",
        "¶某局2023年政府信息公开情况统计表",
        "信息内容\t本年\t累计\n规章\t1\t2\n第二十条第(五)项\n行政许可\t3\t4",
        "¶填表人：张三",
    ]
    (grid,) = document.grids()
    assert grid.rows[2][0] is grid.rows[2][2]


def test_a_cell_merged_downwards_keeps_its_rows_together() -> None:
    document = read(xlsx({"Sheet1": [["结果", "公开", 1], [None, "不公开", 2], [None, None, None]]}, merged=["A1:A3"]))
    (grid,) = document.grids()
    assert len(grid.rows) == 2
    assert grid.rows[0][0] is grid.rows[1][0]


def test_a_label_without_figures_is_a_row() -> None:
    document = read(xlsx({"Sheet1": [["信息内容", "数量"], ["行政许可", 2], ["行政处罚", None]]}))
    assert shown(document) == ["信息内容\t数量\n行政许可\t2\n行政处罚"]


def test_hidden_sheets_stay_hidden() -> None:
    document = read(xlsx({"Sheet1": [["一", 1]], "底稿": [["二", 2]]}, hidden=["底稿"]))
    assert shown(document) == ["一\t1"]


def test_cells_far_apart_are_refused() -> None:
    content = xlsx({"Sheet1": [["A", 1]]})
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'r="B1"', b'r="XFD1048576"'))
    with pytest.raises(Unreadable) as caught:
        read(buffer.getvalue())
    assert caught.value.reason == "too_large"


@pytest.mark.parametrize("content", [fixture("report.xls")[:3000], xlsx({"a": [["x"]]})[:-40]])
def test_damage(content: bytes) -> None:
    with pytest.raises(Unreadable) as caught:
        read(content)
    assert caught.value.reason == "damaged"


def test_blank_cells_at_the_end_of_a_row_are_cells() -> None:
    """A sheet has a cell at every place: three figures of which the last is blank are not two."""
    sheet = [["信息内容", "本年制发件数", "本年废止件数"], ["规章", None, None], ["许可", 7, None], ["处罚", 1, 2]]
    (made,) = read(xlsx({"Sheet1": sheet})).grids()
    assert [[cell.text if cell else None for cell in row] for row in made.rows][1:] == [
        ["规章", "", ""],
        ["许可", "7", ""],
        ["处罚", "1", "2"],
    ]


def compound(stream: bytes, chain: list[int]) -> bytes:
    """A compound file whose small stream `Workbook` lies in short sectors that follow one another by `chain`."""
    end, free = -2, -1

    def table(numbers: list[int]) -> bytes:
        return struct.pack("<128i", *numbers, *[free] * (128 - len(numbers)))

    def entry(name: str, kind: int, child: int, first: int, size: int) -> bytes:
        written = name.encode("utf-16-le")
        head = struct.pack("<64sHBBiii", written, len(written) + 2, kind, 1, free, free, child)
        return head + bytes(36) + struct.pack("<iII", first, size, 0)

    header = OLE_SIGNATURE + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<iiiiiiiiii", 0, 1, 1, 0, 4096, 2, 1, end, 0, 0) + struct.pack("<108i", *[free] * 108)
    folder = entry("Root Entry", 5, 1, 3, len(stream)) + entry("Workbook", 2, free, 0, len(stream)) + bytes(256)
    return header + table([-3, end, end, end]) + folder + table(chain) + stream.ljust(512, b"\0")


def test_a_small_workbook_whose_sectors_run_in_a_circle() -> None:
    """xlrd would follow them until the memory is full."""
    sectors = [1, 2, -2]
    with pytest.raises(Unreadable, match="circle"):
        list(open_xls(compound(bytes(150), [1, 2, 1])))
    with pytest.raises(Unreadable) as damaged:
        list(open_xls(compound(bytes(150), sectors)))
    assert "circle" not in str(damaged.value), "it is only no workbook"
