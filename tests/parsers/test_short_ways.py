"""What is done in fewer steps for most reports is held to the slow way that does for all of them."""

from __future__ import annotations

import random

import pytest
from selectolax.lexbor import LexborHTMLParser

from parsers.documents import grid, read, tables
from parsers.documents.grid import RawCell
from parsers.documents.model import Grid
from parsers.documents.shape import shape_of
from parsers.documents.tree import Tree
from parsers.tables import learnt
from parsers.tables.found import FoundTable, Recalled
from parsers.tables.grid_lines import GridLines, lines
from parsers.tables.read import _searched
from parsers.tables.resolve import resolve
from parsers.template import load_templates
from tests.parsers.generator import html
from tests.parsers.generator.reports import invent


def raw_cell(rng: random.Random, number: int) -> RawCell:
    row_span = rng.choice((1, 1, 1, 1, 2, 3, 0, 40))
    column_span = rng.choice((1, 1, 1, 1, 2, 3, 0, 900))
    return RawCell(str(number), row_span, column_span, column=rng.choice((None,) * 30 + (0, 2)))


def test_a_table_laid_in_one_pass_is_the_table_laid_cell_by_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(1)
    groups = [
        [
            [[raw_cell(rng, number) for number in range(rng.randrange(5))] for _ in range(rng.randrange(5))]
            for _ in range(rng.randrange(3))
        ]
        for _ in range(2000)
    ]
    laid = [grid.build(group) for group in groups]
    assert sum(made.spans is not None for made in laid) > 500
    monkeypatch.setattr(grid, "_laid", lambda groups: None)
    slow = [grid.build(group) for group in groups]
    assert [(made, made.spans) for made in laid] == [(made, made.spans) for made in slow]
    for made in laid:
        spanning = {id(c): c for row in made.rows for c in row if c and (c.row_span, c.column_span) != (1, 1)}
        assert made.spans is None or set(made.spans) == set(spanning.values())


@pytest.mark.parametrize(
    "table",
    [
        "<table><tr><td>1<td>2</table>",
        "<table><tr><td>1<tr><td>2</table>",
        "<table><tr><td>1</table>",
        "<table></table>",
        "<table><caption>甲</caption><thead><tr><th>甲<th>乙</thead><tr><td>1</table>",
        f"<table><tr><td>1<td>{'句子很长。' * 100}</table>",
        f"<table><tr><td>1<td>短。短。短。{'<br>短' * 9}</table>",
        "<table><tr><td>1<td><table><tr><td>1<td>2</table></table>",
        "<table><tr><td>1<td><svg><td>2</svg></table>",
        "<table><tr><td>1<td><select><option>1</select></table>",
    ],
)
def test_a_table_told_at_a_glance_is_what_measuring_says(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    page = LexborHTMLParser(f"<body>{table}<p>文</p>{table}</body>")
    assert page.body is not None
    tree = Tree(page.body)
    shape = shape_of(tree)
    glanced = tables.layout_tables(tree, 0, shape)
    monkeypatch.setattr(tables, "_told_at_a_glance", lambda *_: None)
    assert glanced == tables.layout_tables(tree, 0, shape)


def grids_of(template: str, style: str, seed: int) -> list[Grid]:
    report = invent(template, random.Random(seed))
    return list(read(html.page(report, html.STYLES[style]).encode()).grids())


def test_a_recalled_form_is_what_a_search_finds() -> None:
    templates = load_templates()
    learnt.memory.cache_clear()
    memory = learnt.memory(templates)
    recalled = 0
    for seed in range(24):
        grids = grids_of("e2021_v30" if seed % 2 else "e2019_v60", ("plain", "chrome")[seed % 3 > 1], seed)
        layout = memory.layout(grids)
        searched = _searched(GridLines(lines(grids)), templates)
        known = memory.recall(layout)
        memory.keep(layout, searched)
        for mine, slow in zip(known or (), searched, strict=known is not None):
            assert len(mine) == len(slow)
            for one, other in zip(mine, slow, strict=True):
                assert isinstance(one.parts, Recalled)
                rules = next(template.checks for template in templates if one.table in template.tables)
                assert (one.row_count, resolve(one, rules)) == (other.row_count, resolve(other, rules))
                assert told(one) == told(other)
                recalled += 1
    learnt.memory.cache_clear()
    assert recalled > 40


def told(found: FoundTable) -> tuple[object, ...]:
    return found.table, tuple(found.parts), found.carrier, found.signs, found.flags, found.unknown
