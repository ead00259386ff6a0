"""A page -> Document: charset, the body, its blocks, and what the page says about it around the body."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from parsers.documents import dom, labels, limits, links, pairs, sheet_pages
from parsers.documents.blocks import read_blocks
from parsers.documents.body import find_body
from parsers.documents.charset import decode
from parsers.documents.media import HTML
from parsers.documents.model import Block, Document, Paragraph
from parsers.documents.scripted import page_text
from parsers.documents.shape import BLOCK, CELL, TEXT, UNSEEN, Shape, is_paragraph, shape_of
from parsers.documents.shown import as_shown
from parsers.documents.tree import Tree
from parsers.errors import Unreadable

_PLACE = re.compile(
    r"您?(?:现在|当前|目前|所在|您的|在)的?(?:所在)?的?(?:位置|栏目)|當前位置|現在的位置|的位置是?[:：]"
)
_SEPARATOR = re.compile(r"\s*(?:[-_|—–>]+)\s*")
_INLINE_LABELS = frozenset(["label", "span", "b", "strong", "em", "i", "font", "a"])
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "ucaptitle"))
_MAX_PAIRS = 120
_BODY_LINES = 12
_SHORT = 60
_LINK = frozenset(("a",))
_NOTHING = -1
_SAYING = ("base", "meta", "title", "style", "link")


def read_html(
    content: bytes, *, url: str | None = None, media_type: str | None = None, body: Sequence[str] = ()
) -> Document:
    """Read a page. `url` makes links absolute, `body` are the portal's own selectors.

    Raises Unreadable("too_large" | "binary" | "damaged").
    """
    limits.refuse_above(len(content), limits.MAX_HTML_BYTES, "the page")
    text, encoding = decode(content, media_type)
    markup, inner = limits.without_inline_data(page_text(text.replace("\x00", "")))
    limits.refuse_above(len(markup), limits.MAX_MARKUP, "the page's markup")
    whole, tree = _parsed(limits.flatten(markup) if limits.has_many_tags(markup) else markup)
    if tree.is_deeper_than(limits.MAX_DEPTH):
        whole, tree = _parsed(limits.flatten(markup))
    told = _told(whole, tree)
    base = _base(told, url)
    meta = _meta(told)
    as_shown(tree, *_sheets(told))
    shape = shape_of(tree)
    found = find_body(tree, shape, body)
    blocks = sheet_pages.opened(read_blocks(tree, found, base, shape))
    return Document(
        blocks=blocks,
        media_type=HTML,
        encoding=encoding,
        title=_title(told, tree, found, meta),
        meta=meta,
        pairs=_pairs(tree, shape, found, blocks),
        links=links.file_links(tree, found, base),
        outline=_outline(tree),
        inner=inner,
    )


def _parsed(markup: str) -> tuple[LexborHTMLParser, Tree]:
    whole = LexborHTMLParser(markup)
    page = whole.body or whole.root
    if page is None:
        raise Unreadable("damaged", "the page has no element at all")
    return whole, Tree(page)


def _told(whole: LexborHTMLParser, tree: Tree) -> list[LexborNode]:
    """What a page says of itself. Nearly always all of it stands in its head, which is soon looked through."""
    elsewhere = any(written.startswith(_SAYING) for written in tree.different)
    where = whole if elsewhere else whole.head
    return where.css("base[href], meta, title, style, link") if where is not None else []


def _sheets(told: Sequence[LexborNode]) -> tuple[list[str], bool]:
    """The stylesheets inside a page, and whether they are all that it has; what an interface sends has a portal's."""
    own = [node.text() for node in told if node.tag == "style" and _is_for_screens(node)]
    linked = any(node.tag == "link" and "style" in (node.attributes.get("rel") or "").lower() for node in told)
    return own, bool(told) and not linked and not any("@import" in sheet for sheet in own)


def _is_for_screens(node: LexborNode) -> bool:
    media = (node.attributes.get("media") or "").lower()
    return not media or "screen" in media or "all" in media


def _base(told: Sequence[LexborNode], url: str | None) -> str | None:
    node = _first(told, "base")
    if node is None:
        return url
    href = (node.attributes.get("href") or "").strip()
    return urljoin(url, href) if url else href or None


def _meta(told: Sequence[LexborNode]) -> tuple[tuple[str, str], ...]:
    found = []
    for node in told:
        if node.tag == "meta":
            said = node.attributes
            name = said.get("name") or said.get("property") or ""
            if name.strip():
                found.append((name.strip(), " ".join((said.get("content") or "").split())))
    return tuple(found)


def _first(told: Sequence[LexborNode], tag: str) -> LexborNode | None:
    return next((node for node in told if node.tag == tag), None)


def _title(told: Sequence[LexborNode], tree: Tree, body: int, meta: tuple[tuple[str, str], ...]) -> str | None:
    """meta ArticleTitle, else the heading that <title> repeats, else the last heading before the body, else the
    longest part of <title>: column and site have short names."""
    for name, content in meta:
        if name.lower() == "articletitle" and content.strip():
            return content.strip()
    node = _first(told, "title")
    whole = " ".join((node.text() if node is not None else "").split())
    headings = [(heading, tree.text_of(heading, 200)) for heading in tree.named(0, _HEADINGS)]
    repeated = [text for _, text in headings if len(text) >= 6 and text in whole]
    if repeated:
        # The site's name is a heading and in <title>, too, but shorter.
        return max(repeated, key=len)
    before = [text for heading, text in headings if text and not tree.within(heading, body)]
    inside = [text for heading, text in headings if text and tree.within(heading, body)]
    for text in (*inside[:1], *before[-1:]):
        if len(text) >= 6:
            return text
    parts = [part.strip() for part in _SEPARATOR.split(whole)]
    return max(parts, key=len) or None


