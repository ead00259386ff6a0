"""A rerun in a process of its own that kills itself (SIGKILL) at one named point:

    python -m tests.storage.rerun.killing URI DATABASE HOME POINT CALL

POINT is a function that the CALLth time is not come back from: `before:` or `after:` it has done its work. `-` is none.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
from pathlib import Path
from typing import Any

from pymongo import MongoClient

from parsers.source import Source
from storage.base import Doc
from storage.rerun import apply, inputs, reader
from storage.rerun.read import Stands
from storage.rerun.stale import Selection
from storage.rerun.workers import Ahead
from tests.storage.rerun.site import Here, House

BATCH = 3


class Counted(Here):
    """Notes each reading in a file, so that it is known after a kill how many there were."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file

    def submit(self, source: Source, stands: Stands | None = None) -> Any:
        with self._file.open("a", encoding="utf-8") as out:
            out.write(f"{source.url}\n")
        return super().submit(source, stands)


def die_at(point: str, call: int) -> None:
    when, _, name = point.partition(":")
    module, _, path = name.partition("/")
    *owners, function = path.split(".")
    place: Any = importlib.import_module(module)
    for owner in owners:
        place = getattr(place, owner)
    real = getattr(place, function)
    calls = 0

    def dying(*arguments: Any, **options: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == call and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = real(*arguments, **options)
        if calls == call:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(place, function, dying)


def main() -> None:
    uri, name, home, point, call = sys.argv[1:]
    reader.BATCH = apply.BATCH = BATCH
    Here.ahead = Ahead(BATCH, 1 << 20)
    inputs.digest = lambda: "as it is"  # somebody may be at work on the parser while the tests run
    with MongoClient[Doc](uri, tz_aware=True) as client:
        house = House(client[name], Path(home), here=Counted(Path(home) / "read.txt"))
        if point != "-":
            die_at(point, int(call))
        print(house.rerun(Selection()).outcomes)


if __name__ == "__main__":
    main()
