"""Lines and tables that stand somewhere on pages -> blocks in reading order, as every paged carrier needs it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from parsers.documents.model import Block, Grid, Paragraph, Picture
from parsers.documents.pdf_lines import Line, continues, joined, margins
from parsers.documents.pdf_tables import PdfTable, belongs_to, to_grid
from parsers.documents.running import without_running_heads

Item = Line | PdfTable | Picture


def in_order(lines: Iterable[Line], tables: Iterable[PdfTable]) -> list[Item]:
    """The lines and tables of one page from top to bottom."""
    placed: list[tuple[float, Item]] = [(line.top, line) for line in lines]
    placed.extend((table.box[1], table) for table in tables)
    return [item for _, item in sorted(placed, key=lambda pair: pair[0])]


def _settled(items: Sequence[Item]) -> Iterator[Item]:
    """The items, without single rows that belong to no table on the page before or after: those are lines of text."""
    around = [None, *items, None]
    for before, item, after in zip(around, items, around[2:], strict=False):
        if (
            not isinstance(item, PdfTable)
            or not item.alone
            or (isinstance(before, PdfTable) and belongs_to(item, [before]))
            or (isinstance(after, PdfTable) and belongs_to(after, [item]))
        ):
            yield item
        else:
            yield from item.alone


def assemble(pages: Iterable[Sequence[Item]]) -> tuple[Block, ...]:
    """Join lines into paragraphs, and the parts of tables that page breaks have cut into grids; running heads go."""
    items = list(_settled([item for page in without_running_heads(pages) for item in page]))
    running = margins(item for item in items if isinstance(item, Line))
    blocks: list[Block] = []
    parts: list[PdfTable] = []
    before: Line | None = None
    grids = 0
    for item in [*items, None]:
        if parts and not (isinstance(item, PdfTable) and belongs_to(item, parts)):
            blocks.append(to_grid(parts, grids))
            grids += 1
            parts = []
        if isinstance(item, PdfTable):
            parts.append(item)
        elif isinstance(item, Picture):
            blocks.append(item)
        elif item is not None:
            last = blocks[-1] if blocks else None
            if before is not None and isinstance(last, Paragraph) and continues(before, item, running):
                blocks[-1] = Paragraph(joined(last.text, item.text.strip()))
            else:
                blocks.append(Paragraph(item.text.strip()))
        before = item if isinstance(item, Line) else None
    return tuple(block for block in blocks if not isinstance(block, Grid) or block.width)
