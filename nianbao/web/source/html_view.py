"""An archived page as a harmless copy: its words, tables and inline looks; no script, no address, nothing to load.

Built anew from an allow-list: what is not named here does not come through. Every figure's cell or words get the id
of its path, so that `…/source#requests.received_new.total` shows it, without any script.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape

from selectolax.lexbor import LexborHTMLParser

from nianbao.web.source.frame import framed, hits
from nianbao.web.source.places import Passage, Places, aired, locate, passages, squeezed
from parsers import chinese
from parsers.documents import dom, limits
from parsers.documents.charset import decode
from parsers.documents.html import read_html
from parsers.documents.tree import Tree
from parsers.script import simplified

KEPT = frozenset(
    [
        "p",
        "div",
        "span",
        "br",
        "hr",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "table",
        "caption",
        "colgroup",
        "col",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "td",
        "th",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "b",
        "strong",
        "i",
        "em",
        "u",
        "s",
        "strike",
        "del",
        "ins",
        "sub",
        "sup",
        "font",
        "center",
        "pre",
        "blockquote",
        "section",
        "article",
        "header",
        "footer",
        "main",
        "nav",
        "aside",
        "figure",
        "figcaption",
        "address",
        "small",
        "big",
        "code",
        "tt",
        "nobr",
        "q",
        "abbr",
        "label",
    ]
)
_VOID = frozenset(("br", "hr", "col"))
_ATTRIBUTES = frozenset(
    [
        "colspan",
        "rowspan",
        "span",
        "align",
        "valign",
        "width",
        "height",
        "border",
        "cellpadding",
        "cellspacing",
        "bgcolor",
        "color",
        "size",
        "dir",
        "lang",
        "start",
    ]
)
_STYLE = re.compile(
    r"(?:^|;)\s*((?:text-align|vertical-align|text-indent|line-height|font(?:-size|-weight|-style|-family)?|color"
    r"|background-color|border(?:-[a-z]+)*|width|height|min-width|padding(?:-[a-z]+)?|margin(?:-[a-z]+)?"
    r"|white-space|text-decoration)\s*:\s*[^;:@\\<>(){}]{1,120})(?=;|$)",
    re.IGNORECASE,
)
"""Declarations that look like something and load nothing: no parenthesis, so no url() and no expression()."""


@dataclass(frozen=True)
class _Mark:
    start: int
    end: int
    paths: tuple[str, ...]


def html_view(content: bytes, media_type: str | None, body: Sequence[str], places: Places) -> bytes:
    """The copy of a page with its figures marked. `body` as for `read_html`. Raises Unreadable as the reader does."""
    text, _ = decode(content, media_type)
    markup, _ = limits.without_inline_data(text.replace("\x00", ""))
    parsed = LexborHTMLParser(limits.flatten(markup))
    page = parsed.body or parsed.root
    if page is None:
        return framed("", missing=0)
    tree = Tree(page)
    cells = _cells(tree, places)
    lost = sum(map(len, places.elements.values())) - sum(map(len, cells.values()))
    texts: dict[int, list[_Mark]] = {}
    if places.lines or places.spans:
        document = simplified(read_html(content, media_type=media_type, body=body)).document
        texts, not_found = _texts(tree, passages(document, places))
        lost += not_found
    return framed("".join(_written(tree, cells, texts)), missing=lost)


def _cells(tree: Tree, places: Places) -> dict[int, tuple[str, ...]]:
    """Node of a table's cell -> the figures that it holds: cells are numbered through the page, as the report does."""
    cells = [node for node, tag in enumerate(tree.tags) if tag in ("td", "th")]
    return {cells[number]: paths for number, paths in places.elements.items() if number < len(cells)}


def _texts(tree: Tree, sought: Sequence[Passage]) -> tuple[dict[int, list[_Mark]], int]:
    """Node that bears a text -> the stretches of it that hold figures; and how many figures were not found."""
    streams = _Stream(squeezed), _Stream(aired)
    line: list[tuple[int, str]] = []
    for node, entering in tree.walk(0):
        tag = tree.tags[node]
        if tag == "br" or tag in dom.BLOCKS:
            for stream in streams:
                stream.add(line)
            line = []
        if entering and tree.texts[node]:
            line.append((node, tree.texts[node]))
    found: dict[int, list[_Mark]] = {}
    lost = 0
    for passage in sought:
        stream = streams[passage.blank]
        span = locate(passage, stream.words) or locate(passage, stream.simplified)
        if span is None:
            lost += len(passage.paths)
        else:
            _mark(found, passage.paths, span, stream)
    return {node: _apart(marks) for node, marks in found.items()}, lost


