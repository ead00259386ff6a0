"""A crawl or a rerun in a process of its own that writes down what the database has acknowledged, as it is told.

A line is written after the acknowledgement and before anything else happens; a killed process loses none of them.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from storage.archive import Archive
from storage.reports import Reports


class Ledger:
    """With so many lines, or more, in it whoever writes waits until there is a file `go`: to be killed, however late."""

    def __init__(self, path: Path, held_at: int, go: Path) -> None:
        self._path, self._held_at, self._go = path, held_at, go
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def note(self, lines: Iterable[str]) -> None:
        os.write(self._file, "".join(f"{line}\n" for line in lines).encode())
        while not self._go.exists() and count(self._path) >= self._held_at:
            time.sleep(0.02)

    def listen(self, owner: type, name: str, told: Callable[[Any], str]) -> None:
        real = getattr(owner, name)

        def listening(this: Any, batch: Any) -> Any:
            answers = real(this, batch)
            self.note(map(told, answers))
            return answers

        setattr(owner, name, listening)


def count(ledger: Path) -> int:
    return ledger.read_bytes().count(b"\n") if ledger.exists() else 0


def main(
    environment: Mapping[str, str], out: Path, ledger: Path, held_at: int, go: Path, what: str, *rest: str
) -> None:
    """`what`: crawl, with a front page behind it, or rerun. Both outputs go to `out`."""
    os.environ.pop("MONGODB_URI", None)
    os.environ.update(environment)
    with out.open("wb") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    sys.exit(_run(Ledger(ledger, held_at, go), what, *rest))


def _run(ledger: Ledger, what: str, *rest: str) -> int:
    ledger.listen(Archive, "store", lambda stored: f"capture {stored.capture_id} {stored.raw_sha256}")
    ledger.listen(Reports, "save", lambda saved: f"report {saved.report_id} {saved.revision} {saved.state}")
    if what == "crawl":
        from crawler.run import crawl

        result = crawl(home=rest[0], delay=0.02, progress=False)
        sys.stderr.write(f"{result.exit_state}: {result.message}\n")
        return 0 if result.exit_state == "done" else 1
    from nianbao.cli import run

    return run(["rerun", "--accept-regressions", "--workers", "1", "--show", "0"])
