"""`nianbao demo`: the whole road once, on the sample portal: crawl, archive, parse, ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from nianbao.commands.crawl import conclude, document, tell_problems
from nianbao.commands.find import show_entries
from nianbao.ui.console import json_line, note, say
from nianbao.ui.errors import Exit, Failure
from nianbao.ui.options import AsJson

if TYPE_CHECKING:
    from crawler.result import RunResult
    from storage.settings import Settings

QUESTION = "requests.received_new.total>=20"


def demo(
    invented: Annotated[
        bool,
        typer.Option(
            "--invented", help="Instead: an invented town (虚构的示例市), ten years, in a database of its own."
        ),
    ] = False,
    as_json: AsJson = False,
    next_year: Annotated[
        bool,
        typer.Option(
            "--next-year", help="Crawl the portal as it stands a year later: a new report, in a changed form."
        ),
    ] = False,
) -> None:
    """Start the bundled sample portal, crawl it into the archive, and show what is there.

    Run it again: everything is unchanged.
    """
    if invented:
        _invented(as_json)
        return
    from crawler.run import crawl
    from nianbao.serving import SAMPLE, sample_portal
    from storage import settings

    configured = settings.load()
    with sample_portal(configured.home, next_year=next_year) as address:
        note(f"A small government portal is served at {address}; crawling it into {configured.where} …")
        result = crawl((SAMPLE,), homes={SAMPLE: address}, settings=configured)
    if as_json:
        json_line(document(result))
        conclude(result)
        return
    conclude(result)
    tell_problems(result)
    note("(On purpose: the sample has one page that refuses everybody, and one dead link.)")
    _show(result, configured)


def _invented(as_json: bool) -> None:
    """The town of `nianbao.sample.invented`: many organs and years, for questions and charts."""
    from dataclasses import replace

    from nianbao.indexing import keep_up
    from nianbao.sample.invented.archive import DATABASE, fill
    from nianbao.ui.progress import Counter
    from storage import settings
    from storage.access.reads import walk
    from storage.database import open_database

    configured = replace(settings.load(), database=DATABASE)
    with open_database(configured) as database:
        with Counter("an invented town,") as progress:
            changed = fill(database, lambda count: progress("reports", count))
        keep_up(database, configured)
        number = sum(1 for _ in walk(database["catalogue"], projection={"_id": 1}))
    if as_json:
        json_line({"database": configured.database, "reports": number, "changed": changed})
        return
    said = f"{changed} new or changed" if changed else "unchanged, nothing was added"
    say(f"{number} invented reports (虚构) of 12 organs, 2014 to 2023, in the database {configured.database}: {said}.")
    say("\nWhere to go next")
    for command, does in (
        ("nianbao find --year 2022", "its reports of a year"),
        ("nianbao coverage --province 示例省 --years 2014-2023", "which are here, late or missing"),
        ("nianbao serve --port 0", "the archive in a browser, until Ctrl-C"),
    ):
        say(f"  NIANBAO_DATABASE={configured.database} .venv/bin/{command}   {does}")
    note("Twenty-two questions to it, with their answers: docs/queries.md")


def _show(result: RunResult, configured: Settings) -> None:
    from nianbao.indexing import keep_up
    from nianbao.serving import SAMPLE
    from storage import query
    from storage.database import open_database

    with open_database(configured, create=False) as database:
        keep_up(database, configured)
        entries = list(query.find(database, query.Filters(portal=SAMPLE)))
        answer = list(query.find(database, query.Filters(portal=SAMPLE, where=QUESTION)))
    if not entries:
        raise Failure("no report came out of the sample portal", "See: nianbao runs", Exit.NOTHING_FOUND)
    say("\nWhat is archived 已归档")
    show_entries(entries)
    say(f"\nA question: who received twenty requests or more? nianbao find --where '{QUESTION}'")
    for entry in answer:
        total = entry["figures"]["requests"]["received_new"]["total"]
        say(f"  {entry['organ']['name']} {entry['report_year']}: {total}")
    _where_next(result, configured, entries[0]["_id"])


def _where_next(result: RunResult, configured: Settings, report_id: str) -> None:
    say("\nWhere to go next")
    steps = (
        (f"nianbao show {report_id}", "one report as the official form"),
        (f"nianbao runs {result.run_id}", "what this crawl did, and its problems"),
        ("nianbao serve --port 0", "the archive in a browser, until Ctrl-C"),
        ("nianbao demo --invented", "ten years of an invented town, to ask and to draw"),
        ("nianbao find --help", "all ways to ask"),
        ("nianbao crawl --home URL", "a real portal, from its front page"),
    )
    width = max(len(command) for command, _ in steps)
    for command, does in steps:
        say(f"  .venv/bin/{command:{width}}   {does}")
    unchanged = ": unchanged, nothing was added" if result.is_unchanged else ""
    note(f"\n{result.sentence()}{unchanged}. The archive is {configured.where}; README.md tells more.")
