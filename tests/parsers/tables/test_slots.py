"""The text between two labels of a flattened table, cut into cells."""

from __future__ import annotations

import pytest

from parsers.tables.slots import cut


@pytest.mark.parametrize(
    ("raw", "cells"),
    [
        ("\n3\n5\n2\n", ["3", "5", "2"]),
        ("\n\u00a0\n- 5 -\n\u00a0\n", []),
        ("\n3\n— 12 —\n", ["3"]),
        (" - 5 -\n", ["-", "5", "-"]),
    ],
)
def test_the_number_of_a_page_between_rows_is_no_row(raw: str, cells: list[str]) -> None:
    """Behind a label on the same line it is three cells."""
    assert [slot.raw for slot in cut(raw, 0, len(raw), 1).slots if slot.raw] == cells


def test_a_line_of_blanks_below_a_row_in_one_line_is_no_cell() -> None:
    """Inscriptis sets columns with blanks, and fills the lines between two tables with them, too."""
    raw = "规范性文件  0      0     \n          \n第二十条"
    found = cut(raw, len("规范性文件"), raw.index("第二十条"), 1)
    assert [slot.raw for slot in found.slots] == ["0", "0"]
    raw = "规范性文件\n0\n\u00a0\n0\n第二十条"
    found = cut(raw, len("规范性文件"), raw.index("第二十条"), 1)
    assert [slot.raw for slot in found.slots] == ["0", "", "0"]


def test_a_cell_a_line_with_a_pipe_in_front_of_each_is_no_row_a_line() -> None:
    """As Pandoc writes AsciiDoc; a label alone on its line has its figures on the lines below."""
    raw = "|规章\n|3\n|\n|0\n|"
    assert [slot.raw for slot in cut(raw, 3, len(raw), 1).slots] == ["3", "", "0"]
    raw = "| 规章 | 3 | | 0 |\n| 文件 | 4 |"
    assert [slot.raw for slot in cut(raw, 4, raw.index("\n"), 1).slots] == ["3", "", "0"]
