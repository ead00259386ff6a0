"""A header that stands again further down, at the top of the next page or of another table, in another order than the first."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from parsers.tables.found import FoundRow
from parsers.tables.grid_lines import GridLines
from parsers.tables.headers import Header, read_header
from parsers.template import Part


def find(all_lines: GridLines, part: Part, used: Sequence[int]) -> list[tuple[int, Header]]:
    """(line of the row below it, header) for each header that stands again between two rows, whose lines are `used`: at the
    top of the next page, or of another table."""
    if len(part.columns) == 1 or len(used) < 2:
        return []
    again = all_lines.headers(part.column_forms)
    between = [(a, b) for a, b in pairwise(used) if any(a < line < b for line in again)] if again else []
    return [(below, read_header(all_lines.all, part, above + 1, below)) for above, below in between]


def other(lower: Sequence[tuple[int, Header]], index: int, header: Header) -> Header | None:
    """The one nearest above line `index`, where it says another order than `header`; one of which some labels are lost
    says none."""
    nearest = next((its for line, its in reversed(lower) if line <= index), None)
    if nearest is None or not (nearest.contradicts or (nearest.known and nearest.order != header.order)):
        return None
    return nearest


def in_order(row: FoundRow, own: Header, header: Header) -> FoundRow:
    """The row's figures, which stand in its own header's order, in that of the part's; none where that is not known."""
    columns = range(len(row.slots))
    placed = dict(zip(own.order or columns, row.slots, strict=False))
    if not row.slots or not header.known or sorted(placed) != list(columns):
        return FoundRow(row.row, (), blanks_marked=False, damaged=True)
    return row._replace(slots=tuple([placed[column] for column in header.order or columns]))
