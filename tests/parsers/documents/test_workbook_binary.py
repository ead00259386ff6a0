"""Workbooks in binary form (XLSB)."""

from __future__ import annotations

import io
import random
import zipfile

import pytest

from parsers import Source, parse
from parsers.documents import read
from parsers.errors import Unreadable
from tests.parsers.documents.make_xlsb import PERCENT, STRUCK, THOUSANDS, WHITE, Area, Cell, Value, xlsb
from tests.parsers.generator import layout
from tests.parsers.generator.judge import judge
from tests.parsers.generator.model import Prose
from tests.parsers.generator.reports import TEMPLATES, invent
from tests.parsers.generator.word import places


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_whole_report(template: str) -> None:
    report = invent(template, random.Random(f"xlsb/{template}"))
    rows: list[list[Value]] = []
    merged: list[Area] = []
    for part in report.body:
        if isinstance(part, Prose):
            rows.append([part.text])
            continue
        first, sheet = len(rows), layout.rows(part)
        rows += [[None] * 20 for _ in range(len(sheet) + 1)]
        for r, c, box in places(sheet):
            plain = box.text.isascii() and box.text.isdigit() and (box.text == "0" or box.text[0] != "0")
            rows[first + r][c] = int(box.text) if plain else box.text
            if box.row_span > 1 or box.column_span > 1:
                merged.append((first + r, c, first + r + box.row_span - 1, c + box.column_span - 1))
    judged = judge(parse(Source(xlsb({"年报": rows}, merged=merged))), report.truth())
    assert (judged.wrong, judged.missing) == ((), ())


def test_what_it_hides_strikes_out_or_formats() -> None:
    rows: list[list[Value]] = [
        ["写法", "数量", "底稿"],
        ["整格划去", Cell(13, STRUCK), 1],
        ["白字", Cell(13, WHITE), 2],
        ["百分比", Cell(0.13, PERCENT), 3],
        ["千", Cell(13000, THOUSANDS), 4],
        ["上标", Cell("13①", raised=2), 5],
        ["藏起", 99, 6],
        ["小数", 13.25, 7],
        ["末行", 13, 8],
    ]
    (grid,) = read(xlsb({"Sheet1": rows}, hidden_rows=[6], hidden_columns=[2])).grids()
    assert [tuple(cell.text for cell in row if cell) for row in grid.rows] == [
        ("写法", "数量"), ("整格划去", "~~13~~"), ("白字", "~~13~~"), ("百分比", "13%"), ("千", "13"), ("上标", "13①"),
        ("小数", "13.25"), ("末行", "13"),
    ]  # fmt: skip


def test_cells_far_apart_are_refused() -> None:
    rows: list[list[Value]] = [[None] * 16_000 + [1]]
    with pytest.raises(Unreadable) as caught:
        read(xlsb({"Sheet1": [["A"], *[[]] * 9, *rows]}, rows_from=1_000_000))
    assert caught.value.reason == "too_large"


def test_damage() -> None:
    whole = xlsb({"Sheet1": [["信息内容", "数量"], ["规章", 3]]})
    for name in ("xl/workbook.bin", "xl/worksheets/sheet1.bin", "xl/styles.bin", "xl/sharedStrings.bin"):
        cut = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(cut, "w") as new:
            for member in old.namelist():
                part = old.read(member)
                new.writestr(member, part[: len(part) - 3] if member == name else part)
        try:
            read(cut.getvalue())
        except Unreadable as error:
            assert error.reason == "damaged", name
