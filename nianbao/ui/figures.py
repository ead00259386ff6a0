"""The figures of a report for people: the official form's tables, a province's own, and what sentences say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from nianbao.ui.columns import BETWEEN, in_parts
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


@dataclass(frozen=True)
class _Row:
    label: Text
    field: str
    figures: tuple[Text, ...]
    """None of them where the row only names a group."""


def _block(console: Console, block: Block) -> None:
    """Rows under one header. No figure is ever cut, and no field's name, which is there to be copied: where the terminal is
    narrow, the headings break after fewer characters, then the column with the field names goes, then the columns stand
    below each other in two tables or more."""
    rows = list(_rows(block))
    figures = [
        max((row.figures[at].cell_len for row in rows if row.figures), default=0) for at in range(len(block.columns))
    ]
    label = max((row.label.cell_len for row in rows), default=0)
    field = max((cell_len(row.field) for row in rows), default=0)
    with_fields, each = _layout(console.width, block, figures, label, field)
    widths = [max(_wide(name, each), figures[at]) for at, name in enumerate(block.columns)]
    for some in in_parts(widths, console.width - _stub(with_fields, field)):
        room = console.width - sum(widths[at] + BETWEEN for at in some) - (BETWEEN if with_fields else 0)
        narrow_field = field if with_fields else 0
        grid = Table(show_edge=False, pad_edge=False, header_style="dim")
        grid.add_column(
            block.caption,
            overflow="fold",
            width=max(_LABEL, min(max(label, cell_len(block.caption)), room - narrow_field)),
        )
        if with_fields:
            grid.add_column("field", overflow="fold", width=narrow_field, style="dim")
        for at in some:
            grid.add_column(_narrow(block.columns[at], each), justify="right", no_wrap=True, width=widths[at])
        for row in rows:
            grid.add_row(
                row.label, *([row.field] if with_fields else []), *(row.figures[at] for at in some if row.figures)
            )
        console.print(grid)
    console.print(Text(f"columns: {', '.join(block.fields)}\n", style="dim"))


def _rows(block: Block) -> Iterator[_Row]:
    """The rows as they are printed, and before the first of a group one that names it."""
    group = ""
    for line in block.lines:
        if line.group and line.group != group:
            yield _Row(clean(line.group), line.group_field, ())
        group = line.group
        label = Text("  " if group else "").append_text(clean(line.label))
        yield _Row(label, f"  {line.field}" if group else line.field, tuple(map(_styled, line.cells)))


_LABEL, _LABEL_IN_TWO_LINES = 16, 24
"""Columns of the terminal that a row's label takes at least, and those in which the longest one has two lines."""


def _stub(with_fields: bool, field: int, label: int = _LABEL) -> int:
    return label + (BETWEEN + field if with_fields else 0)


def _layout(room: int, block: Block, figures: Sequence[int], label: int, field: int) -> tuple[bool, int]:
    """Whether the names of the fields are shown, and after how many characters a heading breaks: a heading in pieces of two
    (自然 人) is the last resort, for labels read well in two lines."""
    wanted = len(block.columns) <= 5 or room >= ROOM_FOR_FIELDS
    for with_fields in (True, False) if wanted else (False,):
        fits = {}
        for each in (2, 3, 4):
            columns = sum(max(_wide(name, each), figures[at]) + BETWEEN for at, name in enumerate(block.columns))
            fits[each] = room - columns - _stub(with_fields, field, 0)
        for each in (4, 3):
            if fits[each] >= min(label, _LABEL_IN_TWO_LINES):
                return with_fields, each
        if with_fields and fits[2] >= _LABEL:
            return True, 2
        for each in (4, 3, 2):
            if fits[each] >= _LABEL and not with_fields:
                return False, each
    return False, 2


def _narrow(name: str, each: int = 4) -> str:
    """A heading of six characters over one digit wastes the line: `each` characters a line."""
    return "\n".join(name[at : at + each] for at in range(0, len(name), each))


def _wide(name: str, each: int) -> int:
    return max((cell_len(part) for part in _narrow(name, each).split("\n")), default=0)


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
    for _ in ("field", "label"):
        grid.add_column(overflow="fold")
    grid.add_column(no_wrap=True, min_width=max(_styled(fact.cell).cell_len for fact in facts))
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
