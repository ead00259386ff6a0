"""`nianbao import`: the pages of a WARC file into the archive, with their original time and headers, and parsed."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from nianbao.ui.console import json_line, note
from nianbao.ui.errors import Exit, Failure

if TYPE_CHECKING:
    from nianbao.ui.progress import Counter
    from storage.base import Db
    from storage.rerun.summary import Summary
    from storage.settings import Settings
    from storage.warc.read import Place, Taken


def import_(
    file: Annotated[
        Path, typer.Argument(help="A .warc.gz or .warc file.", exists=True, dir_okay=False, metavar="FILE")
    ],
    portal: Annotated[
        str | None,
        typer.Option(
            metavar="ID",
            help="The portal (门户) that pages of other programs' files belong to; default: that of their host.",
        ),
    ] = None,
    parse: Annotated[
        bool, typer.Option("--parse/--no-parse", help="Parse what is new; without it the next rerun does.")
    ] = True,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Archive what a WARC file holds: nothing is downloaded, nothing that is there is overwritten, twice is as once."""
    from dataclasses import asdict

    from nianbao.ui.progress import Counter
    from storage import settings
    from storage.database import open_database
    from storage.runs import Runs
    from storage.shape.records import RunState
    from storage.warc.read import import_warc

    configured = settings.load()
    place = _place(portal)
    with open_database(configured) as database, Counter("importing") as progress:
        runs = Runs(database)
        run_id = runs.start("import", {"file": file.name, "portal": portal})
        try:
            taken = import_warc(database, file, place, run_id, progress)
        except BaseException as error:
            stopped = isinstance(error, KeyboardInterrupt)
            runs.finish(run_id, RunState.INTERRUPTED if stopped else RunState.FAILED, message=str(error))
            raise
        counts = {name: value for name, value in asdict(taken).items() if isinstance(value, int)}
        state = RunState.FAILED if taken.broken else RunState.FINISHED
        runs.finish(run_id, state, counts=counts, message=taken.broken)
        read = _parsed(database, configured, progress) if parse else None
    if as_json:
        outcomes = {} if read is None else {str(outcome): number for outcome, number in read.outcomes.items()}
        json_line({"run_id": run_id, **asdict(taken), "outcomes": outcomes})
    _conclude(file, taken, read, run_id, configured.where)


def _place(portal: str | None) -> Place:
    """Canonical address and portal of a record that does not say them."""
    from crawler.registry import load_portal, portal_for
    from crawler.urls import canonical_url

    if portal is not None:
        load_portal(portal)  # says so where there is none

    @cache
    def portal_at(host: str) -> str:
        return portal_for(f"http://{host}/").id

    def place(url: str) -> tuple[str, str | None]:
        try:
            return canonical_url(url), portal or portal_at(urlsplit(url).netloc)
        except ValueError:  # no address that anybody could fetch, but it stands in the file
            return url, portal

    return place


def _parsed(database: Db, configured: Settings, progress: Counter) -> Summary:
    from crawler.profiles import RegistryProfiles
    from storage.rerun.run import Options, rerun
    from storage.rerun.stale import Selection

    options = Options(configured.home, configured.where, configured.parse)
    return rerun(
        database,
        Selection(imported=True),
        RegistryProfiles(),
        options,
        lambda phase, done, of: progress.show(f"{phase} {done:,} of {of:,}"),
    )


def _conclude(file: Path, taken: Taken, read: Summary | None, run_id: str, where: str) -> None:
    parts = [f"{taken.new:,} captures are new, {taken.unchanged:,} were there"]
    if taken.older:
        parts.append(f"{taken.older:,} of the new ones are older than what the archive has, and only kept")
    if taken.left:
        parts.append(f"records that hold no page, such as the file's own description: {taken.left:,}")
    told = f"{file.name}: {', '.join(parts)}"
    if read is not None and read.outcomes:
        told += f"; parsed: {', '.join(f'{number} {outcome}' for outcome, number in read.outcomes.items())}"
    if read is not None and read.stopped:
        broken, mended = read.verdict.broken, read.verdict.mended
        told += f"; none of that is written: {broken} sums (勾稽) would break and {mended} be mended"
    if taken.broken:
        raise Failure(f"{told}; behind record {taken.records:,} the file cannot be read: {taken.broken}")
    if taken.damaged:
        raise Failure(
            f"{told}; {taken.damaged:,} records are damaged and not taken", f"nianbao runs {run_id} names them"
        )
    if read is not None and read.stopped:
        raise Failure(
            told, "The pages are kept. `nianbao rerun --dry-run` shows which, --accept-regressions writes them"
        )
    if not taken.new and not taken.unchanged:
        raise Failure(f"{file.name} holds no page", "A WARC of `response` records is needed", Exit.NOTHING_FOUND)
    following = "rerun, which parses them" if read is None and taken.to_parse else "find"
    note(f"{told}; kept in {where}. Next: nianbao {following}")
