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
from nianbao.web.source.places import Places, aired, locate, passages, squeezed
from parsers import chinese
from parsers.documents import dom, limits, tables
from parsers.documents.charset import decode
from parsers.documents.dom import Node
from parsers.documents.html import read_html
from parsers.documents.model import Document, Grid
from parsers.documents.shape import shape_of
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
    """The copy of a page with its figures marked. Raises Unreadable as the reader does."""
    text, _ = decode(content, media_type)
    markup = limits.without_inline_data(text.replace("\x00", ""))
    tree = LexborHTMLParser(limits.flatten(markup))
    page = tree.body or tree.root
    if page is None:
        return framed("", missing=0)
    document = read_html(content, media_type=media_type, body=body)
    cells = _cells(page, document, places)
    texts, lost = _texts(page, simplified(document).document, places)
    lost += sum(len(paths) for paths in places.cells.values()) - sum(len(paths) for paths in cells.values())
    return framed("".join(_written(page, cells, texts)), missing=lost)


def _cells(page: Node, document: Document, places: Places) -> dict[int, tuple[str, ...]]:
    """`mem_id` of a table's cell -> the figures that it holds. A table is known again by what it says."""
    wanted = {table for table, _, _ in places.cells}
    if not wanted:
        return {}
    grids = list(document.grids())
    shape = shape_of(page)
    found: dict[int, tuple[str, ...]] = {}
    following = 0
    for node in page.css("table"):
        if following == len(grids):
            break
        made = tables.read_table(node, grids[following].index, shape)
        if made is None or made.rows != grids[following].rows:
            continue
        if grids[following].index in wanted:
            found |= _of_table(node, grids[following], places)
        following += 1
    return found


def _of_table(table: Node, made: Grid, places: Places) -> dict[int, tuple[str, ...]]:
    """The cells that begin in a row stand in the markup in the grid's order; a row with hidden cells is left out."""
    parts = [part for part in dom.children(table) if part.tag in ("thead", "tbody", "tfoot")]
    parts.sort(key=lambda part: part.tag == "tfoot")
    rows = [row for part in parts for row in dom.children(part) if row.tag == "tr"]
    found: dict[int, tuple[str, ...]] = {}
    for number, (row, placed) in enumerate(zip(rows, made.rows, strict=False)):
        nodes = [cell for cell in dom.children(row) if cell.tag in ("td", "th")]
        begins = [n for n, cell in enumerate(placed) if cell is not None and (cell.row, cell.column) == (number, n)]
        if len(nodes) != len(begins):
            continue
        for node, column in zip(nodes, begins, strict=True):
            paths = places.cells.get((made.index, number, column))
            if paths:
                found[node.mem_id] = paths
    return found


def _texts(page: Node, document: Document, places: Places) -> tuple[dict[int, list[_Mark]], int]:
    """`mem_id` of a text -> the stretches of it that hold figures; and how many figures were not found."""
    sought = passages(document, places)
    if not sought:
        return {}, 0
    streams = _Stream(squeezed), _Stream(aired)
    line: list[tuple[int, str]] = []
    for node, _entering in dom.walk(page):
        if node.tag == dom.TEXT:
            line.append((node.mem_id, node.text_content or ""))
        elif node.tag == "br" or node.tag in dom.BLOCKS:
            for stream in streams:
                stream.add(line)
            line = []
    found: dict[int, list[_Mark]] = {}
    lost = 0
    for passage in sought:
        stream = streams[passage.blank]
        span = locate(passage, stream.words) or locate(passage, stream.simplified)
        if span is None:
            lost += len(passage.paths)
        else:
            _mark(found, passage.paths, span, stream)
    return {identity: _apart(marks) for identity, marks in found.items()}, lost


class _Stream:
    """The words of a page without white space; of each character, in which text and where in it it stands."""

    def __init__(self, without: Callable[[str], str]) -> None:
        self._without = without
        self._parts: list[str] = []
        self.owners: list[int] = []
        self.offsets: list[int] = []

    def add(self, line: Sequence[tuple[int, str]]) -> None:
        """The texts of one line of the page, by their `mem_id`."""
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


def _written(page: Node, cells: Mapping[int, tuple[str, ...]], texts: Mapping[int, list[_Mark]]) -> list[str]:
    parts: list[str] = []
    for node, entering in dom.walk(page):
        tag = node.tag or ""
        if tag == dom.TEXT:
            parts.append(_text(node.text_content or "", texts.get(node.mem_id, ())))
        elif tag == "img" and entering:
            words = dom.attribute(node, "alt") or dom.attribute(node, "title")
            parts.append(f'<span class="nb-picture">〔图{escape(" " + words if words else "")}〕</span>')
        elif tag == "input" and entering and (dom.attribute(node, "type") or "text") in ("text", "number"):
            parts.append(escape(dom.attribute(node, "value")))
        elif tag == "a":
            parts.append('<span class="nb-link">' if entering else "</span>")
        elif tag not in KEPT:
            continue
        elif entering:
            paths = cells.get(node.mem_id, ())
            parts.append(f"<{tag}{_attributes(node)}{' class=nb-cell' if paths else ''}>")
            parts.append(hits(paths))
        elif tag not in _VOID:
            parts.append(f"</{tag}>")
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


def _attributes(node: Node) -> str:
    found = []
    for name, value in node.attributes.items():
        if name in _ATTRIBUTES and value:
            found.append(f' {name}="{escape(value[:200])}"')
        elif name == "style" and value:
            style = "; ".join(_STYLE.findall(value[:2000]))
            if style:
                found.append(f' style="{escape(style)}"')
    return "".join(found)
