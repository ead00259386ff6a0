"""HTML tables: which are data, and the data ones as grids."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress

from parsers.documents import dom, frames, grid
from parsers.documents.grid import Raw
from parsers.documents.model import Grid
from parsers.documents.shape import CELL, IS_CELL, IS_UNSEEN, UNSEEN, Shape, is_paragraph
from parsers.documents.shown import PICTURE, STRIKE, without_pictures
from parsers.documents.tree import Tree, read_attributes

_FIELDS = frozenset(("input", "textarea", "select"))
_FALLBACKS = frozenset(("iframe", "object", "applet", "noembed", "noframes"))
"""What stands in these is shown by browsers that do not know them: by none."""
_DRAWN = frozenset(("svg", "math"))
"""Digits in these may be a fraction, or stand anywhere: they are kept, and no figure is read from them."""
_NO_TEXT = frozenset(("hidden", "checkbox", "radio", "button", "submit", "reset", "image", "file", "password"))
_PROSE_LENGTH = 300
_PROSE_SENTENCES = 3
_MOST_TAGS = 4096
_CELLS = frozenset(("td", "th"))
_GROUPS = frozenset(("thead", "tbody", "tfoot"))


@dataclass(slots=True)
class _Measure:
    """What a table holds, its nested tables counted apart."""

    own: int = 0
    nested: int = 0
    prose: int = 0
    cells: int = 0
    tables: int = 0
    rows_of_two: int = 0
    row_cells: int = 0


def layout_tables(tree: Tree, root: int, shape: Shape) -> frozenset[int]:
    """The tables below `root` that only arrange the page: to be read through, not as grids.

    Layout is what mostly holds other tables or whole paragraphs, or has one column. One pass over the subtree.
    """
    layout: set[int] = set()
    if not tree.has(root, "table"):
        return frozenset()
    tags, texts, ends, kinds = tree.tags, tree.texts, tree.ends, shape.kinds
    tables: list[_Measure] = []
    # (characters, sentences) of the open cells; a table has one for what stands between its cells.
    cells: list[list[int]] = []
    left: list[int] = []

    def leave(node: int) -> None:
        tag = tags[node]
        measure = tables[-1]
        if tag == "table":
            tables.pop()
            cells.pop()
            if _is_layout(measure):
                layout.add(node)
            if tables:
                tables[-1].nested += measure.own + measure.nested
                tables[-1].tables += 1
        elif tag == "tr":
            measure.rows_of_two += measure.row_cells >= 2
            measure.row_cells = 0
        elif len(cells) > 1:
            size, sentences = cells.pop()
            if size >= _PROSE_LENGTH and sentences >= _PROSE_SENTENCES:
                measure.prose += size

    at, end = root, ends[root]
    leaves = end
    while at < end:
        while at >= leaves:
            leave(left.pop())
            leaves = ends[left[-1]] if left else end
        if not left:
            # Outside all tables nothing is counted.
            try:
                at = tags.index("table", at, end)
            except ValueError:
                break
        node, at = at, at + 1
        kind = kinds[node]
        if kind & CELL:
            measure = tables[-1]
            measure.cells += 1
            measure.row_cells += 1
            if shape.branching[node]:
                cells.append([0, 0])
                left.append(node)
                leaves = ends[node]
                continue
            after = ends[node]
            text = texts[node] if after == at else "".join(texts[node:after])
            at = after
            size = len(text) if text.isalnum() else len("".join(text.split()))
            measure.own += size
            if size >= _PROSE_LENGTH and text.count("。") >= _PROSE_SENTENCES:
                measure.prose += size
        elif kind & UNSEEN:
            at = ends[node]
        elif (tag := tags[node]) == "table":
            if not left:
                if tree.is_unseen(node):
                    continue
                if (told := _told_at_a_glance(tree, node, shape)) is not None:
                    at = ends[node]
                    if told:
                        layout.add(node)
                    continue
            tables.append(_Measure())
            cells.append([0, 0])
            left.append(node)
            leaves = ends[node]
        elif tag == "tr":
            tables[-1].row_cells = 0
            left.append(node)
            leaves = ends[node]
        elif text := texts[node]:
            size = len("".join(text.split()))
            tables[-1].own += size
            cells[-1][0] += size
            cells[-1][1] += text.count("。")
    while left:
        leave(left.pop())
    return frozenset(layout)


def _told_at_a_glance(tree: Tree, table: int, shape: Shape) -> bool | None:
    """Is a table layout? None where its cells must be measured: another table, prose, or something unseen is in it."""
    inside, end = table + 1, tree.ends[table]
    kinds = shape.kinds[inside:end]
    if (
        1 in kinds.translate(IS_UNSEEN)
        or "table" in tree.tags[inside:end]
        or "".join(tree.texts[inside:end]).count("。") >= _PROSE_SENTENCES
    ):
        return None
    rows = list(compress(tree.parents[inside:end], kinds.translate(IS_CELL)))
    return len(set(rows)) == len(rows)


def _is_layout(measure: _Measure) -> bool:
    total = measure.own + measure.nested
    if measure.cells <= 1 or not measure.rows_of_two:
        return True
    if measure.tables and (measure.nested * 2 > total or measure.cells <= 3):
        return True
    return measure.prose * 2 > total


def read_table(tree: Tree, table: int, index: int, shape: Shape) -> Grid | None:
    """One data table as a grid; None where it has no cell."""
    frame = frames.frame_of(tree, table)
    if frame is None:
        return _laid(tree, table, index, shape)
    first, places = bisect_left(shape.cells, table), frames.known(frame)
    if places is None:
        made = _laid(tree, table, index, shape)
        if made is not None:
            frames.keep(frame, lambda: frames.places_of(made, frame, shape.cells, first))
        return made
    texts, nodes = tree.texts, frame.nodes
    said = [
        text if (text := texts[node]).isalnum() else _text(tree, node, shape)
        for node in map(nodes.__getitem__, places.cells)
    ]
    return places.filled(said, first, index, _caption(tree, table))


def _laid(tree: Tree, table: int, index: int, shape: Shape) -> Grid | None:
    """The grid of a table whose frame is not known."""
    groups: list[list[list[Raw]]] = []
    footers: list[list[list[Raw]]] = []
    for part in tree.children(table):
        tag = tree.tags[part]
        if tag in _GROUPS:
            rows = [_row(tree, row, tag == "thead", shape) for row in tree.children(part) if tree.tags[row] == "tr"]
            (footers if tag == "tfoot" else groups).append(rows)
    made = grid.build([*groups, *footers], index, _caption(tree, table))
    return made if made.width else None


def _caption(tree: Tree, table: int) -> str:
    captions = [part for part in tree.children(table) if tree.tags[part] == "caption"]
    return tree.text_of(captions[-1]) if captions else ""


def _row(tree: Tree, row: int, in_head: bool, shape: Shape) -> list[Raw]:
    ends, written, parents, kinds = tree.ends, tree.written, tree.parents, shape.kinds
    cells, all_cells = list[Raw](), shape.cells
    first = bisect_left(all_cells, row)
    last = bisect_left(all_cells, ends[row], first)
    for number, cell in enumerate(all_cells[first:last], first):
        if parents[cell] == row and kinds[cell] & CELL:
            row_span, column_span, header = _corners[written[cell]]
            text = _text(tree, cell, shape)
            cells.append((text, row_span, column_span, in_head or header, None, number, None, None))
    return cells


def _text(tree: Tree, cell: int, shape: Shape) -> str:
    """The text of a cell; many blank ones hold a <br>."""
    end = tree.ends[cell]
    if not shape.branching[cell]:
        text = tree.texts[cell] if end - cell == 1 else "".join(tree.texts[cell:end])
        return text if text.isalnum() else _seen(text)  # Most cells hold a word or a number.
    inner = cell + 1
    if end - cell == 2 and tree.tags[inner] == "br":
        return ""
    if inner < end and tree.ends[inner] == end and is_paragraph(shape, inner):
        return _line(tree.texts[cell:end])
    return _lines(tree, cell, shape)


_seen = lru_cache(maxsize=4096)(dom.seen)


def _lines(tree: Tree, cell: int, shape: Shape) -> str:
    """The text of a cell that branches: inline pieces glued, blocks and <br> as line breaks, `value` of input fields."""
    tags, texts, ends = tree.tags, tree.texts, tree.ends
    lines: list[str] = []
    parts: list[str] = []
    left: list[int] = []
    at, end = cell + 1, ends[cell]

    def end_line() -> None:
        if parts and (line := _line(parts)):
            lines.append(line)
        parts.clear()

    while at < end:
        while left and left[-1] <= at:
            left.pop()
            end_line()
        tag = tags[at]
        node, at = at, at + 1
        if tag in _FIELDS:
            parts.append(_field(tree, node))
            at = ends[node]
            continue
        if tag in dom.UNSEEN or tag in _FALLBACKS:
            at = ends[node]
            if tag in _DRAWN and any(map(str.isdecimal, drawn := tree.text(node))):
                parts.append(f"{STRIKE}{drawn.strip()}{STRIKE}")
            continue
        if tag in dom.BLOCKS:
            end_line()
            left.append(ends[node])
        elif tag == "br":
            end_line()
        elif tag == "img" and not _is_dot(tree, node):
            parts.append(PICTURE)
        if texts[node]:
            parts.append(texts[node])
    while left:
        left.pop()
        end_line()
    end_line()
    seen = [line for line in lines if line.strip(dom.OUTER)]
    return "\n".join(seen) if seen else (lines[0] if lines else "")


def _field(tree: Tree, node: int) -> str:
    """What a form's field says: its `value`, what is written into it, the choice that is made."""
    if tree.tags[node] == "input":
        is_no_text = (tree.attribute(node, "type") or "text").strip().lower() in _NO_TEXT
        return "" if is_no_text else tree.attribute(node, "value")
    if tree.tags[node] == "textarea":
        return tree.text(node)
    choices = tree.named(node, frozenset(("option",)))
    made = next((choice for choice in choices if "selected" in tree.attributes(choice)), *choices[:1] or (None,))
    return "" if made is None else tree.text(made)


