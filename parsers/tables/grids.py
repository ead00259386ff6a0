"""Read a form from real tables: rows by their labels, columns by their headers, spans already expanded.

A column's index proves nothing (spans are wrong in real pages: 上海市政府办公厅 2019): the order of the cells behind
the label does, against the order of the header's cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from parsers.documents.model import Cell, Grid
from parsers.report import At, Semantic
from parsers.tables import rivals
from parsers.tables.found import FoundPart, FoundRow, FoundTable, Slot
from parsers.tables.labels import Label, cell_forms, fold, strip_ordinal
from parsers.tables.numbers import read
from parsers.tables.scan import Occurrence, chain
from parsers.template import Part, Row, Table

ALIKE = 0.6
"""A label that lost characters is taken for the only row that its neighbours leave open when it is this alike."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a grid: its different cells from left to right, with the columns that each covers."""

    grid: Grid
    row: int
    cells: tuple[tuple[Cell, int, int], ...]
    forms: tuple[frozenset[str], ...]
    """For each cell the spellings under which it may match a label."""

    def at(self, cell: Cell) -> At:
        place: dict[str, int | str] = {"table": self.grid.index, "row": cell.row, "column": cell.column}
        if self.grid.page is not None:
            place["page"] = self.grid.page
        return place


def lines(grids: Iterable[Grid]) -> list[Line]:
    """Every row of every grid in reading order: a form may be one table, five, or cut by pages."""
    result = []
    for grid in grids:
        for index, row in enumerate(grid.rows):
            cells: list[tuple[Cell, int, int]] = []
            for column, cell in enumerate(row):
                if cell is None:
                    continue
                if cells and cells[-1][0] is cell:
                    cells[-1] = (cell, cells[-1][1], column + 1)
                else:
                    cells.append((cell, column, column + 1))
            forms = tuple(cell_forms(cell.text) for cell, _, _ in cells)
            result.append(Line(grid, index, tuple(cells), forms))
    return result


def find_table(all_lines: Sequence[Line], table: Table) -> FoundTable | None:
    """The table as far as its rows stand in the grids; None where no row does."""
    forms = frozenset().union(*(forms for line in all_lines for forms in line.forms))
    seen = sum(1 for label in table.signature if forms.intersection(label.forms))
    if table.signature and not seen:
        return None
    ordinary = [part for part in table.parts if not part.is_record]
    matched, damaged, others = _match_rows(all_lines, ordinary)
    flags = [f"{flag}:{table.root}" for flag in damaged]
    parts: list[FoundPart] = []
    previous = -1
    for part in ordinary:
        places = {id(row): matched[id(row)] for row in part.rows if id(row) in matched}
        if places:
            first = min(index for index, _ in places.values())
            parts.append(_part(all_lines, part, places, previous, first, others))
            previous = max(index for index, _ in places.values())
    for part in table.parts:
        if part.is_record and (record := _record(all_lines, part)):
            parts.append(record)
    if not parts:
        return None
    return FoundTable(table, tuple(parts), "grid", seen, tuple(flags), _unknown(all_lines, table, matched))


def _unknown(all_lines: Sequence[Line], table: Table, matched: dict[int, tuple[int, int]]) -> tuple[str, ...]:
    """Labels of lines with figures that stand among the table's rows and are none of them."""
    taken = {index for index, _ in matched.values()}
    if not taken:
        return ()
    known = _forms(
        label
        for part in table.parts
        for label in (*(c.label for c in part.columns), *(r.label for r in part.rows), *part.groups)
    )
    grids = {id(all_lines[index].grid) for index in taken}
    labels: dict[str, None] = {}
    for index in range(min(taken), len(all_lines)):
        line = all_lines[index]
        if index in taken or id(line.grid) not in grids:
            continue
        texts = [cell.text for cell, _, _ in line.cells if read(cell.text).semantic is Semantic.TEXT]
        figures = any(read(cell.text).value is not None for cell, _, _ in line.cells)
        if texts and figures and cell_forms(texts[-1]).isdisjoint(known):
            labels.setdefault(" ".join(texts[-1].split())[:80], None)
    return tuple(labels)


