"""A report for people: who and when, sections, the tables as the official form, what is doubtful, sources."""

from __future__ import annotations

from typing import Any

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from nianbao.ui.errors import one_line
from nianbao.ui.forms import BLANK, Block, Cell, Document, Fact, Form, lay_out, number
from nianbao.ui.labels import LANGUAGES, PAGE, ROLES, SCOPES, TEMPLATES, TRUST, beside, flag_in_words

LEGEND = (
    f"{BLANK} left blank, not 0 · / does not apply · ? could not be read · † from a sentence"
    " · ✗ in a sum that fails"
)

ROOM_FOR_FIELDS = 118
"""Columns of a terminal in which the seven applicants and the names of the fields stand side by side."""


def show_report(console: Console, document: Document, *, text: bool = False) -> None:
    """Print `document`; with `text` the sections' text too."""
    _heading(console, document)
    _sections(console, document, text)
    forms, facts = lay_out(document)
    for form in forms:
        _form(console, form, document)
    if facts:
        _facts(console, facts)
    if forms or facts:
        console.print(Text(LEGEND, style="dim"))
    _checks(console, document)
    _flags(console, document)
    _sources(console, document)


def clean(value: object) -> Text:
    """Text of a page as Rich may print it: no markup, nothing that a terminal would obey."""
    return Text(one_line(str(value)))


def pairs(console: Console, rows: list[tuple[str, RenderableType | str]]) -> None:
    """Labels and values, one pair a line."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for label, value in rows:
        grid.add_row(label, clean(value) if isinstance(value, str) else value)
    console.print(grid)


def _heading(console: Console, document: Document) -> None:
    organ = document["organ"]
    place = " ".join(filter(None, (organ.get("province"), organ.get("city"), organ.get("county"))))
    template = document["template"]
    console.print(Text(one_line(document.get("title") or "(no title)"), style="bold"))
    rows: list[tuple[str, RenderableType | str]] = [
        ("id", document["_id"]),
        ("organ 机关", organ["name"]),
        (
            "place 地区",
            " · ".join(filter(None, (place, organ.get("level"), organ.get("region_code")))) or "–",
        ),
        ("year 年度", f"{document['report_year']} (from the {document['year_source']})"),
        ("scope 范围", beside(document["scope"], SCOPES)),
        ("template 表式", f"{beside(template['id'], TEMPLATES)}, version {template['version']}"),
        ("language 文字", beside(document.get("language"), LANGUAGES)),
    ]
    page = document.get("page") or {}
    rows += [(f"{key} {label}", str(page[key])) for key, label in PAGE.items() if page.get(key)]
    pairs(console, rows)


def _sections(console: Console, document: Document, text: bool) -> None:
    sections = document.get("sections") or ()
    if not sections:
        return
    console.print(Text(f"\nSections 章节 ({len(sections)})", style="bold"))
    for section in sections:
        heading = one_line(section["heading"]) or "(before the first heading)"
        key = section.get("key") or "–"
        console.print(Text(f"  {section['ordinal']}  {heading}  [{key}, {len(section['text'])} characters]"))
        if text:
            console.print(Text(section["text"]))


def _form(console: Console, form: Form, document: Document) -> None:
    trust = document.get("trust") or {}
    said = ", ".join(dict.fromkeys(beside(trust[head], TRUST) for head in form.heads if head in trust))
    console.print(
        Text(f"\n{form.name} [{', '.join(form.heads)}]" + (f": {said}" if said else ""), style="bold")
    )
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
    """A heading of six characters over a digit wastes the line: four characters a line, as the form prints it."""
    return "\n".join(name[at : at + 4] for at in range(0, len(name), 4))


def _styled(cell: Cell) -> Text:
    text = one_line(cell.text)
    if len(text) > 24:
        text = text[:23] + "…"
    if cell.failed:
        return Text(f"✗ {text}", style="red")
    style = {"empty": "dim", "na": "dim", "unreadable": "yellow", "text": "yellow"}.get(
        cell.semantic or "", ""
    )
    return Text(text, style=style)


def _facts(console: Console, facts: list[Fact]) -> None:
    console.print(Text("\nFigures outside the form's tables 表外数据", style="bold"))
    grid = Table.grid(padding=(0, 2))
    for fact in facts:
        grid.add_row(Text(fact.field, style="dim"), clean(fact.label), _styled(fact.cell))
    console.print(grid)


def _checks(console: Console, document: Document) -> None:
    checks = document.get("checks") or ()
    failed = [check for check in checks if check["status"] == "fail"]
    passed = sum(check["status"] == "pass" for check in checks)
    rest = len(checks) - passed - len(failed)
    console.print(
        Text(f"\nSums 勾稽关系: {passed} hold, {len(failed)} fail, {rest} cannot be judged", style="bold")
    )
    for check in failed:
        where = f" {check['where']}" if check.get("where") else ""
        sides = f"{number(check['left'])} against {number(check['right'])}"
        style = "red" if check["level"] == "hard" else "yellow"
        console.print(Text(f"  ✗ {check['rule']}{where} ({check['level']}): {sides}", style=style))


def _flags(console: Console, document: Document) -> None:
    flags = document.get("flags") or ()
    if flags:
        console.print(Text("\nFlags 标记", style="bold"))
        for flag in flags:
            console.print(Text(f"  {flag_in_words(flag)}", style="yellow"))


def _sources(console: Console, document: Document) -> None:
    sources: list[dict[str, Any]] = list(document.get("sources") or ()) or [document["source"]]
    console.print(Text("\nSources 来源", style="bold"))
    for source in sources:
        where = source.get("url") or "(a file without an address)"
        console.print(Text(f"  {one_line(where)}"))
        detail = [
            source.get("media_type"),
            f"sha256 {source['raw_sha256'][:16]}…" if source.get("raw_sha256") else None,
        ]
        detail += [f"capture {source['capture_id']}" if source.get("capture_id") else None]
        console.print(Text("    " + " · ".join(str(part) for part in detail if part), style="dim"))
        for attachment in source.get("attachments") or ():
            name = one_line(attachment.get("name") or attachment["url"])
            console.print(Text(f"    + {name} ({beside(attachment.get('role'), ROLES)})"))
