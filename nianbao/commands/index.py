"""`nianbao index`: the search index beside the database: how far it has followed; made anew."""

from __future__ import annotations

from typing import Annotated

import typer

from nianbao.ui.console import json_line, note, say
from nianbao.ui.options import AsJson

app = typer.Typer(
    name="index",
    help="The search index (全文索引) behind `nianbao find --text`: status, rebuild.",
    no_args_is_help=True,
)


@app.command("status", short_help="Where it is, what it holds, how far it has followed.")
def status(as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False) -> None:
    """Where the index is, how many reports it holds and up to when it has followed the database.

    Example:

        nianbao index status
    """
    from dataclasses import asdict
    from datetime import datetime

    from nianbao.ui.sizes import since, size
    from storage import settings
    from storage.database import open_database
    from storage.fulltext import TextIndex

    configured = settings.load()
    with open_database(configured, create=False) as database:
        found = TextIndex(database, configured.home).status()
    if as_json:
        json_line(asdict(found))
        return
    say(f"file       {found.path}, {size(found.bytes)}")
    say(f"reports    {found.reports}{'' if found.is_complete else ', not all yet'}")
    say(f"followed   {'up to ' + since(datetime.fromisoformat(found.since)) if found.since else 'not yet'}")
    note("The next question brings it up to date; `nianbao index rebuild` makes it anew.")


@app.command("rebuild", short_help="Make it anew from the archive.")
def rebuild(as_json: AsJson = False) -> None:
    """Make the index anew from the archive. Nothing is lost by that: it holds copies only.

    Example:

        nianbao index rebuild
    """
    from dataclasses import asdict

    from nianbao.ui.progress import Counter
    from storage import settings
    from storage.database import open_database
    from storage.fulltext import TextIndex

    configured = settings.load()
    with open_database(configured, create=False) as database, Counter("indexing") as progress:
        index = TextIndex(database, configured.home)
        number = index.rebuild(lambda done: progress("reports", done))
        found = index.status()
    if as_json:
        json_line(asdict(found))
    note(f"{number:,} reports are in {found.path}. Ask: nianbao find --text WORDS")
