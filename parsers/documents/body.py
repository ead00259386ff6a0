"""Where on a page the report stands: the portal's own selectors, the usual ones, the report's signature, density.

Order and selectors: portals.md section 2.12. A selector is believed only while it holds what the page has: a
footer may be a .TRS_Editor, too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from selectolax.lexbor import SelectolaxError

from parsers.documents import dom
from parsers.documents.dom import Node
from parsers.documents.links import file_address
from parsers.documents.shape import Shape, Step, walk

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

# What only the body of a report says. The older reports' words also stand in every menu (依申请公开), so that
# they count only inside a sentence.
_SIGNS = (
    ("总体情况", "總體情況"),
    ("第二十条第", "第二十條第"),
    ("收到和处理政府信息公开申请", "收到和處理政府信息公開申請"),
    ("其他需要报告的事项", "其他需要報告的事項"),
    ("统计指标", "統計指標"),
    ("依申请公开", "依申請公開"),
    ("主动公开", "主動公開"),
    ("统计期限", "統計期限"),
    ("行政复议", "行政複議", "行政復議"),
    ("收费", "收費"),
)
_SIGN = {spelling: number for number, spellings in enumerate(_SIGNS) for spelling in spellings}
_SIGNATURE = re.compile("|".join(_SIGN))
_ALWAYS = 5
"""The first five signs count wherever they stand, the others only in a sentence."""
_SENTENCE = 24
_MARKUP_BLOCKS = frozenset((
    "p", "li", "td", "th", "dd", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "div", "center", "pre",
    "blockquote", "section", "article",
))  # fmt: skip


_FOOTER = re.compile(r"版权所有|ICP备|网站标识码|公安备案|公网安备|版權所有")
_FILE_TEXT = re.compile(r"报告|年报|公开|附件|全文|報告|年報|公開")


@dataclass(slots=True)
class _Weight:
    """What stands below a node."""

    node: Node
    prose: int = 0
    score: float = 0.0
    mask: int = 0
    parent: _Weight | None = None
    kids: list[_Weight] = field(default_factory=list)


def find_body(root: Node, shape: Shape, profile: Sequence[str] = ()) -> Node:
    """Return the smallest node that holds the whole report.

    `profile` are CSS selectors of the portal's record, tried first. Falls back to the page's own body.
    """
    weights = _weigh(root, shape)
    top = weights[root.mem_id]
    densest = max(weights.values(), key=lambda weight: weight.score)
    for selector in profile:
        found = _longest(root, selector, weights)
        if found is not None and _has_content(found.node):
            return found.node
    for selector in GENERAL_SELECTORS:
        found = _longest(root, selector, weights)
        if found is None or not _has_content(found.node) or _is_footer(found.node):
            continue
        if found.mask & top.mask == top.mask and not (densest.prose > 200 and densest.prose > 3 * found.prose):
            return found.node
    if top.mask.bit_count() >= 2:
        return _out_of_table(_smallest_with(top, top.mask))
    if densest.prose >= 200 and not _is_footer(densest.node):
        return _out_of_table(densest.node)
    return _around_files(root) or root


def _longest(root: Node, selector: str, weights: dict[int, _Weight]) -> _Weight | None:
    """The match with the most text; a selector that cannot be read matches nothing."""
    try:
        matches = root.css(selector)
    except SelectolaxError:
        return None
    known = [weights[match.mem_id] for match in matches if match.mem_id in weights]
    return max(known, key=lambda weight: weight.prose, default=None)


def _has_content(node: Node) -> bool:
    """Text, a picture, or a file shown in the page; a Flash banner is none of them."""
    if dom.text_of(node, 40):
        return True
    shown = (dom.attribute(frame, "src") or dom.attribute(frame, "data") for frame in node.css("iframe, embed, object"))
    return node.css_first("img") is not None or any(map(file_address, shown))


def _is_footer(node: Node) -> bool:
    """版权所有, ICP备, 网站标识码: the foot of a page, whatever its class says."""
    text = dom.text_of(node, 600)
    return len(text) < 600 and bool(_FOOTER.search(text))


def _around_files(root: Node) -> Node | None:
    """A page that is nothing but the cover of a file: the smallest box with all its report files."""
    holders = []
    for node in root.css("a, iframe, embed, object"):
        if node.tag == "a" and not (
            _FILE_TEXT.search(dom.text_of(node, 200)) and file_address(dom.attribute(node, "href"))
        ):
            continue
        if node.tag != "a" and not file_address(dom.attribute(node, "src") or dom.attribute(node, "data")):
            continue
        holders.append(node)
    if not holders:
        return None
    box: Node | None = holders[0].parent
    while box is not None and not all(dom.is_within(holder, box) for holder in holders[:50]):
        box = box.parent
    return _out_of_table(box) if box is not None else None


def _weigh(root: Node, shape: Shape) -> dict[int, _Weight]:
    """Text outside links, density score and signature of every box, in one pass.

    Boxes are block elements and whatever carries an id; other inline elements are part of their text.
    """
    weights: dict[int, _Weight] = {}
    stack: list[_Weight] = []
    parts: list[str] = []
    links = 0

    def enter(node: Node) -> None:
        _settle(stack, parts)
        weight = _Weight(node, parent=stack[-1] if stack else None)
        if weight.parent:
            weight.parent.kids.append(weight)
        weights[node.mem_id] = weight
        stack.append(weight)

    def leave() -> None:
        _settle(stack, parts)
        done = stack.pop()
        if done.parent:
            done.parent.prose += done.prose
            done.parent.mask |= done.mask

    for step, node, text in walk(root, shape):
        if step is Step.TEXT:
            parts.append(" " if links else text)
            continue
        tag = (node.tag or "") if step is Step.LEAF else text
        is_box = tag in dom.BLOCKS or "id" in node.attributes
        if step is Step.LEAF:
            said = " " if links or tag == "a" else text
            if is_box:
                enter(node)
                parts.append(said)
                leave()
            else:
                parts.append(said)
            continue
        if tag == "a":
            links += 1 if step is Step.ENTER else -1
        if is_box and step is Step.ENTER:
            enter(node)
        elif is_box:
            leave()
    return weights


def _settle(stack: list[_Weight], parts: list[str]) -> None:
    """Give the text gathered so far to the innermost element and, as density, to its parents."""
    if not parts or not stack:
        parts.clear()
        return
    text = "".join(parts)
    parts.clear()
    size = len(text.strip())
    if not size:
        return
    weight = stack[-1]
    weight.prose += size
    folded = "".join(text.split())
    for sign in _SIGNATURE.findall(folded):
        bit = _SIGN[sign]
        if bit < _ALWAYS or len(folded) >= _SENTENCE:
            weight.mask |= 1 << bit
    if size >= 8:
        share = 1.0
        holder: _Weight | None = weight
        # A paragraph speaks for the box around it; inline elements and cells pass it on.
        for _ in range(4):
            if holder is None:
                break
            holder.score += size * share
            if holder.node.tag in _MARKUP_BLOCKS:
                share *= 0.9 if holder is weight else 0.5
            holder = holder.parent


def _smallest_with(top: _Weight, mask: int) -> Node:
    weight = top
    while True:
        below = next((kid for kid in weight.kids if kid.mask & mask == mask), None)
        if below is None:
            return weight.node
        weight = below


def _out_of_table(node: Node) -> Node:
    """A body that is a part of a table is the whole cell or box around that table."""
    current = node
    while current.tag in ("tr", "tbody", "thead", "tfoot", "table") and current.parent is not None:
        current = current.parent
    return current
