"""pdfplumber's table finder, but for one of its steps: which lines cross in a point is gathered once for each point, and not
for every pair of points, which took half of its time.

It is imported where a PDF has lines: pdfplumber takes its time to load.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

from pdfplumber.table import Table, TableFinder, TableSettings, cells_to_tables, edges_to_intersections

Point = tuple[float, float]
Box = tuple[float, float, float, float]
"""x0, top, x1, bottom."""
Crossings = Mapping[Point, Mapping[str, Sequence[dict[str, Any]]]]
"""Where lines cross -> those that are upright ("v") and those that are level ("h")."""
_PLACE = itemgetter("x0", "top", "x1", "bottom")


class Finder(TableFinder):
    def __init__(self, page: Any, settings: Any = None) -> None:
        self.page = page
        self.settings = TableSettings.resolve(settings)
        self.edges = self.get_edges()
        tolerances = self.settings.intersection_x_tolerance, self.settings.intersection_y_tolerance
        self.intersections = edges_to_intersections(self.edges, *tolerances)
        self.cells = list(cells_between(self.intersections))
        self.tables = [Table(page, cells) for cells in cells_to_tables(self.cells)]


def cells_between(crossings: Crossings) -> Iterator[Box]:
    """The boxes with lines on all four sides, the smallest one at each point that is an upper left corner:
    `pdfplumber.table.intersections_to_cells`."""
    upright, level = _lines_through(crossings, "v"), _lines_through(crossings, "h")
    below, right = _behind(crossings, 0), _behind(crossings, 1)
    for x, y in sorted(crossings):
        box = next(
            (
                (x, y, to_x, to_y)
                for _, to_y in below((x, y))
                if not upright[x, y].isdisjoint(upright[x, to_y])
                for to_x, _ in right((x, y))
                if not level[x, y].isdisjoint(level[to_x, y])
                and (to_x, to_y) in crossings
                and not upright[to_x, to_y].isdisjoint(upright[to_x, y])
                and not level[to_x, to_y].isdisjoint(level[x, to_y])
            ),
            None,
        )
        if box is not None:
            yield box


def _lines_through(crossings: Crossings, orientation: str) -> Mapping[Point, frozenset[Box]]:
    return {point: frozenset(map(_PLACE, lines[orientation])) for point, lines in crossings.items()}


def _behind(crossings: Crossings, axis: int) -> Callable[[Point], Sequence[Point]]:
    """For each point those behind it that have the same x (axis 0) or the same y (axis 1), the nearest first."""
    lines: dict[float, list[Point]] = {}
    for point in sorted(crossings):
        lines.setdefault(point[axis], []).append(point)
    place = {point: number for line in lines.values() for number, point in enumerate(line)}
    return lambda point: lines[point[axis]][place[point] + 1 :]
