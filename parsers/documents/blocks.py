"""The body of a page -> blocks in reading order: paragraphs, grids, pictures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urljoin

from parsers.documents import dom
from parsers.documents.chrome import is_chrome_line, is_small
from parsers.documents.model import Block, Paragraph, Picture
from parsers.documents.shape import BLOCK, TEXT, UNSEEN, Shape
from parsers.documents.tables import layout_tables, read_table
from parsers.documents.tree import Tree

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_ICON = re.compile(r"filetypeimages|/icons?[/_]|icon_|ico\.|\bspacer\b|loading\.gif|^data:", re.IGNORECASE)
_ICON_SIZE = 32
_NARROW = 120
"""Pixels: no table is as narrow, a QR code is."""
_STYLED_WIDTH = re.compile(r"(?<![\w-])width\s*:\s*(\d+)px")
_PRE_LINE = re.compile(r"\r\n|\r|\n")


class _Builder:
    """Gathers inline text into paragraphs; every block element and <br> ends one."""

    def __init__(self, tree: Tree, base: str | None, shape: Shape) -> None:
        self.blocks: list[Block] = []
        self.tree = tree
        self.base = base
        self.shape = shape
        self.grids = 0
        self._parts: list[str] = []
        self._pictures: list[Picture] = []
        self._levels: list[int] = []
        self._pre = 0

    def text(self, text: str) -> None:
        if self._pre:
            first, *others = _PRE_LINE.split(text)
            self._parts.append(first)
            for line in others:
                self.end_paragraph()
                self._parts.append(line)
        else:
            self._parts.append(text)

    def enter(self, tag: str) -> None:
        self.end_paragraph()
        if tag in _HEADINGS:
            self._levels.append(_HEADINGS[tag])
        self._pre += tag == "pre"

    def leave(self, tag: str) -> None:
        self.end_paragraph()
        if tag in _HEADINGS and self._levels:
            self._levels.pop()
        self._pre -= tag == "pre" and self._pre > 0

    def whole(self, tag: str, text: str) -> None:
        """A block element that holds nothing but text."""
        if self._parts or self._pictures:
            self.end_paragraph()
        if self._pre or tag == "pre":
            self.enter(tag)
            self.text(text)
            self.leave(tag)
        elif text := dom.seen(text):
            level = _HEADINGS.get(tag) or (self._levels[-1] if self._levels else 0)
            if not is_chrome_line(text):
                self.blocks.append(tuple.__new__(Paragraph, (text, level, False)))

    def line_break(self) -> None:
        """<br> after nothing is a blank line, as on the screen."""
        if not self._parts:
            self.blocks.append(Paragraph(""))
        self.end_paragraph()

    def picture(self, node: int) -> None:
        """A picture comes after the paragraph it stands in, so that the sentence stays whole."""
        said = self.tree.attributes(node)
        # A page that loads its pictures late shows a grey square at first: src="loading.gif" data-original="…".
        named = (said.get(name, "").strip() for name in ("src", "data-src", "data-original"))
        source = next((address for address in named if address and not _ICON.search(address)), None)
        if source is None or _is_tiny(said):
            return
        url = urljoin(self.base, source) if self.base and not source.startswith("#") else source
        self._pictures.append(Picture(url, said.get("alt") or said.get("title") or ""))

    def table(self, node: int) -> None:
        self.end_paragraph()
        made = read_table(self.tree, node, self.grids, self.shape)
        if made is not None:
            self.blocks.append(made)
            self.grids += 1
        if self.tree.has(node, "img"):
            for current, entering in self.tree.walk(node):
                if entering and self.tree.tags[current] == "img":
                    self.picture(current)
        self.end_paragraph()

    def end_paragraph(self) -> None:
        if self._parts:
            text = dom.seen("".join(self._parts))
            self._parts.clear()
            if text and not is_chrome_line(text):
                self.blocks.append(Paragraph(text, self._levels[-1] if self._levels else 0))
        if self._pictures:
            self.blocks.extend(self._pictures)
            self._pictures.clear()


def _is_tiny(said: Mapping[str, str]) -> bool:
    width, height = (said.get(name, "").strip().removesuffix("px") for name in ("width", "height"))
    styled = _STYLED_WIDTH.search(said.get("style", ""))
    if styled and not width:
        width = styled[1]
    return (width.isdigit() and int(width) <= _NARROW) or (height.isdigit() and int(height) <= _ICON_SIZE)


def read_blocks(tree: Tree, body: int, base: str | None, shape: Shape) -> tuple[Block, ...]:
    """The blocks of `body`; relative addresses of pictures are resolved against `base` where it is known."""
    layout = layout_tables(tree, body, shape)
    builder = _Builder(tree, base, shape)
    tags, texts, ends, kinds, branching = tree.tags, tree.texts, tree.ends, shape.kinds, shape.branching
    left: list[int] = []
    at, end = body, ends[body]
    while at < end:
        while left and ends[left[-1]] <= at:
            builder.leave(tags[left.pop()])
        tag = tags[at]
        node, at = at, at + 1
        kind = kinds[node]
        if kind & TEXT:
            builder.text(texts[node])
        elif kind & UNSEEN or (node in shape.suspects and node != body and is_small(tree, node)):
            at = ends[node]
        elif tag == "br":
            builder.line_break()
        elif tag == "img":
            builder.picture(node)
        elif tag == "table" and node not in layout and node != body:
            builder.table(node)
            at = ends[node]
        else:
            if branching[node]:
                if kind & BLOCK:
                    builder.enter(tag)
                    left.append(node)
                continue
            at = ends[node]
            text = "".join(texts[node:at])
            if kind & BLOCK:
                builder.whole(tag, text)
            else:
                builder.text(text)
    while left:
        builder.leave(tags[left.pop()])
    builder.end_paragraph()
    return _without_outer_blanks(builder.blocks)


def _without_outer_blanks(blocks: list[Block]) -> tuple[Block, ...]:
    first, last = 0, len(blocks)
    while first < last and _is_blank(blocks[first]):
        first += 1
    while last > first and _is_blank(blocks[last - 1]):
        last -= 1
    return tuple(blocks[first:last])


def _is_blank(block: Block) -> bool:
    return isinstance(block, Paragraph) and not block.text.strip()
