"""Walking an HTML tree without recursion: a page may nest as deep as it likes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

Node = LexborNode

UNSEEN = frozenset((
    "script", "style", "noscript", "template", "head", "title", "meta", "link", "select", "option",
    "optgroup", "datalist", "button", "textarea", "svg", "canvas", "audio", "video", "map", "area", "math",
    "-comment", "!doctype",
))  # fmt: skip
"""Elements whose contents nobody reads as text."""
BLOCKS = frozenset((
    "html", "body", "div", "p", "table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th", "ul", "ol",
    "li", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "main", "aside",
    "header", "footer", "nav", "form", "fieldset", "legend", "blockquote", "center", "pre", "address",
    "figure", "figcaption", "hr", "details", "summary", "ucapcontent", "ucaptitle", "menu", "dir",
))  # fmt: skip
TEXT = "-text"
_ASCII_SPACE = re.compile(r"[ \t\r\n\f]+")
OUTER = " \t\r\n\f\v\u00a0\u3000\u2002\u2003\u2009\u200b\u200c\u200d\ufeff"


def children(node: Node) -> Iterator[Node]:
    child = node.child
    while child is not None:
        yield child
        child = child.next


def walk(root: Node) -> Iterator[tuple[Node, bool]]:
    """Every node below and with `root` in reading order, as (node, entering).

    Elements come twice, entered and left; texts and unseen elements once, entered. Send nothing back: a caller
    that wants to skip a subtree uses `walk_but`.
    """
    return walk_but(root, frozenset())


def walk_but(root: Node, skipped: frozenset[int]) -> Iterator[tuple[Node, bool]]:
    """As `walk`, without the subtrees whose `mem_id` is in `skipped`."""
    top = root.mem_id
    node = root
    while True:
        tag = node.tag
        if tag == TEXT:
            yield node, True
        elif tag not in UNSEEN and not (skipped and node.mem_id in skipped):
            yield node, True
            child = node.child
            if child is not None:
                node = child
                continue
            yield node, False
        following = None if node.mem_id == top else node.next
        while following is None:
            parent = node.parent
            if node.mem_id == top or parent is None:
                return
            node = parent
            yield node, False
            following = None if node.mem_id == top else node.next
        node = following


def squeeze(text: str) -> str:
    """White space as a browser shows it: runs become one space; no-break and full-width spaces stay."""
    return _ASCII_SPACE.sub(" ", text)


def trim(text: str) -> str:
    """Without outer white space; a text of nothing but visible blanks (&nbsp;) is kept, it may be an empty cell."""
    stripped = text.strip(OUTER)
    return stripped or text.strip(" \t\r\n\f\v")


def text_of(node: Node, limit: int = 1_000_000) -> str:
    """The glued text of a subtree, cut off after about `limit` characters."""
    parts: list[str] = []
    size = 0
    for current, entering in walk(node):
        if current.tag == TEXT and entering:
            part = current.text_content or ""
            parts.append(part)
            size += len(part)
            if size > limit:
                break
        elif current.tag in BLOCKS or current.tag == "br":
            parts.append(" ")
    return trim(squeeze("".join(parts)))


def attribute(node: Node, name: str) -> str:
    return node.attributes.get(name) or ""


def names(node: Node) -> str:
    """Class and id in one lower-case string, for matching."""
    attributes = node.attributes
    return f"{attributes.get('id') or ''} {attributes.get('class') or ''}".lower()


def is_within(node: Node, root: Node) -> bool:
    """Is `node` the root or below it?"""
    current: Node | None = node
    target = root.mem_id
    while current is not None:
        if current.mem_id == target:
            return True
        current = current.parent
    return False