Places = dict[int, tuple[int, int]]
"""id(row) -> (line, index of the label's cell in it)."""


def _match_rows(
    all_lines: Sequence[Line], parts: Sequence[Part]
) -> tuple[Places, list[str], dict[int, list[tuple[int, int]]]]:
    """The rows' places, the keys of those with a damaged label, and where else their labels stand."""
    rows = [row for part in parts for row in part.rows]
    if not rows:
        return {}, [], {}
    headers = _forms(label for part in parts for c in part.columns for label in (c.label, *c.under))
    known = {form for row in rows for form in row.label.forms}
    found: list[Occurrence] = []
    label_cell: dict[int, int] = {}
    for index, line in enumerate(all_lines):
        if _is_header(line, headers):
            continue
        for position in reversed(range(len(line.cells))):
            forms = line.forms[position] & known
            if forms:
                label_cell[index] = position
                found.extend(Occurrence(form, index, index, index + 1, True, True) for form in sorted(forms))
                break
    chosen = chain(found, [row.label for row in rows])
    places = {id(rows[key]): (o.start, label_cell[o.start]) for key, o in chosen.items()}
    _take_swapped(rows, found, places, label_cell)
    flags = _take_damaged(all_lines, rows, places)
    columns = [column for part in parts for column in part.columns]
    used = [Occurrence("", line, line, line + 1, True, True) for line, _ in places.values()]
    others = {
        key: [(occurrence.start, label_cell[occurrence.start]) for occurrence in spare]
        for key, spare in rivals.spare(rows, columns, found, used).items()
    }
    return places, flags, others


def _forms(labels: Iterable[Label]) -> frozenset[str]:
    return frozenset(form for label in labels for form in label.forms)


def _is_header(line: Line, headers: frozenset[str]) -> bool:
    """Two or more headers of columns in one line, and no figure."""
    hits = sum(1 for forms in line.forms if not forms.isdisjoint(headers))
    return hits > 1 and not any(read(cell.text).value is not None for cell, _, _ in line.cells)


def _take_swapped(
    rows: Sequence[Row],
    found: Sequence[Occurrence],
    places: dict[int, tuple[int, int]],
    label_cell: dict[int, int],
) -> None:
    """Rows that stand out of the form's order: taken when their label is theirs alone and stands once."""
    used = {line for line, _ in places.values()}
    for row in rows:
        if id(row) in places or sum(1 for r in rows if set(r.label.forms) & set(row.label.forms)) > 1:
            continue
        own = {o.start for o in found if o.form in row.label.forms} - used
        if len(own) == 1:
            line = own.pop()
            places[id(row)] = (line, label_cell[line])
            used.add(line)


def _take_damaged(all_lines: Sequence[Line], rows: Sequence[Row], places: dict[int, tuple[int, int]]) -> list[str]:
    """A row whose label lost characters: the only line between its neighbours, alike enough, is it; flagged."""
    flags = []
    for before, row, after in zip(rows, rows[1:], rows[2:], strict=False):
        if id(row) in places or id(before) not in places or id(after) not in places:
            continue
        first, last = places[id(before)][0], places[id(after)][0]
        if last - first != 2:
            continue
        line = all_lines[first + 1]
        for position, (cell, _, _) in enumerate(line.cells):
            text = strip_ordinal(fold(cell.text))
            alike = max((SequenceMatcher(None, text, form).ratio() for form in row.label.forms), default=0.0)
            if text and alike >= ALIKE:
                places[id(row)] = (first + 1, position)
                flags.append("label_damaged")
                break
    return flags


