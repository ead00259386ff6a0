"""What was recognised on pictures -> grids and paragraphs: without pixels, so that it can be tested without the extra."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count

from parsers.documents.model import Block, Cell, Grid, Paragraph
from parsers.documents.placed import Item, assemble


@dataclass(frozen=True, slots=True)
class Sheet:
    """One picture, made straight."""

    number: int
    """Its place among the pictures of the page, from 1."""
    width: float
    height: float
    """In the points that the places of its items are given in."""
    items: tuple[Item, ...]
    """Its tables and lines from top to bottom."""


def to_blocks(sheets: Sequence[Sheet], addresses: Sequence[str]) -> tuple[Block, ...]:
    """Lines joined to paragraphs, tables that the edges of pictures cut put together; all marked as recognised.

    Cells get their places in thousandths of their picture: a browser shows it in whatever size it likes.
    """
    sizes = {sheet.number: (sheet.width / 1000, sheet.height / 1000) for sheet in sheets}
    blocks = recognised(assemble([sheet.items for sheet in sheets]))
    return tuple(_placed(block, sizes, tuple(addresses)) if isinstance(block, Grid) else block for block in blocks)


def recognised(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks marked as made out of pixels."""
    return tuple(map(_recognised, blocks))


def numbered(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The grids counted anew from 0."""
    index = count()
    return tuple(replace(block, index=next(index)) if isinstance(block, Grid) else block for block in blocks)


def _recognised(block: Block) -> Block:
    if isinstance(block, Paragraph):
        return block._replace(recognised=True)
    return replace(block, recognised=True) if isinstance(block, Grid) else block


def _placed(grid: Grid, sizes: dict[int, tuple[float, float]], addresses: tuple[str, ...]) -> Grid:
    known: dict[int, Cell] = {}

    def placed(cell: Cell | None) -> Cell | None:
        if cell is None or cell.box is None or cell.page is None:
            return cell
        if id(cell) not in known:
            wide, high = sizes[cell.page]
            x0, top, x1, bottom = cell.box
            box = (round(x0 / wide), round(top / high), round(x1 / wide), round(bottom / high))
            known[id(cell)] = cell._replace(box=box)
        return known[id(cell)]

    return replace(grid, rows=tuple(tuple(map(placed, row)) for row in grid.rows), pictures=addresses)
