"""Table four in flattened text: one row of figures below a header, or a header that was torn."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from parsers.tables import rowwise
from parsers.tables.flat_text import FlatText
from parsers.tables.found import FoundPart, FoundRow
from parsers.tables.record_header import may_be_ordered, page_order
from parsers.tables.scan import Occurrence, chain
from parsers.tables.slots import Cut
from parsers.template import Part, Row

_FIGURE = re.compile(r"[\d/—]|无无")


def find(flat: FlatText, part: Part) -> FoundPart | None:
    """The part, below a whole header or below a torn one; None where neither is there."""
    return _record(flat, part) or _torn_record(flat, part)


def _record(flat: FlatText, part: Part) -> FoundPart | None:
    """Table four: the figures stand behind the last of its column labels. A second such table is a rival."""
    size = part.column_order.size
    headers = list(_headers_of(flat, part))
    if not headers:
        chosen = chain([occurrence for occurrence in flat.found if occurrence.closes], part.column_order)
        if len(chosen) < size:
            return None
        first, last = flat.number(chosen[0]), flat.number(chosen[size - 1])
        headers = [flat.found[max(0, first - size) : last + 1]]
    # A header that runs over two pages has nothing below it on the first of them.
    cuts = [
        (piece, header)
        for header in headers
        if (piece := flat.cut_after(header[-1], part)).slots or header is headers[-1]
    ]
    orders = [page_order(header, part) for _, header in cuts]
    row = found_row(part.rows[0], cuts[0][0])
    if any(_ends_above(flat, header[-1], piece, size) for piece, header in cuts):
        return FoundPart(part, (row._replace(slots=(), damaged=True),), columns_known=True)
    if None in orders or len(set(orders)) > 1:
        return FoundPart(part, (row._replace(slots=(), damaged=True),), columns_known=False)
    is_known = any(label.form in part.group_columns for label in cuts[0][1])
    order = orders[0] if orders[0] != tuple(range(size)) else None
    return FoundPart(
        part, (row._replace(rivals=tuple([piece.slots for piece, _ in cuts[1:]])),), is_known, None, order or ()
    )


def _ends_above(flat: FlatText, last: Occurrence, piece: Cut, size: int) -> bool:
    """May the first blank be the end of the header's row? Of a Word file antiword leaves a sign for each row's end, and all
    of a table in one line: 总计 | |0 |0 | … | |五、 has a blank in front of its figures and one behind them."""
    slots = piece.slots
    if len(slots) <= size or slots[0].raw or any(slot.raw for slot in slots[size:]):
        return False
    filled = [slot for slot in slots if slot.raw]
    return bool(filled) and all(slot.at is not None and slot.at.get("line") == flat.line_of(last) for slot in filled)


def _headers_of(flat: FlatText, part: Part) -> Iterator[Sequence[Occurrence]]:
    """The labels of every whole header: all labels of its columns without a figure between them."""
    header: list[Occurrence] = []
    for occurrence, following in zip_longest(flat.found, flat.found[1:]):
        if occurrence.closes:
            header.append(occurrence)
        if following is None or _FIGURE.search(flat.folded.text, occurrence.end, following.begin):
            yield from _whole_headers(header, part)
            header = []


def _whole_headers(labels: list[Occurrence], part: Part) -> Iterator[Sequence[Occurrence]]:
    """Each header among labels without a figure: two where a table of blanks stands between them."""
    order = part.column_order
    while len(labels) >= order.size and len(chosen := chain(labels, order)) == order.size:
        last = chosen[order.size - 1]
        if len(labels) >= 2 * order.size:
            ends = (n for n in range(order.size, len(labels) + 1) if len(chain(labels[:n], order)) == order.size)
            last = labels[next(ends) - 1]
        end = labels.index(last) + 1
        yield labels[:end]
        labels = labels[end:]
    leaves = [number for number, label in enumerate(labels) if label.form in part.column_forms]
    if len(leaves) == order.size:
        yield labels[: leaves[-1] + 1]  # in another order than the form's


def _torn_record(flat: FlatText, part: Part) -> FoundPart | None:
    """Table four under a torn header: the only line of as many figures as it has columns below its group's names."""
    width = len(part.columns)
    if width < rowwise.FEWEST:
        return None
    groups = [occurrence for occurrence in flat.found if occurrence.form in part.group_forms]
    if len(groups) < 2:
        return None
    start = flat.line_of(groups[-1])
    lines = rowwise.figure_lines(flat.lines, start, start + 2 * width, width)
    if len(lines) != 1:
        return None
    first = flat.number(groups[-min(len(groups), len(part.group_forms))])
    header = [label for label in flat.found[first : first + 2 * width] if flat.line_of(label) < lines[0].line]
    above = flat.lines[flat.line_of(flat.found[first]) - 1 : lines[0].line - 1]
    if not may_be_ordered(header, above, part):
        return FoundPart(part, (FoundRow(part.rows[0], (), blanks_marked=False, damaged=True),), columns_known=False)
    return FoundPart(part, (FoundRow(part.rows[0], lines[0].slots, blanks_marked=True),), columns_known=False)


def found_row(row: Row, piece: Cut) -> FoundRow:
    return FoundRow(
        row,
        piece.slots,
        blanks_marked=piece.blanks_marked,
        glued=piece.glued,
        places_exact=piece.places_exact,
        damaged=piece.damaged,
        other_unit=piece.other_unit,
    )
