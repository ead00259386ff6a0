"""`nianbao corrections`: figures that people have put right, and those that wait because their source has changed."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from nianbao.ui.console import json_line, note, out
from nianbao.ui.errors import one_line

if TYPE_CHECKING:
    from storage.base import Db
    from storage.corrections import Correction

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
    from storage.corrections import load_corrections
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


def _became(database: Db, one: Correction) -> tuple[str, int | float | None]:
    """What became of it, and what the source says now."""
    from storage import query
    from storage.corrections import corrected_by, load_corrections

    report = query.get(database, one.report_id)
    if report is None:
        return "no_report", None
    if corrected_by(report) != load_corrections().digest(one.report_id):
        return "waiting", None
    mine = next(noted for noted in report["corrections"] if noted["path"] == one.path)
    return mine["state"], mine["found"]


def _table(found: list[tuple[Correction, str, int | float | None]]) -> None:
    from rich.table import Table
    from rich.text import Text

    from nianbao.ui.sizes import number
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
        now = f" (now {number(says)})" if state == "reopened" else ""
        grid.add_row(
            clean(one.report_id),
            clean(one.path),
            f"{number(one.source_says)}{now}",
            number(one.correct),
            Text(STATES[state], style=style),
            clean(one_line(f"{one.by}, {one.on}")),
        )
    out().print(grid)
