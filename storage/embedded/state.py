"""The state file: what runs for this home, written by the supervisor, read by everybody."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Literal, TypeAlias, get_args

from storage.embedded.choose import Kind
from storage.embedded.places import Places

Phase: TypeAlias = Literal["starting", "ready", "stopping", "stopped", "failed"]


@dataclass(frozen=True)
class Job:
    """What a supervisor is told, as JSON."""

    home: str
    folder: str
    kind: Kind
    version: str
    executable: str
    why: str
    cache_mb: int
    idle_seconds: float
    """0: never stop for idleness."""


@dataclass(frozen=True)
class State:
    """One server and its supervisor. Believed only as far as the processes bear it out (`process.py`)."""

    phase: Phase
    kind: Kind
    version: str
    executable: str
    why: str
    folder: str
    """Absolute path of the data folder."""
    port: int
    pid: int
    supervisor_pid: int
    since: str
    """When this phase began, ISO 8601 in UTC."""
    cache_mb: int
    restarts: int = 0
    message: str = ""
    """Why it stopped or failed."""

    @property
    def uri(self) -> str:
        return f"mongodb://127.0.0.1:{self.port}/?directConnection=true"


_TYPES = {"str": str, "int": int, "Phase": str, "Kind": str}


def read(places: Places) -> State | None:
    """The state of this home; None when there is none, or the file is damaged (as if nothing ran), or tells
    of the home that this one was copied from.
    """
    try:
        data = json.loads(places.state.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    known = {field.name: _TYPES[str(field.type)] for field in fields(State)}
    if not isinstance(data, dict) or set(data) != set(known):
        return None
    if any(type(data[name]) is not type_of for name, type_of in known.items()):
        return None
    if data["phase"] not in get_args(Phase) or data["kind"] not in get_args(Kind):
        return None
    found = State(**data)
    return found if Path(found.folder).parent == places.db else None


def write(places: Places, state: State) -> None:
    """Replace the file in one step: a reader sees the old state or the new one."""
    file = places.state
    temporary = file.with_name(f"{file.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        json.dump(asdict(state), stream, indent=1)
    temporary.replace(file)
