"""Found rows -> cells: every figure with its path, meaning, unit and place, or null and flagged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter

from parsers.documents.model import Grid
from parsers.report import FigureCell, Number, Semantic
from parsers.tables.found import FoundPart, FoundRow, FoundTable, KnownRow, Recalled, Slot
from parsers.tables.grid_lines import at_of
from parsers.tables.numbers import read, wan_yuan
from parsers.tables.rivals import contradicted
from parsers.tables.solve import Solved, possibilities, settle
from parsers.template import CheckRule, Column, Table

_TEXT = itemgetter(0)
"""Of a cell."""
_MOST_TEXTS = 16_384
_LONG = 10
"""Digits that no ordinary figure has."""
_MONEY = frozenset(("亿元", "万元", "千元", "元"))
MARKS_TRUSTED = 0.6
"""Share of rows with a full set of marks from which on blank lines count as blank cells."""


@dataclass(frozen=True)
class Resolved:
    cells: tuple[FigureCell, ...]
    flags: tuple[str, ...]


def resolve(found: FoundTable, rules: Sequence[CheckRule], *, blanks_lost: bool = False) -> Resolved:
    """Cells for every row and column of the table, also for those that the source lacks (they are not written).

    `blanks_lost`: what `loses_blanks` says of all tables of the document.
    """
    if isinstance(found.parts, Recalled) and found.parts.known.rows is not None:
        return _as_known(found, found.parts.grids, found.parts.known.rows, found.parts.known.flags)
    if is_whole(found):
        return _as_it_stands(found)
    rows, paths, columns, units, rivals = {}, {}, {}, {}, {}
    glued: set[str] = set()
    for part in found.parts:
        values = in_page_order(part)
        trusted = _marks_trusted(found, part, len(values))
        for item in part.rows:
            key = item.row.key or part.part.columns[0].key
            if key in rows:
                continue
            rows[key] = possibilities(item, len(values), trusted, blanks_lost)
            own = found.table.paths_by_row[item.row.key, part.part.values[0].key]
            paths[key] = [own[index] for index in part.order] if part.order else own
            columns[key] = values
            units[key] = _unit(part, item)
            rivals[key] = item.rivals
            if blanks_lost and item.glued and len(values) > 1:
                glued.add(key)
    solved = settle(rows, paths, rules, glued)
    cells: list[FigureCell] = []
    flags: dict[str, None] = dict.fromkeys(found.flags)
    for key, result in solved.items():
        if len(rows[key]) > 1:
            # Blanks left no mark: put in their places by the sums, not read. Whoever uses the figures should know.
            for head in dict.fromkeys(path.split(".")[0] for path in paths[key]):
                flags.setdefault(f"cells_placed:{head}", None)
        own_cells, own_flags = _cells(result, paths[key], columns[key], units[key])
        for place in sorted(contradicted(result.assignment, rivals[key])):
            cell = own_cells[place]
            repeated = f"rows_repeated:{cell.path.split('.')[0]}"
            own_flags[place] = (repeated, *own_flags.get(place, ()))
            if cell.semantic is not Semantic.UNREADABLE:
                own_cells[place] = FigureCell(cell.path, cell.raw, None, Semantic.UNREADABLE, at=cell.at)
        cells.extend(own_cells)
        for place in sorted(own_flags):
            flags.update(dict.fromkeys(own_flags[place]))
    for flag in (*form_flags(found), *_totals_only(found.table.heads(), cells)):
        flags.setdefault(flag, None)
    return Resolved(tuple(cells), tuple(flags))


def is_whole(found: FoundTable) -> bool:
    """Has every row a cell for every column, and no rival?"""
    return all(
        row.whole and len(row.slots) == len(part.order or part.part.values) and not row.rivals
        for part in found.parts
        for row in part.rows
    )


def _as_it_stands(found: FoundTable) -> Resolved:
    """Nothing is to be decided in a table of whole parts: so it is in nearly all grids."""
    cells: list[FigureCell] = []
    flags: dict[str, None] = dict.fromkeys(found.flags)
    seen: set[str] = set()
    for part in found.parts:
        for item, paths in rows_with_paths(found.table, part, seen):
            values = in_page_order(part)
            own_cells, own_flags = _cells(Solved(item.slots, (True,) * len(values)), paths, values, _unit(part, item))
            cells.extend(own_cells)
            for some in own_flags.values():
                flags.update(dict.fromkeys(some))
    for flag in (*form_flags(found), *_totals_only(found.table.heads(), cells)):
        flags.setdefault(flag, None)
    return Resolved(tuple(cells), tuple(flags))


def rows_with_paths(table: Table, part: FoundPart, seen: set[str]) -> Iterator[tuple[FoundRow, Sequence[str]]]:
    """The rows of a whole part that were not `seen`, each with the paths of its slots."""
    for item in part.rows:
        key = item.row.key or part.part.columns[0].key
        if key not in seen:
            seen.add(key)
            own = table.paths_by_row[item.row.key, part.part.values[0].key]
            yield item, [own[index] for index in part.order] if part.order else own


class _Plain(dict[str, tuple[str, Number | None, Semantic] | None]):
    """Text of a cell -> what is written, its value and meaning; None where that is more than a number or a blank."""

    def __missing__(self, text: str) -> tuple[str, Number | None, Semantic] | None:
        if len(self) >= _MOST_TEXTS:
            self.clear()
        if text.isdecimal() and text.isascii() and len(text) < _LONG and text[0] != "0":
            # A figure that was not met before, of which every report has some.
            self[text] = figure = text, int(text), Semantic.NUMBER
            return figure
        raw = text.strip()
        written = read(raw)
        self[text] = plain = (raw, written.value, written.semantic) if written.is_plain else None
        return plain


_plain = _Plain()


def _as_known(
    found: FoundTable, grids: Sequence[Grid], rows: Iterable[KnownRow], form_flags: Iterable[str]
) -> Resolved:
    """The same of a form whose layout was met before: the cells are read where they stand."""
    cells: list[FigureCell] = []
    flags: dict[str, None] = {}
    new, add = tuple.__new__, cells.append
    for number, line, columns, paths, forms, counts, unit in rows:
        grid = grids[number]
        row, index = grid.rows[line], grid.index
        own = [cell for column in columns if (cell := row[column]) is not None]  # all of them, so the layout says
        plains = list(filter(None, map(_plain.__getitem__, map(_TEXT, own))))
        # A reader of pages numbers all cells, and no other reader any.
        if counts and own[0][6] is not None and len(plains) == len(own):
            for path, (raw, value, semantic), cell in zip(paths, plains, own, strict=True):
                place = {"table": index, "row": cell[1], "column": cell[2], "element": cell[6]}
                add(new(FigureCell, (path, raw, value, semantic, None, None, None, place)))
            continue
        for cell, path, of in zip(own, paths, forms, strict=True):
            at = at_of(grid, cell)
            if of.kind != "money" and (plain := _plain[cell[0]]) is not None:
                add(new(FigureCell, (path, *plain, None, None, None, at)))
                continue
            read_cell, flag = _cell(Slot(cell.text.strip(), at), path, of, unit, path.partition(".")[0])
            add(read_cell)
            if flag:
                flags[flag] = None
    for flag in (*form_flags, *_totals_only(found.table.heads(), cells)):
        flags.setdefault(flag, None)
    return Resolved(tuple(cells), tuple(flags))


_TWO_UNITS = "元或万元"
"""The header says one unit and the row's label another."""


