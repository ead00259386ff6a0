"""A lone stroke in a cell is told by its slope: models take a slash for a 1."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from parsers.documents import dashes
from parsers.pictures import recognition

needs_ocr = pytest.mark.skipif(not recognition.available(), reason="the extra `ocr` is not installed: make ocr")
SIZE = 20


def shown(text: str, size: int = SIZE) -> str | None:
    picture = Image.new("L", (30 + size * len(text), 2 * size), 255)
    ImageDraw.Draw(picture).text((12, 6), text, fill=0, font=ImageFont.load_default(size))
    return dashes.stroke(np.asarray(picture).copy(), 0.75 * size)


def leaning(across: float, width: int = 2) -> str | None:
    """A stroke 20 pixels high that reaches `across` pixels to the right."""
    picture = Image.new("L", (80, 40), 255)
    ImageDraw.Draw(picture).line((40, 30, 40 + across, 10), fill=0, width=width)
    return dashes.stroke(np.asarray(picture).copy(), 20)


@needs_ocr
@pytest.mark.parametrize("size", [12, 16, 24])
def test_a_slash_is_a_slash(size: int) -> None:
    assert shown("/", size) == "/"


@needs_ocr
@pytest.mark.parametrize("text", ["0", "1", "4", "7", "11", "17", "711111111111", "1/1", "I", "2"])
def test_digits_and_lines_of_text_are_read(text: str) -> None:
    assert shown(text) is None


@needs_ocr
def test_by_the_slope() -> None:
    assert [leaning(x) for x in (0, 8, -8, 60)] == [None, "/", "\\", "—"]
    assert leaning(4) == dashes.UNCLEAR
