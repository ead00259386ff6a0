"""Read a form from flattened text: labels found by `scan`, figures between them by `slots`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from parsers.tables import flat_record, rowwise
from parsers.tables.flat_record import found_row
from parsers.tables.flat_text import FlatText
from parsers.tables.found import FoundPart, FoundRow, FoundTable
from parsers.tables.order import figures_only
from parsers.tables.order import page_order as columns_order
from parsers.tables.rivals import spare
from parsers.tables.scan import Occurrence, chain
from parsers.template import Part, Row, Table

_FIGURE_IN_FRONT = re.compile(r"\|*\d[\d.,]*\|*(?:亿元|万元|元|人次|[条件次篇个人])?\|*")
_UNIT = re.compile(r"\(?(?:单位:?)?(亿元|万元|千元|元)\)?")


def find_table(flat: FlatText, table: Table) -> FoundTable | None:
    """The table as far as its rows stand in the text; None where no row does."""
    seen = flat.signs(table)
    if table.signature and not seen:
        return None
    parts: list[FoundPart] = []
    ordinary = table.ordinary
    rows = _rows(flat, table)
    if _is_scattered(flat, rows, table):
        return None
    others = _others(flat, table, rows)
    unknown: list[str] = []
    flags: list[str] = []
    for part in ordinary:
        chosen = [(row, rows[id(row)]) for row in part.rows if id(row) in rows]
        if not chosen:
            continue
        found = _part(flat, part, chosen, unknown, others)
        if torn := _torn(flat, found, chosen):
            if len(found.rows) < len(torn):
                flags.append(f"rows_by_position:{table.root}")
            found = replace(found, rows=torn)
        parts.append(found)
    for part in table.parts:
        if part.is_record and (record := flat_record.find(flat, part)):
            parts.append(record)
    if not parts:
        return None
    return FoundTable(table, tuple(parts), "text", seen, tuple(flags), tuple(dict.fromkeys(unknown)))


def _is_scattered(flat: FlatText, places: Mapping[int, Occurrence], table: Table) -> bool:
    """Do a few of the form's labels stand between those of another one (a province's own, with codes that would pass
    for figures)? Then it is not this form, of which less than half is there and hardly two rows side by side, or other
    rows between its header and the first of them."""
    of = sum(len(part.rows) for part in table.ordinary)
    if of < rowwise.FEWEST or 2 * len(places) >= of or not places:
        return False
    found = sorted(places.values(), key=lambda occurrence: occurrence.begin)
    above = flat.found[: flat.number(found[0])]
    header = next((label for label in reversed(above) if label.form in table.heading_forms), None)
    if header and table.signature and not flat.neighbours(header, found[0]):
        return True
    beside = sum(1 for before, after in pairwise(found) if flat.neighbours(before, after))
    return 2 * beside < len(found) - 1


def _torn(flat: FlatText, found: FoundPart, chosen: Sequence[tuple[Row, Occurrence]]) -> tuple[FoundRow, ...] | None:
    """The part's rows by their place, where labels were torn off their figures (see `rowwise`)."""
    part, width = found.part, len(found.part.values)
    whole = sum(1 for row in found.rows if len([slot for slot in row.slots if slot.raw]) == width)
    if len(part.rows) < rowwise.FEWEST or whole == len(part.rows) or flat.air is not None:
        return None
    index = {id(row): number for number, row in enumerate(part.rows)}
    labelled = {flat.line_of(occurrence): index[id(row)] for row, occurrence in chosen}
    lines = rowwise.figure_lines(flat.lines, min(labelled), max(labelled), width)
    rows = rowwise.fill(part, lines, labelled)
    again = {id(row.row): row for row in found.rows}
    return tuple(_again(row, again.get(id(row.row))) for row in rows) if rows else None


def _again(row: FoundRow, labelled: FoundRow | None) -> FoundRow:
    """A row by its place, with what was found at its label."""
    if labelled is None:
        return row
    return labelled if labelled.other_unit else row._replace(rivals=labelled.rivals)


def _rows(flat: FlatText, table: Table) -> dict[int, Occurrence]:
    rows = [row for part in table.ordinary for row in part.rows]
    chosen = chain(flat.found, table.row_order, flat.neighbours)
    places = {id(rows[index]): occurrence for index, occurrence in chosen.items()}
    for row in (row for row in rows if id(row) not in places and id(row) in table.unshared):
        # A row out of the form's order: taken when its label is its alone and stands once in front of a figure.
        own = [occurrence for form in row.label.forms for occurrence in flat.with_figures.get(form, ())]
        if len(own) == 1:
            places[id(row)] = own[0]
    return places


