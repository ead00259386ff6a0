"""Move the archive to another server or version: dump with the old one, load into a new data folder.

The old folder is never written to by the new server. It stays, renamed `*.old`, until somebody deletes it.
Killed at any point, the next `nianbao db upgrade` begins again: the new folder gets its name only when
everything in it has been read back and compared.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from storage.dumps.dump import MANIFEST, Manifest, dump
from storage.dumps.load import load, read_manifest
from storage.embedded import folders, process
from storage.embedded.choose import Server, choose, look_for, of_executable
from storage.embedded.launch import CannotStart, start
from storage.embedded.places import OWNER_ONLY, Places
from storage.embedded.server import start_lock, stop
from storage.errors import DatabaseError
from storage.settings import Settings

Say = Callable[[str], None]
_SYSTEM_DATABASES = ("admin", "local", "config")
_FETCH_SECONDS = 300


@dataclass(frozen=True)
class Upgraded:
    """What an upgrade did."""

    old: Path
    """Where the old data is kept."""
    new: Path
    dump: Path
    documents: int
    seconds: float
    from_dump_of: str
    """When the dump was made, if an earlier one had to do: later changes are only in `old`. Else empty."""


def upgrade(
    settings: Settings,
    *,
    old_server: Path | None = None,
    from_dump: Path | None = None,
    server: Server | None = None,
    say: Say = lambda line: None,
) -> Upgraded | None:
    """Move the data that was written last to the server at hand. None: there is nothing to move.

    `old_server` is the executable that wrote the old folder, for the case that it is found neither here nor,
    for SecantusDB, on PyPI. `from_dump` takes an earlier dump instead of the old folder. `server` overrides
    the choice. `say` is told, in one line each, what is going on. Raises DatabaseError; the old folder is
    then as it was.
    """
    began = time.monotonic()
    places = Places.of(settings)
    stop(settings)
    places.make()
    with start_lock(places):
        new_server = server or choose(settings)
        new = folders.data_folder(places, new_server)
        olds = [folder for folder in folders.with_data(places) if folder != new]
        if folders.has_data(new) or not olds:
            return None
        old = olds[0]
        folders.require_space(places)
        try:
            if from_dump is None:
                source = places.dumps / f"upgrade-{old.name}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
                _dump_all(settings, places, old, old_server, source, say)
            else:
                source = from_dump
            manifests = _load_all(settings, places, new_server, new, source, say)
        except CannotStart as error:
            raise DatabaseError(str(error)) from error
        except PyMongoError as error:
            raise DatabaseError(f"the upgrade failed and changed nothing: {error}") from error
        kept = _put_away(old)
    return Upgraded(
        old=kept,
        new=new,
        dump=source,
        documents=sum(manifest.documents for manifest in manifests),
        seconds=time.monotonic() - began,
        from_dump_of=manifests[0].finished if from_dump is not None else "",
    )


def _dump_all(settings: Settings, places: Places, old: Path, given: Path | None, target: Path, say: Say) -> None:
    with _old_server(places, old, given, say) as server, _serving(server, old, settings, places) as client:
        target.mkdir(mode=OWNER_ONLY, parents=True)
        for name in client.list_database_names():
            if name not in _SYSTEM_DATABASES:
                manifest = dump(client[name], target / name, source=old.name)
                say(f"dumped {manifest.documents} documents of {name} with {server.label}")
    for earlier in places.dumps.glob(f"upgrade-{old.name}-*"):
        if earlier != target:  # of upgrades that were broken off
            shutil.rmtree(earlier)


def _load_all(settings: Settings, places: Places, server: Server, new: Path, source: Path, say: Say) -> list[Manifest]:
    loading = new.with_name(new.name + folders.LOADING)
    left_over = process.find(loading)
    if left_over is not None:  # of an upgrade that was killed
        left_over.stop()
    shutil.rmtree(loading, ignore_errors=True)
    parts = [source] if (source / MANIFEST).is_file() else sorted(path.parent for path in source.glob(f"*/{MANIFEST}"))
    if not parts:
        raise DatabaseError(f"{source} holds no finished dump")
    manifests: list[Manifest] = []
    with _serving(server, loading, settings, places) as client:
        for part in parts:
            manifest = load(part, client[read_manifest(part).database])
            say(f"loaded {manifest.documents} documents into {manifest.database} with {server.label}")
            manifests.append(manifest)
    loading.rename(new)
    return manifests


@contextmanager
def _serving(server: Server, folder: Path, settings: Settings, places: Places) -> Iterator[MongoClient[dict[str, Any]]]:
    """A server for this process alone, without a supervisor; the start lock keeps others away."""
    left_over = process.find(folder)
    if left_over is not None:
        left_over.stop()
    running = start(server, folder, settings.cache_mb, places)
    try:
        uri = f"mongodb://127.0.0.1:{running.port}/?directConnection=true"
        with MongoClient[dict[str, Any]](uri, appname="nianbao upgrade", tz_aware=True) as client:
            yield client
    finally:
        running.stop()


@contextmanager
def _old_server(places: Places, old: Path, given: Path | None, say: Say) -> Iterator[Server]:
    """The program that wrote the old folder: the one given, one at hand, or one fetched for the occasion."""
    if given is not None:
        server = of_executable(given, why="given")
        if server.folder_name != old.name:
            raise DatabaseError(f"{given} is {server.label}; {old} was written by {old.name}")
        yield server
        return
    kind, version = folders.writer(old)
    at_hand, _ = look_for(kind)
    if at_hand is not None and at_hand.folder_name == old.name:
        yield at_hand
        return
    if kind != "secantusdb":
        get = f"a mongod {version}" if kind == "mongod" else f"cargo install secantus-mdb --version {version}"
        raise DatabaseError(_how_to(places, old, get))
    with tempfile.TemporaryDirectory(prefix="old-server-", dir=places.run) as folder:
        say(f"fetching SecantusDB {version}, which wrote the data, from PyPI for this once")
        yield _fetched(version, Path(folder), places, old)


def _fetched(version: str, folder: Path, places: Places, old: Path) -> Server:
    python = folder / "bin" / "python"
    try:
        for command in (
            [sys.executable, "-m", "venv", str(folder)],
            [str(python), "-m", "pip", "install", "--quiet", f"secantusdb=={version}"],
        ):
            subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL, timeout=_FETCH_SECONDS)
    except (OSError, subprocess.SubprocessError) as error:
        text = f"python3 -m venv old && old/bin/pip install secantusdb=={version}"
        raise DatabaseError(_how_to(places, old, text, "old/bin/secantusd-py")) from error
    return of_executable(folder / "bin" / "secantusd-py", why="fetched for the upgrade")


def _how_to(places: Places, old: Path, get: str, path: str = "THE_PROGRAM") -> str:
    text = (
        f"the server that wrote {old} is not at hand and cannot be fetched from here. Get it ({get}), then run:"
        f" nianbao db upgrade --old-server {path}"
    )
    dumps = sorted(places.dumps.glob(f"*/{MANIFEST}"), key=lambda file: file.stat().st_mtime)
    if not dumps:
        return text
    newest = dumps[-1].parent
    return (
        f"{text}\nOr take the dump of {read_manifest(newest).finished}, and leave behind what was written"
        f" after it: nianbao db upgrade --from-dump {newest}"
    )


def _put_away(old: Path) -> Path:
    kept = old.with_name(old.name + folders.OLD)
    number = 1
    while kept.exists():
        number += 1
        kept = old.with_name(f"{old.name}.{number}{folders.OLD}")
    return old.rename(kept)
