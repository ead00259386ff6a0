"""Tables of a PDF: cells between drawn lines, and the parts of one table that page breaks have cut."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from parsers.documents import grid
from parsers.documents.model import Grid
from parsers.documents.pdf_lines import Char, Line, lines_of

_TOLERANCE = 3.5
"""Points by which the two edges of one border may differ."""
_PADDING = 12.0
"""Points that Word leaves free beside the text of a cell, both sides together, and a little."""
_FIGURE = re.compile(r"[\d,.]+")
_ONE_ROW = 6
"""Borders between columns from which on one row is a table."""
_HANGING = frozenset("，。；：！？、）】》”’")
"""Marks that a line may end with beyond its right edge: in a narrow cell over the border."""
_UNIT = 2
_TWO_COLUMNS, _TWO_BORDERS = 3, 2
_TOUCHING = 0.25
"""Points between two digits of one number; between those of two cells there is at least a border."""
_DIGITS = frozenset("0123456789,.")
_PROSE_LENGTH = 300
_LABEL = re.compile(r"^\s*(?:[（(]?[一二三四五六七八九十]{1,3}[)）、]|\d{1,2}[.、．])")
_NUMBER = re.compile(r"[\s\d.,%+/\-—－−]*")

Box = tuple[float, float, float, float]
"""x0, top, x1, bottom."""


@dataclass(frozen=True, slots=True)
class PdfCell:
    text: str
    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True)
class PdfTable:
    """One table on one page."""

    page: int
    box: Box
    cells: tuple[PdfCell, ...]
    alone: tuple[Line, ...] = ()
    """Of a single row of few columns its lines: alone it is no table, but it may belong to one on the page before or after."""

    @property
    def edges(self) -> list[float]:
        """The borders between its columns, from left to right."""
        return _edges(x for cell in self.cells for x in (cell.x0, cell.x1))


@dataclass(frozen=True)
class _Drawing:
    """What pdfplumber's table finder wants of a page: its edges."""

    edges: list[dict[str, Any]]


def boxes(edges: Sequence[dict[str, Any]]) -> list[list[Box]]:
    """The cells of every ruled table between the edges (`pdf_drawn`) of a page, as boxes."""
    if not edges:
        return []
    from parsers.documents.pdf_finder import Finder

    settings = {"explicit_horizontal_lines": _closing_lines(edges)}
    found = Finder(_Drawing(list(edges)), settings).tables
    return [[(x0, top, x1, bottom) for x0, top, x1, bottom in table.cells] for table in found]


def _closing_lines(edges: Sequence[dict[str, Any]]) -> list[dict[str, float | str]]:
    """A table cut by the page's end often lacks its last border there: draw it where the upright lines end."""
    uprights = sorted((e for e in edges if e["orientation"] == "v"), key=lambda e: e["top"])
    closing: list[dict[str, float | str]] = []
    group: list[dict[str, Any]] = []
    bottom = 0.0
    for edge in [*uprights, None]:
        if group and (edge is None or edge["top"] > bottom + _TOLERANCE):
            x0, x1 = min(e["x0"] for e in group), max(e["x1"] for e in group)
            if x1 - x0 > 4 * _TOLERANCE:
                for y in (min(e["top"] for e in group), bottom):
                    closing.append({"object_type": "line", "x0": x0, "x1": x1, "top": y, "bottom": y,
                                    "width": x1 - x0, "height": 0.0, "orientation": "h"})  # fmt: skip
            group = []
        if edge is not None:
            bottom = max(bottom, edge["bottom"]) if group else edge["bottom"]
            group.append(edge)
    return closing


def fill(page: int, cells: Iterable[Box], chars: Sequence[Char]) -> tuple[PdfTable | None, set[int]]:
    """Put the characters into the cells of one table.

    Returns the table, and which of `chars` (by position) it took; None and nothing taken where the lines are a
    frame around prose or have no two columns.
    """
    found = sorted(cells, key=lambda box: (box[1], box[0]))
    taken: set[int] = set()
    made = []
    # (y, position, x): a cell looks only at the characters at its height.
    placed = sorted((c.y, n, x) for n, (c, x) in enumerate(zip(chars, _whole_numbers(chars), strict=True)))
    for x0, top, x1, bottom in found:
        at_its_height = placed[bisect_left(placed, (top,)) : bisect_left(placed, (bottom,))]
        inside = sorted(n for _, n, x in at_its_height if x0 <= x < x1 and n not in taken)
        taken.update(inside)
        text = _cell_text(lines_of(chars[n] for n in inside), x1 - x0)
        made.append(PdfCell(text, x0, top, x1, bottom))
    if not made:
        return None, set()
    box = (
        min(c.x0 for c in made), min(c.top for c in made), max(c.x1 for c in made), max(c.bottom for c in made)
    )  # fmt: skip
    table = PdfTable(page, box, tuple(made))
    rows = _edges(y for cell in made for y in (cell.top, cell.bottom))
    # Of a table that a page break cut one row may be left (the figures of table four); a frame has few columns.
    if len(table.edges) < _TWO_COLUMNS or _is_prose(made):
        return None, set()
    if len(rows) == _TWO_BORDERS and len(table.edges) < _ONE_ROW:
        table = replace(table, alone=tuple(lines_of(chars[n] for n in sorted(taken))))
    return table, taken


