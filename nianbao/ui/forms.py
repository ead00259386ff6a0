"""A report's figures laid out as the official form: rows and columns with the labels of its template.

Works on the report's document (contract, section 3), so that a parse and the archive show the same.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from nianbao.ui.sizes import number
from parsers.prose.facts import ROOT
from parsers.template import Part, Row, Table, Template, load_templates

Document = Mapping[str, Any]

_NOTE = re.compile(r"(?<=[^)(])[((][^()()]{8,}[))]$")
"""`部分公开(区分处理的,只计这一情形,不计其他情形)`: the note is for those who fill in the form."""

BLANK = "空"
"""How a cell that was printed and left blank is shown: it is not 0, and not absent."""


@dataclass(frozen=True)
class Cell:
    text: str
    semantic: str | None
    """None: the report has no such cell."""
    failed: tuple[str, ...] = ()
    """Rules that fail and take part in this cell."""
    path: str = ""
    """Below `figures`; "" where the report has no such cell."""


@dataclass(frozen=True)
class Line:
    label: str
    field: str
    """The row's own part of the path below the table's root, below `group_field` where there is a group."""
    cells: tuple[Cell, ...]
    group: str = ""
    """不予公开, over the eight reasons; "" where the row stands alone."""
    group_field: str = ""


@dataclass(frozen=True)
class Block:
    """Rows under one header."""

    caption: str
    columns: tuple[str, ...]
    fields: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Form:
    """One table of the form. No blocks: the report has nothing of it."""

    name: str
    heads: tuple[str, ...]
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Fact:
    """A figure that stands in no table of the form: from a sentence, or from the 2014 statistics."""

    field: str
    label: str
    cell: Cell


def lay_out(document: Document) -> tuple[list[Form], list[Fact]]:
    """Every recorded cell of `document` once: in the form's tables, or among the facts."""
    shown = marked(document)
    templates = load_templates()
    forms, placed = [], set()
    in_tables = _in_tables(document)
    for table in tables_of(document):
        paths = set(table.paths())
        blocks = tuple(_block(table, part, shown) for part in table.parts) if paths & in_tables else ()
        forms.append(Form(table.name, table.heads(), blocks))
        placed |= paths if blocks else set()
    names = {f"{ROOT}.{fact.key}": fact.name for template in templates for fact in template.facts}
    facts = [Fact(path, names.get(path, ""), cell) for path, cell in shown.items() if path not in placed]
    return forms, facts


def marked(document: Document) -> dict[str, Cell]:
    """Path -> the cell as it is shown, with the rules that fail in it; every recorded cell of `document`."""
    failed: dict[str, list[str]] = defaultdict(list)
    for check in document.get("checks", ()):
        if check["status"] == "fail":
            for path in check["cells"]:
                failed[path].append(check["rule"])
    return {cell["path"]: _cell(cell, failed.get(cell["path"], ())) for cell in document.get("cells", ())}


def tables_of(document: Document) -> list[Table]:
    """The tables of the report's template; in a mixed report, of each the form that has most of its cells."""
    return _tables(load_templates(), (document.get("template") or {}).get("id"), _in_tables(document))


def _in_tables(document: Document) -> set[str]:
    return {cell["path"] for cell in document.get("cells", ()) if not _is_told(cell)}


def _is_told(cell: Mapping[str, Any]) -> bool:
    """Does the figure stand in a sentence? A place in a text has a start, one in a grid has a row."""
    return "start" in (cell.get("at") or {})


def _tables(templates: Sequence[Template], used: str | None, cells: Set[str]) -> list[Table]:
    best: dict[str, tuple[int, Table]] = {}
    for template in sorted(templates, key=lambda template: template.id != used):
        for table in template.tables:
            count = len(cells & set(table.paths()))
            if (count or template.id == used) and (table.id not in best or count > best[table.id][0]):
                best[table.id] = (count, table)
    return [table for _, table in best.values()]


def _block(table: Table, part: Part, shown: Mapping[str, Cell]) -> Block:
    absent = Cell("", None)
    if part.is_record:
        return _record(table, part, shown)
    lines = tuple(
        _line(row, tuple(shown.get(table.path(row, column), absent) for column in part.values)) for row in part.rows
    )
    values = part.values
    return Block(part.caption, tuple(c.name for c in values), tuple(c.key for c in values), lines)


def _record(table: Table, part: Part, shown: Mapping[str, Cell]) -> Block:
    """Table four prints fifteen columns over one row: here each of its three groups becomes a row."""
    absent = Cell("", None)
    groups: dict[str, list[tuple[str, str, Cell]]] = defaultdict(list)
    labels: dict[str, str] = {}
    for column in part.values:
        head, _, leaf = column.key.rpartition(".")
        labels[head] = _shortest(column.under[-1].forms) if column.under else head
        groups[head].append((column.name, leaf, shown.get(table.path(part.rows[0], column), absent)))
    lines = tuple(Line(labels[head], head, tuple(cell for _, _, cell in group)) for head, group in groups.items())
    first = next(iter(groups.values()))
    return Block(part.caption, tuple(name for name, _, _ in first), tuple(leaf for _, leaf, _ in first), lines)


def _line(row: Row, cells: tuple[Cell, ...]) -> Line:
    """`1.属于国家秘密` says little alone: it keeps the name of its nearest group."""
    label = _NOTE.sub("", row.name)
    if len(row.under) < 2:
        return Line(label, row.key, cells)
    group_field, _, field = row.key.rpartition(".")
    return Line(label, field, cells, _shortest(row.under[-1].forms), group_field)


def _shortest(forms: Sequence[str]) -> str:
    return min(forms, key=len, default="")


def _cell(cell: Mapping[str, Any], failed: Sequence[str]) -> Cell:
    semantic, raw, value = cell["semantic"], str(cell.get("raw") or ""), cell.get("value")
    if semantic == "empty":
        text = BLANK
    elif semantic == "na":
        text = raw or "/"
    elif value is None:
        text = f"?{raw}"
    else:
        text = number(value) + ("†" if semantic == "derived_from_text" else "")
    if cell.get("correction"):
        text += "‡"
    return Cell(text, semantic, tuple(dict.fromkeys(failed)), cell["path"])
