"""All forms in a document: which template's tables stand in it, and their cells.

Detected for each table by its own headers and rows, never by the year or the notice that the page cites: a real
report of 2023 has table two of the 2021 form and table three of the 2019 form (domain.md section 3.1).
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace

from parsers.documents.model import Document, Grid
from parsers.report import FigureCell
from parsers.tables import flat, flat_text, grids, learnt, this_year
from parsers.tables.found import FoundTable
from parsers.tables.glued import loses_blanks
from parsers.tables.grid_lines import GridLines
from parsers.tables.pads import short_rows_damaged
from parsers.tables.resolve import resolve
from parsers.tables.shapes import shaped
from parsers.template import Table, Template

Option = tuple[Template, FoundTable]


@dataclass(frozen=True)
class ReadTable:
    template: Template
    table: Table
    found: FoundTable
    cells: tuple[FigureCell, ...]
    flags: tuple[str, ...]

    def evidence(self) -> str:
        rows = self.found.row_count
        all_rows = rows + self.found.missing_rows
        return f"{self.table.id}: {rows} of {all_rows} rows of {self.template.id} in {self.found.carrier}"


def read_tables(document: Document, templates: tuple[Template, ...], year: int | None = None) -> tuple[ReadTable, ...]:
    """One ReadTable for each kind of table (`Table.id`) that the document holds, in the form's order. `year`: the report's,
    to tell its column from last year's."""
    grids = tuple(document.grids())
    in_grids = _in_grids(grids if year is None else this_year.named(grids, templates, year), templates)
    # What stands whole in a grid is not looked for in the text.
    whole = {found.table.id for tables in in_grids for found in tables if not found.missing_rows}
    text = flat_text.prepare(
        flat_text_of(document), templates, [t for one in templates for t in one.tables if t.id not in whole]
    )
    candidates: dict[str, list[Option]] = {}
    known: dict[str, FoundTable | None] = {}
    for template, tables in zip(templates, in_grids, strict=True):
        for found in (*tables, *short_rows_damaged(_in_text(text, template, whole, known))):
            candidates.setdefault(found.table.id, []).append((template, found))
    result = []
    chosen = _chosen(candidates)
    lost = loses_blanks(found for _, found in chosen)
    for template, found in chosen:
        resolved = resolve(found, template.checks, blanks_lost=lost)
        result.append(ReadTable(template, found.table, found, resolved.cells, resolved.flags))
    there = (table for table in result if _is_there(table))
    return tuple(sorted(there, key=lambda table: table.template.tables.index(table.table)))


def _in_grids(all_grids: Sequence[Grid], templates: tuple[Template, ...]) -> list[list[FoundTable]]:
    """For each template its tables that stand in the grids. A layout that was met before is not searched again."""
    memory = learnt.memory(templates)
    layout = memory.layout(all_grids)
    known = memory.recall(layout)
    if known is None:
        known = _searched(GridLines(shaped(all_grids, templates)), templates)
        memory.keep(layout, known)
    return known


def _searched(all_lines: GridLines, templates: tuple[Template, ...]) -> list[list[FoundTable]]:
    """For each template its tables that stand in the grids.

    Where one form of a table stands whole, another that lacks one of its rows is not the form of that table: it would
    be found with rows missing, or with fewer, and lose. Those of which every label is there are tried first.
    """
    tables = [table for template in templates for table in template.tables]
    labels = all_lines.by_form.keys()
    unlikely = {id(table): any(labels.isdisjoint(row) for row in table.row_labels) for table in tables}
    found: dict[int, FoundTable] = {}
    known: dict[str, FoundTable | None] = {}
    whole: dict[str, Table] = {}
    for table in sorted(tables, key=lambda table: (unlikely[id(table)], -table.row_total)):
        better = whole.get(table.id)
        if better and not table.signature and not better.row_keys <= table.row_keys:
            continue
        if table.written not in known:
            # Forms have tables in common, which are looked for once.
            known[table.written] = grids.find_table(all_lines, table)
        if one := known[table.written]:
            found[id(table)] = one if one.table is table else replace(one, table=table)
            if not one.missing_rows:
                whole.setdefault(table.id, table)
    return [[found[id(table)] for table in template.tables if id(table) in found] for template in templates]


def _in_text(
    text: flat_text.FlatText | None, template: Template, whole: Set[str], known: dict[str, FoundTable | None]
) -> list[FoundTable]:
    """The template's tables that stand in the text. Forms have tables in common, which are looked for once: `known`."""
    found: list[FoundTable] = []
    for table in template.tables:
        if text is None or table.id in whole:
            continue
        if table.written not in known:
            known[table.written] = flat.find_table(text, table)
        if one := known[table.written]:
            found.append(one if one.table is table else replace(one, table=table))
    return found


def _chosen(candidates: dict[str, list[Option]]) -> list[Option]:
    """The best reading of each kind of table; where the rows that are there belong to several forms alike (a table
    of which a few rows are left), the form of the document's other tables."""
    best = [min(options, key=lambda option: _rank(option, candidates)) for options in candidates.values()]
    alike = [
        [option for option in options if _shows_the_same(option, first)]
        for first, options in zip(best, candidates.values(), strict=True)
    ]
    told = [first[0].id for first, options in zip(best, alike, strict=True) if len(options) == 1]
    return [max(options, key=lambda option: told.count(option[0].id)) for options in alike]


def _shows_the_same(option: Option, other: Option) -> bool:
    if option[1].parts is other[1].parts:
        return option[1].carrier == other[1].carrier and option[1].signs == other[1].signs
    return _shows(option) == _shows(other)


def _shows(option: Option) -> tuple[object, ...]:
    """What of a form was seen: its rows, its own words, where."""
    found = option[1]
    return (
        found.carrier,
        found.signs,
        [(part.part.written, row.row.key) for part in found.parts for row in part.rows if row.slots],
    )


def flat_text_of(document: Document) -> str:
    """The text outside grids, line by line as it stands; a grid leaves a line that ends every row of labels."""
    return "\n".join(document.texts(lambda grid: "\u2063"))


def _rank(option: Option, candidates: dict[str, list[Option]]) -> tuple[float, ...]:
    """Smaller is better: a whole form before a torn one, then more rows, more signs, real tables before text."""
    template, found = option
    siblings = sum(
        1
        for others in candidates.values()
        for other, sibling in others
        if other is template and sibling.signs and sibling.missing_rows == 0
    )
    return (
        found.missing_rows / max(1, found.row_count + found.missing_rows),
        -found.row_count,
        -found.signs,
        -siblings,
        0 if found.carrier == "grid" else 1,
    )


def _is_there(table: ReadTable) -> bool:
    """A few labels in prose are no table: half of the rows must be there, or one cell must have a figure."""
    filled = any(cell.value is not None for cell in table.cells)
    return filled or table.found.missing_rows <= table.found.row_count


def torn(table: ReadTable) -> bool:
    """Is less than half of it there? Pieces in prose, the end of a form whose page was lost."""
    return table.found.missing_rows > table.found.row_count
