"""Read a form from flattened text: labels found by `scan`, figures between them by `slots`."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate, pairwise, zip_longest

from parsers.tables import rowwise
from parsers.tables.found import FoundPart, FoundRow, FoundTable
from parsers.tables.labels import Folded, fold_with_origin
from parsers.tables.order import figures_only
from parsers.tables.order import page_order as columns_order
from parsers.tables.record_header import may_be_ordered, page_order
from parsers.tables.rivals import spare
from parsers.tables.scan import Occurrence, chain, occurrences
from parsers.tables.slots import Air, Cut, cut, measure_air
from parsers.template import Part, Row, Table, Template

_STRANGE = re.compile(r"[^0-9.,+\-/\\|增减无件条次篇个人万元()]")
"""What is neither part of a figure nor a unit."""
_FIGURE = re.compile(r"[\d/—]|无无")
_UNIT_LENGTH = 2
_FAR = 300
"""Characters between two labels: fifteen figures of table four and their pipes are fewer."""
_UNIT = re.compile(r"\(?(?:单位:?)?(亿元|万元|千元|元)\)?")


@dataclass(frozen=True)
class FlatText:
    """A text prepared once for all templates."""

    folded: Folded
    found: tuple[Occurrence, ...]
    lines: Sequence[str]
    """As they stand."""
    air: Air | None
    strange: Mapping[int, int]
    """Where a label begins or ends -> how many characters in front of it belong to no label and no figure; of those
    between two labels no more are counted than tell that these are no neighbours."""
    _cuts: dict[tuple[int, bool, bool], Cut] = field(default_factory=dict)
    """By where the label stands. The forms since 2019 have most in common: what stands behind one is cut once."""

    @cached_property
    def _starts(self) -> list[int]:
        """Where the labels begin behind their ordinals."""
        return [occurrence.start for occurrence in self.found]

    @cached_property
    def _line_starts(self) -> list[int]:
        return [start + number for number, start in enumerate(accumulate(map(len, self.lines[:-1]), initial=0))]

    @cached_property
    def with_figures(self) -> Mapping[str, Sequence[Occurrence]]:
        """By their spelling."""
        found: dict[str, list[Occurrence]] = {}
        for occurrence in self.found:
            if occurrence.figure:
                found.setdefault(occurrence.form, []).append(occurrence)
        return found

    @cached_property
    def _closing(self) -> frozenset[str]:
        return frozenset([occurrence.form for occurrence in self.found if occurrence.closes])

    def signs(self, table: Table) -> int:
        """How many of the table's signature labels stand in the text."""
        return len([label for label in table.signature if not self._closing.isdisjoint(label.forms)])

    def number(self, occurrence: Occurrence) -> int:
        """Which of `found` it is."""
        return bisect_left(self._starts, occurrence.start)

    def line(self, raw_offset: int) -> int:
        return bisect_right(self._line_starts, raw_offset)

    def line_of(self, occurrence: Occurrence) -> int:
        return self.line(self.folded.origin[occurrence.start])

    def neighbours(self, before: Occurrence, after: Occurrence) -> bool:
        """Does nothing but figures, units and other labels of a form stand between the two?"""
        return self.strange[after.begin] - self.strange[before.end] <= _UNIT_LENGTH

    def cut_after(self, occurrence: Occurrence, part: Part) -> Cut:
        unit_column = len(part.values) < len(part.columns)
        key = (occurrence.start, part.is_record, unit_column)
        known = self._cuts.get(key)
        if known is None:
            known = self._cuts[key] = self._cut(occurrence, part.is_record, unit_column)
        return known

    def _cut(self, occurrence: Occurrence, record: bool, unit_column: bool) -> Cut:
        following = bisect_left(self._starts, occurrence.end)
        stop = self.found[following].begin if following < len(self.found) else len(self.folded.text)
        start = self.folded.raw_end(occurrence.end)
        end, line = self.folded.origin[stop], self.line(start)
        return cut(self.folded.raw, start, end, line, record=record, unit_column=unit_column, air=self.air)


def prepare(text: str, templates: tuple[Template, ...], wanted: Sequence[Table]) -> FlatText | None:
    """The text ready for `find_table`; None where none of the `wanted` tables can stand in it."""
    folded = fold_with_origin(text)
    if not any(_may_stand(folded.text, table) for table in wanted):
        return None
    found, lines = tuple(occurrences(folded, templates)), text.split("\n")
    return FlatText(folded, found, lines, measure_air(lines), _strange(folded.text, found))