_LABEL_CELLS = ("td", "th", "dt")


def _pairs(tree: Tree, shape: Shape, body: int, blocks: Sequence[Block]) -> tuple[pairs.Pair, ...]:
    """The label and value block around the body, then the first lines of the body itself."""
    found = pairs.from_segments(_segments(tree, shape, body or _NOTHING))
    lines = (block.text for block in blocks if isinstance(block, Paragraph) and block.text.strip())
    found += pairs.from_lines(list(islice(lines, _BODY_LINES)))
    return tuple(dict.fromkeys(found))[:_MAX_PAIRS]


def _segments(tree: Tree, shape: Shape, skipped: int) -> list[str]:
    """The page's text in the smallest pieces that its markup separates; labels in spans are pieces, too.

    A label's value stands beside it, in the same row, item or box: where that ends a pairs.END is put.
    """
    tags, texts, ends, kinds = tree.tags, tree.texts, tree.ends, shape.kinds
    segments: list[str] = []
    parts: list[str] = []
    label = _NOTHING
    scopes: set[int] = set()
    begins: dict[int, int] = {}
    """How many pieces stand in front of a cell."""

    def end(holder: int) -> None:
        # An empty cell is a piece: it is the empty value of the label before it.
        text = "".join(parts)
        parts.clear()
        add(_piece(text), holder)

    def add(text: str, holder: int) -> None:
        segments.append(text)
        if text and not text.isascii() and labels.is_bare_label(text):
            scopes.add(_scope(tree, holder))

    def leave(node: int) -> None:
        if tags[node] in _INLINE_LABELS:
            if label == node:
                end(node)
        elif kinds[node] & BLOCK and (parts or begins.get(node) == len(segments)):
            end(node)
        if node in scopes:
            segments.append(pairs.END)

    left: list[int] = []
    at, last = 0, ends[0]
    while at < last:
        while left and ends[left[-1]] <= at:
            node = left.pop()
            leave(node)
            label = _NOTHING if label == node else label
        node, at = at, at + 1
        kind = kinds[node]
        if kind & TEXT:
            parts.append(texts[node])
        elif kind & UNSEEN or node == skipped:
            at = ends[node]
        elif tags[node] == "br":
            if parts:
                end(node)
        elif kind & CELL and ends[node] == at and tags[node] == "td":
            # A cell that holds a text and nothing else, as most of a form's do.
            if parts:
                end(node)
            text = texts[node]
            add(_piece(text), node)
        elif (
            kind & CELL
            and ends[node] - at == 1
            and at != skipped
            and texts[at]
            and (tags[node] == "td" and is_paragraph(shape, at))
        ):
            # Or a paragraph with a text, and nothing else: what it says, and the end of the cell.
            if parts:
                end(node)
            parts.append(texts[at])
            end(at)
            if node in scopes:
                segments.append(pairs.END)
            at = ends[node]
        else:
            if kind & BLOCK:
                if parts:
                    end(node)
            elif label < 0 and tags[node] in _INLINE_LABELS and _is_label(tree, node):
                label = node
                end(node)
            if tags[node] in ("td", "dd"):
                begins[node] = len(segments)
            left.append(node)
            if texts[node]:
                parts.append(texts[node])
    for node in reversed(left):
        leave(node)
    return segments


def _piece(text: str) -> str:
    """As a browser shows it. In most pieces, long ones too, there is no blank: a space prints, and no other blank does."""
    return text if text.isprintable() and " " not in text else dom.squeeze(text).strip()


def _is_label(tree: Tree, node: int) -> bool:
    text = tree.texts[node] if tree.ends[node] - node == 1 else tree.text_of(node, 24)
    return not text.isascii() and labels.is_bare_label(dom.seen(text))


def _scope(tree: Tree, label: int) -> int:
    """The element within which the value of `label` is looked for: what holds the label, or the row of the cell that ends
    with it: <td><p><b>索引号：</b></p></td>."""
    up = label
    while (
        tree.tags[up] not in _LABEL_CELLS and tree.parents[up] >= 0 and tree.ends[tree.parents[up]] == tree.ends[label]
    ):
        up = tree.parents[up]
    return tree.parents[up if tree.tags[up] in _LABEL_CELLS else label]


def _outline(tree: Tree) -> tuple[str, ...]:
    """The breadcrumb: the links after 当前位置, outermost first."""
    for node, text in enumerate(tree.texts):
        if not ("位置" in text or "栏目" in text) or len(text) >= _SHORT or not _PLACE.search(text):
            continue
        if not tree.is_unseen(node):
            holder = tree.parents[node] if tree.tags[node] == dom.TEXT else node
            for _ in range(3):
                if holder < 0:
                    break
                crumbs = [tree.text_of(link, 60) for link in tree.named(holder, _LINK)]
                if 1 <= len(crumbs) <= 12:
                    return tuple(crumb for crumb in crumbs if crumb)
                holder = tree.parents[holder]
    return ()
