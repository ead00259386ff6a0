"""`nianbao nightly`: the scheduled run over every portal that is due, with monitors at the end."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated

import typer

from nianbao.commands.crawl import portals
from nianbao.ui.console import json_line, note, say
from nianbao.ui.errors import Exit, Failure, one_line

if TYPE_CHECKING:
    from crawler.nights.nightly import Nightly

WORKERS = "Crawl processes on this machine; default: one a core."
SCHEDULER = "Visit on the workers of this Dask scheduler: tcp://host:8786."


def nightly(
    portal: Annotated[
        list[str] | None,
        typer.Argument(help="Only these of config/portals/, where they are due.", metavar="PORTAL", callback=portals),
    ] = None,
    now: Annotated[bool, typer.Option("--now", help="Those named, or all, whether or not they are due.")] = False,
    workers: Annotated[int | None, typer.Option(metavar="N", min=1, help=WORKERS)] = None,
    scheduler: Annotated[str | None, typer.Option(help=SCHEDULER, metavar="ADDRESS")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The summary as one JSON document.")] = False,
) -> None:
    """Visit every portal (门户) that config/schedule.yaml says is due, and fetch what is new or changed.

    What the archive has is asked for only if it changed. Monitors look at the whole night; an alarm is exit code 1. The
    summary lies in the home's summaries/, and goes to the webhook and mail addresses of the settings.

    Examples:

      nianbao nightly

      nianbao nightly --now cq-ddk

      nianbao nightly --scheduler tcp://10.0.0.1:8786
    """
    from crawler.nights.campaign import Means
    from crawler.nights.nightly import nightly as run
    from crawler.nights.schedule import load_schedule
    from nianbao.indexing import keep_up
    from nianbao.serving import homes_of
    from nianbao.ui.live import Live
    from storage import settings
    from storage.database import open_database

    configured = settings.load()
    schedule = load_schedule(configured.config_dir / "schedule.yaml")
    with ExitStack() as stack:
        homes = stack.enter_context(homes_of(portal, configured.home))
        live = stack.enter_context(Live("nightly"))
        means = Means(workers=workers, scheduler=scheduler, homes=homes, tell=live.show)
        done = run(configured, schedule, portal or (), means, regardless=now)
    if done.summary:
        with open_database(configured, create=False) as database:
            keep_up(database, configured)
    if as_json:
        json_line(done.summary.document() if done.summary else {"portals": 0, "next_due": done.next_due})
    elif done.summary:
        say(done.text.rstrip())
    _conclude(done)


def _conclude(done: Nightly) -> None:
    """The last line, and the exit code."""
    for line in done.unsent:
        note(one_line(line))
    summary = done.summary
    if summary is None:
        then = f"; the next one is on {done.next_due:%Y-%m-%d}" if done.next_due else ""
        note(f"No portal is due{then}. --now visits them all the same.")
        return
    if summary.alarms:
        nothing = [alarm for alarm in summary.alarms if alarm.monitor == "NothingWhereSomethingWas"]
        code = Exit.NOTHING_FOUND if len(nothing) == len(summary.alarms) else Exit.FAILED
        told = "; ".join(one_line(alarm.message) for alarm in summary.alarms[:3])
        raise Failure(told, f"See {done.file} and: nianbao runs {summary.run_id}", code)
    note(f"{summary.sentence()}; no alarm. Summary: {done.file}. Next: nianbao runs {summary.run_id}")