def _unit(part: FoundPart, row: FoundRow) -> str | None:
    if row.unit and part.unit and row.unit != part.unit:
        return _TWO_UNITS
    return row.unit or part.unit


def in_page_order(part: FoundPart) -> tuple[Column, ...]:
    values = part.part.values
    return tuple(values[index] for index in part.order) if part.order else values


def _marks_trusted(found: FoundTable, part: FoundPart, width: int) -> bool:
    """Do blanks leave marks here? Judged on the whole table: one row proves nothing."""
    if found.carrier == "grid":
        return True
    rows = [(item, len(other.part.values)) for other in found.parts for item in other.rows]
    if len(part.rows) == 1 and part.part.is_record:
        # Table four has one row. Its marks count when it has some and is not over full.
        item = part.rows[0]
        return item.blanks_marked and len(_trimmed(item.slots, width)) <= width
    full = sum(1 for item, columns in rows if len(_trimmed(item.slots, columns)) == columns)
    return full >= MARKS_TRUSTED * len(rows)


def _trimmed(slots: Sequence[Slot], width: int) -> list[Slot]:
    kept = list(slots)
    while len(kept) > width and not kept[-1].raw:
        kept.pop()
    return kept


def _cells(
    solved: Solved, paths: Sequence[str], columns: Sequence[Column], unit: str | None
) -> tuple[list[FigureCell], dict[int, tuple[str, ...]]]:
    """The cells of a row, one a column, and the flags of those places that have some."""
    cells: list[FigureCell] = []
    flags: dict[int, tuple[str, ...]] = {}
    new = tuple.__new__
    # A doubtful place makes the whole row doubtful, also where all possibilities agree.
    is_certain = all(solved.certain)
    for slot, certain, path, column in zip(solved.assignment, solved.certain, paths, columns, strict=True):
        flag = None
        if not certain:
            cell = FigureCell(path, slot.raw if slot else "", None, Semantic.UNREADABLE)
        elif slot is None:
            cell = FigureCell(path, "", None, Semantic.EMPTY)
        elif column.kind != "money" and (plain := _plain[slot.raw]) is not None:
            cell = new(FigureCell, (path, slot.raw, plain[1], plain[2], None, None, None, slot.at))
        else:
            cell, flag = _cell(slot, path, column, unit, path.partition(".")[0])
        if not is_certain:
            flag = f"ambiguous_columns:{path.partition('.')[0]}"
        if flag:
            flags[len(cells)] = (flag,)
        cells.append(cell)
    return cells, flags