def _may_stand(folded: str, table: Table) -> bool:
    """A table with a signature does not stand where no word of that stands."""
    return not table.signature or any(map(folded.__contains__, table.signature_forms))


def _strange(text: str, found: Sequence[Occurrence]) -> dict[int, int]:
    """FlatText.strange. Far from a label everything is taken for strange: between two cells stands little."""
    enough = _UNIT_LENGTH + 1
    counts: dict[int, int] = {}
    count = position = 0
    for occurrence in found:
        gap = text[position : occurrence.begin]
        count += enough if len(gap) > _FAR else len(_STRANGE.findall(gap)[:enough]) if gap else 0
        counts[occurrence.begin] = count
        counts[occurrence.end] = count
        position = occurrence.end
    return counts


def find_table(flat: FlatText, table: Table) -> FoundTable | None:
    """The table as far as its rows stand in the text; None where no row does."""
    seen = flat.signs(table)
    if table.signature and not seen:
        return None
    parts: list[FoundPart] = []
    ordinary = table.ordinary
    rows = _rows(flat, table)
    if _is_scattered(flat, rows, sum(len(part.rows) for part in ordinary)):
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
        if part.is_record and (record := _record(flat, part) or _torn_record(flat, part)):
            parts.append(record)
    if not parts:
        return None
    return FoundTable(table, tuple(parts), "text", seen, tuple(flags), tuple(dict.fromkeys(unknown)))


def _is_scattered(flat: FlatText, places: Mapping[int, Occurrence], of: int) -> bool:
    """Do a few of the form's labels stand between those of another one (a province's own, with codes that would pass
    for figures)? Then it is not this form, of which less than half is there and hardly two rows side by side."""
    if of < _TORN_ROWS or 2 * len(places) >= of or len(places) < 2:
        return False
    found = sorted(places.values(), key=lambda occurrence: occurrence.begin)
    beside = sum(1 for before, after in pairwise(found) if flat.neighbours(before, after))
    return 2 * beside < len(found) - 1


_TORN_ROWS = 10
"""Fewer rows than this are not told apart by their place: table two's parts have one or two."""


def _torn(flat: FlatText, found: FoundPart, chosen: Sequence[tuple[Row, Occurrence]]) -> tuple[FoundRow, ...] | None:
    """The part's rows by their place, where labels were torn off their figures (see `rowwise`)."""
    part, width = found.part, len(found.part.values)
    whole = sum(1 for row in found.rows if len([slot for slot in row.slots if slot.raw]) == width)
    if len(part.rows) < _TORN_ROWS or whole == len(part.rows) or flat.air is not None:
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


def _torn_record(flat: FlatText, part: Part) -> FoundPart | None:
    """Table four under a torn header: the only line of as many figures as it has columns below its group's names."""
    width = len(part.columns)
    if width < _TORN_ROWS:
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
    if not may_be_ordered(header, part):
        return FoundPart(part, (FoundRow(part.rows[0], (), blanks_marked=False, damaged=True),), columns_known=False)
    return FoundPart(part, (FoundRow(part.rows[0], lines[0].slots, blanks_marked=True),), columns_known=False)


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
        line = _found_row(row, piece)
        found.append(line._replace(rivals=again) if again else line)
        if piece.words:
            unknown.append(piece.words)
    header = _header(flat, part, first)
    order = _order(part, header)
    return FoundPart(part, tuple(found), order is not None, _unit(flat, part, header), order or ())


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


def _order(part: Part, header: list[tuple[int, Occurrence]] | None) -> tuple[int, ...] | None:
    """FoundPart.order; None where the header does not say which column stands where."""
    found = columns_order(part.columns, [index for index, _ in header]) if header else None
    return figures_only(part.columns, found) if found else None


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
    row = _found_row(part.rows[0], cuts[0][0])
    if None in orders or len(set(orders)) > 1:
        return FoundPart(part, (row._replace(slots=(), damaged=True),), columns_known=False)
    is_known = any(label.form in part.group_columns for label in cuts[0][1])
    order = orders[0] if orders[0] != tuple(range(size)) else None
    return FoundPart(
        part, (row._replace(rivals=tuple([piece.slots for piece, _ in cuts[1:]])),), is_known, None, order or ()
    )


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


def _found_row(row: Row, piece: Cut) -> FoundRow:
    return FoundRow(
        row,
        piece.slots,
        blanks_marked=piece.blanks_marked,
        glued=piece.glued,
        places_exact=piece.places_exact,
        damaged=piece.damaged,
        other_unit=piece.other_unit,
    )
