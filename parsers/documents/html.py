"""A page -> Document: charset, the body, its blocks, and what the page says about it around the body."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser

from parsers.documents import dom, labels, limits, links, pairs
from parsers.documents.blocks import read_blocks
from parsers.documents.body import find_body
from parsers.documents.charset import decode
from parsers.documents.dom import Node
from parsers.documents.media import HTML
from parsers.documents.model import Block, Document, Paragraph
from parsers.documents.shape import shape_of
from parsers.errors import Unreadable

_PLACE = re.compile(
    r"您?(?:现在|当前|目前|所在|您的|在)的?(?:所在)?的?(?:位置|栏目)|當前位置|現在的位置|的位置是?[:：]"
)
_SEPARATOR = re.compile(r"\s*(?:[-_|—–>]+)\s*")
_INLINE_LABELS = frozenset(["label", "span", "b", "strong", "em", "i", "font", "a"])
_MAX_PAIRS = 120
_BODY_LINES = 12


def read_html(
    content: bytes, *, url: str | None = None, media_type: str | None = None, body: Sequence[str] = ()
) -> Document:
    """Read a page. `url` makes links absolute, `body` are the portal's own selectors.

    Raises Unreadable("too_large" | "binary" | "damaged").
    """
    limits.refuse_above(len(content), limits.MAX_HTML_BYTES, "the page")
    text, encoding = decode(content, media_type)
    markup = limits.without_inline_data(text.replace("\x00", ""))
    limits.refuse_above(len(markup), limits.MAX_MARKUP, "the page's markup")
    tree = LexborHTMLParser(limits.flatten(markup))
    page = tree.body or tree.root
    if page is None:
        raise Unreadable("damaged", "the page has no element at all")
    base = _base(tree, url)
    meta = _meta(tree)
    shape = shape_of(page)
    found = find_body(page, shape, body)
    blocks = read_blocks(found, base, shape)
    return Document(
        blocks=blocks,
        media_type=HTML,
        encoding=encoding,
        title=_title(tree, page, found, meta),
        meta=meta,
        pairs=_pairs(page, found, blocks),
        links=links.file_links(found, page, base),
        outline=_outline(page),
    )


def _base(tree: LexborHTMLParser, url: str | None) -> str | None:
    node = tree.css_first("base[href]")
    if node is None:
        return url
    href = dom.attribute(node, "href").strip()
    return urljoin(url, href) if url else href or None


def _meta(tree: LexborHTMLParser) -> tuple[tuple[str, str], ...]:
    found = []
    for node in tree.css("meta"):
        name = dom.attribute(node, "name") or dom.attribute(node, "property")
        if name.strip():
            found.append((name.strip(), " ".join(dom.attribute(node, "content").split())))
    return tuple(found)


def _title(tree: LexborHTMLParser, page: Node, body: Node, meta: tuple[tuple[str, str], ...]) -> str | None:
    """meta ArticleTitle, else the heading that <title> repeats, else the last heading before the body, else the
    longest part of <title>: column and site have short names."""
    for name, content in meta:
        if name.lower() == "articletitle" and content.strip():
            return content.strip()
    node = tree.css_first("title")
    whole = " ".join((node.text() if node is not None else "").split())
    headings = [(heading, dom.text_of(heading, 200)) for heading in page.css("h1, h2, h3, h4, ucaptitle")]
    repeated = [text for _, text in headings if len(text) >= 6 and text in whole]
    if repeated:
        # The site's name is a heading and in <title>, too, but shorter.
        return max(repeated, key=len)
    before = [text for heading, text in headings if text and not dom.is_within(heading, body)]
    inside = [text for heading, text in headings if text and dom.is_within(heading, body)]
    for text in (*inside[:1], *before[-1:]):
        if len(text) >= 6:
            return text
    parts = [part.strip() for part in _SEPARATOR.split(whole)]
    return max(parts, key=len) or None


def _pairs(page: Node, body: Node, blocks: Sequence[Block]) -> tuple[pairs.Pair, ...]:
    """The label and value block around the body, then the first lines of the body itself."""
    skipped = frozenset((body.mem_id,)) if body.mem_id != page.mem_id else frozenset()
    found = pairs.from_segments(_segments(page, skipped))
    lines = [block.text for block in blocks if isinstance(block, Paragraph) and block.text.strip()]
    found += pairs.from_lines(lines[:_BODY_LINES])
    return tuple(dict.fromkeys(found))[:_MAX_PAIRS]


def _segments(page: Node, skipped: frozenset[int]) -> list[str]:
    """The page's text in the smallest pieces that its markup separates; labels in spans are pieces, too.

    A label's value stands beside it, in the same row, item or box: where that ends a pairs.END is put.
    """
    segments: list[str] = []
    parts: list[str] = []
    label = 0
    scopes: set[int] = set()

    def end(holder: Node) -> None:
        # An empty cell is a piece: it is the empty value of the label before it.
        text = dom.squeeze("".join(parts)).strip()
        parts.clear()
        segments.append(text)
        if labels.is_bare_label(text):
            scopes.add(_scope(holder))

    for node, entering in dom.walk_but(page, skipped):
        tag = node.tag
        if tag == dom.TEXT:
            parts.append(node.text_content or "")
            continue
        if tag in _INLINE_LABELS:
            if entering and not label and labels.is_bare_label(dom.text_of(node, 24)):
                label = node.mem_id
                end(node)
            elif not entering and label == node.mem_id:
                label = 0
                end(node)
        elif (tag == "br" or tag in dom.BLOCKS) and (parts or (tag in ("td", "dd") and not entering)):
            end(node)
        if not entering and node.mem_id in scopes:
            segments.append(pairs.END)
    return segments


def _scope(label: Node) -> int:
    """The element within which the value of `label` is looked for: what holds the label, or the cell around it."""
    holder = label.parent
    if holder is not None and label.tag not in dom.BLOCKS and holder.tag in ("td", "th", "dt"):
        holder = holder.parent
    return holder.mem_id if holder is not None else 0


def _outline(page: Node) -> tuple[str, ...]:
    """The breadcrumb: the links after 当前位置, outermost first."""
    if not _PLACE.search(page.text()):
        return ()
    for node, entering in dom.walk(page):
        if node.tag != dom.TEXT or not entering:
            continue
        text = node.text_content or ""
        if len(text) < 60 and _PLACE.search(text):
            holder = node.parent
            for _ in range(3):
                if holder is None:
                    break
                crumbs = [dom.text_of(link, 60) for link in holder.css("a")]
                if 1 <= len(crumbs) <= 12:
                    return tuple(crumb for crumb in crumbs if crumb)
                holder = holder.parent
    return ()
