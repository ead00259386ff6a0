"""The cells between ruled lines: those that pdfplumber's own finder finds."""

from __future__ import annotations

import random

from pdfplumber.table import edges_to_intersections, intersections_to_cells

from parsers.documents.pdf_drawn import Edge, line
from parsers.documents.pdf_finder import cells_between
from parsers.documents.pdf_tables import _at


def _lines(rng: random.Random) -> list[Edge]:
    """A grid of lines of which some are short, and some are missing."""
    xs, ys = ([20.0 * n for n in range(rng.randrange(2, 7))] for _ in range(2))
    found = []
    for x in xs:
        top, bottom = sorted(rng.choice(ys) for _ in range(2)) if rng.random() < 0.4 else (ys[0], ys[-1])
        found.append(line((x, top), (x, bottom)))
    for y in ys:
        x0, x1 = sorted(rng.choice(xs) for _ in range(2)) if rng.random() < 0.4 else (xs[0], xs[-1])
        found.append(line((x0, y), (x1, y)))
    return [edge for edge in found if rng.random() < 0.95]


def test_the_cells_are_pdfplumbers() -> None:
    rng = random.Random(9)
    counted = 0
    for _ in range(1500):
        crossings = edges_to_intersections(_lines(rng))
        cells = list(cells_between(crossings))
        assert cells == intersections_to_cells(crossings)
        counted += len(cells)
    assert counted > 5000


def test_the_nearest_border() -> None:
    rng = random.Random(9)
    for _ in range(2000):
        edges = sorted({float(rng.randrange(12)) for _ in range(rng.randrange(1, 6))})
        value = rng.randrange(-2, 26) / 2
        assert _at(edges, value) == min(range(len(edges)), key=lambda n: abs(edges[n] - value))
