"""`nianbao backup` and `nianbao restore`: the whole archive into a folder and back, every step proven by hashes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nianbao.ui.console import json_line, note, say
from nianbao.ui.errors import Failure
from nianbao.ui.options import AsJson


def backup(
    folder: Annotated[Path, typer.Argument(help="A new folder.", metavar="DIR")],
    as_json: AsJson = False,
) -> None:
    """Write every collection into a folder with a manifest of SHA-256, and read it back to prove it.

    A crawl may run meanwhile. The folder is laid out as mongodump does it; DIR.partial is one that is not finished.
    """
    from nianbao.ui.progress import Counter
    from nianbao.ui.sizes import size
    from storage import settings
    from storage.database import connect
    from storage.dumps.dump import dump
    from storage.dumps.load import verify

    configured = settings.load()
    folder.absolute().parent.mkdir(parents=True, exist_ok=True)
    with connect(configured, create=False) as database, Counter("backing up") as progress:
        manifest = dump(database, folder.absolute(), source=configured.where, progress=progress)
    verify(folder)
    written = sum(collection.bytes for collection in manifest.collections)
    if as_json:
        collections = {one.name: one.documents for one in manifest.collections}
        json_line({"folder": folder, "documents": manifest.documents, "bytes": written, "collections": collections})
    else:
        say(str(folder))
    note(
        f"{manifest.documents:,} documents of {len(manifest.collections)} collections, {size(written)}, written and read"
        f" back. Put them back with: nianbao restore {folder}"
    )


def restore(
    folder: Annotated[
        Path, typer.Argument(help="A folder that `nianbao backup` made.", exists=True, file_okay=False, metavar="DIR")
    ],
    replace: Annotated[bool, typer.Option("--replace", help="Drop what other documents the archive holds.")] = False,
    as_json: AsJson = False,
) -> None:
    """Put a backup into the archive of the settings. Its checksums first, every document after, every body at the end.

    Refuses to mix with other documents unless told --replace. Doing it twice changes nothing.
    """
    from nianbao.ui.progress import Counter
    from storage import schema, settings
    from storage.database import connect
    from storage.dumps.load import load
    from storage.fulltext import TextIndex
    from storage.verify import verify

    configured = settings.load()
    with connect(configured) as database, Counter("restoring") as progress:
        manifest = load(folder, database, existing="replace" if replace else "refuse", progress=progress)
        TextIndex(database, configured.home).clear()  # of what stood in the archive's place before
        migrated = schema.ensure(database)  # a backup of an earlier version is brought up
        found = verify(database, progress=progress)
    if as_json:
        damaged = len(found.damaged) + len(found.dangling)
        where = {"where": configured.where, "database": configured.database}
        json_line({**where, "documents": manifest.documents, "bodies": found.bodies, "damaged": damaged})
    told = f"{manifest.documents:,} documents are in {configured.where}, name {configured.database}"
    if migrated:
        note(f"The backup was made by an earlier nianbao; it has been brought up: {', '.join(migrated)}.")
    if not found.is_whole:
        raise Failure(
            f"{told}, as they were backed up; {len(found.damaged) + len(found.dangling)} were damaged before",
            "nianbao verify names them",
        )
    note(f"{told}; {found.bodies:,} bodies and what points at them are as they were.")