def _whole_numbers(chars: Sequence[Char]) -> list[float]:
    """Where each character is, as `_where` says; the digits of a number are all where its middle is, although the first may
    stand over the border of a cell whose border is not quite where the one above it is."""
    places = [_where(char) for char in chars]
    first = 0
    for n in range(1, len(chars) + 1):
        if n < len(chars) and _one_number(chars[n - 1], chars[n]):
            continue
        if n - first > 1:
            places[first:n] = [(chars[first].x0 + chars[n - 1].x1) / 2] * (n - first)
        first = n
    return places


def _one_number(before: Char, char: Char) -> bool:
    return (
        abs(char.x0 - before.x1) < _TOUCHING
        and abs(char.bottom - before.bottom) < 1
        and before.text in _DIGITS
        and char.text in _DIGITS
    )


def _where(char: Char) -> float:
    """Which x tells whose cell it is in: its middle, but of a mark that hangs over the edge of its line where it begins."""
    return char.x0 + 0.1 if char.text in _HANGING else (char.x0 + char.x1) / 2


def _cell_text(lines: Sequence[Line], width: float) -> str:
    """The lines of a cell; a number that the cell (`width` points) was too narrow for is one again."""
    texts = [line.text.strip() for line in lines]
    is_full = all(width - (line.x1 - line.x0) < _PADDING + line.em for line in lines[:-1])
    return ("" if is_full and all(map(_FIGURE.fullmatch, texts)) else "\n").join(texts)


def _is_prose(cells: Sequence[PdfCell]) -> bool:
    total = sum(len(cell.text) for cell in cells)
    prose = sum(len(c.text) for c in cells if len(c.text) >= _PROSE_LENGTH and c.text.count("。") >= 3)
    return prose * 2 > total


def _edges(values: Iterable[float]) -> list[float]:
    """Positions that are within the tolerance are one border."""
    edges: list[list[float]] = []
    for value in sorted(values):
        if edges and value - edges[-1][-1] <= _TOLERANCE:
            edges[-1].append(value)
        else:
            edges.append([value])
    return [sum(group) / len(group) for group in edges]


def _at(edges: Sequence[float], value: float) -> int:
    """The border that is nearest to it; the first of two that are equally near. The borders stand in order."""
    behind = bisect_left(edges, value)
    if behind == len(edges) or (behind and value - edges[behind - 1] <= edges[behind] - value):
        return behind - 1
    return behind


def belongs_to(part: PdfTable, table: Sequence[PdfTable]) -> bool:
    """Is `part` the continuation of `table` on the next page? The outer borders agree, and one's columns are
    among the other's."""
    last = table[-1]
    if part.page != last.page + 1:
        return False
    if abs(part.box[0] - last.box[0]) > 2 * _TOLERANCE or abs(part.box[2] - last.box[2]) > 2 * _TOLERANCE:
        return False
    before = _edges(edge for piece in table for edge in piece.edges)
    fewer, more = sorted((before, part.edges), key=len)
    return all(any(abs(edge - other) <= 2 * _TOLERANCE for other in more) for edge in fewer)


def to_grid(parts: Sequence[PdfTable], index: int) -> Grid:
    """The parts of one table as one grid; a row or a label cut by a page break is put together again."""
    edges = _edges(edge for part in parts for edge in part.edges)
    rows: list[list[grid.RawCell]] = []
    header: list[list[tuple[str, int]]] = []
    for part in parts:
        own = _rows(part, edges)
        if not rows:
            header = [_outline(row) for row in own[:4]]
        else:
            own = own[_repeated(own, header) :]
            own = _mend(rows, own)
        rows.extend(own)
    return grid.build([rows], index, page=parts[0].page)


def _rows(part: PdfTable, edges: Sequence[float]) -> list[list[grid.RawCell]]:
    levels = _edges(y for cell in part.cells for y in (cell.top, cell.bottom))
    rows: list[list[grid.RawCell]] = [[] for _ in levels[:-1]]
    for cell in part.cells:
        row, column = _at(levels, cell.top), _at(edges, cell.x0)
        row_span = max(1, _at(levels, cell.bottom) - row)
        column_span = max(1, _at(edges, cell.x1) - column)
        if row < len(rows):
            box = (round(cell.x0), round(cell.top), round(cell.x1), round(cell.bottom))
            rows[row].append(grid.RawCell(cell.text, row_span, column_span, False, column, None, part.page, box))
    for line in rows:
        line.sort(key=lambda raw: raw.column or 0)
    return rows


def _outline(row: Sequence[grid.RawCell]) -> list[tuple[str, int]]:
    return [("".join(cell.text.split()), cell.column or 0) for cell in row]


