"""What was recognised on pictures -> grids and paragraphs: without pixels, so that it can be tested without the extra."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import count

from parsers.documents.model import Block, Box, Cell, Grid, Paragraph
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
    turned: int = 0
    """Quarters of a circle, against the clock, by which it was turned for its text to stand upright."""


def to_blocks(sheets: Sequence[Sheet], addresses: Sequence[str]) -> tuple[Block, ...]:
    """Lines joined to paragraphs, tables that the edges of pictures cut put together; all marked as recognised.

    Cells get their places in thousandths of their picture: a browser shows it in whatever size it likes.
    """
    known = {sheet.number: sheet for sheet in sheets}
    blocks = recognised(assemble([sheet.items for sheet in sheets]))

    def in_thousandths(page: int, box: Box) -> Box | None:
        sheet = known[page]
        return _as_it_lay(box, sheet, 1000, 1000)

    placed = (_placed(block, in_thousandths) if isinstance(block, Grid) else block for block in blocks)
    return tuple(replace(block, pictures=tuple(addresses)) if isinstance(block, Grid) else block for block in placed)


def as_they_lie(blocks: Sequence[Block], turned: Sequence[Sheet]) -> tuple[Block, ...]:
    """The blocks of a PDF with the places of cells on `turned` pages as those pages lie in the file."""
    known = {sheet.number: sheet for sheet in turned}

    def on_page(page: int, box: Box) -> Box | None:
        sheet = known.get(page)
        if sheet is None:
            return None
        lies = sheet.turned % 2 == 1
        return _as_it_lay(box, sheet, *((sheet.height, sheet.width) if lies else (sheet.width, sheet.height)))

    return tuple(_placed(block, on_page) if isinstance(block, Grid) and known else block for block in blocks)


def _as_it_lay(box: Box, sheet: Sheet, wide: float, high: float) -> Box:
    """A place on a sheet as a place on the picture before it was turned, which is `wide` by `high` units."""
    x0, top, x1, bottom = box[0] / sheet.width, box[1] / sheet.height, box[2] / sheet.width, box[3] / sheet.height
    for _ in range(sheet.turned):
        x0, top, x1, bottom = 1 - bottom, x0, 1 - top, x1
    return round(x0 * wide), round(top * high), round(x1 * wide), round(bottom * high)


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


def _placed(grid: Grid, place: Callable[[int, Box], Box | None]) -> Grid:
    """The grid with the places of its cells as `place(page, box)` says; None leaves one as it is."""
    known: dict[int, Cell] = {}

    def placed(cell: Cell | None) -> Cell | None:
        if cell is None or cell.box is None or cell.page is None:
            return cell
        if id(cell) not in known:
            box = place(cell.page, cell.box)
            known[id(cell)] = cell if box is None else cell._replace(box=box)
        return known[id(cell)]

    return replace(grid, rows=tuple(tuple(map(placed, row)) for row in grid.rows))