class _Stream:
    """The words of a page without white space; of each character, in which text and where in it it stands."""

    def __init__(self, without: Callable[[str], str]) -> None:
        self._without = without
        self._parts: list[str] = []
        self.owners: list[int] = []
        self.offsets: list[int] = []

    def add(self, line: Sequence[tuple[int, str]]) -> None:
        """The texts of one line of the page, by their nodes."""
        kept = set(self._without("".join(text for _, text in line)))
        for owner, text in line:
            offsets = [offset for offset, character in enumerate(text) if character in kept]
            self._parts.append("".join(text[offset] for offset in offsets))
            self.owners += [owner] * len(offsets)
            self.offsets += offsets

    @cached_property
    def words(self) -> str:
        return "".join(self._parts)

    @cached_property
    def simplified(self) -> str:
        """In simplified characters, as the report's own text is; empty where that changes the length."""
        plain = chinese.simplify(self.words)
        return plain if len(plain) == len(self.words) else ""


def _mark(found: dict[int, list[_Mark]], paths: tuple[str, ...], span: tuple[int, int], stream: _Stream) -> None:
    """A passage may run through several texts: each gets its part, the first one the ids."""
    start = span[0]
    while start < span[1]:
        owner, end = stream.owners[start], start
        while end < span[1] and stream.owners[end] == owner:
            end += 1
        found.setdefault(owner, []).append(_Mark(stream.offsets[start], stream.offsets[end - 1] + 1, paths))
        paths, start = (), end


def _apart(marks: Sequence[_Mark]) -> list[_Mark]:
    """Marks in order; those that overlap (two figures of one sentence) become one."""
    found: list[_Mark] = []
    for mark in sorted(marks, key=lambda mark: (mark.start, mark.end)):
        if found and mark.start < found[-1].end:
            last = found.pop()
            mark = _Mark(last.start, max(last.end, mark.end), (*last.paths, *mark.paths))
        found.append(mark)
    return found


def _written(tree: Tree, cells: Mapping[int, tuple[str, ...]], texts: Mapping[int, list[_Mark]]) -> list[str]:
    parts: list[str] = []
    for node, entering in tree.walk(0):
        tag = tree.tags[node]
        if tag == "img" and entering:
            words = tree.attribute(node, "alt") or tree.attribute(node, "title")
            parts.append(f'<span class="nb-picture">〔图{escape(" " + words if words else "")}〕</span>')
        elif tag == "input" and entering and (tree.attribute(node, "type") or "text") in ("text", "number"):
            parts.append(escape(tree.attribute(node, "value")))
        elif tag == "a":
            parts.append('<span class="nb-link">' if entering else "</span>")
        elif tag in KEPT and entering:
            paths = cells.get(node, ())
            parts.append(f"<{tag}{_attributes(tree, node)}{' class=nb-cell' if paths else ''}>")
            parts.append(hits(paths))
        elif tag in KEPT and tag not in _VOID:
            parts.append(f"</{tag}>")
        if entering and tree.texts[node]:
            parts.append(_text(tree.texts[node], texts.get(node, ())))
    return parts


def _text(text: str, marks: Sequence[_Mark]) -> str:
    parts: list[str] = []
    done = 0
    for mark in marks:
        parts.append(escape(text[done : mark.start]))
        parts.append(f'<mark class="nb-cell">{hits(mark.paths)}{escape(text[mark.start : mark.end])}</mark>')
        done = mark.end
    parts.append(escape(text[done:]))
    return "".join(parts)


def _attributes(tree: Tree, node: int) -> str:
    found = []
    for name, value in tree.attributes(node).items():
        if name in _ATTRIBUTES and value:
            found.append(f' {name}="{escape(value[:200])}"')
        elif name == "style" and value:
            style = "; ".join(_STYLE.findall(value[:2000]))
            if style:
                found.append(f' style="{escape(style)}"')
    return "".join(found)
