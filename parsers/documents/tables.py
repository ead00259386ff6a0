"""HTML tables: which are data, and the data ones as grids."""

from __future__ import annotations

from dataclasses import dataclass

from parsers.documents import dom, grid
from parsers.documents.dom import Node
from parsers.documents.model import Grid

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


def layout_tables(root: Node) -> frozenset[int]:
    """`mem_id` of the tables below `root` that only arrange the page: to be read through, not as grids.

    Layout is what mostly holds other tables or whole paragraphs, or has one column. One pass over the subtree.
    """
    layout: set[int] = set()
    tables: list[_Measure] = []
    cells: list[_CellMeasure] = []
    for node, entering in dom.walk(root):
        tag = node.tag
        if tag == dom.TEXT:
            if tables and cells:
                text = node.text_content or ""
                size = len("".join(text.split()))
                tables[-1].own += size
                cells[-1].text += size
                cells[-1].sentences += text.count("。")
        elif tag == "table":
            if entering:
                tables.append(_Measure())
                cells.append(_CellMeasure())
                continue
            measure = tables.pop()
            cells.pop()
            if _is_layout(measure):
                layout.add(node.mem_id)
            if tables:
                tables[-1].nested += measure.own + measure.nested
                tables[-1].tables += 1
        elif tag == "tr" and tables:
            if not entering and tables[-1].row_cells >= 2:
                tables[-1].rows_of_two += 1
            tables[-1].row_cells = 0
        elif tag in _CELLS and tables:
            if entering:
                tables[-1].cells += 1
                tables[-1].row_cells += 1
                cells.append(_CellMeasure())
            elif len(cells) > 1:
                cell = cells.pop()
                if cell.text >= _PROSE_LENGTH and cell.sentences >= _PROSE_SENTENCES:
                    tables[-1].prose += cell.text
    return frozenset(layout)


def _is_layout(measure: _Measure) -> bool:
    total = measure.own + measure.nested
    if measure.cells <= 1 or not measure.rows_of_two:
        return True
    if measure.tables and (measure.nested * 2 > total or measure.cells <= 3):
        return True
    return measure.prose * 2 > total


def read_table(table: Node, index: int) -> Grid | None:
    """One data table as a grid; None where it has no cell."""
    groups: list[list[list[grid.RawCell]]] = []
    footers: list[list[list[grid.RawCell]]] = []
    caption = ""
    for part in dom.children(table):
        if part.tag == "caption":
            caption = dom.text_of(part)
        elif part.tag in _GROUPS:
            rows = [_row(row, part.tag == "thead") for row in dom.children(part) if row.tag == "tr"]
            (footers if part.tag == "tfoot" else groups).append(rows)
    made = grid.build([*groups, *footers], index, caption)
    return made if made.width else None


def _row(row: Node, in_head: bool) -> list[grid.RawCell]:
    return [
        grid.RawCell(
            text=dom.lines_of(cell),
            row_span=_span(cell, "rowspan"),
            column_span=_span(cell, "colspan") or 1,
            header=in_head or cell.tag == "th",
        )
        for cell in dom.children(row)
        if cell.tag in _CELLS
    ]


def _span(cell: Node, name: str) -> int:
    """The attribute as HTML reads numbers: leading digits, 1 where there are none."""
    digits = ""
    for character in dom.attribute(cell, name).strip()[:6]:
        if not ("0" <= character <= "9"):
            break
        digits += character
    return int(digits) if digits else 1
