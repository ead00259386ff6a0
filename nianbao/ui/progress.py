"""Progress on a terminal: one line on standard error that is written over. In a pipe or a log: nothing."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Self


class Counter:
    """`with Counter("dumping") as progress: progress("reports", 500)` shows `dumping reports: 500`."""

    def __init__(self, doing: str) -> None:
        self._doing = doing
        self._shown = False

    def __call__(self, what: str, count: int) -> None:
        self.show(f"{what}: {count:,}")

    def show(self, text: str) -> None:
        if sys.stderr.isatty():
            sys.stderr.write(f"\r\x1b[2K{self._doing} {text}")
            sys.stderr.flush()
            self._shown = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._shown:
            sys.stderr.write("\r\x1b[2K")
            sys.stderr.flush()
