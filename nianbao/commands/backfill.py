"""`nianbao backfill`: past years of many portals, newest first, to be interrupted and started again at will."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated

import typer

from nianbao.commands.crawl import portals
from nianbao.commands.nightly import SCHEDULER, WORKERS
from nianbao.ui.console import json_line, note, say
from nianbao.ui.errors import Exit, Failure, one_line
from nianbao.ui.options import report_years

if TYPE_CHECKING:
    from crawler.nights.backfill import Backfill

SHOWN = 10


def backfill(
    year: Annotated[
        range, typer.Option("--years", help="2008-2020, or one year.", parser=report_years, metavar="YEARS")
    ],
    portal: Annotated[
        list[str] | None,
        typer.Argument(help="Ids of config/portals/; none: all of them.", metavar="PORTAL", callback=portals),
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Also where these years were gone through before.")] = False,
    workers: Annotated[int | None, typer.Option(metavar="N", min=1, help=WORKERS)] = None,
    scheduler: Annotated[str | None, typer.Option(help=SCHEDULER, metavar="ADDRESS")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The summary as one JSON document.")] = False,
) -> None:
    """Fetch the reports (年报) of past years, the newest first.

    Where it stands is what the archive holds: a portal remembers every year that was gone through, and pages that were
    read are not asked again. Killed and started again, it goes on.

    Examples:

      nianbao backfill --years 2008-2020

      nianbao backfill --years 2015-2020 --workers 4 cq-ddk gz-qdn
    """
    from crawler.nights.backfill import backfill as run
    from crawler.nights.campaign import Means
    from nianbao.indexing import keep_up
    from nianbao.serving import homes_of
    from nianbao.ui.live import Live
    from storage import settings
    from storage.database import open_database

    configured = settings.load()
    with ExitStack() as stack:
        homes = stack.enter_context(homes_of(portal, configured.home))
        live = stack.enter_context(Live("backfill"))
        means = Means(workers=workers, scheduler=scheduler, homes=homes, tell=live.show)
        done = run(configured, year, portal or (), means, again=again)
    if done.summary:
        with open_database(configured, create=False) as database:
            keep_up(database, configured)
    if as_json:
        document = done.summary.document() if done.summary else {"portals": 0}
        json_line({**document, "done_before": done.done_before, "refusing": done.refusing})
    elif done.summary:
        for report_id, state in list(done.summary.reports.items()):
            say(f"{state:8} {report_id}")
    _conclude(done, configured.where)


def _conclude(done: Backfill, where: str) -> None:
    from crawler.result import many

    summary = done.summary
    passed = f"Gone through before: {many(done.done_before, 'portal')}. " if done.done_before else ""
    refusing = f"Left alone because they refuse: {many(len(done.refusing), 'portal')}. " if done.refusing else ""
    if summary is None:
        if not passed and not refusing:
            raise Failure("the registry has no portal with an address", "See config/portals", Exit.NOTHING_FOUND)
        note(f"{passed}{refusing}Nothing is left to do; --again goes through all of it.")
        return
    for name, how in list({**summary.unwell, **summary.ended}.items())[:SHOWN]:
        note(f"{name}: {one_line(how)}")
    faulty = [one for one in done.visited if one.ended in ("failed", "died", "killed")]
    if faulty:
        told = f"{len(faulty)} of {summary.portals} portals could not be gone through: {faulty[0].message}"
        raise Failure(told, f"Start it again, it goes on; nianbao runs {summary.run_id} says more")
    note(f"{summary.sentence()}. {passed}{refusing}Kept in {where}. Next: nianbao find, nianbao runs {summary.run_id}")
