"""Tables that are tagged like others that were met before: read as if none had been."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from parsers.documents import frames
from parsers.documents.html import read_html
from parsers.documents.model import Document, Grid

_TEXTS = (
    "", "1", "甲", " 乙\n丙 ", "&nbsp;", "0 0", "<br>", "一<br>二", "<b>三</b>四", "<p>五</p>", "<input value=6>",
    "<svg><td>7</td></svg>", "<svg style='display:none'><td>8</td></svg>", "<table><tr><td>9</table>",
)  # fmt: skip


@pytest.fixture(autouse=True)
def nothing_met() -> Iterator[None]:
    _forget()
    yield
    _forget()


def _forget() -> None:
    frames._known.clear()
    frames._met.clear()


def _table(rng: random.Random) -> list[str]:
    """A table in pieces: between two of them stands a text."""
    pieces = [rng.choice(("<table>", "<table border=1><caption>表</caption>", "<table><thead>"))]
    for _ in range(rng.randrange(1, 6)):
        pieces[-1] += "<tr>"
        for _ in range(rng.randrange(1, 5)):
            row_span, column_span = (rng.choice((1, 1, 1, 2, 3, 0)) for _ in range(2))
            tag = rng.choice(("td", "td", "th"))
            hidden = rng.choice(("",) * 9 + (" style='display:none'",))
            pieces[-1] += f"<{tag} rowspan={row_span} colspan={column_span}{hidden}>"
            pieces.append(f"</{tag}>")
        pieces[-1] += "</tr>"
        if rng.random() < 0.1:
            pieces[-1] += "</tbody><tfoot>"
    pieces[-1] += "</table>"
    return pieces


def _page(tables: list[list[str]], rng: random.Random, texts: tuple[str, ...]) -> bytes:
    body = "".join(
        piece + (rng.choice(texts) if piece is not pieces[-1] else "") for pieces in tables for piece in pieces
    )
    return f"<body><p>政府信息公开工作年度报告</p>{body}<p>完</p></body>".encode()


def _grids(document: Document) -> list[object]:
    return [
        (grid, grid.spans, grid.text(), [cell and tuple(cell) for row in grid.rows for cell in row])
        for grid in document.grids()
    ]


def test_tables_tagged_alike_are_read_as_if_none_had_been_met() -> None:
    rng = random.Random(5)
    known = 0
    for _ in range(300):
        tables = [_table(rng) for _ in range(2)]
        texts = _TEXTS if rng.random() < 0.5 else _TEXTS[:9]
        pages = [_page(tables, rng, texts) for _ in range(4)]
        after_others = [_grids(read_html(page)) for page in pages]
        known += len(frames._known)
        alone = []
        for page in pages:
            _forget()
            alone.append(_grids(read_html(page)))
        assert after_others == alone
    assert known > 100


def test_a_table_that_was_met_once_is_not_kept() -> None:
    page = b"<body><table><tr><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr></table></body>"
    counts = []
    for _ in range(3):
        read_html(page)
        counts.append(len(frames._known))
    assert counts == [0, 1, 1]


def test_what_spans_is_one_object_in_all_its_places() -> None:
    page = "<body><table><tr><td colspan=2>甲</td></tr><tr><td>1</td><td>2</td></tr></table></body>".encode()
    for _ in range(3):
        grid = next(read_html(page).grids())
        assert isinstance(grid, Grid)
        assert grid.rows[0][0] is grid.rows[0][1]
        assert grid.spans == (grid.rows[0][0],)
    assert len(frames._known) == 1
