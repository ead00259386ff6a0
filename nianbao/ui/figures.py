"""The figures of a report for people: the official form's tables, a province's own, and what sentences say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from nianbao.ui.errors import one_line
from nianbao.ui.forms import BLANK, Block, Cell, Document, Fact, Form, lay_out
from nianbao.ui.labels import TRUST, beside
from nianbao.ui.sizes import number
from nianbao.ui.words import clean

LEGEND = f"{BLANK} left blank, not 0 · / does not apply · ? could not be read · † from a sentence · ‡ put right by hand · ✗ in a sum that fails"

ROOM_FOR_FIELDS = 118
"""Columns of a terminal in which the seven applicants and the names of the fields stand side by side."""


def show_figures(console: Console, document: Document) -> None:
    """Print every figure of `document` once, with the legend of the marks."""
    forms, facts = lay_out(document)
    own = document["figures"].get("local_tables") or ()
    for form in forms:
        _form(console, form, document)
    for table in own:
        _own_table(console, table)
    if facts:
        _facts(console, facts)
    if forms or facts or own:
        console.print(Text(LEGEND, style="dim"))


def _form(console: Console, form: Form, document: Document) -> None:
    trust = document.get("trust") or {}
    said = {head: beside(trust[head], TRUST) for head in form.heads if head in trust}
    console.print(Text(f"\n{form.name}", style="bold"))
    if len(set(said.values())) == 1:
        said = {", ".join(said): next(iter(said.values()))}
    for head, words in said.items():
        console.print(Text(f"{head}: {words}", style="dim"))
    if not form.blocks:
        console.print(Text("  not in this report 无此表", style="dim"))
    for block in form.blocks:
        _block(console, block)


def _block(console: Console, block: Block) -> None:
    """Rows under one header; the column with the field names goes first where the terminal is narrow."""
    with_fields = len(block.columns) <= 5 or console.width >= ROOM_FOR_FIELDS
    grid = Table(show_edge=False, pad_edge=False, header_style="dim")
    grid.add_column(block.caption, overflow="fold", min_width=16)
    if with_fields:
        grid.add_column("field", overflow="fold", style="dim")
    for name in block.columns:
        grid.add_column(_narrow(name), justify="right", no_wrap=True)
    group = ""
    for line in block.lines:
        if line.group and line.group != group:
            grid.add_row(clean(line.group), *([line.group_field] if with_fields else []))
        group = line.group
        label = Text("  " if group else "").append_text(clean(line.label))
        fields = [f"  {line.field}" if group else line.field] if with_fields else []
        grid.add_row(label, *fields, *map(_styled, line.cells))
    console.print(grid)
    console.print(Text(f"columns: {', '.join(block.fields)}\n", style="dim"))


def _narrow(name: str) -> str:
    """A heading of six characters over one digit wastes the line: four characters a line."""
    return "\n".join(name[at : at + 4] for at in range(0, len(name), 4))


def _styled(cell: Cell) -> Text:
    text = one_line(cell.text)
    if len(text) > 24:
        text = text[:23] + "…"
    if cell.failed:
        return Text(f"✗ {text}", style="red")
    style = {"empty": "dim", "na": "dim", "unreadable": "yellow", "text": "yellow"}.get(cell.semantic or "", "")
    return Text(text, style=style)


def _facts(console: Console, facts: Sequence[Fact]) -> None:
    console.print(Text("\nFigures outside the form's tables 表外数据", style="bold"))
    grid = Table.grid(padding=(0, 2))
    for fact in facts:
        grid.add_row(Text(fact.field, style="dim"), clean(fact.label), _styled(fact.cell))
    console.print(grid)


def _own_table(console: Console, table: Mapping[str, Any]) -> None:
    """A table of a province's own form, as it stands: its rows are comparable with no other form's."""
    console.print(Text(f"\n{one_line(table['title']) or '(no title)'} [local_tables] 地方表式", style="bold"))
    grid = Table(show_edge=False, pad_edge=False, header_style="dim")
    grid.add_column("", overflow="fold")
    grid.add_column("单位", overflow="fold")
    for column in table["columns"]:
        grid.add_column(clean(column), justify="right", overflow="fold")
    group = None
    for row in table["rows"]:
        if row["group"] and row["group"] != group:
            grid.add_row(clean(row["group"]))
        group = row["group"]
        values = [_own_value(value, raw) for value, raw in zip(row["values"], row["raw"], strict=True)]
        grid.add_row(Text("  " if group else "").append_text(clean(row["label"])), row["unit"] or "", *values)
    console.print(grid)


def _own_value(value: int | float | None, raw: str) -> Text:
    if value is not None:
        return Text(number(value))
    return Text(one_line(raw) or BLANK, style="dim")
