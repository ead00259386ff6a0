"""The server's log: kept, bounded, and quoted when a start fails."""

from __future__ import annotations

import shutil
from pathlib import Path

_LARGEST = 5 * 2**20
_KEPT = 3


def size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def rotate(file: Path, largest: int = _LARGEST) -> None:
    """Move a log that has grown too large aside (`server.log.1` … `.3`).

    Copied and emptied, not renamed: the server keeps the file open, and appends.
    """
    if size(file) <= largest:
        return
    for number in range(_KEPT - 1, 0, -1):
        older = file.with_name(f"{file.name}.{number}")
        if older.exists():
            older.replace(file.with_name(f"{file.name}.{number + 1}"))
    shutil.copyfile(file, file.with_name(f"{file.name}.1"))
    file.with_name(f"{file.name}.1").chmod(0o600)
    with file.open("r+b") as stream:
        stream.truncate(0)


def tail(file: Path, start: int = 0, lines: int = 8) -> str:
    """The last lines written after byte `start`, empty lines left out."""
    if not file.exists():
        return ""
    with file.open("rb") as stream:
        stream.seek(max(start, size(file) - 20_000))
        text = stream.read().decode("utf-8", "replace")
    return "\n".join([line.rstrip() for line in text.splitlines() if line.strip()][-lines:])
