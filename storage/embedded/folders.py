"""Data folders: one for each server and version, since SecantusDB's format changes between versions."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import cast, get_args

from storage.embedded.choose import Kind, Server, look_for
from storage.embedded.places import Places
from storage.errors import DatabaseError, UpgradeNeeded

OLD = ".old"
"""Behind the name of a folder whose data was moved to a newer one."""
LOADING = ".loading"
"""Behind the name of a folder that an upgrade is still filling: never taken for data."""
_LEAST_FREE = 64 * 2**20


def data_folder(places: Places, server: Server) -> Path:
    """The folder that this server opens; it need not exist."""
    return places.db / server.folder_name


def checked_folder(places: Places, server: Server) -> Path:
    """As `data_folder`, after a look at what else is there.

    Raises UpgradeNeeded when only another server's or version's folder holds data.
    """
    folder = data_folder(places, server)
    if has_data(folder):
        return folder
    others = with_data(places)
    if not others:
        return folder
    old = others[0]
    kind, _ = writer(old)
    writing, _ = look_for(kind) if kind != server.kind else (None, "")
    same = writing is not None and writing.folder_name == old.name
    raise UpgradeNeeded(
        f"the archive in {old} was written by another server than the {server.label} at hand; run:"
        " nianbao db upgrade" + (f", or go on with the old one: NIANBAO_SERVER={kind}" if same else ""),
        old=old,
        new=folder,
    )


def with_data(places: Places) -> list[Path]:
    """The folders that hold data, the one written last first; put-away and half-filled ones left out."""
    if not places.db.is_dir():
        return []
    folders = [folder for folder in places.db.iterdir() if folder.suffix not in (OLD, LOADING) and has_data(folder)]
    return sorted(folders, key=_last_written, reverse=True)


def writer(folder: Path) -> tuple[Kind, str]:
    """Which server wrote a data folder, by its name: `secantusdb-0.7.0b3` -> ("secantusdb", "0.7.0b3")."""
    name, _, version = folder.name.partition("-")
    for kind in get_args(Kind):
        if name == kind:
            return cast(Kind, kind), version
    raise DatabaseError(f"{folder} is not named after a server that is known here")


def has_data(folder: Path) -> bool:
    """A WiredTiger store, which all three servers write, begins with this file."""
    return (folder / "WiredTiger.wt").exists()


def disk_bytes(folder: Path) -> int:
    """What the folder takes on the disk, holes in files not counted."""
    return sum(status.st_blocks * 512 for _, status in _files(folder))


def _last_written(folder: Path) -> float:
    return max((status.st_mtime for _, status in _files(folder)), default=0.0)


def _files(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """Files with their status; a server that is running may delete one between the two."""
    for path in folder.rglob("*"):
        try:
            status = path.lstat()
        except FileNotFoundError:
            continue
        if path.is_file():
            yield path, status


def require_space(places: Places) -> None:
    """Raises DatabaseError when the disk is full: a server on a full disk ends in the middle of a write."""
    free = shutil.disk_usage(places.db).free
    if free < _LEAST_FREE:
        raise DatabaseError(
            f"the disk of {places.home} is full ({free // 2**20} MB free): make room, or set NIANBAO_HOME"
        )
