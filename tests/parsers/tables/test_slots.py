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
