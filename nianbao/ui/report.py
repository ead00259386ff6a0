"""A report for people: who and when, sections, the tables as the official form, what is doubtful, sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from nianbao.ui import disagreements
from nianbao.ui.errors import one_line
from nianbao.ui.figures import show_figures
from nianbao.ui.forms import Document
from nianbao.ui.labels import LANGUAGES, LEVELS, PAGE, RELATIONS, ROLES, SCOPES, TEMPLATES, beside, flag_in_words
from nianbao.ui.sizes import number, since, told
from nianbao.ui.words import NOT_KNOWN, clean


def show_report(
    console: Console, document: Document, *, text: bool = False, beside: Sequence[Mapping[str, Any]] = ()
) -> None:
    """Print `document`; with `text` the sections' text too. `beside`: checks over several reports."""
    _heading(console, document)
    _sections(console, document, text)
    show_figures(console, document)
    _checks(console, document)
    _beside(console, beside)
    _flags(console, document)
    _corrections(console, document)
    _sources(console, document)


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
    template, joint = document["template"], document.get("joint_organs")
    console.print(Text(one_line(document.get("title") or "(no title)"), style="bold"))
    rows: list[tuple[str, RenderableType | str]] = [
        ("id", document["_id"]),
        ("organ 机关", organ["name"] or NOT_KNOWN),
        (
            "place 地区",
            " · ".join(filter(None, (place, beside(organ.get("level"), LEVELS), organ.get("region_code")))) or "–",
        ),
        ("year 年度", f"{document['report_year']} (from the {document['year_source']})"),
        ("scope 范围", beside(document["scope"], SCOPES)),
        *([("organs 联合机关", "、".join(one["name"] for one in joint))] if joint else []),
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


def _checks(console: Console, document: Document) -> None:
    checks = document.get("checks") or ()
    failed = [check for check in checks if check["status"] == "fail"]
    passed = sum(check["status"] == "pass" for check in checks)
    rest = len(checks) - passed - len(failed)
    console.print(Text(f"\nSums 勾稽关系: {passed} hold, {len(failed)} fail, {rest} cannot be judged", style="bold"))
    for check in failed:
        where = f" {check['where']}" if check.get("where") else ""
        sides = f"{number(check['left'])} against {number(check['right'])}"
        style = "red" if check["level"] == "hard" else "yellow"
        console.print(Text(f"  ✗ {check['rule']}{where} ({check['level']}): {sides}", style=style))


def _beside(console: Console, checks: Sequence[Mapping[str, Any]]) -> None:
    """Carried forward and over, stocks, sums of parts, copies: what other reports say of this one."""
    if not checks:
        return
    console.print(Text("\nBeside other reports 跨报告核对", style="bold"))
    for check in checks:
        sign = {"pass": "✓", "fail": "✗"}.get(check["status"], "–")
        others = ", ".join(check["reports"])
        console.print(Text(f"  {sign} {check['rule']}: {one_line(others)}", style="yellow" if sign == "✗" else ""))
        for item in check["items"]:
            if item["status"] == "fail":
                sides = f"{number(item['left'])} against {number(item['right'])}"
                console.print(Text(f"      {one_line(item['where'])}: {sides}", style="yellow"))


def _flags(console: Console, document: Document) -> None:
    flags = document.get("flags") or ()
    if flags:
        console.print(Text("\nFlags 标记", style="bold"))
        for flag in flags:
            console.print(Text(f"  {flag_in_words(flag)}", style="yellow"))
    if unread := document.get("unread"):
        console.print(Text(f"\nSentences not understood 未识别的表述 ({len(unread)})", style="bold"))
        for clause in unread:
            console.print(Text(f"  {one_line(clause['text'])}", style="yellow"))


def _corrections(console: Console, document: Document) -> None:
    """Who put what right, and which corrections wait because the source says something else now."""
    notes = document.get("corrections") or ()
    read_as = document.get("read_as")
    if read_as is not None and read_as["report_id"] != document["_id"]:
        console.print(Text(f"\nIts page says that it is {one_line(read_as['report_id'])}", style="dim"))
    if notes:
        console.print(Text("\nCorrections 人工更正", style="bold"))
    for one in notes:
        line = f"{one['path']}: {told(one['source_says'])} -> {told(one['correct'])}"
        if one["state"] == "reopened":
            line += f", not applied: the source says {told(one['found'])} now 待复核"
        console.print(Text(f"  {one_line(line)}", style="yellow" if one["state"] == "reopened" else ""))
        console.print(
            Text(
                f"    {one_line(one['by'])}, {one['on']}: {one_line(one['why'])} ({one_line(one['source'])})",
                style="dim",
            )
        )


def _sources(console: Console, document: Document) -> None:
    source = document["source"]
    console.print(Text("\nSources 来源", style="bold"))
    console.print(Text(f"  {one_line(source.get('url') or '(a file without an address)')}"))
    detail = [source["media_type"], f"sha256 {source['raw_sha256'][:16]}…"]
    if source.get("capture_id"):
        detail.append(f"capture {source['capture_id']}")
    if source.get("fetched_at"):
        detail.append(f"fetched {since(source['fetched_at'])}")
    console.print(Text("    " + " · ".join(detail), style="dim"))
    for place, attachment in enumerate(source.get("attachments") or (), start=1):
        name = one_line(attachment.get("name") or attachment["url"])
        missing = "" if attachment.get("raw_sha256") else ", not fetched"
        role = beside(attachment.get("role"), ROLES)
        console.print(Text(f"    attachment {place}: {name} ({role}{missing})"))
    for other in document.get("sources") or ():
        if other.get("url") == source.get("url"):
            if other.get("gone_at") is not None:
                console.print(Text(f"    {_gone(other)}", style="yellow"))
        else:
            told = [
                RELATIONS.get(other.get("relation", ""), ""),
                "mirror 镜像" if other.get("authority") == "mirror" else "",
                _gone(other) if other.get("gone_at") is not None else "",
            ]
            notes = f" ({', '.join(filter(None, told))})" if any(told) else ""
            console.print(Text(f"  also at {one_line(other.get('url') or '–')}{notes}", style="dim"))
    for line in disagreements.in_words(document):
        console.print(Text(f"    {one_line(line)}", style="yellow"))


def _gone(source: Mapping[str, Any]) -> str:
    return f"gone from the web since {source['gone_at']:%Y-%m-%d}, kept here 网页已失效"
