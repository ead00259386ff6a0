"""The flat lists of a page: cut from Lexbor's output or climbed node by node, they are the same."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from parsers.documents.dom import TEXT
from parsers.documents.tree import Tree
from tests.parsers.generator import html
from tests.parsers.generator.reports import TEMPLATES, invent


class _Climbed(Tree):
    """The tree as `Tree` makes it where the markup is not what it seems."""

    __slots__ = ()

    def _cut(self, markup: str) -> bool:
        return False


def _same(markup: str) -> None:
    page = LexborHTMLParser(markup).body
    if page is None:
        return
    cut, climbed = Tree(page), _Climbed(page)
    assert cut.tags == climbed.tags
    assert cut.texts == climbed.texts
    assert (cut.ends, cut.parents, cut.scripts) == (climbed.ends, climbed.parents, climbed.scripts)
    assert [cut.attributes(n) for n in range(len(cut.tags))] == [climbed.attributes(n) for n in range(len(cut.tags))]


_PIECES = (
    "数", "1", "\n", "&nbsp;", "&amp;lt;", "<p>", "</p>", "<div id='a&quot;&gt;b'>", "</div>", "<table>", "<tr>", "<td colspan=2>",
    "</table>", "<br/>", "</br>", "<input disabled>", "<script>if (a < b) '<p>'</script>", "<style>a > b {}</style>", "<!--", "-->",
    "<svg>", "</svg>", "<math>", "<link>", "<title>", "<a href='x.pdf'>", "<noscript>", "<xmp>", "</xmp>", "<iframe src=q>",
    "</iframe>", "<![CDATA[", "<template>", "</template>", "<p a\"b=c d<e='>' =f>", "<p<q>", "<d&nbsp;iv>", "<plaintext>", "<textarea>",
    "</textarea>", "<select>", "<option>", "<noembed>", "<o:p>", "</o:p>", "<b><p></b>", "<frameset>", "<body id=x>",
)  # fmt: skip


@given(st.lists(st.sampled_from(_PIECES), max_size=14))
def test_any_markup(pieces: list[str]) -> None:
    _same("".join(pieces))


@pytest.mark.parametrize("style", html.STYLES)
def test_reports_in_every_layout(style: str) -> None:
    rng = random.Random(style)
    _same(html.page(invent(rng.choice(TEMPLATES), rng), html.STYLES[style]))


def test_what_a_tree_tells() -> None:
    markup = "<div id=a class=B>一<b>二</b><script>三</script><p>四&nbsp;<br>五</p></div><p>六"
    page = LexborHTMLParser(markup).body
    assert page is not None
    tree = Tree(page)
    (box,) = tree.select("#a")
    assert tree.text(box) == "一二四\u00a0五"
    assert tree.text_of(box) == "一二 四\u00a0 五"
    assert tree.text_of(box, 1) == "一二"
    assert tree.attribute(box, "class") == "B"
    assert [tree.tags[child] for child in tree.children(box)] == [TEXT, "b", "script", "p"]
    assert list(tree.scripts.values()) == ["三"]
    assert tree.within(tree.select("br")[0], box)
    assert not tree.within(tree.select("p")[1], box)
    assert tree.select("][") == []
    assert [tree.tags[node] for node, entering in tree.walk(box) if not entering] == ["b", "br", "p", "div"]
