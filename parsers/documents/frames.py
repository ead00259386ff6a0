"""Tables without their texts. Thousands of organs fill in the same form: where each cell stands and what it spans is
told by the tags alone, and is worked out once for all tables that are tagged alike.

What is kept is never a text, and nothing of a table that was met but once.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from functools import partial
from itertools import chain, compress, repeat
from operator import itemgetter
from typing import NamedTuple

from parsers.documents.dom import HIDDEN
from parsers.documents.model import Cell, Grid, read_rows
from parsers.documents.tree import Tree

_STRUCTURE = frozenset(("table", "thead", "tbody", "tfoot", "tr", "td", "th"))
"""Of these the layout of a table consists."""
_UNLIKE_OTHERS = frozenset(("table", "svg", "math", HIDDEN))
"""With one of these in it a table holds what is tagged as a cell and is none of its own, or lacks a cell that it shows."""
_MOST_KNOWN, _MOST_MET = 128, 16_384
_MOST_TAGS = 4096
"""A table of more is no form, and is laid anew each time."""
_CORNER = itemgetter(1, 2, 3, 4)
"""Row, column, row span and column span of a cell."""
_new_cell = partial(tuple.__new__, Cell)


class Frame(NamedTuple):
    """The elements of a table that lay it out."""

    nodes: list[int]
    tags: tuple[str, ...]
    """As they are written. One in another they stand as they do in every table: rows in groups, cells in rows."""


class Places(NamedTuple):
    """Where the cells of a table stand in its grid."""

    cells: Sequence[int]
    """Which of the tags of its frame each cell has, in the order of the grid."""
    corners: tuple[Sequence[int], ...]
    """Row, column, row span and column span of the cells, a list for each."""
    headers: Sequence[bool]
    numbers: Sequence[int]
    """Which of the page's cells each is, counted from the table's first one."""
    rows: Sequence[Sequence[int]]
    """Which cell stands in each place of the grid; where none does, one more than there are."""
    begun: Sequence[slice]
    """The cells that begin in each row."""
    spanning: Sequence[int]
    """The cells that cover several places, in the order of `Grid.spans`."""

    def filled(self, texts: Sequence[str], first: int, index: int, caption: str) -> Grid:
        """The grid with these texts in its cells; `first` is the number of the table's first cell on the page."""
        numbers = [first + number for number in self.numbers]
        parts = zip(texts, *self.corners, self.headers, numbers, repeat(None), repeat(None), strict=False)
        cells: list[Cell | None] = list(map(_new_cell, parts))
        cells.append(None)
        at = cells.__getitem__
        rows = tuple([tuple(map(at, row)) for row in self.rows])
        spans = tuple([cell for number in self.spanning if (cell := cells[number]) is not None])
        return Grid(rows, index, caption, spans=spans).reading(read_rows([texts[begun] for begun in self.begun]))


def places_of(grid: Grid, frame: Frame, elements: Sequence[int], first: int) -> Places | None:
    """None where two cells claim a place. `elements` are the page's cells by their numbers, of which `first` is the table's
    first one."""
    if grid.spans is None:
        return None
    cells = sorted({id(c): c for c in chain.from_iterable(grid.rows) if c is not None}.values(), key=itemgetter(1, 2))
    number_of = {id(cell): number for number, cell in enumerate(cells)}
    numbers = [cell.element for cell in cells if cell.element is not None]
    place_of = {node: place for place, node in enumerate(frame.nodes)}
    tops = [cell.row for cell in cells]
    starts = [bisect_left(tops, row) for row in range(len(grid.rows) + 1)]
    return Places(
        cells=tuple([place_of[elements[number]] for number in numbers]),
        corners=tuple(zip(*[_CORNER(cell) for cell in cells], strict=True)),
        headers=tuple([cell.header for cell in cells]),
        numbers=tuple([number - first for number in numbers]),
        rows=tuple([tuple([number_of.get(id(cell), len(cells)) for cell in row]) for row in grid.rows]),
        begun=tuple(map(slice, starts, starts[1:])),
        spanning=tuple([number_of[id(cell)] for cell in grid.spans]),
    )


_known: dict[tuple[str, ...], Places] = {}
_met: set[int] = set()


def frame_of(tree: Tree, table: int) -> Frame | None:
    """None where more than the tags says which cells are the table's own."""
    end, written = tree.ends[table], tree.written
    tags = tree.tags[table:end]
    if not _UNLIKE_OTHERS.isdisjoint(tags[1:]):
        return None
    nodes = list(compress(range(table, end), map(_STRUCTURE.__contains__, tags)))
    return Frame(nodes, tuple([written[node] for node in nodes]))


def known(frame: Frame) -> Places | None:
    return _known.get(frame.tags)


def keep(frame: Frame, places: Callable[[], Places | None]) -> None:
    """Keep the `places` of a table with this frame, if one was met before."""
    met = hash(frame.tags)
    if met not in _met:
        if len(_met) >= _MOST_MET:
            _met.clear()
        _met.add(met)
    elif len(frame.tags) <= _MOST_TAGS and (found := places()) is not None:
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        _known[frame.tags] = found