def _others(flat: FlatText, table: Table, places: Mapping[int, Occurrence]) -> dict[int, list[Occurrence]]:
    """id(row) -> where its label stands again in a table: alone in a cell, or beside another row of the form."""
    own, headers = table.inner_forms, table.heading_forms
    beside: set[Occurrence] = set()
    header: Occurrence | None = None
    for before, after in pairwise(flat.found):
        header = before if before.form in table.header_forms else header
        if after.form not in own:
            continue
        if before.form in own and flat.neighbours(before, after):
            beside |= {before, after}
        elif header and _UNIT.fullmatch(flat.folded.text, header.end, after.begin):
            beside.add(after)  # 采购总金额（单位：万元）政府集中采购4
    again = [
        occurrence
        for occurrence in flat.found
        if occurrence.closes and (occurrence.alone or occurrence in beside) and occurrence.form in table.owners
    ]
    return spare(table, again, places, lambda o: o.figure or (o in beside and o.form not in headers))


def _part(
    flat: FlatText,
    part: Part,
    chosen: Iterable[tuple[Row, Occurrence]],
    unknown: list[str],
    others: Mapping[int, Sequence[Occurrence]],
) -> FoundPart:
    found: list[FoundRow] = []
    first: Occurrence | None = None
    for row, occurrence in chosen:
        first = first or occurrence
        piece = flat.cut_after(occurrence, part)
        again = tuple(flat.cut_after(other, part).slots for other in others.get(id(row), ()))
        line = found_row(row, piece)
        found.append(line._replace(rivals=again) if again else line)
        if piece.words:
            unknown.append(piece.words)
    header = _header(flat, part, first)
    order = _order(flat, part, header)
    if (header and order is None) or _stand_in_front(flat, part, first):
        # The header says another order than the form's, and not which; or the figures stand in front of their labels.
        found = [row._replace(slots=(), damaged=True, rivals=()) for row in found]
    return FoundPart(part, tuple(found), order is not None, _unit(flat, part, header), order or ())


def _stand_in_front(flat: FlatText, part: Part, first: Occurrence | None) -> bool:
    """Does a figure stand between the label that the first row follows and that row's own?"""
    number = flat.number(first) if first else 0
    if first is None or not number:
        return False
    before = flat.found[number - 1]
    headings = part.column_forms | part.group_forms
    return before.form in headings and bool(_FIGURE_IN_FRONT.fullmatch(flat.folded.text, before.end, first.begin))


def _header(flat: FlatText, part: Part, first: Occurrence | None) -> list[tuple[int, Occurrence]] | None:
    """(column, its label) in reading order, those closest in front of the first row; None unless all are there."""
    if first is None:
        return None
    end = flat.number(first)
    # Headers stand close to the rows: look back over as many labels as the header and its captions can have.
    window = flat.found[max(0, end - 3 * len(part.columns) - 6) : end]
    wanted = list(range(len(part.columns)))
    taken: list[tuple[int, Occurrence]] = []
    for occurrence in reversed(window):
        if part.captions and occurrence.form in part.captions.forms:
            break  # what stands above the caption is another part's header
        for index in reversed(wanted):
            if occurrence.form in part.columns[index].label.forms:
                wanted.remove(index)
                taken.append((index, occurrence))
                break
    if wanted or re.search(r"\d", flat.folded.text[taken[-1][1].end : taken[0][1].start]):
        return None  # a figure between two of them: they head two tables
    return taken[::-1]


def _order(flat: FlatText, part: Part, header: list[tuple[int, Occurrence]] | None) -> tuple[int, ...] | None:
    """FoundPart.order; None where the header does not say which column stands where."""
    if header is None:
        return None
    places = [index for index, _ in header]
    found = columns_order(part.columns, places)
    if found is None and not part.shares_labels and not _has_groups(flat, part, header):
        found = tuple(places)  # One line of labels, from left to right.
    return figures_only(part.columns, found) if found else None


def _has_groups(flat: FlatText, part: Part, header: list[tuple[int, Occurrence]]) -> bool:
    """Does a group of the header stand among its labels, or in front of them?"""
    first, last = flat.number(header[0][1]), flat.number(header[-1][1])
    return any(label.form in part.group_columns for label in flat.found[max(0, first - 2) : last])


def _unit(flat: FlatText, part: Part, header: list[tuple[int, Occurrence]] | None) -> str | None:
    money = next((column for column in part.columns if column.kind == "money"), None)
    if money is None or header is None:
        return None
    for _, occurrence in header:
        if occurrence.form in money.label.forms:
            named = re.search(r"(亿元|万元|千元|元)\)?$", occurrence.form)
            behind = _UNIT.match(flat.folded.text, occurrence.end)
            if named or behind:
                return (named or behind).group(1)  # type: ignore[union-attr]
    return None
