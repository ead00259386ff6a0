"""Cells from drawn lines: spans, gaps, tables that are cut off, strokes that are no lines."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from parsers.documents.rulings import Stroke, tables


def across(y: float, x0: float, x1: float) -> Stroke:
    return Stroke(False, y, x0, x1)


def down(x: float, y0: float, y1: float) -> Stroke:
    return Stroke(True, x, y0, y1)


LATTICE = [across(y, 0, 300) for y in (0, 30, 60)] + [down(x, 0, 60) for x in (0, 100, 200, 300)]


def found(strokes: list[Stroke]) -> list[list[tuple[int, ...]]]:
    return [sorted(tuple(round(value) for value in box) for box in cells) for cells in tables(strokes)]


def test_a_lattice() -> None:
    (cells,) = found(LATTICE)
    assert len(cells) == 6
    assert cells[0] == (0, 0, 100, 30)


def test_a_line_that_stops_makes_a_cell_that_spans() -> None:
    strokes = [s for s in LATTICE if s != down(100, 0, 60)] + [down(100, 30, 60)]
    (cells,) = found(strokes)
    assert (0, 0, 200, 30) in cells and len(cells) == 5


def test_pieces_gaps_and_double_strokes_are_one_line() -> None:
    broken = [across(30.8, 0, 140), across(29.5, 150, 300), down(101, 0, 25), down(99.5, 33, 60)]
    strokes = [s for s in LATTICE if s not in (across(30, 0, 300), down(100, 0, 60))] + broken
    (cells,) = tables(strokes)
    assert len(cells) == 6


def test_a_table_without_its_last_line_goes_to_the_end_of_its_uprights() -> None:
    strokes = [s for s in LATTICE if s != across(60, 0, 300)]
    (cells,) = found(strokes)
    assert len(cells) == 6 and cells[1] == (0, 30, 100, 60)


def test_underlines_and_strokes_of_characters_are_no_borders() -> None:
    noise = [across(15, 20, 60), across(45, 110, 150), down(250, 10, 25), across(100, 0, 90)]
    assert found([*LATTICE, *noise]) == found(LATTICE)


def test_a_frame_is_no_table() -> None:
    assert tables([across(0, 0, 300), across(60, 0, 300), down(0, 0, 60), down(300, 0, 60)]) == []
    assert tables([across(0, 0, 300)]) == [] == tables([])


def test_two_tables() -> None:
    lower = [across(y + 200, 0, 300) for y in (0, 30)] + [down(x, 200, 230) for x in (0, 150, 300)]
    assert [len(cells) for cells in found([*lower, *LATTICE])] == [6, 2]


@given(
    st.lists(st.integers(25, 80), min_size=2, max_size=6),
    st.lists(st.integers(25, 80), min_size=2, max_size=6),
    st.data(),
)
def test_cells_never_overlap_and_fill_the_table(heights: list[int], widths: list[int], data: st.DataObject) -> None:
    """Any lattice from which inner stretches are missing still gives every place to exactly one cell."""
    ys = [sum(heights[:n]) for n in range(len(heights) + 1)]
    xs = [sum(widths[:n]) for n in range(len(widths) + 1)]
    strokes = []
    for n, y in enumerate(ys):
        for x0, x1 in itertools.pairwise(xs):
            if n in (0, len(ys) - 1) or data.draw(st.booleans()):
                strokes.append(across(y, x0, x1))
    for n, x in enumerate(xs):
        for y0, y1 in itertools.pairwise(ys):
            if n in (0, len(xs) - 1) or data.draw(st.booleans()):
                strokes.append(down(x, y0, y1))
    for cells in tables(strokes):
        area = sum((x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in cells)
        assert area <= (xs[-1] + 1) * (ys[-1] + 1)
        for n, a in enumerate(cells):
            for b in cells[n + 1 :]:
                assert min(a[2], b[2]) <= max(a[0], b[0]) or min(a[3], b[3]) <= max(a[1], b[1])
