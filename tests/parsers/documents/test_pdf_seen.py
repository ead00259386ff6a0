"""What a PDF writes and does not show, and what it shows beside its text."""

from __future__ import annotations

import pytest

from parsers.documents import read
from parsers.documents.model import Document, Grid, Paragraph
from tests.parsers.documents.make_pdf import Page, make_pdf


def page(*, paint: str = "", picture: str = "") -> Page:
    """A small table whose one figure is painted as `paint` says."""
    made = Page()
    made.text(40, 40, "二、主动公开政府信息情况", paint=paint)
    made.table(40, 60, [120, 120], [["", ""], ["", ""]])
    for x, y, text in ((44, 76, "信息内容"), (164, 76, "数量"), (44, 100, "行政许可")):
        made.text(x, y, text, 10, paint)
    return made


def document(made: Page) -> Document:
    return read(make_pdf([made]))


def figure(made: Page) -> str:
    (grid,) = document(made).grids()
    cell = grid.rows[1][1]
    return cell.text if cell else ""


@pytest.mark.parametrize("paint", ["3 Tr", "1 1 1 rg", "0.97 0.1 -0.1 0.97 0 0 cm 1 0.5 -0.5 1 0 -60 cm"])
def test_a_digit_that_nobody_sees_is_no_part_of_a_figure(paint: str) -> None:
    """Invisible, white, or of a watermark that runs across the page."""
    made = page()
    made.text(164, 100, "1407", 10)
    made.text(186, 100, "9", 10, paint)
    assert figure(made) == "1407"


@pytest.mark.parametrize(("layer", "text"), [("L1", "1407"), ("L2", "1407 9"), ("L3", "1407")])
def test_a_digit_in_a_layer_that_is_off(layer: str, text: str) -> None:
    made = page()
    made.text(164, 100, "1407", 10)
    made.text(186, 100, "9", 10, f"/OC /{layer} BDC")
    assert figure(made) == text


def test_layers_that_are_all_off_but_one() -> None:
    made = page()
    made.text(164, 100, "14", 10, "/OC /L1 BDC")
    made.text(186, 100, "9", 10, "/OC /L2 BDC")
    (grid,) = read(make_pdf([made], by_default=b"/BaseState/OFF/ON[%d 0 R]")).grids()
    assert [cell and cell.text for cell in grid.rows[1]][1] == "14"


def test_a_page_most_of_which_is_in_a_layer_that_is_off_is_no_scan() -> None:
    made = page()
    made.text(164, 100, "1407", 10)
    made.text(60, 300, "旧的统计表" * 20, 10, "/OC /L1 BDC")
    found = document(made)
    assert not found.ocr
    assert "旧" not in found.text()


def test_white_on_a_dark_ground_is_seen() -> None:
    made = page()
    made.text(164, 100, "1407", 10, "0 0 1 rg 160 735 100 20 re f 1 1 1 rg")
    assert figure(made) == "1407"


_OVER = "160 735 14 20 re f"


@pytest.mark.parametrize(
    ("over", "text"),
    [
        (f"1 1 1 rg {_OVER} 0 0 0 rg", "~~91~~407"),
        (f"0 0 0 rg {_OVER}", "~~91~~407"),
        (f"q 0 0 10 10 re W n 1 1 1 rg {_OVER} Q", "91407"),
        ("1 1 1 rg 160 738 14 2 re f 0 0 0 rg", "91407"),
        ("1 1 1 rg 60 735 14 20 re f 0 0 0 rg", "91407"),
    ],
)
def test_a_digit_that_is_painted_over_gives_no_figure(over: str, text: str) -> None:
    made = page()
    made.text(164, 100, "91407", 10)
    made.text(300, 300, "一、总体情况", 10, over)
    assert figure(made) == text


def test_what_is_written_in_the_place_of_an_old_figure_is_read() -> None:
    made = page()
    made.text(164, 100, "9", 10)
    made.text(164, 100, "1407", 10, "1 1 1 rg 160 735 100 20 re f 0 0 0 rg")
    assert figure(made) == "1407"


def test_a_background_before_a_text_and_a_text_painted_twice_hide_nothing() -> None:
    made = page()
    made.text(164, 100, "1407", 10, f"0.9 0.9 0.9 rg {_OVER} 0 0 0 rg")
    assert figure(made) == "1407"
    made.text(164, 100, "1407", 10, f"0.9 0.9 0.9 rg {_OVER} 0 0 0 rg")
    assert figure(made) == "1407"


def test_a_lowered_digit_is_a_mark() -> None:
    made = page()
    made.text(164, 100, "1407", 10)
    made.text(186, 102, "1", 7)
    assert figure(made) == "1407₁"


def test_what_a_comment_strikes_out_is_no_figure() -> None:
    made = page()
    made.text(164, 100, "91407", 10)
    made.strikes.append((164, 740, 169, 751))
    assert figure(made) == "~~9~~1407"


@pytest.mark.parametrize(("clip", "text"), [("0 0 10 10 re W n", "1407"), ("180 730 20 30 re W n", "14079")])
def test_what_is_cut_away_is_not_seen(clip: str, text: str) -> None:
    made = page()
    made.text(164, 100, "1407", 10)
    made.text(184, 100, "9", 10, clip)
    assert figure(made) == text


def test_what_is_filled_in_is_read() -> None:
    made = page()
    made.fields.append((164, 100, "1407"))
    assert figure(made) == "1407"


@pytest.mark.parametrize(
    ("paint", "picture", "recognised"),
    [("3 Tr", "under", True), ("3 Tr", "over", True), ("", "over", True), ("", "under", False)],
)
def test_a_text_that_a_scanner_recognised_is_told_apart(paint: str, picture: str, recognised: bool) -> None:
    """It lies under the picture of the page, or invisibly over it; a letterhead lies under a text that is seen."""
    made = page(paint=paint)
    made.text(164, 100, "1407", 10, paint)
    made.picture = "over" if picture == "over" else "under"
    found = document(made)
    assert found.ocr is recognised
    assert {block.recognised for block in found.blocks if isinstance(block, (Paragraph, Grid))} == {recognised}
