"""Tables that no template knows but that count something: kept as rows of label, unit and values.

Provinces and cities had forms of their own until 2018 (domain.md section 1.1). Their keys are not comparable, so
nothing is mapped: the label stands as it is, blank and "不填" are null, and a second value column stays a second value
(Fujian's is cumulative since 2008).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from parsers.documents.model import Block, Document, Grid, Paragraph, text_of
from parsers.tables import local_across, local_text
from parsers.tables.found import Recalled
from parsers.tables.grid_lines import Line, lines
from parsers.tables.labels import fold, strip_ordinal
from parsers.tables.local_form import LocalRow, LocalTable, Words, code_of, words_of
from parsers.tables.numbers import read
from parsers.tables.read import ReadTable, torn
from parsers.template import config_directory

_LIKE = "statistics"
"""The national form that has the same header: what it was read from in text is no other form."""
_FEWEST_ROWS = 3
_FOOT = 12
"""Characters of what a page break leaves between two parts of a table: - 5 -, 续表."""


@dataclass
class _Found:
    table: LocalTable
    grids: list[int]
    """Indices of the grids that it stands in: more than one where a page break cut it."""


def find(blocks: Sequence[Block], known: frozenset[int]) -> tuple[LocalTable, ...]:
    """Every local table among the blocks but for the grids whose index is in `known` (a template read them)."""
    return tuple([found.table for found in _find(blocks, known)])


def _find(blocks: Sequence[Block], known: frozenset[int]) -> list[_Found]:
    words = words_of(config_directory())
    found: list[_Found] = []
    headers: Sequence[_Header] = ()
    width = 0
    for position, block in enumerate(blocks):
        if not isinstance(block, Grid):
            # A page's foot may stand between the parts of a table, a sentence not.
            if headers and len(text_of(block).strip()) > _FOOT:
                headers = ()
            continue
        if block.index in known:
            headers = ()
            continue
        table_lines = lines([block])
        own = _headers(table_lines, words)
        if not own and headers and block.width == width:
            # Cut by a page: no header stands above its second part.
            more = _seen(block, [row for header in headers for row in _rows(table_lines, header)])
            last = found[-1]
            last.table = replace(last.table, rows=(*last.table.rows, *more))
            last.grids.append(block.index)
            continue
        headers, width = own, block.width
        title = block.caption or _title(blocks[:position])
        rows = [row for header in own for row in _rows(table_lines[header.line + 1 :], header)]
        if len(rows) < _FEWEST_ROWS or not any(_counts(row) for row in rows) or _is_prose(rows):
            headers = ()
            if across := local_across.find(block, words):
                found.append(_Found(LocalTable(title, *across, block.index), [block.index]))
            continue
        columns = tuple(" ".join(text.split()) for text, _, _ in own[0].values)
        found.append(_Found(LocalTable(title, columns, tuple(_seen(block, rows)), block.index), [block.index]))
    return found


def _seen(grid: Grid, rows: list[LocalRow]) -> list[LocalRow]:
    """The rows, of a picture with what was made out as `raw` and no figures: no template knows their sums."""
    if not grid.recognised:
        return rows
    return [replace(row, values=(None,) * len(row.values)) for row in rows]


def flags(tables: Iterable[LocalTable]) -> tuple[str, ...]:
    """What is said of local tables that were made out of pixels, or of whose rows in text some figures are lost."""
    for table in tables:
        if table.table is None and any(set(row.values) == {None} and any(row.raw) for row in table.rows):
            return ("ambiguous_columns:local_tables",)
        for row in table.rows:
            if any(
                value is None and read(raw).value is not None for value, raw in zip(row.values, row.raw, strict=True)
            ):
                return ("recognised:local_tables", "unconfirmed:local_tables")
    return ()


def besides(document: Document, tables: Iterable[ReadTable]) -> tuple[LocalTable, ...]:
    """The local tables of a document from which the forms `tables` were read."""
    used = frozenset[int]().union(*map(_grids_of, tables))
    in_grids = () if all(grid.index in used for grid in document.grids()) else find(document.blocks, used)
    if any(table.found.carrier == "text" and table.table.id == _LIKE for table in tables):
        return in_grids
    return (*in_grids, *local_text.find(document.texts(lambda grid: "\u2063"), words_of(config_directory())))


def national(document: Document, tables: Sequence[ReadTable]) -> tuple[ReadTable, ...]:
    """`tables` without those that are a local form: it shares some labels with the national one (上海: 传真申请数), and
    whoever took these rows for the form would lose all the others."""
    if not any(torn(table) and table.found.carrier == "grid" for table in tables):
        return tuple(tables)
    rows = {index: found for found in _find(document.blocks, frozenset()) for index in found.grids}

    def of_own(table: ReadTable) -> int:
        forms = {id(rows[index]): rows[index] for index in _grids_of(table) if index in rows}
        return sum(len(form.table.rows) for form in forms.values())

    return tuple([table for table in tables if not torn(table) or 2 * table.found.row_count >= of_own(table)])


def _grids_of(table: ReadTable) -> frozenset[int]:
    """Indices of the grids that a form was read from."""
    if table.found.carrier != "grid":
        return frozenset()
    if isinstance(parts := table.found.parts, Recalled):
        return frozenset([parts.grids[number].index for number in parts.known.grids])
    # The figures of a row stand in one line of one grid.
    places = {row.slots[0].at["table"] for part in table.found.parts for row in part.rows if row.slots}
    return frozenset(index for index in places if isinstance(index, int))


@dataclass(frozen=True)
class _Header:
    line: int
    values: tuple[tuple[str, int, int], ...]
    """(header, first column, column behind the last) of each value column."""
    units: tuple[int, int] | None
    codes: tuple[int, int] | None
    begin: int = 0
    """The first column of it and of its rows."""


def _headers(table_lines: Sequence[Line], words: Words) -> Sequence[_Header]:
    """The header; two of them, from left to right, where a form is set in two halves beside each other."""
    start = next((i for i, line in enumerate(table_lines[:4]) if _label_column(line, words) is not None), None)
    if start is None:
        return ()
    start, named = _whole_header(table_lines, start)
    kinds = [(_kind(fold(text), words), text, left, right) for text, left, right in named]
    half, odd = divmod(len(kinds), 2)
    names = [fold(text) for _, text, _, _ in kinds]
    halves = [kinds[:half], kinds[half:]] if not odd and names[:half] == names[half:] else [kinds]
    found: list[_Header] = []
    for part in halves:
        values = tuple((text, left, right) for kind, text, left, right in part if kind == "value")
        units = next(((left, right) for kind, _, left, right in part if kind == "unit"), None)
        codes = next(((left, right) for kind, _, left, right in part if kind == "code"), None)
        if values:
            found.append(_Header(start, values, units, codes, part[0][2] if found else 0))
    return found


def _whole_header(table_lines: Sequence[Line], start: int) -> tuple[int, list[tuple[str, int, int]]]:
    """The last line of a header that begins at `start`, and its texts with their columns: of 统计数 above 2016年度 and 历年累计
    these two, of 本级 and 全市 above two each both."""
    first = last = table_lines[start]
    while start + 1 < len(table_lines) and table_lines[start + 1].cells[0][0] is first.cells[0][0]:
        start += 1
        last = table_lines[start]
    below = [cell for cell, _, _ in last.cells]
    upper = [(cell.text, left, right) for cell, left, right in first.cells if cell not in below]
    named = []
    for cell, left, right in last.cells:
        above = next((text for text, a, b in upper if a <= left and right <= b), "")
        named.append((f"{above} {cell.text}" if above and len(upper) > 1 else cell.text, left, right))
    return start, named


def _rows(table_lines: Iterable[Line], header: _Header) -> list[LocalRow]:
    return [row for line in table_lines if (row := _row(line, header)) is not None]


def _counts(row: LocalRow) -> bool:
    return any(value is not None for value in row.values)


def _label_column(line: Line, words: Words) -> int | None:
    texts = [fold(cell.text) for cell, _, _ in line.cells]
    return next((i for i, text in enumerate(texts) if text in words.labels), None) if len(texts) > 1 else None


def _kind(header: str, words: Words) -> str:
    for kind, known in (
        ("label", words.labels),
        ("unit", words.units),
        ("code", words.codes),
        ("remark", words.remarks),
    ):
        if header in known:
            return kind
    return "value"


def _row(line: Line, header: _Header) -> LocalRow | None:
    """One row: texts left of the first value column, then one cell below each value header."""
    units, values = header.units, header.values
    unit = _below(line, *units) if units else ""
    texts = [
        " ".join(cell.text.split())
        for cell, left, right in line.cells
        if header.begin <= left
        and right <= values[0][1]
        and cell.text.strip()
        and not any(own and left >= own[0] and right <= own[1] for own in (units, header.codes))
    ]
    if not texts:
        return None
    raw = tuple(_below(line, left, right) for _, left, right in values)
    label = texts[-1]
    # 1.当面申请数 beside the code 13, or 13 1.当面申请数 where that has no cell of its own.
    code = code_of(label, _below(line, *header.codes) if header.codes else "")
    group = next((text for text in reversed(texts[:-1]) if not text.isdigit()), None)
    return LocalRow(
        code=code,
        label=label,
        group=group,
        unit=unit or None,
        values=tuple(read(text).value for text in raw),
        raw=raw,
    )


def _below(line: Line, left: int, right: int) -> str:
    """Text of the only cell below [left, right), "" where there is none or more than one with text."""
    over = [cell.text.strip() for cell, a, b in line.cells if a < right and b > left and cell.text.strip()]
    return " ".join(over[0].split()) if len(over) == 1 else ""


def _is_prose(rows: Iterable[LocalRow]) -> bool:
    """A layout table with sentences in it is none."""
    lengths = [len(row.label) for row in rows]
    return sum(lengths) > 60 * len(lengths)


def _title(before: Sequence[Block]) -> str:
    """The nearest line above that says something: a heading or the form's name."""
    for block in reversed(before[-4:]):
        if isinstance(block, Paragraph) and 2 <= len(strip_ordinal(fold(block.text))) <= 60:
            return " ".join(block.text.split())
    return ""
