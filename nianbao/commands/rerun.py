"""`nianbao rerun`: parse the archive again where something has changed, and write only what reads differently."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nianbao.ui.console import json_line, note, out, say
from nianbao.ui.errors import Exit, Failure, one_line
from nianbao.ui.options import years

if TYPE_CHECKING:
    from storage.rerun.summary import Change, Summary

LINES_SHOWN = 12
RULES_SHOWN = 20
PLACES_SHOWN = 3
MEANS = {
    "rejected": "what stands there stays as it is, and is not tried again until something else changes",
    "failed": "what stands there stays as it is, and the next rerun tries again",
    "missing-raw": "what stands there stays as it is; `nianbao verify` marks the bytes, and the next crawl fetches them again",
    "overtaken": "another process has read the page anew meanwhile, and what that wrote stands",
}
"""The outcomes that ask for a word."""


def _templates(names: list[str] | None) -> list[str]:
    """A template that does not exist is a wrong argument."""
    if not names:
        return []
    from parsers.template import load_templates

    known = [*(template.id for template in load_templates()), "mixed"]
    for name in names:
        if name not in known:
            raise typer.BadParameter(f"{name!r} is no template (表式); there are {', '.join(known)}")
    return names


def rerun(
    portal: Annotated[
        list[str] | None, typer.Option(help="Only pages of this portal (门户); may be repeated.", metavar="ID")
    ] = None,
    year: Annotated[
        range | None,
        typer.Option(help="Only reports about this year (年度), or 2019-2021.", parser=years, metavar="YEAR"),
    ] = None,
    template: Annotated[
        list[str] | None,
        typer.Option(
            help="Only reports of this template (表式): e2021_v30 …; may be repeated.",
            callback=_templates,
            metavar="ID",
        ),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Not only what is out of date.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change; write nothing.")] = False,
    workers: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Parser processes; default: one a core.")
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(help="Parse on the workers of this Dask scheduler: tcp://host:8786.", metavar="ADDRESS"),
    ] = None,
    accept: Annotated[
        bool, typer.Option("--accept-regressions", help="Write even if more sums break than are mended.")
    ] = False,
    cross: Annotated[
        bool, typer.Option("--cross", help="Parse nothing: only check anew what takes two reports (跨报告核对).")
    ] = False,
    show: Annotated[int, typer.Option(metavar="N", min=0, help="How many changed reports to show in full.")] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Parse archived pages again whose template, page profile or parser has changed, and those that failed.

    Nothing is downloaded. Everything is read and judged before anything is written; what reads as before stays as it is.
    """
    from crawler.profiles import RegistryProfiles
    from nianbao.commands.cross import check_anew
    from nianbao.indexing import keep_up
    from nianbao.ui.progress import Counter
    from storage import schema, settings
    from storage.access.patience import SOON, Patience
    from storage.database import open_database
    from storage.query import Filters, find
    from storage.rerun.cluster import cluster
    from storage.rerun.run import Options
    from storage.rerun.run import rerun as run
    from storage.rerun.stale import Selection
    from storage.rerun.workers import processes

    configured = settings.load()
    if cross:
        if portal or year or template or everything or dry_run or workers or scheduler or accept:
            raise typer.BadParameter("--cross takes the whole archive and parses nothing: only --json goes with it")
        check_anew(configured, as_json)
        return
    selection = Selection(tuple(portal or ()), tuple(year or ()), tuple(template or ()), everything)
    options = Options(
        home=configured.home,
        archive=configured.where,
        limits=replace(configured.parse, workers=workers or configured.parse.workers),
        dry_run=dry_run,
        accept_regressions=accept,
        show=show,
        hire=cluster(scheduler) if scheduler else processes,
        scheduler=scheduler,
    )
    with (
        open_database(configured, create=False, away_after=SOON) as database,
        Counter("rerun") as progress,
    ):
        if not dry_run:
            schema.ensure(database)
        elif not schema.is_current(database):
            raise Failure("the archive was made by an earlier nianbao", "Run `nianbao db start` once: it brings it up")
        # Where the database is away for a while it is waited for, and the rerun goes on with what it has read.
        summary = Patience(database, configured, progress.show)(
            lambda: run(
                database,
                selection,
                RegistryProfiles(),
                options,
                lambda phase, done, of: progress.show(f"{phase} {done:,} of {of:,}" if of else phase),
            )
        )
        if not dry_run:
            keep_up(database, configured)
        asked = [Filters(portal=one, limit=1) for one in portal or ()]
        asked += [Filters(years=tuple(year), limit=1)] if year else []
        is_nowhere = not summary.to_do and any(next(find(database, one, ("_id",)), None) is None for one in asked)
    if as_json:
        json_line(_document(summary))
    else:
        _tell(summary)
    _conclude(summary, is_nowhere or everything, configured.where)


