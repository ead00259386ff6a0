"""Read a form from flattened text: labels found by `scan`, figures between them by `slots`."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from parsers.tables.found import FoundPart, FoundRow, FoundTable
from parsers.tables.labels import Folded, fold_with_origin
from parsers.tables.scan import Occurrence, chain, next_begin, occurrences, signs
from parsers.tables.slots import Air, Cut, cut, measure_air
from parsers.template import Part, Row, Table, Template

_UNIT = re.compile(r"\(?(?:单位:?)?(亿元|万元|千元|元)\)?")


@dataclass(frozen=True)
class FlatText:
    """A text prepared once for all templates."""

    folded: Folded
    found: tuple[Occurrence, ...]
    line_starts: tuple[int, ...]
    air: Air | None

    def line(self, raw_offset: int) -> int:
        return bisect_right(self.line_starts, raw_offset)

    def cut_after(self, occurrence: Occurrence, part: Part) -> Cut:
        limit = len(self.folded.text)
        stop = next_begin(self.found, occurrence.end, limit)
        start = self.folded.raw_end(occurrence.end)
        end = self.folded.origin[stop]
        unit_column = any(column.kind == "unit" for column in part.columns)
        return cut(
            self.folded.raw,
            start,
            end,
            self.line(start),
            record=part.is_record,
            unit_column=unit_column,
            air=self.air,
        )


def prepare(text: str, templates: tuple[Template, ...]) -> FlatText:
    folded = fold_with_origin(text)
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    return FlatText(folded, tuple(occurrences(folded, templates)), tuple(starts), measure_air(text))


def find_table(flat: FlatText, table: Table) -> FoundTable | None:
    """The table as far as its rows stand in the text; None where no row does."""
    seen = signs(flat.found, table)
    if table.signature and not seen:
        return None
    parts: list[FoundPart] = []
    ordinary = [part for part in table.parts if not part.is_record]
    rows = _rows(flat, ordinary)
    unknown: list[str] = []
    for part in ordinary:
        chosen = [(row, rows[id(row)]) for row in part.rows if id(row) in rows]
        if chosen:
            parts.append(_part(flat, part, chosen, unknown))
    for part in table.parts:
        if part.is_record and (record := _record(flat, part)):
            parts.append(record)
    if not parts:
        return None
    return FoundTable(table, tuple(parts), "text", seen, unknown=tuple(dict.fromkeys(unknown)))


def _rows(flat: FlatText, parts: Sequence[Part]) -> dict[int, Occurrence]:
    rows = [row for part in parts for row in part.rows]
    chosen = chain(flat.found, [row.label for row in rows])
    return {id(rows[index]): occurrence for index, occurrence in chosen.items()}


def _part(flat: FlatText, part: Part, chosen: Iterable[tuple[Row, Occurrence]], unknown: list[str]) -> FoundPart:
    found: list[FoundRow] = []
    first: Occurrence | None = None
    for row, occurrence in chosen:
        first = first or occurrence
        piece = flat.cut_after(occurrence, part)
        found.append(_found_row(row, piece))
        if piece.words:
            unknown.append(piece.words)
    header = _header(flat, part, first)
    return FoundPart(part, tuple(found), header is not None, _unit(flat, part, header))


def _header(flat: FlatText, part: Part, first: Occurrence | None) -> list[Occurrence] | None:
    """The occurrences of the column labels closest in front of the first row; None unless every column is there."""
    if first is None:
        return None
    end = bisect_right(flat.found, first.start, key=lambda occurrence: occurrence.start) - 1
    # Headers stand close to the rows: look back over as many labels as the header and its captions can have.
    window = flat.found[max(0, end - 3 * len(part.columns) - 6) : end]
    wanted = list(part.columns)
    taken: list[Occurrence] = []
    for occurrence in reversed(window):
        for column in reversed(wanted):
            if occurrence.form in column.label.forms:
                wanted.remove(column)
                taken.append(occurrence)
                break
    return taken if not wanted else None


def _unit(flat: FlatText, part: Part, header: list[Occurrence] | None) -> str | None:
    money = next((column for column in part.columns if column.kind == "money"), None)
    if money is None or header is None:
        return None
    for occurrence in header:
        if occurrence.form in money.label.forms:
            named = re.search(r"(亿元|万元|千元|元)\)?$", occurrence.form)
            behind = _UNIT.match(flat.folded.text, occurrence.end)
            if named or behind:
                return (named or behind).group(1)  # type: ignore[union-attr]
    return None


def _record(flat: FlatText, part: Part) -> FoundPart | None:
    """Table four: the figures stand behind the last of its column labels."""
    chosen = chain([o for o in flat.found if o.closes], [column.label for column in part.columns])
    last = chosen.get(len(part.columns) - 1)
    if last is None or len(chosen) < len(part.columns):
        return None
    piece = flat.cut_after(last, part)
    return FoundPart(part, (_found_row(part.rows[0], piece),), columns_known=True)


def _found_row(row: Row, piece: Cut) -> FoundRow:
    return FoundRow(
        row,
        piece.slots,
        blanks_marked=piece.blanks_marked,
        glued=piece.glued,
        places_exact=piece.places_exact,
        damaged=piece.damaged,
    )