def _repeated(rows: Sequence[Sequence[grid.RawCell]], header: Sequence[list[tuple[str, int]]]) -> int:
    """How many rows at the top say the header again, as Word does when asked to."""
    count = 0
    for row, known in zip(rows, header, strict=False):
        if not any(text for text, _ in known) or _outline(row) != known:
            break
        count += 1
    return count


def _mend(rows: list[list[grid.RawCell]], following: list[list[grid.RawCell]]) -> list[list[grid.RawCell]]:
    """Close the seam between two pages: labels that go on, and a row of which only the label's tail is left."""
    if not following or not rows:
        return following
    if _is_tail(following[0]) and (heads := _heads(rows, following[0])) is not None:
        for (r, n), rest in heads:
            rows[r][n] = rows[r][n]._replace(text=f"{rows[r][n].text}\n{rest}")
        # What stands beside the tail for longer, a group's cell, begins a row lower.
        longer = [cell._replace(row_span=cell.row_span - 1) for cell in following[0] if cell.row_span > 1]
        following = [sorted([*longer, *row], key=_column) if not n else row for n, row in enumerate(following[1:])]
        if not following:
            return []
    if _is_record(following[0]):
        return following
    kept = []
    for cell in following[0]:
        above = _above(rows, cell)
        first = rows[above[0]][above[1]] if above is not None else None
        # Two labels with figures beside each are two rows: 其中：… has no ordinal.
        two = first is not None and _heads_figures(first, rows[-1]) and _heads_figures(cell, following[0])
        if above is not None and first is not None and not two and _goes_on(first, cell):
            text = "\n".join(part for part in (first.text, cell.text) if part)
            rows[above[0]][above[1]] = first._replace(text=text, row_span=first.row_span + cell.row_span)
        else:
            kept.append(cell)
    return [kept, *following[1:]]


def _column(cell: grid.RawCell) -> int:
    return cell.column or 0


def _is_record(row: Sequence[grid.RawCell]) -> bool:
    """A row of figures without a label (table four): what is blank in it is a blank figure, and no label goes on."""
    filled = [cell.text for cell in row if cell.text.strip()]
    alone = all(cell.row_span == 1 for cell in row)
    return alone and len(row) >= _ONE_ROW - 1 and bool(filled) and all(map(_NUMBER.fullmatch, filled))


def _heads_figures(label: grid.RawCell, row: Sequence[grid.RawCell]) -> bool:
    """Is it the row's own label, with figures, and at most a unit, right of it?"""
    right = [cell.text.strip() for cell in row if _column(cell) > _column(label)]
    figures = [text for text in right if _NUMBER.fullmatch(text)]
    return label.row_span == 1 and any(figures) and all(len(text) <= _UNIT for text in right if text not in figures)


def _is_tail(row: Sequence[grid.RawCell]) -> bool:
    """Nothing but the rest of a label, and of its group's: text without an ordinal, and every other cell empty.

    LibreOffice, as Word, lets a row go on overleaf: its figures are above, and of "1.属于国家秘密" the last characters
    are below, beside those of "（三）不予公开", which goes on beside more rows.
    """
    ends = [cell for cell in row if cell.row_span == 1]
    filled = [cell.text for cell in ends if cell.text.strip()]
    texts = [cell.text for cell in row if cell.text.strip()]
    return len(ends) > len(filled) + 1 and len(filled) in (1, 2) and not any(map(_begins, texts))


def _begins(text: str) -> bool:
    """A label's beginning, or a figure."""
    return bool(_LABEL.match(_unbroken(text)) or _NUMBER.fullmatch(text))


def _unbroken(text: str) -> str:
    return "".join(text.split())


def _heads(
    rows: Sequence[Sequence[grid.RawCell]], tail: Sequence[grid.RawCell]
) -> list[tuple[tuple[int, int], str]] | None:
    """Where the labels begin of which `tail` holds the rest, with that rest; None where one begins nowhere."""
    found = []
    for cell in tail:
        if cell.row_span == 1 and cell.text.strip():
            above = _above(rows, cell, span=False)
            if above is None or not rows[above[0]][above[1]].text.strip():
                return None
            found.append((above, cell.text))
    return found


def _above(rows: Sequence[Sequence[grid.RawCell]], cell: grid.RawCell, *, span: bool = True) -> tuple[int, int] | None:
    """Row and position of the cell that stands right above, over the same columns; without `span`, from the same one."""
    for r in range(len(rows) - 1, -1, -1):
        for n, candidate in enumerate(rows[r]):
            if candidate.column == cell.column and (not span or candidate.column_span == cell.column_span):
                return (r, n) if r + candidate.row_span >= len(rows) else None
    return None


def _goes_on(above: grid.RawCell, cell: grid.RawCell) -> bool:
    """Is `cell` the rest of the label above? Empty under a label that spans, or text that no ordinal begins."""
    if not above.text.strip() or _NUMBER.fullmatch(above.text):
        return False
    if not cell.text.strip():
        return above.row_span > 1 or cell.row_span > 1
    return bool(_LABEL.match(_unbroken(above.text))) and not _begins(cell.text)
