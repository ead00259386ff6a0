"""`nianbao db`: the database server: which one, where, how large; start, stop, upgrade, dump, load."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nianbao.ui.console import json_line, note, say
from nianbao.ui.errors import Failure
from nianbao.ui.options import AsJson

if TYPE_CHECKING:
    from storage.settings import Settings

app = typer.Typer(
    name="db", help="The database server: status, start, stop, upgrade, dump, load.", no_args_is_help=True
)


@app.command("status", short_help="Which database, where, how large; starts nothing.")
def status(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Which database is used, where it is, whether it runs, how large it is. Starts nothing."""
    from dataclasses import asdict

    from nianbao.ui.sizes import since, size
    from storage import embedded, settings

    configured = settings.load()
    if configured.mongodb_uri is not None:
        _status_of_mongodb(configured, as_json)
        return
    found = embedded.status(configured)
    if as_json:
        json_line({"embedded": True, "home": configured.home, "database": configured.database, **asdict(found)})
        return
    say(f"database   {configured.where}, name {configured.database}")
    say(f"server     {found.server} {found.version} ({found.path})" if found.server else "server     none")
    say(f"why        {found.why}")
    if found.running:
        say(f"running    since {since(found.since)}, pid {found.pid}, {found.connections} connections")
        say(f"address    {found.uri}")
        say(f"memory     {size(found.memory_bytes)}, of which the cache may take {found.cache_mb} MB")
    else:
        say(f"running    no{'; ' + found.last if found.last else ''} (any command that needs it starts it)")
    say(f"on disk    {size(found.disk_bytes)} in {found.data_folder}")
    for folder in found.other_folders:
        say(f"also       {folder}")
    say(f"log        {found.log_file}")
    if found.server is None:
        raise Failure("no database server is at hand", "Run `make demo` once, or set MONGODB_URI")


def _status_of_mongodb(configured: Settings, as_json: bool) -> None:
    from storage.database import connect

    with connect(configured) as database:
        version = database.client.server_info()["version"]
    if as_json:
        json_line(
            {
                "embedded": False,
                "where": configured.where,
                "database": configured.database,
                "version": version,
            }
        )
        return
    say(f"database   {configured.where}, name {configured.database}")
    say(f"server     MongoDB {version}; MONGODB_URI names it, nothing embedded is used")


@app.command("start", short_help="Start the embedded server; prints its address.")
def start(as_json: AsJson = False) -> None:
    """Start the embedded server, or find it running; prints its address for mongosh and other programs."""
    from storage import settings
    from storage.database import open_database

    configured = settings.load()
    with open_database(configured) as database:
        host, port = database.client.address or ("", 0)
        if database.migrated:
            note(f"The archive was made by an earlier nianbao; it has been brought up: {', '.join(database.migrated)}.")
    if configured.mongodb_uri is not None:
        raise Failure(
            f"MONGODB_URI names {configured.where}: it is there already",
            "Unset MONGODB_URI to use the embedded server",
        )
    uri = f"mongodb://{host}:{port}/{configured.database}?directConnection=true"
    if as_json:
        json_line({"uri": uri, "database": configured.database, "idle_minutes": configured.idle_minutes})
    else:
        say(uri)
    note(
        f"The embedded database runs; it stops by itself {configured.idle_minutes} minutes after its last use."
        if configured.idle_minutes
        else "The embedded database runs until `nianbao db stop`."
    )


@app.command("stop", short_help="Stop the embedded server.")
def stop(as_json: AsJson = False) -> None:
    """Stop the embedded server. The next command that needs it starts it again."""
    from storage import embedded, settings

    configured = settings.load()
    if configured.mongodb_uri is not None:
        raise Failure(f"{configured.where} is not ours to stop", "MONGODB_URI names it")
    stopped = embedded.stop(configured)
    if as_json:
        json_line({"was_running": stopped.was_running})
    note("The embedded database is stopped." if stopped.was_running else "The embedded database was not running.")


@app.command("dump", short_help="Write the database into a folder.")
def dump(
    folder: Annotated[
        Path | None, typer.Argument(help="A new folder; default: a dated one in the home's dumps/.", metavar="DIR")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write the whole database into a folder (as mongodump lays it out): a backup, or a way to another server."""
    from datetime import UTC, datetime

    from nianbao.ui.progress import Counter
    from nianbao.ui.sizes import size
    from storage import settings
    from storage.database import connect
    from storage.dumps.dump import dump as write

    configured = settings.load()
    target = folder or configured.home / "dumps" / datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    target.parent.mkdir(parents=True, exist_ok=True)
    with connect(configured, create=False) as database, Counter("dumping") as progress:
        manifest = write(database, target, source=configured.where, progress=progress)
    written = sum(collection.bytes for collection in manifest.collections)
    if as_json:
        collections = {one.name: one.documents for one in manifest.collections}
        json_line({"folder": target, "documents": manifest.documents, "bytes": written, "collections": collections})
    else:
        say(str(target))
    note(
        f"{manifest.documents} documents of {len(manifest.collections)} collections, {size(written)}."
        f" Load them with: nianbao db load {target}"
    )


@app.command("load", short_help="Put a dump into the database.")
def load(
    folder: Annotated[
        Path, typer.Argument(help="A folder that `nianbao db dump` made.", exists=True, file_okay=False, metavar="DIR")
    ],
    replace: Annotated[bool, typer.Option("--replace", help="Drop what other documents the collections hold.")] = False,
    as_json: AsJson = False,
) -> None:
    """Put a dump into the database, and prove that every document arrived."""
    from nianbao.ui.progress import Counter
    from storage import settings
    from storage.database import connect
    from storage.dumps.load import load as read
    from storage.fulltext import TextIndex

    configured = settings.load()
    with connect(configured) as database, Counter("loading") as progress:
        manifest = read(folder, database, existing="replace" if replace else "refuse", progress=progress)
        TextIndex(database, configured.home).clear()  # of what stood in the archive's place before
    if as_json:
        json_line({"where": configured.where, "database": configured.database, "documents": manifest.documents})
    note(f"{manifest.documents} documents are in {configured.where}, name {configured.database}.")


@app.command("upgrade", short_help="Move the archive to a newer server.")
def upgrade(
    old_server: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The server program that wrote the old data, if it is not found."),
    ] = None,
    from_dump: Annotated[
        Path | None, typer.Option(metavar="DIR", help="A dump to take instead of the old data folder.", exists=True)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Move the archive to the server at hand, after its version changed. The old data folder is kept."""
    from dataclasses import asdict

    from storage import settings
    from storage.embedded.upgrade import upgrade as move

    configured = settings.load()
    if configured.mongodb_uri is not None:
        raise Failure(f"{configured.where} is not ours to upgrade", "MONGODB_URI names it")
    done = move(configured, old_server=old_server, from_dump=from_dump, say=note)
    if as_json:
        json_line({"moved": None} if done is None else {"moved": asdict(done)})
    if done is None:
        note("Nothing to move: the archive is of the server at hand, or there is none yet.")
        return
    if not as_json:
        say(str(done.new))
    note(f"{done.documents} documents moved in {done.seconds:.0f} s; the old data is kept in {done.old}.")
    if done.from_dump_of:
        note(f"They come from the dump of {done.from_dump_of}: what was written later is only in {done.old}.")
