"""Tables that no template knows but that count something: kept as rows of label, unit and values.

Provinces and cities had forms of their own until 2018 (domain.md section 1.1). Their keys are not comparable, so
nothing is mapped: the label stands as it is, blank and "不填" are null, and a second value column stays a second value
(Fujian's is cumulative since 2008).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from parsers.documents.model import Block, Document, Grid, Paragraph
from parsers.report import Number
from parsers.tables.grid_lines import Line, lines
from parsers.tables.labels import fold, strip_ordinal
from parsers.tables.numbers import read
from parsers.tables.read import ReadTable
from parsers.template import config_directory
from parsers.yaml_file import load

_CODE = re.compile(r"^(\d{1,3})[.、．]?")
_FEWEST_ROWS = 3


@dataclass(frozen=True, slots=True)
class LocalRow:
    code: str | None
    """The number that the form prints in front of the label, where it does."""
    label: str
    group: str | None
    unit: str | None
    values: tuple[Number | None, ...]
    raw: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LocalTable:
    title: str
    columns: tuple[str, ...]
    """Headers of the value columns."""
    rows: tuple[LocalRow, ...]
    table: int
    """Index of the grid in the document."""
    attachment: str | None = None
    """Address of the file that it stands in, where that is not the report itself."""


@dataclass(frozen=True)
class _Words:
    labels: frozenset[str]
    units: frozenset[str]
    codes: frozenset[str]
    remarks: frozenset[str]


def find(blocks: Sequence[Block], known: frozenset[int]) -> tuple[LocalTable, ...]:
    """Every local table among the blocks but for the grids whose index is in `known` (a template read them)."""
    words = _words(config_directory())
    found = []
    for position, block in enumerate(blocks):
        if isinstance(block, Grid) and block.index not in known and (table := _read(block, words)):
            title = block.caption or _title(blocks[:position])
            found.append(LocalTable(title, table.columns, table.rows, table.table))
    return tuple(found)


def besides(document: Document, tables: Iterable[ReadTable]) -> tuple[LocalTable, ...]:
    """The local tables of a document from which the forms `tables` were read."""
    used = {
        slot.at["table"]
        for table in tables
        if table.found.carrier == "grid"
        for part in table.found.parts
        for row in part.rows
        for slot in row.slots
    }
    return find(document.blocks, frozenset(index for index in used if isinstance(index, int)))


@lru_cache(maxsize=4)
def _words(directory: Path) -> _Words:
    node = load(directory / "local_tables.yaml")
    names = ("labels", "units", "codes", "remarks")
    words = _Words(*(frozenset(map(fold, node.texts(name))) for name in names))
    node.done()
    return words


def _read(grid: Grid, words: _Words) -> LocalTable | None:
    all_lines = lines([grid])
    start = next((i for i, line in enumerate(all_lines[:4]) if _label_column(line, words) is not None), None)
    if start is None:
        return None
    header = all_lines[start]
    kinds = [(_kind(fold(cell.text), words), cell.text, left, right) for cell, left, right in header.cells]
    values = [(text, left, right) for kind, text, left, right in kinds if kind == "value"]
    if not values:
        return None
    first = values[0][1]
    units = next(((left, right) for kind, _, left, right in kinds if kind == "unit"), None)
    rows = [row for line in all_lines[start + 1 :] if (row := _row(line, first, values, units))]
    counted = [row for row in rows if any(value is not None for value in row.values)]
    if len(rows) < _FEWEST_ROWS or not counted or _is_prose(rows):
        return None
    return LocalTable("", tuple(" ".join(text.split()) for text, _, _ in values), tuple(rows), grid.index)


def _label_column(line: Line, words: _Words) -> int | None:
    texts = [fold(cell.text) for cell, _, _ in line.cells]
    return next((i for i, text in enumerate(texts) if text in words.labels), None) if len(texts) > 1 else None


def _kind(header: str, words: _Words) -> str:
    for kind, known in (
        ("label", words.labels),
        ("unit", words.units),
        ("code", words.codes),
        ("remark", words.remarks),
    ):
        if header in known:
            return kind
    return "value"


def _row(
    line: Line, first: int, values: Sequence[tuple[str, int, int]], units: tuple[int, int] | None
) -> LocalRow | None:
    """One row: texts left of the first value column, then one cell below each value header."""
    unit = _below(line, *units) if units else ""
    texts = [
        " ".join(cell.text.split())
        for cell, left, right in line.cells
        if right <= first and cell.text.strip() and not (units and left >= units[0] and right <= units[1])
    ]
    if not texts:
        return None
    raw = tuple(_below(line, left, right) for _, left, right in values)
    label = texts[-1]
    code = _CODE.match(fold(label)) or (_CODE.fullmatch(fold(texts[0])) if len(texts) > 1 else None)
    group = next((text for text in reversed(texts[:-1]) if not text.isdigit()), None)
    return LocalRow(
        code=code.group(1) if code else None,
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
