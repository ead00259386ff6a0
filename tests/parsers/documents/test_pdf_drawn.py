"""The edges that a PDF page draws: as pdfplumber's own reading of the page gives them, in every way of drawing."""

from __future__ import annotations

import io
import random

import pdfplumber
import pypdfium2 as pdfium
import pytest

from parsers.documents.pdf_drawn import drawn_on
from parsers.documents.pdf_layers import Layers
from tests.parsers.documents.make_pdf import drawing

Edge = tuple[str, float, float, float, float]


def _ours(content: bytes) -> set[Edge]:
    page = pdfium.PdfDocument(content)[0]
    _, _, _, top = page.get_mediabox()
    edges = drawn_on(page, lambda x, y: (x, top - y), Layers(content)).edges
    return {_rounded(edge) for edge in edges if max(edge["width"], edge["height"]) >= 1}


def _pdfplumbers(content: bytes) -> set[Edge]:
    with pdfplumber.open(io.BytesIO(content)) as opened:
        page = opened.pages[0].filter(
            lambda thing: thing["object_type"] != "rect" or thing["stroke"] or min(thing["width"], thing["height"]) < 3
        )
        return {_rounded(e) for e in page.edges if e["orientation"] and max(e["width"], e["height"]) >= 1}


def _rounded(edge: dict[str, float]) -> Edge:
    places = (round(edge[name], 1) for name in ("x0", "top", "x1", "bottom"))
    return (str(edge["orientation"]), *places)  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("operators", "count"),
    [
        ("40 100 m 400 100 l S 40 100 m 40 300 l S", 2),
        ("40 100 m 400 100 l 40 120 m 400 120 l S", 2),
        ("40 100 360 20 re S", 4),
        ("40 100 360 20 re f", 0),
        ("40 100 360 0.5 re f 40 100 0.5 200 re f*", 4),
        ("40 100 360 20 re W n 40 100 m 400 100 l S", 1),
        ("40 100 m 400 100 l 400 200 l 40 200 l h B", 4),
        ("40 100 m 400 100 l 400 200 l 40 200 l s", 4),
        ("40 100 m 400 100 l 400 200 l 40 200 l S", 3),
        ("40 100 m 400 100 l 300 250 l h S", 1),
        ("40 100 m 300 100 l 340 100 400 140 400 160 c 400 300 l S", 2),
        ("40 100 m 300 100 l 300 200 l h 40 300 l S", 3),
        ("q 0.5 0 0 0.5 20 30 cm 40 100 360 20 re S Q", 4),
        ("q 0 1 -1 0 500 0 cm 40 100 360 20 re S Q", 4),
    ],
)
def test_every_way_of_drawing_gives_pdfplumbers_edges(operators: str, count: int) -> None:
    content = drawing(operators)
    assert _ours(content) == _pdfplumbers(content)
    assert len(_ours(content)) == count


def test_a_drawing_within_drawings_stands_where_it_is_seen() -> None:
    content = drawing("q 0.9 0 0 0.9 10 10 cm /X1 Do Q /X1 Do", form="40 100 m 400 100 l S", matrix="0.7 0 0 0.7 0 5")
    assert _ours(content) == _pdfplumbers(content)
    assert len(_ours(content)) == 2


def test_ruled_tables_drawn_at_random() -> None:
    rng = random.Random(8)
    for _ in range(20):
        xs = sorted(rng.uniform(20, 500) for _ in range(4))
        ys = sorted(rng.uniform(20, 700) for _ in range(6))
        lines = [f"{x:.2f} {ys[0]:.2f} m {x:.2f} {ys[-1]:.2f} l S" for x in xs]
        boxes = [f"{xs[0]:.2f} {y:.2f} {xs[-1] - xs[0]:.2f} 0.48 re f" for y in ys]
        content = drawing(" ".join(lines + boxes))
        ours, theirs = sorted(_ours(content)), sorted(_pdfplumbers(content))
        assert len(ours) == len(theirs)
        for one, other in zip(ours, theirs, strict=True):
            assert one[0] == other[0]
            assert one[1:] == pytest.approx(other[1:], abs=0.11)  # rounded on either side of a half
