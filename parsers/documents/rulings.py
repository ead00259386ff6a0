"""Drawn lines -> the cells between them, whatever drew the lines: an OFD page or the pixels of a picture.

A table is what touching lines enclose. Its borders make a lattice of slots; two neighbouring slots without a line
between them are one cell. A line with small gaps (a bad scan) still divides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from parsers.documents.limits import MAX_GRID_SLOTS
from parsers.documents.pdf_tables import Box

SNAP = 3.0
"""Points by which the two ends of one border may be off its line, and by which lines may miss each other."""
_GAP = 9.0
"""Points that a line may be broken for; less than any row is high."""
_DIVIDES = 0.6
"""Share of a slot's side that a line must cover to divide it from its neighbour."""
_OPEN = 8.0
"""Points by which lines must reach beyond the last border for the table to go on there without one."""
_LONG = 120.0
"""Points from which a line counts wherever it ends."""
_MAX_LINES = 2000


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight line: horizontal (`at` is y, `start` and `end` are x) or upright (the reverse), in points."""

    upright: bool
    at: float
    start: float
    end: float


@dataclass(slots=True)
class _Border:
    """All strokes on one line, as separate stretches from left to right or top to bottom."""

    at: float
    stretches: list[tuple[float, float]]

    def covers(self, start: float, end: float) -> bool:
        covered = sum(max(0.0, min(end, b) - max(start, a)) for a, b in self.stretches)
        return covered >= _DIVIDES * (end - start)


def tables(strokes: Iterable[Stroke]) -> list[list[Box]]:
    """The cells of every table, tables from top to bottom; a frame around one cell is no table."""
    found = []
    for group in _touching(_merged(strokes)):
        cells = _cells(*group)
        if len(cells) > 1:
            found.append(cells)
    return sorted(found, key=lambda cells: (min(box[1] for box in cells), min(box[0] for box in cells)))


def _merged(strokes: Iterable[Stroke]) -> list[Stroke]:
    """Strokes on one line with no more than a gap between them become one."""
    merged: list[Stroke] = []
    for upright in (False, True):
        own = sorted((s for s in strokes if s.upright is upright), key=lambda s: s.at)
        group: list[Stroke] = []
        for stroke in [*own, None]:
            if group and (stroke is None or stroke.at - group[-1].at > SNAP):
                merged.extend(_joined(group))
                group = []
            if stroke is not None:
                group.append(stroke)
    return merged[:_MAX_LINES]


def _joined(group: Sequence[Stroke]) -> list[Stroke]:
    length = sum(s.end - s.start for s in group) or 1.0
    at = sum(s.at * (s.end - s.start) for s in group) / length if length > 1.0 else group[0].at
    joined: list[Stroke] = []
    for stroke in sorted(group, key=lambda s: s.start):
        if joined and stroke.start <= joined[-1].end + _GAP:
            last = joined[-1]
            joined[-1] = Stroke(last.upright, at, last.start, max(last.end, stroke.end))
        else:
            joined.append(Stroke(stroke.upright, at, stroke.start, stroke.end))
    return joined


def _touching(strokes: Sequence[Stroke]) -> list[tuple[list[Stroke], list[Stroke]]]:
    """Groups of lines that hang together, as (horizontal, upright)."""
    across, down = _crossing([s for s in strokes if not s.upright], [s for s in strokes if s.upright])
    owner = list(range(len(across) + len(down)))

    def find(n: int) -> int:
        while owner[n] != n:
            owner[n] = owner[owner[n]]
            n = owner[n]
        return n

    for n, h in enumerate(across):
        for m, v in enumerate(down, start=len(across)):
            if _meet(h, v):
                owner[find(m)] = find(n)
    groups: dict[int, tuple[list[Stroke], list[Stroke]]] = {}
    for n, stroke in enumerate([*across, *down]):
        groups.setdefault(find(n), ([], []))[stroke.upright].append(stroke)
    return [group for group in groups.values() if group[0] and group[1]]


def _meet(across: Stroke, down: Stroke) -> bool:
    return across.start - SNAP <= down.at <= across.end + SNAP and down.start - SNAP <= across.at <= down.end + SNAP


def _crossing(across: Sequence[Stroke], down: Sequence[Stroke]) -> tuple[list[Stroke], list[Stroke]]:
    """Without the short lines that meet fewer than two others: strokes of characters, underlines."""
    for _ in range(2):
        kept_across = [h for h in across if h.end - h.start >= _LONG or sum(_meet(h, v) for v in down) >= 2]
        kept_down = [v for v in down if v.end - v.start >= _LONG or sum(_meet(h, v) for h in kept_across) >= 2]
        across, down = kept_across, kept_down
    return list(across), list(down)


def _borders(strokes: Sequence[Stroke]) -> list[_Border]:
    borders: list[_Border] = []
    for stroke in sorted(strokes, key=lambda s: s.at):
        if borders and stroke.at - borders[-1].at <= SNAP:
            borders[-1].stretches.append((stroke.start, stroke.end))
        else:
            borders.append(_Border(stroke.at, [(stroke.start, stroke.end)]))
    return borders


def _close(borders: list[_Border], crossing: Sequence[_Border]) -> None:
    """Where the crossing lines go on beyond the outermost border, the table is cut off there: draw the border."""
    low = min(a for border in crossing for a, _ in border.stretches)
    high = max(b for border in crossing for _, b in border.stretches)
    whole = [(min(border.at for border in crossing), max(border.at for border in crossing))]
    if borders[0].at - low > _OPEN:
        borders.insert(0, _Border(low, whole))
    if high - borders[-1].at > _OPEN:
        borders.append(_Border(high, whole))


def _cells(across: Sequence[Stroke], down: Sequence[Stroke]) -> list[Box]:
    rows, columns = _borders(across), _borders(down)
    _close(rows, columns)
    _close(columns, rows)
    height, width = len(rows) - 1, len(columns) - 1
    if height < 1 or width < 1 or height * width > MAX_GRID_SLOTS:
        return []
    joined = _join_slots(rows, columns)
    boxes = []
    for slots in joined:
        for top, left, bottom, right in _rectangles(slots):
            x0, x1, y0, y1 = columns[left].at, columns[right].at, rows[top].at, rows[bottom].at
            sides = (rows[top].covers(x0, x1), rows[bottom].covers(x0, x1),
                     columns[left].covers(y0, y1), columns[right].covers(y0, y1))  # fmt: skip
            if sum(sides) >= 3:
                boxes.append((x0, y0, x1, y1))
    return boxes


def _join_slots(rows: Sequence[_Border], columns: Sequence[_Border]) -> list[set[tuple[int, int]]]:
    """Slots between which no line runs, together."""
    height, width = len(rows) - 1, len(columns) - 1
    group: dict[tuple[int, int], set[tuple[int, int]]] = {}
    for r, (top, bottom) in enumerate(pairwise(rows)):
        for c, (left, right) in enumerate(pairwise(columns)):
            mine = group.setdefault((r, c), {(r, c)})
            near = []
            if c + 1 < width and not right.covers(top.at, bottom.at):
                near.append((r, c + 1))
            if r + 1 < height and not bottom.covers(left.at, right.at):
                near.append((r + 1, c))
            for place in near:
                other = group.setdefault(place, {place})
                if other is not mine:
                    mine |= other
                    for slot in other:
                        group[slot] = mine
    return list({id(slots): slots for slots in group.values()}.values())


def _rectangles(slots: set[tuple[int, int]]) -> list[tuple[int, int, int, int]]:
    """The slots as rectangles (top, left, bottom, right); one for every ordinary cell."""
    found: list[tuple[int, int, int, int]] = []
    open_runs: dict[tuple[int, int], int] = {}
    for r in range(min(r for r, _ in slots), max(r for r, _ in slots) + 2):
        runs = _runs(sorted(c for row, c in slots if row == r))
        for (left, right), top in list(open_runs.items()):
            if (left, right) not in runs:
                found.append((top, left, r, right))
                del open_runs[left, right]
        for run in runs:
            open_runs.setdefault(run, r)
    return found


def _runs(columns: Sequence[int]) -> set[tuple[int, int]]:
    runs: set[tuple[int, int]] = set()
    start = None
    for n, column in enumerate(columns):
        if start is None:
            start = column
        if n + 1 == len(columns) or columns[n + 1] != column + 1:
            runs.add((start, column + 1))
            start = None
    return runs
