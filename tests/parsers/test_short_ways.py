"""What is done in fewer steps for most reports is held to the slow way that does for all of them."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from parsers import checks, chinese, sections, stable
from parsers.documents import dom, grid, read, tables
from parsers.documents import html as pages
from parsers.documents.grid import RawCell
from parsers.documents.model import Grid
from parsers.documents.shape import shape_of
from parsers.documents.tree import Tree
from parsers.identity import body_organs
from parsers.report import FigureCell, Semantic
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
    text = rng.choice((str(number), "", " 甲\u3000乙 "))
    return RawCell(text, row_span, column_span, column=rng.choice((None,) * 30 + (0, 2)))


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
    assert [made.text() for made in laid] == [made.text() for made in slow]
    for made in laid:
        spanning = {id(c): c for row in made.rows for c in row if c and (c.row_span, c.column_span) != (1, 1)}
        assert made.spans is None or set(made.spans) == set(spanning.values())


@given(st.text(st.sampled_from("数1a \t\n\x0b\x1f\u00a0\u2003\u3000\u200b\ufeff，")))
def test_a_piece_without_blanks_is_left_as_it_is(text: str) -> None:
    assert pages._piece(text) == dom.squeeze(text).strip()


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


# --- texts ------------------------------------------------------------------------------------------------------

_PASSING = (
    "浏览", "阅读", "访问", "下载", "次数", "人数", "量", "数", "：", ":", " ", "\u3000", "1", "第", "页", "共", "打印", "页面更新", "日期",
    "时间", "今天是", "现在是", "2020年1月5日", "10:22", "的", "，", "-", "打印本页", "2",
)  # fmt: skip


@given(st.lists(st.lists(st.sampled_from(_PASSING), max_size=7).map("".join), max_size=4).map("\n".join))
def test_what_passes_is_told_by_its_last_character(text: str) -> None:
    assert bool(stable._MAY_PASS.search(text)) >= bool(stable._PASSING.search(text))
    lines = [line if len(line) > stable._LONGEST_LINE else stable._kept(line) for line in text.split("\n")]
    assert stable.stable(text) == "".join("\n".join(lines).split())


@given(st.text(st.sampled_from("的公开門门乾夥吒国國·—•a1 \u00a0\u2002㈠①⁄\ue000"), max_size=12))
def test_a_traditional_character_is_found_in_either_way(text: str) -> None:
    assert chinese._has_traditional(text) == bool(chinese._traditional().search(text))


_HEADINGS = (
    "一",
    "十二",
    "、",
    "．",
    " ",
    "第",
    "部分",
    "章",
    "（",
    "）",
    "总体情况",
    "主动公开",
    "\n",
    "l",
    "是",
    "，",
    "的",
)


@given(st.lists(st.lists(st.sampled_from(_HEADINGS), max_size=6).map("".join), max_size=5))
def test_ordinals_stand_where_they_are_sought(texts: list[str]) -> None:
    for ordinal, sign in sections._COUNTED.items():
        counted = sections._counted(texts, sign)
        assert counted == {number for number, text in enumerate(texts) if sign.search(text)}
        assert counted.issuperset(number for number, text in enumerate(texts) if ordinal.search(text))


# --- sums -------------------------------------------------------------------------------------------------------


def test_sums_of_plain_counts_are_those_of_any_cells() -> None:
    rng = random.Random(3)
    for form in (template for template in load_templates() if template.tables):
        rules = checks.Rules(form.checks)
        paths = [path for table in form.tables for path in table.paths()]
        for _ in range(30):
            blanks, share = rng.choice((0.0, 0.2, 0.97)), rng.choice((1.0, 0.9))
            cells = [
                FigureCell(path, "", None, Semantic.EMPTY)
                if rng.random() < blanks
                else FigureCell(path, "", rng.choice((0, 0, 1, 2)), Semantic.NUMBER)
                for path in paths
                if rng.random() < share
            ]
            for level in ("county", None):
                assert checks.run(rules, cells, level) == checks.run(tuple(rules), cells, level)


_WORDS = (
    "2019年", "12020年度", "本年度", "今年以来", "县财政局", "某某镇人民政府", "局长", "坚持", "请与", "或可向", "联系单位：", "联系", "由", "在", "。",
    "\n", "，", "(", "1", "机",
)  # fmt: skip


def test_names_of_organs_are_found_from_the_characters_that_they_stand_behind() -> None:
    """As the same patterns find them that begin with what `re` cannot skip to."""
    name, ends, verbs = body_organs._NAME, body_organs._ENDS, body_organs._VERBS
    plain = {
        body_organs._SUBJECT: rf"(?:(?<!\d)(?:19|20)\d\d年(?:度|以来|来)?|今年以来|一年来|本年度)[,，]?({name}){verbs}",
        body_organs._CONTACT: r"(?:(?:请|可|或)(?:直接|径)?(?:与|和|向|联系|联络|致电|致函|咨询)[:：]?|联系(?:单位|部门|机构)[:：])"
        r"([\u4e00-\u9fff·“”\-]{3,60}?)(?:联系|咨询|反映|查询|索取|[(,，;；:：\n])",
        body_organs._BARE_SUBJECT: rf"(?:^|[\n。])({name})(?:坚持|认真|深入|紧紧|严格|积极|高度|切实|扎实|全面|始终|不断)",
        body_organs._OFTEN: rf"(?<=[由与在对向和为是经了《“,，。、:：\n(])([\u4e00-\u9fff]{{4,30}}?{ends})(?![长员])",
    }
    slow = {quick: re.compile(pattern) for quick, pattern in plain.items()}
    rng = random.Random(3)
    found = dict.fromkeys(slow, 0)
    for _ in range(4000):
        text = "".join(rng.choices(_WORDS, k=rng.randrange(3, 14)))
        for quick, pattern in slow.items():
            searched = "\n" + text if quick is body_organs._BARE_SUBJECT else text
            names = [match[1] for match in pattern.finditer(text)]
            assert [match[1] for match in quick.finditer(searched)] == names
            found[quick] += len(names)
    assert min(found.values()) > 40
