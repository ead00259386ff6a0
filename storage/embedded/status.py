"""What runs, since when, how large: for `nianbao db status` and `nianbao doctor`."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psutil

from storage.embedded import folders, process, state
from storage.embedded.choose import choose
from storage.embedded.places import Places
from storage.errors import DatabaseError
from storage.settings import Settings


@dataclass(frozen=True)
class Status:
    """The embedded database of a home. Sizes in bytes; None where it does not run or nothing is there."""

    server: str | None
    """`mongod`, `native` or `secantusdb`; None when there is none at hand."""
    version: str | None
    path: Path | None
    why: str
    """Why this server, or why none."""
    running: bool
    pid: int | None
    port: int | None
    uri: str | None
    since: datetime | None
    supervisor_pid: int | None
    """None: its supervisor is gone; the next command starts another."""
    connections: int
    restarts: int
    """How often the server had to be started again since its supervisor began."""
    data_folder: Path | None
    disk_bytes: int
    other_folders: tuple[Path, ...]
    """Data of other servers or versions, and what upgrades have put away (`.old`)."""
    memory_bytes: int | None
    cache_mb: int
    log_file: Path
    last: str
    """How it ended the last time: stopped when idle, on request, failed with this text."""


def status(settings: Settings) -> Status:
    """Looks only: starts nothing, creates nothing, raises nothing."""
    places = Places.of(settings)
    current = state.read(places)
    running = process.server_of(current) if current and current.phase in ("starting", "ready") else None
    if current is not None and running is not None:
        supervisor = process.supervisor_of(current)
        memory = None
        with contextlib.suppress(psutil.Error):
            memory = running.process.memory_info().rss
        return Status(
            server=current.kind,
            version=current.version,
            path=Path(current.executable),
            why=current.why,
            running=True,
            pid=current.pid,
            port=current.port,
            uri=current.uri,
            since=datetime.fromisoformat(current.since),
            supervisor_pid=supervisor.pid if supervisor else None,
            connections=running.connections(),
            restarts=current.restarts,
            data_folder=running.folder,
            disk_bytes=folders.disk_bytes(running.folder),
            other_folders=_others(places, running.folder),
            memory_bytes=memory,
            cache_mb=current.cache_mb,
            log_file=places.server_log,
            last="",
        )
    try:
        server, why = choose(settings), ""
    except DatabaseError as error:
        server, why = None, str(error)
    folder = folders.data_folder(places, server) if server else None
    return Status(
        server=server.kind if server else None,
        version=server.version if server else None,
        path=server.executable if server else None,
        why=server.why if server else why,
        running=False,
        pid=None,
        port=None,
        uri=None,
        since=None,
        supervisor_pid=None,
        connections=0,
        restarts=0,
        data_folder=folder,
        disk_bytes=folders.disk_bytes(folder) if folder else 0,
        other_folders=_others(places, folder),
        memory_bytes=None,
        cache_mb=settings.cache_mb,
        log_file=places.server_log,
        last=current.message if current else "",
    )


def _others(places: Places, folder: Path | None) -> tuple[Path, ...]:
    if not places.db.is_dir():
        return ()
    return tuple(sorted(path for path in places.db.iterdir() if path != folder and folders.has_data(path)))
