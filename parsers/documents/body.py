"""Where on a page the report stands: the portal's own selectors, the usual ones, the report's signature, density.

Order and selectors: portals.md section 2.12. A selector is believed only while it holds what the page has: a
footer may be a .TRS_Editor, too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate

from parsers.documents.links import file_address
from parsers.documents.shape import BOX, IS_NO_TEXT, Shape
from parsers.documents.tree import Tree
from parsers.documents.weights import Weights, weigh

GENERAL_SELECTORS = (
    ".gknbxq_detail",
    "#UCAP-CONTENT, ucapcontent",
    ".trs_editor_view",
    ".TRS_UEDITOR",
    ".TRS_Editor",
    "[id^=vsb_content] .v_news_content",
    "[id^=vsb_content]",
    ".j-fontContent",
    "#zoomcon",
    "#zoom, #Zoom",
    ".article-content",
    ".news_cont_d_wrap",
    ".tyxxy_main",
    "#ivs_content, .Article_content",
    ".main-txt",
    ".xxgk_content, .xxgk-content",
    ".article_con, .article-con",
    ".detail-content, .pub-detail",
    "#con.entry",
    ".content_article",
    "#webeditorview, .art_con",
    "#content, #Content",
)

_FOOTER = re.compile(r"版权所有|ICP备|网站标识码|公安备案|公网安备|版權所有")
_PARTS = frozenset((
    "tr", "tbody", "thead", "tfoot", "table", "p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "dd", "dt", "dl",
    "span", "font", "b", "strong", "em", "u", "i", "a", "pre", "blockquote", "center",
))  # fmt: skip
"""Elements that hold a piece of a text, hardly ever a whole report."""
_CROWDED = 200
"""Characters of prose in one box that may be a report."""
_FRAMES = frozenset(("iframe", "embed", "object"))
_FILE_TEXT = re.compile(r"报告|年报|公开|附件|全文|報告|年報|公開")


def find_body(tree: Tree, shape: Shape, profile: Sequence[str] = ()) -> int:
    """Return the smallest node that holds the whole report.

    `profile` are CSS selectors of the portal's record, tried first. Falls back to the page's own body.
    """
    page = _Page(tree, shape)
    for selector in profile:
        found = page.longest(selector)
        if found is not None and _has_content(tree, found):
            return found
    for selector in GENERAL_SELECTORS:
        found = page.longest(selector)
        if found is None or not _has_content(tree, found) or _is_footer(tree, found):
            continue
        if page.is_nearly_all(found):
            return found
        weights = page.weights
        elsewhere = page.is_crowded and weights.prose[page.densest] > 3 * weights.prose[found]
        if weights.words[found] & page.words == page.words and not elsewhere:
            return found
    weights, words, densest = page.weights, page.words, page.densest
    if words.bit_count() >= 2:
        return _whole(tree, weights.smallest_with(words))
    if weights.prose[densest] >= _CROWDED and not _is_footer(tree, densest):
        return _whole(tree, densest)
    return _around_files(tree) or 0


class _Page:
    """A page that is weighed only where it has to be: most have one box for the report and little beside it."""

    def __init__(self, tree: Tree, shape: Shape) -> None:
        self.tree, self.shape = tree, shape

    @cached_property
    def weights(self) -> Weights:
        return weigh(self.tree, self.shape)

    @cached_property
    def words(self) -> int:
        return self.weights.words[0]

    @cached_property
    def densest(self) -> int:
        return self.weights.densest()

    @property
    def is_crowded(self) -> bool:
        return self.weights.prose[self.densest] > _CROWDED

    def longest(self, selector: str) -> int | None:
        """The box with the most text that matches; a selector that cannot be read matches nothing."""
        tree, kinds = self.tree, self.shape.kinds
        known = [match for match in tree.select(selector) if kinds[match] & BOX and not tree.is_unseen(match)]
        return max(known, key=lambda box: self.weights.prose[box]) if len(known) > 1 else next(iter(known), None)

    def is_nearly_all(self, box: int) -> bool:
        """Is there no word of a report outside the box, and no text to speak of?"""
        tree, end = self.tree, self.tree.ends[box]
        if 1 in self.shape.kinds[box:end].translate(IS_NO_TEXT):
            return False  # What stands in links is no text: let it be weighed.
        outside = weigh(tree, self.shape, skipped=box)
        inside = accumulate(len("".join(text.split())) for text in filter(None, tree.texts[box:end]))
        return not outside.words[0] and any(2 * size >= outside.prose[0] for size in inside)


def _has_content(tree: Tree, node: int) -> bool:
    """Text, a picture, or a file shown in the page; a Flash banner is none of them."""
    if tree.text_of(node, 40) or tree.has(node, "img"):
        return True
    return any(_shows_file(tree, frame) for frame in tree.named(node, _FRAMES))


def _shows_file(tree: Tree, frame: int) -> bool:
    return bool(file_address(tree.attribute(frame, "src") or tree.attribute(frame, "data")))


def _is_footer(tree: Tree, node: int) -> bool:
    """版权所有, ICP备, 网站标识码: the foot of a page, whatever its class says."""
    text = tree.text_of(node, 600)
    return len(text) < 600 and bool(_FOOTER.search(text))


def _around_files(tree: Tree) -> int | None:
    """A page that is nothing but the cover of a file: the smallest box with all its report files."""
    holders = []
    for node in tree.named(0, _FRAMES | {"a"}):
        if tree.tags[node] != "a":
            shows = _shows_file(tree, node)
        else:
            told = _FILE_TEXT.search(tree.text_of(node, 200))
            shows = bool(told and file_address(tree.attribute(node, "href")))
        if shows:
            holders.append(node)
    if not holders:
        return None
    box = tree.parents[holders[0]]
    while box >= 0 and not all(tree.within(holder, box) for holder in holders[:50]):
        box = tree.parents[box]
    return _whole(tree, box) if box >= 0 else None


def _whole(tree: Tree, node: int) -> int:
    """A body that is a part of a table is the whole cell or box around that table; one that is a single paragraph (of a
    short report all words of a report may stand in one) is the box around it."""
    while tree.tags[node] in _PARTS and tree.parents[node] >= 0:
        node = tree.parents[node]
    return node