def _is_dot(tree: Tree, picture: int) -> bool:
    """A picture of one point, which keeps cells apart."""
    said = tree.attributes(picture)
    return any(said.get(side, "").strip() in ("0", "1", "0px", "1px") for side in ("width", "height"))


def _line(parts: Sequence[str]) -> str:
    text = "".join(parts)
    if text.isalnum():  # Most cells hold a word or a number.
        return text
    return _seen(without_pictures(text))


class _Corners(dict[str, tuple[int, int, bool]]):
    """A cell's tag as it is written -> row span (0: to the end of the group), column span, is it a header?"""

    def __missing__(self, written: str) -> tuple[int, int, bool]:
        if len(self) >= _MOST_TAGS:
            self.clear()
        attributes = read_attributes(written) if "span" in written.lower() else {}
        spans = _span(attributes.get("rowspan")), _span(attributes.get("colspan")) or 1
        self[written] = known = (*spans, written.startswith("th"))
        return known


_corners = _Corners()


def _span(written: str | None) -> int:
    """The attribute as HTML reads numbers: a plus sign, then leading digits; 1 where there are none."""
    if not written:
        return 1
    digits = ""
    for character in written.strip().removeprefix("+")[:6]:
        if not ("0" <= character <= "9"):
            break
        digits += character
    return int(digits) if digits else 1