def _cell(slot: Slot, path: str, column: Column, unit: str | None, head: str) -> tuple[FigureCell, str | None]:
    written = read(slot.raw)
    value, named, source = written.value, written.unit, None
    note, flag = written.note, None
    if written.odd:
        note, flag = written.odd, f"odd_figure:{head}"
    if written.semantic is Semantic.TEXT:
        flag = f"text_in_cell:{head}"
    if unit == _TWO_UNITS:
        if column.kind == "money" and value and not named:
            return FigureCell(path, slot.raw, None, Semantic.UNREADABLE, at=slot.at), f"unit_missing:{head}"
        unit = None
    if column.kind == "money" and value is not None:
        named, source = (named, "cell") if named else (unit, "header" if unit else "none")
        if named and named != "万元":
            value = wan_yuan(value, named)
        if source == "none" and value:
            flag = f"unit_missing:{head}"
        named = "万元" if source != "none" else None
    elif written.unit in _MONEY and path.endswith("_wan_yuan") and value is not None:
        # The 2014 form has one column for counts and money. What the cell names is its unit, whatever the row says.
        named, source, value = "万元", "cell", wan_yuan(value, written.unit)
    elif written.unit in _MONEY:
        # Money in a cell that counts things: keep what is written, do not call it a count.
        return FigureCell(path, slot.raw, None, Semantic.TEXT, written.unit, "cell", note, slot.at), (
            f"text_in_cell:{head}"
        )
    elif column.kind == "count" and isinstance(value, float):
        # Half a request there is none: 1.140 may be 1,140.
        note, flag = note or "fraction", f"odd_figure:{head}"
    return FigureCell(path, slot.raw, value, written.semantic, named, source, note, slot.at), flag


def form_flags(found: FoundTable) -> list[str]:
    """What how a form was found says of its tables."""
    flags: list[str] = []
    heads = found.table.heads()
    items = [(item, part) for part in found.parts for item in part.rows]
    if [item for item, part in items if item.glued and len(part.part.values) > 1 and item.slots]:
        # Recovered by the sums, not read: whoever uses these figures should know.
        flags.extend(f"digits_split:{head}" for head in heads)
    if [item for item, _ in items if item.surplus]:
        flags.extend(f"cells_surplus:{head}" for head in heads)
    if found.unknown:
        flags.extend(f"unknown_label:{head}" for head in heads)
    if found.missing_rows:
        flags.extend(f"rows_missing:{head}" for head in heads)
    for part in found.parts:
        if not part.columns_known:
            part_heads = {found.table.path(row, c).split(".")[0] for row in part.part.rows for c in part.part.values}
            flags.extend(f"columns_by_position:{head}" for head in sorted(part_heads))
    return flags


def _totals_only(heads: Sequence[str], cells: Sequence[FigureCell]) -> list[str]:
    """The tables of which nothing but totals is filled in."""
    flags: list[str] = []
    for head in heads:
        own = cells if len(heads) == 1 else [cell for cell in cells if cell.path.startswith(f"{head}.")]
        if any(cell.value is not None and not cell.path.endswith(".total") for cell in own):
            continue
        filled = [cell for cell in own if cell.value is not None]
        if filled and len(filled) < len(own) and len([cell for cell in own if cell.path.endswith(".total")]) > 1:
            flags.append(f"totals_only:{head}")
    return flags
