"""The grid against a real Chromium: every cell of many nasty tables stands where the browser draws it.

`element` of a cell is checked by the way: it is the browser's own number of that td or th.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict

import pytest
from playwright.sync_api import sync_playwright
from selectolax.lexbor import LexborHTMLParser

from crawler.browser.chromium import find_chromium
from parsers.documents.model import Cell, Grid
from parsers.documents.shape import shape_of
from parsers.documents.tables import read_table
from parsers.documents.tree import Tree

CHROMIUM = find_chromium()
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium"),
]
TABLES = 400
NEAR = 1.0
"""Pixels."""

_PLAIN = (
    "<style>*{margin:0;padding:0;border:0}table{border-spacing:0;margin:9px}td,th{min-width:20px;height:20px}</style>"
)
_SPANS = ("0", "1", "1", "2", "2", "3", "5", "20", "-2", "2.7", " 3", "+2", "x", "")
_RECTANGLES = """tables => [...document.querySelectorAll('table')].map(table => ({
    cells: [...document.querySelectorAll('td, th')].flatMap((cell, element) =>
        cell.closest('table') === table ? [[element, ...['left', 'top', 'right', 'bottom'].map(
            side => cell.getBoundingClientRect()[side])]] : []) }))"""


class Drawn(TypedDict):
    cells: list[tuple[int, float, float, float, float]]
    """element, left, top, right, bottom."""


def nasty(rng: random.Random, depth: int = 0) -> str:
    """A table as broken editors leave them: wrong spans, ragged rows, row groups in odd order, tables in cells."""
    parts = []
    # A browser draws one thead at the top and one tfoot at the bottom, wherever they stand; the model knows the second.
    groups = [rng.choice(("tbody", "tbody", "")) for _ in range(rng.choice((1, 1, 1, 2, 3)))]
    if rng.random() < 0.3:
        groups.insert(0, "thead")
    if rng.random() < 0.3:
        groups.insert(rng.randint(groups[0] == "thead", len(groups)), "tfoot")
    for group in groups:
        rows = "".join(_row(rng, depth) for _ in range(rng.randint(0 if depth else 1, 6)))
        parts.append(f"<{group}>{rows}</{group}>" if group else rows)
    caption = "<caption>第二十条第（一）项</caption>" if rng.random() < 0.2 else ""
    columns = "<colgroup><col span=2><col></colgroup>" if rng.random() < 0.2 else ""
    return f"<table>{caption}{columns}{''.join(parts)}</table>"


def _row(rng: random.Random, depth: int) -> str:
    cells = "".join(_cell(rng, depth) for _ in range(rng.randint(0, 6)))
    return f"<tr>{cells}" + ("" if rng.random() < 0.2 else "</tr>")


def _cell(rng: random.Random, depth: int) -> str:
    tag = "th" if rng.random() < 0.2 else "td"
    spans = "".join(
        f' {name}="{rng.choice(_SPANS)}"'
        for name in ("rowspan", "colspan")
        if rng.random() < (0.35 if depth == 0 else 0.1)
    )
    inner = (
        nasty(rng, depth + 1)
        if depth < 1 and rng.random() < 0.03
        else rng.choice(("12", "总计", "&nbsp;", "一<br>二", ""))
    )
    return f"<{tag}{spans}>{inner}" + ("" if rng.random() < 0.15 else f"</{tag}>")


def grids(markup: str) -> list[Grid | None]:
    body = LexborHTMLParser(markup).body
    assert body is not None
    tree = Tree(body)
    shape = shape_of(tree)
    tables = (node for node, tag in enumerate(tree.tags) if tag == "table")
    return [read_table(tree, node, number, shape) for number, node in enumerate(tables)]


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[list[Grid | None], list[Drawn], str]]:
    rng = random.Random("rectangles")
    markup = f"<!DOCTYPE html><html><head><meta charset=utf-8>{_PLAIN}</head><body>"
    markup += "".join(nasty(rng) for _ in range(TABLES)) + "</body></html>"
    file: Path = tmp_path_factory.mktemp("tables") / "tables.html"
    file.write_text(markup, encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        page = browser.new_page()
        page.goto(file.as_uri())
        seen: list[Drawn] = page.evaluate(_RECTANGLES)
        browser.close()
    yield grids(markup), seen, markup


def test_every_cell_stands_where_chromium_draws_it(drawn: tuple[list[Grid | None], list[Drawn], str]) -> None:
    read, seen, _ = drawn
    assert len(read) == len(seen) > TABLES
    compared = 0
    for number, (grid, table) in enumerate(zip(read, seen, strict=True)):
        if grid is None:
            assert not table["cells"], number
            continue
        cells = {cell.element: cell for row in grid.rows for cell in row if cell is not None}
        boxes = {element: box for element, *box in table["cells"]}
        # A cell may be hidden below those that claimed its places before it: then the grid does not hold it.
        assert cells.keys() <= boxes.keys(), number
        faults = [*_edges(cells, boxes, upright=True), *_edges(cells, boxes, upright=False)]
        assert not faults, (number, faults)
        compared += len(cells)
    assert compared > 3000


def _edges(cells: dict[int | None, Cell], boxes: dict[int, list[float]], *, upright: bool) -> Iterator[str]:
    """Borders of the grid against pixels: one place for each border, in order."""
    places: dict[int, float] = {}
    side = 0 if upright else 1
    for element, cell in cells.items():
        assert element is not None
        first, span = (cell.column, cell.column_span) if upright else (cell.row, cell.row_span)
        for border, place in ((first, boxes[element][side]), (first + span, boxes[element][side + 2])):
            if abs(places.setdefault(border, place) - place) > NEAR:
                yield f"cell {element}: border {border} at {place}, not {places[border]}"
    ordered = [place for _, place in sorted(places.items())]
    if ordered != sorted(ordered):
        yield f"borders out of order: {ordered}"
