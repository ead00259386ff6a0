"""`nianbao corrections`: what people have put right, and what waits because its source has changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nianbao.ui.console import json_line, note, out
from nianbao.ui.errors import one_line

if TYPE_CHECKING:
    from storage.base import Db
    from storage.corrections.overlay import Correction, Said

STATES = {
    "applied": "applied 已更正",
    "reopened": "reopened 待复核",
    "waiting": "waits for a rerun 待重算",
    "no_report": "no such report 无此报告",
}


def corrections(
    reopened: Annotated[bool, typer.Option("--reopened", help="Only those whose source has changed.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document a line.")] = False,
) -> None:
    """List config/corrections, with what became of each. A wrong file is named with its line."""
    from storage import settings
    from storage.corrections.files import load_corrections
    from storage.database import open_database

    written = list(load_corrections())
    if not written:
        note("config/corrections holds none. How to write one: docs/corrections.md")
        return
    with open_database(settings.load(), create=False) as database:
        found = [(one, *_became(database, one)) for one in written]
    if reopened:
        found = [row for row in found if row[1] == "reopened"]
    if as_json:
        for one, state, says in found:
            json_line({**asdict(one), "state": state, "found": says})
    else:
        _table(found)
    waiting = sum(state == "waiting" for _, state, _ in found)
    after = ". `nianbao rerun` applies those that wait" if waiting else ""
    note(f"{len(found)} {'correction' if len(found) == 1 else 'corrections'}{after}.")


def _became(database: Db, one: Correction) -> tuple[str, Said]:
    """What became of it, and what the source says now."""
    from storage import query
    from storage.corrections.files import load_corrections
    from storage.corrections.identity import standing
    from storage.corrections.overlay import corrected_by

    corrections = load_corrections()
    found = [query.get(database, key) for key in dict.fromkeys((standing(corrections, one), one.report_id))]
    there = [report for report in found if report is not None]
    if not there:
        return "no_report", None
    for report in there:
        is_current = one.is_identity or corrected_by(report) == corrections.digest(one.report_id)
        for noted in report.get("corrections") or () if is_current else ():
            if noted["path"] == one.path and _is_of(report, noted, one):
                return noted["state"], noted["found"]
    return "waiting", None


def _is_of(report: Mapping[str, Any], noted: Mapping[str, Any], one: Correction) -> bool:
    if not one.is_identity:
        return True
    said = (noted["source_says"], noted["correct"], noted["on"]) == (one.source_says, one.correct, one.on)
    return said and report["read_as"]["report_id"] == one.report_id


def _table(found: list[tuple[Correction, str, Said]]) -> None:
    from rich.table import Table
    from rich.text import Text

    from nianbao.ui.sizes import told
    from nianbao.ui.words import clean

    grid = Table(show_edge=False, pad_edge=False, header_style="dim")
    grid.add_column("report 报告", overflow="fold")
    grid.add_column("figure 数据", overflow="fold")
    grid.add_column("source says 原文", justify="right")
    grid.add_column("correct 更正", justify="right")
    grid.add_column("state 状态", no_wrap=True)
    grid.add_column("by 更正人", overflow="fold")
    for one, state, says in found:
        style = "" if state == "applied" else "yellow"
        now = f" (now {told(says)})" if state == "reopened" else ""
        grid.add_row(
            clean(one.report_id),
            clean(one.path),
            clean(f"{told(one.source_says)}{now}"),
            clean(told(one.correct)),
            Text(STATES[state], style=style),
            clean(one_line(f"{one.by}, {one.on}")),
        )
    out().print(grid)