def _part(
    all_lines: Sequence[Line],
    part: Part,
    places: dict[int, tuple[int, int]],
    previous: int,
    first: int,
    others: dict[int, list[tuple[int, int]]],
) -> FoundPart:
    header = _header(all_lines, part, previous + 1, first)
    rows = []
    for row in part.rows:
        if id(row) in places:
            index, position = places[id(row)]
            found = _row(all_lines[index], row, position + 1, part, header)
            again = [
                _row(all_lines[line], row, at + 1, part, header).slots
                for line, at in others.get(id(row), ())
                if all_lines[line].grid is all_lines[index].grid or _has_header(all_lines, part, line)
            ]
            rows.append(replace(found, rivals=tuple(again)))
    return FoundPart(part, tuple(rows), header.known, _unit(part, header), header.order)


def _has_header(all_lines: Sequence[Line], part: Part, index: int) -> bool:
    """Does the grid of the line name a column of the part? Then it is a table of the same kind."""
    headers = _forms(column.label for column in part.columns)
    grid = all_lines[index].grid
    return any(line.grid is grid and any(not forms.isdisjoint(headers) for forms in line.forms) for line in all_lines)


@dataclass(frozen=True)
class Header:
    known: bool
    """Was every column's header seen?"""
    order: tuple[int, ...]
    """Index of the template's figure column for each place; () where it is the form's own order."""
    ranges: tuple[tuple[int, int], ...]
    """Grid columns that each header covers, in page order; () where not every header was seen."""
    texts: tuple[str, ...]
    grid: Grid | None = None


def _header(all_lines: Sequence[Line], part: Part, start: int, stop: int) -> Header:
    """The header among the lines [start, stop) in front of the part's first row."""
    leaves: dict[int, tuple[Cell, int, int, Line]] = {}
    headers = _forms(column.label for column in part.columns)
    for line in all_lines[start:stop]:
        for (cell, left, right), forms in zip(line.cells, line.forms, strict=True):
            if not forms.isdisjoint(headers):
                leaves[id(cell)] = (cell, left, right, line)
    ordered = sorted(leaves.values(), key=lambda leaf: (leaf[1], leaf[0].row))
    texts = tuple(leaf[0].text for leaf in ordered)
    if len(ordered) != len(part.columns):
        return Header(False, (), (), texts)
    ranges = tuple((left, right) for _, left, right, _ in ordered)
    grid = ordered[0][3].grid if len({id(leaf[3].grid) for leaf in ordered}) == 1 else None
    if all(c.label.equals(leaf[0].text) for c, leaf in zip(part.columns, ordered, strict=True)):
        if _groups_fit(part, ordered):
            return Header(True, (), ranges, texts, grid)
        return Header(False, (), (), texts)
    return _other_order(part, ordered, ranges, texts, grid)


def _groups_fit(part: Part, ordered: Sequence[tuple[Cell, int, int, Line]]) -> bool:
    """Labels that occur in several groups (结果维持) must stand below their own group where one stands above."""
    for column, (cell, left, _, line) in zip(part.columns, ordered, strict=True):
        for above in line.grid.rows[: cell.row]:
            over = above[left] if left < len(above) else None
            if over is None or over is cell:
                continue
            others = [c for c in part.columns if any(label.equals(over.text) for label in c.under)]
            if others and column not in others:
                return False
    return True


def _other_order(
    part: Part,
    ordered: Sequence[tuple[Cell, int, int, Line]],
    ranges: tuple[tuple[int, int], ...],
    texts: tuple[str, ...],
    grid: Grid | None,
) -> Header:
    """The page's columns stand in another order: follow the page where every label is one column's alone."""
    indices = []
    for cell, _, _, _ in ordered:
        fits = [i for i, column in enumerate(part.values) if column.label.equals(cell.text)]
        if len(fits) != 1:
            return Header(False, (), (), texts)
        indices.append(fits[0])
    if len(set(indices)) != len(indices):
        return Header(False, (), (), texts)
    return Header(True, tuple(indices), ranges, texts, grid)


