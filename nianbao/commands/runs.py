"""`nianbao runs`: what each crawl, backfill and rerun did, and its problems."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from nianbao.ui.console import json_line, note, out, say
from nianbao.ui.errors import Exit, Failure, one_line
from nianbao.ui.sizes import duration, since

if TYPE_CHECKING:
    from storage.problems import Problems
    from storage.shape.records import RunRecord

PROBLEMS_SHOWN = 50
STATES = {"running": "进行中", "finished": "完成", "failed": "失败", "interrupted": "中断"}


def runs(
    run_id: Annotated[str | None, typer.Argument(help="One run, with its problems.", metavar="ID")] = None,
    limit: Annotated[int, typer.Option(metavar="N", min=1, help="How many of the latest runs.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document a line.")] = False,
) -> None:
    """List what each crawl, backfill and rerun did, newest first; with an ID that one run and its problems."""
    from storage import settings
    from storage.database import open_database
    from storage.problems import Problems
    from storage.runs import Runs

    with open_database(settings.load(), create=False) as database:
        store, problems = Runs(database), Problems(database)
        if run_id is not None:
            run = store.get(run_id)
            if run is None:
                raise Failure(f"there is no run {run_id!r}", "`nianbao runs` lists them", Exit.NOTHING_FOUND)
            _one(run, problems, as_json)
            return
        latest = store.latest(limit)
    if as_json:
        for run in latest:
            json_line(_document(run))
    elif latest:
        _table(latest)
        note("One run and its problems: nianbao runs ID")
    if not latest:
        raise Failure("nothing has run yet", "Start with: nianbao crawl sample", Exit.NOTHING_FOUND)


def _document(run: RunRecord) -> dict[str, object]:
    from dataclasses import asdict

    return asdict(run)


def _counts(run: RunRecord) -> str:
    """Of a crawl, a nightly run or a backfill in one sentence, another run's as they are."""
    from crawler.result import many, sentence

    if run.kind in ("crawl", "nightly", "backfill"):
        portals = run.counts.get("portals")
        return sentence(run.counts) if portals is None else f"{many(portals, 'portal')}, {sentence(run.counts)}"
    return ", ".join(f"{name} {number}" for name, number in run.counts.items() if number) or "–"


def _known(run: RunRecord) -> tuple[str, str]:
    """How long it took and what it counted; of one that was cut off, as far as its last sign of life tells."""
    from storage.runs import CUT_OFF

    took = duration(run.started_at, run.finished_at)
    if run.message != CUT_OFF:
        return took, _counts(run)
    if not run.counts:
        return "? 未知", "cut off before it counted anything 被切断; what it stored is kept"
    return f"≥ {took}", f"cut off 被切断, at least {_counts(run)}; what it stored is kept"


def _table(latest: list[RunRecord]) -> None:
    from rich.table import Table
    from rich.text import Text

    from crawler.result import many

    grid = Table(show_edge=False, pad_edge=False, header_style="dim")
    grid.add_column("run 运行", no_wrap=True)
    for heading, least in (("state 状态", 8), ("took 用时", 4), ("counts 数量", 9)):
        grid.add_column(heading, overflow="fold", min_width=least)
    for run in latest:
        style = {"failed": "red", "interrupted": "yellow"}.get(run.state, "")
        alarms = f"; {many(len(run.alarms), 'alarm')}" if run.alarms else ""
        took, counts = _known(run)
        grid.add_row(
            run.id,
            Text(f"{run.state} {STATES[run.state]}", style=style),
            took,
            Text(f"{counts}{alarms}"),
        )
    out().print(grid)


def _one(run: RunRecord, problems: Problems, as_json: bool) -> None:
    found = problems.of_run(run.id)
    if as_json:
        from dataclasses import asdict

        json_line({**_document(run), "problem_records": [asdict(problem) for problem in found]})
        return
    say(f"run        {run.id} ({run.kind})")
    say(f"arguments  {', '.join(f'{k}={v}' for k, v in run.arguments.items() if v not in (None, [], '')) or '–'}")
    say(f"state      {run.state} {STATES[run.state]}{': ' + one_line(run.message) if run.message else ''}")
    took, counts = _known(run)
    say(f"started    {since(run.started_at)}, took {took}")
    say(f"counts     {counts}")
    say(f"           {', '.join(f'{name} {number}' for name, number in sorted(run.counts.items()))}")
    for alarm in run.alarms:
        named = f" ({', '.join(alarm.portals)})" if alarm.portals else ""
        say(f"alarm 警报  {alarm.monitor}: {one_line(alarm.message)}{named}")
    say(f"problems   {len(found)}")
    for problem in found[:PROBLEMS_SHOWN]:
        solved = " (resolved since)" if problem.state == "resolved" else ""
        say(f"  {problem.kind} at {problem.where}: {one_line(problem.message)}{solved}")
    if len(found) > PROBLEMS_SHOWN:
        say(f"  … and {len(found) - PROBLEMS_SHOWN} more: --json gives all")
