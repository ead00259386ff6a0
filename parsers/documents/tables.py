"""HTML tables: which are data, and the data ones as grids."""

from __future__ import annotations

from dataclasses import dataclass

from parsers.documents import dom, grid
from parsers.documents.dom import Node
from parsers.documents.model import Grid
from parsers.documents.shape import Shape, Step, walk

_PROSE_LENGTH = 300
_PROSE_SENTENCES = 3
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


@dataclass(slots=True)
class _CellMeasure:
    text: int = 0
    sentences: int = 0


def layout_tables(root: Node, shape: Shape) -> frozenset[int]:
    """`mem_id` of the tables below `root` that only arrange the page: to be read through, not as grids.

    Layout is what mostly holds other tables or whole paragraphs, or has one column. One pass over the subtree.
    """
    layout: set[int] = set()
    tables: list[_Measure] = []
    cells: list[_CellMeasure] = []

    def read(text: str) -> None:
        if tables and cells:
            size = len("".join(text.split()))
            tables[-1].own += size
            cells[-1].text += size
            cells[-1].sentences += text.count("。")

    def enter(tag: str) -> None:
        if tag == "table":
            tables.append(_Measure())
            cells.append(_CellMeasure())
        elif tag == "tr" and tables:
            tables[-1].row_cells = 0
        elif tag in _CELLS and tables:
            tables[-1].cells += 1
            tables[-1].row_cells += 1
            cells.append(_CellMeasure())

    def leave(tag: str, node: Node) -> None:
        if tag == "table":
            measure = tables.pop()
            cells.pop()
            if _is_layout(measure):
                layout.add(node.mem_id)
            if tables:
                tables[-1].nested += measure.own + measure.nested
                tables[-1].tables += 1
        elif tag == "tr" and tables:
            if tables[-1].row_cells >= 2:
                tables[-1].rows_of_two += 1
            tables[-1].row_cells = 0
        elif tag in _CELLS and tables and len(cells) > 1:
            cell = cells.pop()
            if cell.text >= _PROSE_LENGTH and cell.sentences >= _PROSE_SENTENCES:
                tables[-1].prose += cell.text

    for step, node, text in walk(root, shape):
        if step is Step.TEXT:
            read(text)
        elif step is Step.ENTER:
            enter(text)
        elif step is Step.LEAVE:
            leave(text, node)
        else:
            tag = node.tag or ""
            enter(tag)
            read(text)
            leave(tag, node)
    return frozenset(layout)


def _is_layout(measure: _Measure) -> bool:
    total = measure.own + measure.nested
    if measure.cells <= 1 or not measure.rows_of_two:
        return True
    if measure.tables and (measure.nested * 2 > total or measure.cells <= 3):
        return True
    return measure.prose * 2 > total


def read_table(table: Node, index: int, shape: Shape) -> Grid | None:
    """One data table as a grid; None where it has no cell."""
    groups: list[list[list[grid.RawCell]]] = []
    footers: list[list[list[grid.RawCell]]] = []
    caption = ""
    for part in dom.children(table):
        if part.tag == "caption":
            caption = dom.text_of(part)
        elif part.tag in _GROUPS:
            rows = [_row(row, part.tag == "thead", shape) for row in dom.children(part) if row.tag == "tr"]
            (footers if part.tag == "tfoot" else groups).append(rows)
    made = grid.build([*groups, *footers], index, caption)
    return made if made.width else None


def _row(row: Node, in_head: bool, shape: Shape) -> list[grid.RawCell]:
    cells = []
    for cell in dom.children(row):
        if (tag := cell.tag) in _CELLS:
            attributes = cell.attributes
            row_span, column_span = _span(attributes.get("rowspan")), _span(attributes.get("colspan"))
            cells.append(grid.RawCell(_lines(cell, shape), row_span, column_span or 1, in_head or tag == "th"))
    return cells


def _lines(cell: Node, shape: Shape) -> str:
    """The text of a cell: inline pieces glued, blocks and <br> as line breaks, `value` of its input fields."""
    if cell.mem_id not in shape.branching:
        return dom.trim(dom.squeeze(cell.text()))
    lines: list[str] = []
    parts: list[str] = []

    def end_line() -> None:
        line = dom.trim(dom.squeeze("".join(parts)))
        if line:
            lines.append(line)
        parts.clear()

    for step, node, text in walk(cell, shape):
        if step is Step.TEXT:
            parts.append(text)
            continue
        tag = (node.tag or "") if step is Step.LEAF else text
        ends = (tag in dom.BLOCKS and node.mem_id != cell.mem_id) or (tag == "br" and step is not Step.LEAVE)
        if tag == "input" and step is not Step.LEAVE and (dom.attribute(node, "type") or "text") in ("text", "number"):
            parts.append(dom.attribute(node, "value"))
        if ends:
            end_line()
        if step is Step.LEAF:
            parts.append(text)
            if ends:
                end_line()
    end_line()
    seen = [line for line in lines if line.strip(dom.OUTER)]
    return "\n".join(seen) if seen else (lines[0] if lines else "")


def _span(written: str | None) -> int:
    """The attribute as HTML reads numbers: leading digits, 1 where there are none."""
    if not written:
        return 1
    digits = ""
    for character in written.strip()[:6]:
        if not ("0" <= character <= "9"):
            break
        digits += character
    return int(digits) if digits else 1
