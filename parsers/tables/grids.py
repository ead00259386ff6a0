"""Read a form from real tables: rows by their labels, columns by their headers, spans already expanded.

A column's index proves nothing (spans are wrong in real pages: 上海市政府办公厅 2019): the order of the cells behind
the label does, against the order of the header's cells.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import chain as joined

from parsers.report import Semantic
from parsers.tables import crossed, lower_headers, merged_figures, rivals
from parsers.tables.found import FoundPart, FoundRow, FoundTable, Slot
from parsers.tables.grid_lines import GridLines, Line
from parsers.tables.headers import Header, read_header
from parsers.tables.labels import fold, strip_ordinal
from parsers.tables.numbers import OTHER_UNIT, OTHER_UNIT_BEHIND, UNIT_BEHIND, read
from parsers.tables.scan import Occurrence, chain
from parsers.tables.unknown import unknown_labels
from parsers.template import Part, Row, Table

ALIKE = 0.6
"""A label that lost characters is taken for the only row that its neighbours leave open when it is this alike."""
_FEW_WORDS = 0.25
"""Share of the cells of a row of figures that may hold words instead; a header has nothing else."""
_FEWEST_COUNTED = 5
"""Columns whose numbers, 1 2 3 4 5, are not figures by chance."""


def find_table(all_lines: GridLines, table: Table) -> FoundTable | None:
    """The table as far as its rows stand in the grids; None where no row does."""
    if not all_lines.all:
        return None
    seen = len([label for label in table.signature if not all_lines.by_form.keys().isdisjoint(label.forms)])
    if table.signature and not seen:
        return None
    ordinary = table.ordinary
    matched, damaged, others = _match_rows(all_lines, table, ordinary)
    flags = [f"{flag}:{table.root}" for flag in damaged]
    parts: list[FoundPart] = []
    previous = -1
    for part in ordinary:
        places = {id(row): matched[id(row)] for row in part.rows if id(row) in matched}
        if places:
            first = min(index for index, _ in places.values())
            parts.append(_part(all_lines, part, places, previous, first, others))
            previous = max(index for index, _ in places.values())
    parts = merged_figures.without(parts)
    for part in table.parts:
        if part.is_record and (record := _record(all_lines, part)):
            parts.append(record)
    if not parts:
        return None
    return FoundTable(table, tuple(parts), "grid", seen, tuple(flags), unknown_labels(all_lines, table, matched))


Places = dict[int, tuple[int, int]]
"""id(row) -> (line, index of the label's cell in it)."""


def _match_rows(
    all_lines: GridLines, table: Table, parts: Sequence[Part]
) -> tuple[Places, list[str], dict[int, list[tuple[int, int]]]]:
    """The rows' places, the keys of those with a damaged label, and where else their labels stand."""
    rows = [row for part in parts for row in part.rows]
    if not rows:
        return {}, [], {}
    headers, known = all_lines.headers(table.header_forms), table.row_forms
    found: list[Occurrence] = []
    label_cell: dict[int, int] = {}
    for index, positions in all_lines.having(known).items():
        if index in headers:
            continue
        position = label_cell[index] = positions[-1]
        forms = all_lines.all[index].forms[position] & known
        for form in sorted(forms) if len(forms) > 1 else forms:
            found.append(tuple.__new__(Occurrence, (form, index, index, index + 1, True, True, False)))
    chosen = chain(found, table.row_order)
    places = {id(rows[key]): (o.start, label_cell[o.start]) for key, o in chosen.items()}
    _take_swapped(table, rows, found, places, label_cell)
    flags = _take_damaged(all_lines, rows, places)
    used = {key: Occurrence("", line, line, line + 1, True, True) for key, (line, _) in places.items()}
    others = {
        key: [(occurrence.start, label_cell[occurrence.start]) for occurrence in spare]
        for key, spare in rivals.spare(table, found, used).items()
    }
    return places, flags, others


def _take_swapped(
    table: Table,
    rows: Sequence[Row],
    found: Sequence[Occurrence],
    places: dict[int, tuple[int, int]],
    label_cell: dict[int, int],
) -> None:
    """Rows that stand out of the form's order: taken when their label is theirs alone and stands once."""
    used = {line for line, _ in places.values()}
    for row in rows:
        if id(row) in places or id(row) not in table.unshared:
            continue
        own = {o.start for o in found if o.form in row.label.forms} - used
        if len(own) == 1:
            line = own.pop()
            places[id(row)] = (line, label_cell[line])
            used.add(line)


def _take_damaged(all_lines: GridLines, rows: Sequence[Row], places: dict[int, tuple[int, int]]) -> list[str]:
    """A row whose label lost characters: the only line between its neighbours, alike enough, is it; flagged."""
    flags = []
    for before, row, after in zip(rows, rows[1:], rows[2:], strict=False):
        if id(row) in places or id(before) not in places or id(after) not in places:
            continue
        first, last = places[id(before)][0], places[id(after)][0]
        if last - first != 2:
            continue
        line = all_lines.all[first + 1]
        for position, (cell, _, _) in enumerate(line.cells):
            text = strip_ordinal(fold(cell.text))
            alike = max((SequenceMatcher(None, text, form).ratio() for form in row.label.forms), default=0.0)
            if text and alike >= ALIKE:
                places[id(row)] = (first + 1, position)
                flags.append("label_damaged")
                break
    return flags


def _part(
    all_lines: GridLines,
    part: Part,
    places: dict[int, tuple[int, int]],
    previous: int,
    first: int,
    others: dict[int, list[tuple[int, int]]],
) -> FoundPart:
    header = read_header(all_lines.all, part, previous + 1, first)
    rows = []
    kindred = _kindred(all_lines, part) if any(id(row) in others for row in part.rows) else set()
    if not header.is_exact and not header.contradicts:
        header = replace(header, measured=_measured(all_lines, part, places))
    lower = lower_headers.find(all_lines, part, sorted({line for line, _ in places.values()}))
    for row in part.rows:
        if id(row) in places:
            index, position = places[id(row)]
            found = _row(all_lines.all[index], row, position + 1, part, header)
            if lower and (its := lower_headers.other(lower, index, header)):
                found = lower_headers.in_order(_row(all_lines.all[index], row, position + 1, part, its), its, header)
            again = [
                _row(all_lines.all[line], row, at + 1, part, header).slots
                for line, at in others.get(id(row), ())
                if all_lines.all[line].grid is all_lines.all[index].grid or id(all_lines.all[line].grid) in kindred
            ]
            rows.append(found._replace(rivals=tuple(again)) if again else found)
    return FoundPart(part, tuple(rows), header.known, _unit(part, header), header.order)


def _measured(all_lines: GridLines, part: Part, places: Places) -> tuple[tuple[int, int], ...]:
    """The columns in which the figures of the rows stand, where they are as many as the form has; () else.

    Of a sheet whose headers have lost their merged cells: a row may begin and end in blanks, all of them together do not.
    """
    lines = [
        (all_lines.all[index], position)
        for index, position in (places.get(id(row), (-1, 0)) for row in part.rows)
        if index >= 0
    ]
    if len({id(line.grid) for line, _ in lines}) != 1:
        return ()
    filled = {
        (left, right)
        for line, position in lines
        for slot, (_, left, right) in zip(line.slots[position + 1 :], line.cells[position + 1 :], strict=True)
        if slot.raw
    }
    first, last = min(filled, default=(0, 0))[0], max(filled, default=(0, 0))[1]
    is_whole = last - first == len(part.columns) and all(right - left == 1 for left, right in filled)
    return tuple((column, column + 1) for column in range(first, last)) if is_whole else ()


def _kindred(all_lines: GridLines, part: Part) -> set[int]:
    """id() of the grids that name a column of the part, or several rows: tables of the same kind, or the rest of one that
    was cut."""
    columns = {id(all_lines.all[index].grid) for index in all_lines.having(part.column_forms)}
    rows = Counter(id(all_lines.all[index].grid) for index in all_lines.having(part.row_forms))
    return columns | {grid for grid, count in rows.items() if count >= rivals.FEWEST}


def _row(line: Line, row: Row, behind: int, part: Part, header: Header) -> FoundRow:
    """The figures behind the label: by order when their number is right, else below their headers."""
    width = len(part.columns)
    end = len(line.slots)
    if header.contradicts or _is_in_yuan(line, behind, part):
        return FoundRow(row, (), blanks_marked=False, damaged=True)
    if end - behind > width:
        own = [line.slots[place] for place in range(behind, end) if not _reaches_in(line, place)]
        if len(own) == width:
            return _by_order(row, own, part, header, line.cells[behind - 1][0].text, whole=True)
    if end - behind == width:
        if _stand_elsewhere(line, behind, header):
            return FoundRow(row, (), blanks_marked=False, damaged=True)
        return _by_order(row, line.slots[behind:end], part, header, line.cells[behind - 1][0].text, whole=True)
    if end - behind > width and not (line.slots[behind].raw or line.slots[end - 1].raw):
        # A blank too many before the figures, where a label's span was lost, or behind them: only the headers can tell.
        below = None
        if header.measured and not header.order:
            below = _below_headers(line, behind, end, header.measured, frozenset())
        elif header.is_exact and header.grid is line.grid:
            below = _below_headers(line, behind, end, header.ranges, _known_others(line, behind, header))
        if below:
            return FoundRow(row, _figures_only(below, part, header), blanks_marked=True)
        if any(slot.raw for slot in line.slots[behind:end]):
            return FoundRow(row, (), blanks_marked=False, damaged=True)
    is_below = header.known and header.grid is line.grid
    if end - behind > width and is_below and line.cells[behind - 1][2] > header.ranges[0][0]:
        # Gnumeric lets a long label cover the blank figures behind it.
        return FoundRow(row, (), blanks_marked=False, damaged=True)
    while end - behind > width and not line.slots[end - 1].raw:
        end -= 1
    if end - behind == width:
        if not header.known and header.texts and not line.slots[end - 1].raw:
            # A column that is not there has its blank behind the others.
            return FoundRow(row, (), blanks_marked=False, damaged=True)
        return _by_order(row, line.slots[behind:end], part, header, line.cells[behind - 1][0].text, whole=False)
    if not header.ranges or header.grid is not line.grid:
        return FoundRow(row, line.slots[behind:end], blanks_marked=False, damaged=end - behind > width)
    slots = _below_headers(line, behind, end, header.ranges, _known_others(line, behind, header))
    if slots is None:
        return FoundRow(row, (), blanks_marked=False, damaged=True)
    return FoundRow(row, _figures_only(slots, part, header), blanks_marked=True, surplus=end - behind > width)


def _stand_elsewhere(line: Line, behind: int, header: Header) -> bool:
    """By their order the figures would stand below other headers than their own, in a row that is cut just as the header is:
    one is a serial number or last year's, and one that the form has is not there."""
    above = header.told_in
    if above is None or above.grid is not line.grid:
        return False
    ends = [(left, right) for _, left, right in line.cells]
    if ends != [(left, right) for _, left, right in above.cells]:
        return False
    return any(ends[behind + column] != (left, right) for column, left, right in header.told)


def _is_in_yuan(line: Line, behind: int, part: Part) -> bool:
    """专项经费（元） in a form that has no header for its money: anything but a nought is not what it is in 万元."""
    label = line.cells[behind - 1][0].text if behind else ""
    return len(part.values) < len(part.columns) and bool(
        OTHER_UNIT_BEHIND.search(label) and any(read(slot.raw).value for slot in line.slots[behind:])
    )


def _by_order(row: Row, slots: Sequence[Slot], part: Part, header: Header, label: str, whole: bool) -> FoundRow:
    """As many cells as columns; `label` is the row's as it stands."""
    figures = _figures_only(slots, part, header)
    if len(part.values) < len(part.columns):
        units = [slot.raw for slot in slots if slot not in figures]
        is_other = bool(OTHER_UNIT_BEHIND.search(label)) or any(OTHER_UNIT.fullmatch(fold(unit)) for unit in units)
        if any(read(unit).value is not None for unit in units) or (
            is_other and any(read(s.raw).value for s in figures)
        ):
            # A number for a unit is another column's figure (last year's, or all years'), and nobody can say which of
            # the two is the form's; in 元 anything but a nought is not what it is in 万元.
            return FoundRow(row, (), blanks_marked=False, damaged=True)
        whole = whole and not is_other  # So that nobody learns from the nought how to read what is none.
    unit = UNIT_BEHIND.search(fold(label)) if any(column.kind == "money" for column in part.columns) else None
    return FoundRow(row, figures, blanks_marked=True, unit=unit and unit[1], whole=whole and not unit)


def _known_others(line: Line, behind: int, header: Header) -> frozenset[int]:
    """The places of cells below a header of their own that no form has (累计数, 备注): the row is cut just as the header
    is, so that each cell belongs to the text above it."""
    above = header.line
    if above is None or above.grid is not line.grid or len(above.cells) != len(line.cells):
        return frozenset()
    own = {left for left, _ in header.ranges}
    found = []
    for place, ((over, *ends), (_, *below)) in enumerate(zip(above.cells, line.cells, strict=True)):
        if ends != below:
            return frozenset()
        if place >= behind and ends[0] not in own and over.text.strip() and over.row == above.row:
            found.append(place)
    return frozenset(found)


def _reaches_in(line: Line, place: int) -> bool:
    """Is the cell a group's whose span reaches a row too far? It pushes that row's cells aside and is no figure."""
    cell = line.cells[place][0]
    return cell.row < line.row and read(cell.text).semantic is Semantic.TEXT


def _below_headers(
    line: Line, begin: int, end: int, ranges: Sequence[tuple[int, int]], others: Set[int]
) -> list[Slot] | None:
    """One cell for each header by geometry; None where a filled cell stands below two headers or two below one.

    `others` stand below headers that are not the form's."""
    places = [(line.slots[number], *line.cells[number][1:]) for number in range(begin, end) if number not in others]
    slots: list[Slot] = []
    used: set[int] = set()
    for left, right in ranges:
        over = [slot for slot, a, b in places if a < right and b > left]
        filled = [slot for slot in over if slot.raw]
        if len(filled) > 1 or any(id(slot) in used for slot in filled):
            return None
        if filled:
            used.add(id(filled[0]))
            slots.append(filled[0])
        elif over:
            slots.append(over[0])
        else:
            return None
    return slots if used == {id(slot) for slot, _, _ in places if slot.raw} else None


def _figures_only(slots: Sequence[Slot], part: Part, header: Header) -> tuple[Slot, ...]:
    """Drop the cells of the 单位 column: it holds no figure."""
    if len(part.values) == len(part.columns):
        return tuple(slots)
    columns = [part.columns[place] for place in header.places] if header.places else part.columns
    return tuple([slot for slot, column in zip(slots, columns, strict=True) if column.kind != "unit"])


def _unit(part: Part, header: Header) -> str | None:
    money = next((column for column in part.columns if column.kind == "money"), None)
    if money is None:
        return None
    for text in header.texts:
        if money.label.equals(text) and (named := UNIT_BEHIND.search(fold(text))):
            return named.group(1)
    return None


def _record(all_lines: GridLines, part: Part) -> FoundPart | None:
    """Table four: the first line of figures below the line that closes the header; others like it are rivals."""
    fewest = min(5, len(part.columns))
    named = [index for index, positions in all_lines.having(part.column_forms).items() if len(positions) >= fewest]
    found: FoundPart | None = None
    for last in (index for index in named if index + 1 not in named):
        start = next(_group_lines(all_lines, part, last), last)
        header = read_header(all_lines.all, part, start, last + 1)
        for line in _records_below(all_lines.all, part, last, named):
            row = _row(line, part.rows[0], _behind_label(line, header), part, header)
            if found is None:
                found = FoundPart(part, (row,), header.known, None, header.order)
            else:
                first = found.rows[0]
                found = replace(found, rows=(first._replace(rivals=(*first.rivals, row.slots)),))
    if (found is None or not found.columns_known) and (row_by_words := crossed.find(all_lines, part)):
        return FoundPart(part, (row_by_words,), columns_known=True)
    return found


def _records_below(all_lines: Sequence[Line], part: Part, last: int, named: Sequence[int]) -> Iterator[Line]:
    """The lines of figures below a header that ends at `last`: the first of the next three, and those that follow it in its
    table (another organ's, last year's)."""
    record: Line | None = None
    for number, line in enumerate(all_lines[last + 1 :], start=last + 1):
        if number in named or (number > last + 3 if record is None else line.grid is not record.grid):
            return
        meanings = [read(cell.text).semantic for cell, _, _ in line.cells]
        if not meanings or meanings.count(Semantic.TEXT) > _FEW_WORDS * len(meanings):
            continue
        is_short = len(meanings) < len(part.columns)
        if _counts_columns(line):
            continue
        if record is None and not (is_short and all(m is Semantic.EMPTY for m in meanings)):
            record = line
            yield line
        elif record is not None and line.has_figure and not is_short:
            yield line


def _counts_columns(line: Line) -> bool:
    """栏次 | 1 | 2 | 3: the numbers of the columns, which no figures of a form are."""
    figures = [cell.text.strip() for cell, _, _ in line.cells if read(cell.text).semantic is not Semantic.TEXT]
    return len(figures) >= _FEWEST_COUNTED and figures == [str(number) for number in range(1, len(figures) + 1)]


def _behind_label(line: Line, header: Header) -> int:
    """How many cells stand in front of the first header's column: 件数, the name of an organ."""
    if not header.ranges or header.grid is not line.grid:
        return 0
    return len([1 for _, _, right in line.cells if right <= header.ranges[0][0]])


def _group_lines(all_lines: GridLines, part: Part, last: int) -> Iterator[int]:
    """The uppermost header line of the grid that the header's last line belongs to."""
    headers = part.group_forms.union(part.columns[0].label.forms)
    for index in range(max(0, last - 4), last):
        if not headers.isdisjoint(joined.from_iterable(all_lines.all[index].forms)):
            yield index
