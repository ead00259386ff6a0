"""`nianbao crawl`: find and download reports, archive every byte, parse what is a report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from nianbao.ui.console import json_line, note, say
from nianbao.ui.errors import Exit, Failure, one_line
from nianbao.ui.options import AsJson, address, report_years

if TYPE_CHECKING:
    from crawler.result import RunResult

PROBLEMS_SHOWN = 10


def portals(names: list[str] | None) -> list[str]:
    """A portal that stands in no registry is a wrong argument, named before anything is fetched."""
    if not names:
        return []
    from crawler.registry import load_portal
    from parsers.errors import TemplateError

    for name in names:
        try:
            load_portal(name)
        except TemplateError as error:
            if error.reason == "unknown_portal":
                raise typer.BadParameter(error.detail) from None
            raise
    return names


def crawl(
    portal: Annotated[
        list[str] | None,
        typer.Argument(help="Ids of config/portals/; `sample` is the bundled one.", metavar="PORTAL", callback=portals),
    ] = None,
    home: Annotated[
        str | None,
        typer.Option(help="A portal's front page, when no more is known.", metavar="URL", parser=address),
    ] = None,
    url: Annotated[
        list[str] | None,
        typer.Option(help="A list page, a report page or a file; may be repeated.", metavar="URL", parser=address),
    ] = None,
    year: Annotated[
        range | None,
        typer.Option("--years", help="Report years: 2020, or 2019-2021.", parser=report_years, metavar="YEARS"),
    ] = None,
    sample: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="At most so many reports of each portal.")
    ] = None,
    explore: Annotated[
        bool,
        typer.Option("--explore", help="Look for the columns from the front page, although they are known."),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Look for reports and list them; store nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Find the 年报 column of portals, download reports and files, archive and parse them.

    A second crawl fetches what may have changed and adds only what is new.
    """
    if not portal and not home and not url:
        raise typer.BadParameter("name a PORTAL, or a front page with --home, or an address with --url")
    from crawler.result import ExitState
    from crawler.run import crawl as run
    from nianbao.indexing import keep_up
    from nianbao.serving import homes_of
    from storage import settings
    from storage.database import open_database

    configured = settings.load()
    with homes_of(portal, configured.home) as homes:
        result = run(
            portal or (), home, url or (), year, sample, dry_run, discover=explore, homes=homes, settings=configured
        )
    if not dry_run and not result.is_unchanged and result.exit_state is not ExitState.FAILED:
        with open_database(configured, create=False) as database:
            keep_up(database, configured)
    if as_json:
        json_line(document(result))
    elif dry_run:
        for seen in result.found:
            say(f"{seen.url}\t{one_line(seen.title)}")
    else:
        tell_reports(result)
        tell_problems(result)
    conclude(result)
    if dry_run:
        note(f"{result.sentence()}; nothing was stored. Without --dry-run they are fetched.")
    elif result.is_unchanged:
        note(f"{result.sentence()}: unchanged, nothing was added to {configured.where}.")
    else:
        note(f"{result.sentence()}; kept in {configured.where}. Next: nianbao find, nianbao runs {result.run_id}")


def document(result: RunResult) -> dict[str, object]:
    """What a crawl did, for programs."""
    from dataclasses import asdict

    told = asdict(result)
    told.pop("maps")
    return {**told, "is_unchanged": result.is_unchanged}


def tell_reports(result: RunResult) -> None:
    """What is new or changed, a line each."""
    for report_id, state in sorted(result.reports.items()):
        if state != "unchanged":
            say(f"{state:8} {report_id}")


def tell_problems(result: RunResult) -> None:
    """What could not be fetched or read: the first few; all of them are in the run's record. Why it failed is said last."""
    problems = [problem for problem in result.problems if problem.message not in result.message]
    for problem in problems[:PROBLEMS_SHOWN]:
        note(f"problem: {problem.kind} at {problem.where}: {one_line(problem.message)}")
    if len(problems) > PROBLEMS_SHOWN:
        note(f"… and {len(problems) - PROBLEMS_SHOWN} more: nianbao runs {result.run_id}")


def conclude(result: RunResult) -> None:
    """Leave with the exit code of a crawl that did not end well."""
    from crawler.result import ExitState

    if result.exit_state is ExitState.FAILED:
        raise Failure(result.message, result.advice)
    if result.exit_state is ExitState.NOTHING_FOUND:
        raise Failure(result.message, result.advice, Exit.NOTHING_FOUND)
    if result.exit_state is ExitState.INTERRUPTED:
        raise Failure(result.message, code=Exit.INTERRUPTED)
