"""A report's tables as the official form prints them: headings over headings, labels beside groups of labels."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nianbao.ui.forms import Cell, Document, Fact, lay_out, marked, tables_of
from parsers.tables.labels import Label
from parsers.template import Part, Row, Table
from storage.export.english import load_english

ABSENT = Cell("", None)
_NOTE = re.compile(r"(?<=[^)(])[((][^()()]{8,}[))]$")


@dataclass(frozen=True)
class Heading:
    """A heading cell: over columns, or beside rows."""

    text: str
    columns: int = 1
    rows: int = 1
    english: str = ""


@dataclass(frozen=True)
class Line:
    headings: tuple[Heading, ...]
    """Groups that begin in this row, then the row's own label."""
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Grid:
    """Rows under one header."""

    caption: str
    head: tuple[tuple[Heading, ...], ...]
    stub: int
    """Columns that the labels of the rows take."""
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class FormTable:
    id: str
    name: str
    heads: tuple[str, ...]
    grids: tuple[Grid, ...]
    """Empty: the report has nothing of this table."""


def printed(document: Document) -> tuple[list[FormTable], list[Fact]]:
    """The tables of the report's form, and the figures that stand in none of them."""
    shown = marked(document)
    _, facts = lay_out(document)
    loose = {fact.field for fact in facts}
    tables = []
    for table in tables_of(document):
        there = any(path in shown and path not in loose for path in table.paths())
        grids = tuple(_grid(table, part, shown) for part in table.parts) if there else ()
        tables.append(FormTable(table.id, table.name, table.heads(), grids))
    return tables, facts


def _grid(table: Table, part: Part, shown: Mapping[str, Cell]) -> Grid:
    columns = part.values
    above = [tuple(map(_words, column.under)) for column in columns]
    head = _header(
        [(*groups, column.name) for groups, column in zip(above, columns, strict=True)],
        [_english(column.key) for column in columns],
    )
    if part.is_record:
        cells = tuple(shown.get(table.path(part.rows[0], column), ABSENT) for column in columns)
        return Grid(part.caption, head, 0, (Line((), cells),))
    stub = max(len(row.under) for row in part.rows) + 1
    lines = []
    for number, row in enumerate(part.rows):
        cells = tuple(shown.get(table.path(row, column), ABSENT) for column in columns)
        lines.append(Line(_labels(part.rows, number, stub), cells))
    return Grid(part.caption, head, stub, tuple(lines))


def _header(paths: Sequence[tuple[str, ...]], english: Sequence[str]) -> tuple[tuple[Heading, ...], ...]:
    """Header rows: equal neighbours below equal groups are one cell, a short path reaches down to the last row."""
    depth = max(map(len, paths))
    rows: list[tuple[Heading, ...]] = []
    for level in range(depth):
        row: list[Heading] = []
        column = 0
        while column < len(paths):
            path = paths[column]
            if level >= len(path):
                column += 1
                continue
            last = level == len(path) - 1
            width = 1 if last else _run(paths, column, level)
            row.append(Heading(path[level], width, depth - level if last else 1, english[column] if last else ""))
            column += width
        rows.append(tuple(row))
    return tuple(rows)


def _run(paths: Sequence[tuple[str, ...]], start: int, level: int) -> int:
    """How many columns from `start` on stand below the same group."""
    group = paths[start][: level + 1]
    end = start
    while end < len(paths) and paths[end][: level + 1] == group and len(paths[end]) > level + 1:
        end += 1
    return end - start


def _labels(rows: Sequence[Row], number: int, stub: int) -> tuple[Heading, ...]:
    row = rows[number]
    keys = row.key.split(".")
    groups = keys[:-1] if len(keys) == len(row.under) + 1 else [""] * len(row.under)
    before: tuple[Label, ...] = rows[number - 1].under if number else ()
    found = []
    for level, group in enumerate(row.under):
        if number and before[: level + 1] == row.under[: level + 1]:
            continue
        height = 0
        for following in rows[number:]:
            if following.under[: level + 1] != row.under[: level + 1]:
                break
            height += 1
        found.append(Heading(_words(group), 1, height, _english(groups[level])))
    found.append(Heading(_NOTE.sub("", row.name) or row.name, stub - len(row.under), 1, _english(keys[-1])))
    return tuple(found)


def _english(key: str) -> str:
    """`state_secret` -> `state secret`; nothing for a group of the form that has no key."""
    return load_english().of(key) if key else ""


def _words(label: Label) -> str:
    """The shortest of its spellings, as the command line names it."""
    return min(label.forms, key=len, default="")