def _document(summary: Summary) -> dict[str, Any]:
    document = asdict(summary)
    document["outcomes"] = {str(outcome): number for outcome, number in summary.outcomes.items()}
    return document


# --- for people -----------------------------------------------------------------------------------------------


def _tell(summary: Summary) -> None:
    if not summary.to_do:
        return
    _groups(summary)
    _rules(summary)
    for change in summary.changes:
        _change(change)


def _groups(summary: Summary) -> None:
    from rich.table import Table
    from rich.text import Text

    from nianbao.ui.words import clean

    grid = Table(show_edge=False, pad_edge=False, header_style="dim")
    grid.add_column("template 表式", overflow="fold")
    grid.add_column("portal 门户", overflow="fold")
    for heading in ("to do", "unchanged", "changed", "fields", "figures", "sums mended", "broken", "failed"):
        grid.add_column(heading, justify="right")
    for group in summary.groups:
        failed = group.failed + group.rejected + group.missing_raw
        counts = [group.to_do, group.unchanged, group.changed, group.fields, group.figures, group.mended]
        grid.add_row(
            clean(group.template or "(no report)"),
            clean(group.portal or "–"),
            *(str(count) for count in counts),
            Text(str(group.broken), style="red" if group.broken else ""),
            Text(str(failed), style="red" if failed else ""),
        )
    out().print(grid)


def _rules(summary: Summary) -> None:
    """Which sums break, and where."""
    broken = [tally for tally in summary.verdict.rules if tally.broken]
    if broken:
        say(f"\nSums 勾稽关系: {summary.verdict.mended} are mended, {summary.verdict.broken} break")
    for tally in broken[:RULES_SHOWN]:
        mended = f", {tally.mended} mended" if tally.mended else ""
        say(f"  {tally.rule}: {tally.broken} broken in {_reports(tally.reports)}{mended}")
        for place in tally.places[:PLACES_SHOWN]:
            say(f"      {one_line(place)}")


def _change(change: Change) -> None:
    delta = change.delta
    name = change.report_id or change.url
    if not delta.lines:
        # What the box of problems says in full names the report as well.
        said = one_line(change.message).removeprefix(f"{name} ")
        say(f"\n{name}: {change.outcome}{f': {said}' if said else ''}")
        return
    counts = [
        f"{number} {what}"
        for number, what in (
            (delta.figures, "figures" if delta.figures != 1 else "figure"),
            (delta.fields, "other fields" if delta.fields != 1 else "other field"),
            (len(delta.mended), "sums mended" if len(delta.mended) != 1 else "sum mended"),
            (len(delta.broken), "sums broken" if len(delta.broken) != 1 else "sum broken"),
        )
        if number
    ]
    say(f"\n{name}: {', '.join(counts) or change.outcome}")
    for line in delta.lines[:LINES_SHOWN]:
        say(f"  {line.path}: {_shown(line.old)} -> {_shown(line.new)}")
    rest = delta.figures + delta.fields - LINES_SHOWN
    if len(delta.lines) > LINES_SHOWN:
        say(f"  … and {rest} more: --json gives them")


def _shown(value: str | int | float | None) -> str:
    return "null" if value is None else one_line(str(value))


def _reports(number: int) -> str:
    return "1 report" if number == 1 else f"{number} reports"


def _conclude(summary: Summary, is_missed: bool, where: str) -> None:
    """The last line: what was done, where it is, what to do next."""
    verdict = summary.verdict
    if not summary.to_do:
        if is_missed:
            raise Failure("the archive holds nothing of that", "`nianbao find` lists what it holds", Exit.NOTHING_FOUND)
        note("Everything is up to date: there is nothing to parse again. --all takes everything all the same.")
        return
    if summary.stopped:
        raise Failure(
            f"stopped before anything was written: {verdict.broken} sums would break and {verdict.mended} be mended",
            "Mend the template or the correction, or say --accept-regressions",
        )
    resumed = " (going on with what an earlier rerun had read)" if summary.resumed else ""
    counts = ", ".join(f"{number} {outcome}" for outcome, number in summary.outcomes.items())
    if summary.dry_run:
        if verdict.is_regression:
            following = "Without --dry-run it stops: more sums break than are mended"
        elif set(summary.outcomes) == {"unchanged"}:
            following = "No report reads otherwise; without --dry-run that is noted"
        else:
            following = "Without --dry-run it writes it"
        note(f"{summary.to_do} parsed again: {counts}; nothing was written. {following}.")
        return
    for outcome, meaning in MEANS.items():
        if summary.outcomes.get(outcome):
            note(f"{outcome}: {meaning}")
    note(f"{summary.to_do} parsed again{resumed}: {counts}; kept in {where}. Next: nianbao runs {summary.run_id}")
