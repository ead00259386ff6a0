"""Which server is the embedded one: `mongod`, else SecantusDB's native server, else SecantusDB from PyPI.

Nothing of SecantusDB is ever imported: it is another program under another licence (GPL-2.0), found as an
executable and spoken to over a socket. What is asked of it here is only its version.
"""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias, cast

from storage.errors import DatabaseError
from storage.settings import Settings

Kind: TypeAlias = Literal["mongod", "native", "secantusdb"]

_PROGRAMS: dict[Kind, tuple[str, ...]] = {
    "mongod": ("mongod",),
    "native": ("secantusd-rs", "secantusd-mdb"),
    "secantusdb": ("secantusd-py",),
}
_OLDEST_MONGOD = 7
_VERSION_SECONDS = 20


@dataclass(frozen=True)
class Server:
    """A server program at hand."""

    kind: Kind
    version: str
    executable: Path
    why: str
    """Why this one, for `nianbao db status`."""

    @property
    def folder_name(self) -> str:
        """Name of its data folder. A mongod reads the files of its own series, SecantusDB only its own."""
        version = ".".join(self.version.split(".")[:2]) if self.kind == "mongod" else self.version
        return f"{self.kind}-{version}"

    @property
    def label(self) -> str:
        return f"{self.kind} {self.version}"


def choose(settings: Settings) -> Server:
    """The server to start, by `settings.server`. Raises DatabaseError when none is at hand."""
    if os.sep in settings.server:
        return of_executable(Path(settings.server), why=f"NIANBAO_SERVER is {settings.server}")
    if settings.server != "auto":
        kind = cast(Kind, settings.server)
        server, reason = look_for(kind)
        if server is None:
            raise DatabaseError(f"NIANBAO_SERVER is {kind}, and {reason}: install it, or unset NIANBAO_SERVER")
        return _because(server, f"NIANBAO_SERVER is {kind}")
    reasons: list[str] = []
    for kind in _PROGRAMS:
        server, reason = look_for(kind)
        if server is not None:
            return _because(server, "; ".join([*reasons, "the best one at hand"]))
        reasons.append(reason)
    raise DatabaseError(
        "no database server is at hand: " + "; ".join(reasons) + ". Install SecantusDB with"
        " `pip install secantusdb`, or put mongod 7 or 8 on PATH, or set MONGODB_URI"
    )


def look_for(kind: Kind) -> tuple[Server | None, str]:
    """The program of this kind on PATH (SecantusDB: first beside this Python), or None and the reason."""
    names = _PROGRAMS[kind]
    candidates = [Path(sys.executable).parent / name for name in names] if kind == "secantusdb" else []
    candidates += [Path(found) for name in names if (found := shutil.which(name))]
    reason = f"no {' or '.join(names)} on PATH"
    for path in candidates:
        if not os.access(path, os.X_OK):
            continue
        try:
            return of_executable(path, why=""), ""
        except DatabaseError as error:
            reason = str(error)
    return None, reason


def of_executable(path: Path, *, why: str) -> Server:
    """The server behind a path; its kind is known by the program's name, its version by asking.

    Raises DatabaseError when it is none of the known programs, does not run, or is too old.
    """
    kind = next((kind for kind, names in _PROGRAMS.items() if path.name in names), None)
    if kind is None:
        known = ", ".join(name for names in _PROGRAMS.values() for name in names)
        raise DatabaseError(f"{path} is no server program that is known here ({known})")
    if not os.access(path, os.X_OK) or path.is_dir():
        raise DatabaseError(f"{path} cannot be run: there is no such program, or it is not executable")
    version = _secantusdb_version(path) if kind == "secantusdb" else _printed_version(path)
    if kind == "mongod" and int(version.split(".")[0]) < _OLDEST_MONGOD:
        raise DatabaseError(f"{path} is MongoDB {version}; {_OLDEST_MONGOD} or newer is needed")
    return Server(kind=kind, version=version, executable=path.absolute(), why=why)


def _because(server: Server, why: str) -> Server:
    return Server(server.kind, server.version, server.executable, why)


def _printed_version(path: Path) -> str:
    """`mongod --version` says `db version v8.0.4`, `secantusd-rs --version` its name and version."""
    text = _run([str(path), "--version"])
    found = re.search(r"(?:db version v|secantusd-\w+ v?)(\d+(?:\.\d+)+[\w.+-]*)", text)
    if not found:
        raise DatabaseError(f"{path} --version prints no version that is understood here")
    return found[1]


def _secantusdb_version(path: Path) -> str:
    """`secantusd-py` prints no version: it stands in the metadata of the Python it was installed for."""
    if path.parent == Path(sys.executable).parent:
        try:
            return importlib.metadata.version("secantusdb")
        except importlib.metadata.PackageNotFoundError as error:
            raise DatabaseError(f"{path} is there, but SecantusDB's package is not") from error
    with path.open("rb") as file:
        first = file.readline(1000).decode("utf-8", "replace")
    if not first.startswith("#!"):
        raise DatabaseError(f"{path} does not name the Python that runs it")
    ask = "import importlib.metadata as m; print(m.version('secantusdb'))"
    version = _run([*first[2:].split(), "-I", "-c", ask]).strip()
    if not re.fullmatch(r"\d[\w.+-]*", version):
        raise DatabaseError(f"the Python of {path} has no SecantusDB")
    return version


def _run(command: list[str]) -> str:
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_VERSION_SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise DatabaseError(f"{command[0]} does not run ({type(error).__name__})") from error
    return done.stdout.decode("utf-8", "replace")