def _row(line: Line, row: Row, behind: int, part: Part, header: Header) -> FoundRow:
    """The figures behind the label: by order when their number is right, else below their headers."""
    cells = list(line.cells[behind:])
    width = len(part.columns)
    while len(cells) > width and not cells[-1][0].text.strip():
        cells.pop()
    slots: list[Slot] | None = [Slot(cell.text.strip(), line.at(cell)) for cell, _, _ in cells]
    exact = len(cells) == width
    if not exact and header.ranges and header.grid is line.grid:
        slots = _below_headers(line, cells, header.ranges)
        exact = slots is not None
    damaged = slots is None or len(slots) > width
    kept = _figures_only(slots or [], part) if exact else tuple(slots or ())
    return FoundRow(row, kept, blanks_marked=exact, damaged=damaged)


def _below_headers(
    line: Line, cells: Sequence[tuple[Cell, int, int]], ranges: Sequence[tuple[int, int]]
) -> list[Slot] | None:
    """One cell for each header by geometry; None where a filled cell stands below two headers or two below one."""
    slots: list[Slot] = []
    used: set[int] = set()
    for left, right in ranges:
        over = [cell for cell, a, b in cells if a < right and b > left]
        filled = [cell for cell in over if cell.text.strip()]
        if len(filled) > 1 or any(id(cell) in used for cell in filled):
            return None
        if filled:
            used.add(id(filled[0]))
            slots.append(Slot(filled[0].text.strip(), line.at(filled[0])))
        elif over:
            slots.append(Slot("", line.at(over[0])))
        else:
            return None
    everything = {id(cell) for cell, _, _ in cells if cell.text.strip()}
    return slots if used == everything else None


def _figures_only(slots: Sequence[Slot], part: Part) -> tuple[Slot, ...]:
    """Drop the cells of the 单位 column: it holds no figure."""
    return tuple(slot for slot, column in zip(slots, part.columns, strict=True) if column.kind != "unit")


def _unit(part: Part, header: Header) -> str | None:
    money = next((column for column in part.columns if column.kind == "money"), None)
    if money is None:
        return None
    for text in header.texts:
        if money.label.equals(text) and (named := re.search(r"(亿元|万元|千元|元)\)?$", fold(text))):
            return named.group(1)
    return None


def _record(all_lines: Sequence[Line], part: Part) -> FoundPart | None:
    """Table four: the first line without a label below the line that closes the header; others like it are rivals."""
    headers = _forms(column.label for column in part.columns)
    named = [
        index
        for index, line in enumerate(all_lines)
        if sum(1 for forms in line.forms if not forms.isdisjoint(headers)) >= min(5, len(part.columns))
    ]
    found: FoundPart | None = None
    for last in (index for index in named if index + 1 not in named):
        start = next(_group_lines(all_lines, part, last), last)
        header = _header(all_lines, part, start, last + 1)
        for line in all_lines[last + 1 : last + 4]:
            meanings = [read(cell.text).semantic for cell, _, _ in line.cells]
            if not meanings or Semantic.TEXT in meanings:
                continue
            if len(meanings) < len(part.columns) and all(m is Semantic.EMPTY for m in meanings):
                continue
            row = _row(line, part.rows[0], 0, part, header)
            if found is None:
                found = FoundPart(part, (row,), header.known, None, header.order)
            else:
                first = found.rows[0]
                found = replace(found, rows=(replace(first, rivals=(*first.rivals, row.slots)),))
            break
    return found


def _group_lines(all_lines: Sequence[Line], part: Part, last: int) -> Iterator[int]:
    """The uppermost header line of the grid that the header's last line belongs to."""
    headers = _forms((*part.groups, part.columns[0].label))
    for index in range(max(0, last - 4), last):
        if any(not forms.isdisjoint(headers) for forms in all_lines[index].forms):
            yield index
