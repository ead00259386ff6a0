"""Places on pictures and pages that were turned for reading are given as they lie in the file."""

from __future__ import annotations

import pytest

from parsers.documents.model import Grid
from parsers.documents.pdf_tables import PdfCell, PdfTable
from parsers.documents.placed import assemble
from parsers.documents.sheets import Sheet, as_they_lie, recognised, to_blocks

WIDTH, HEIGHT = 400.0, 200.0
"""Of the sheet as it is read."""
CELL = (40.0, 20.0, 80.0, 40.0)
"""Tenths of it from the left, tenths from above."""


def sheet(turned: int) -> Sheet:
    cells = (PdfCell("规章", *CELL), PdfCell("2", 80.0, 20.0, 120.0, 40.0))
    return Sheet(1, WIDTH, HEIGHT, (PdfTable(1, (40.0, 20.0, 120.0, 40.0), cells),), turned)


@pytest.mark.parametrize(
    ("turned", "box"),
    [(0, (100, 100, 200, 200)), (1, (800, 100, 900, 200)), (2, (800, 800, 900, 900)), (3, (100, 800, 200, 900))],
)
def test_a_picture_in_thousandths(turned: int, box: tuple[int, int, int, int]) -> None:
    (grid,) = to_blocks([sheet(turned)], ["a.png"])
    assert isinstance(grid, Grid) and grid.rows[0][0] is not None
    assert grid.rows[0][0].box == box and grid.pictures == ("a.png",)


@pytest.mark.parametrize(
    ("turned", "box"), [(1, (160, 40, 180, 80)), (2, (320, 160, 360, 180)), (3, (20, 320, 40, 360))]
)
def test_a_page_in_points(turned: int, box: tuple[int, int, int, int]) -> None:
    """Turned by a quarter, the page is 200 points wide and 400 high."""
    one = sheet(turned)
    (grid,) = as_they_lie(recognised(assemble([one.items])), [one])
    assert isinstance(grid, Grid) and grid.rows[0][0] is not None
    assert grid.rows[0][0].box == box
