"""Files of a command line through the parsers' worker processes, in the order in which they were named."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from parsers.errors import NotAReport, ParseError, Unreadable
from parsers.report import Report
from parsers.source import Source
from parsers.workers import ParserPool
from storage.settings import ParseSettings

LARGEST = 256 * 1024 * 1024
"""Bytes. A larger file is no page of a report: it is refused before it fills the memory."""

AHEAD = 4
"""Files that wait in memory for each worker."""


@dataclass(frozen=True)
class Parsed:
    """What became of one file: the report document, or why there is none."""

    name: str
    report: Report | None
    error: ParseError | None = None

    def to_document(self) -> dict[str, Any]:
        if self.report is not None:
            return self.report.to_document()
        assert self.error is not None
        kind = "not_a_report" if isinstance(self.error, NotAReport) else "unreadable"
        return {kind: True, "reason": self.error.reason, "detail": self.error.detail, "file": self.name}


def parse_files(
    names: Iterable[str], source_of: Callable[[bytes], Source], limits: ParseSettings, *, count: int
) -> Iterator[Parsed]:
    """Parse each file (`-` is standard input) under `limits`; `count`: how many there are."""
    workers = min(limits.workers, count)
    waiting: deque[tuple[str, Future[Report] | ParseError]] = deque()
    with ParserPool(workers, seconds=limits.seconds, memory_mb=limits.memory_mb) as pool:
        for name in names:
            try:
                waiting.append((name, pool.submit(source_of(_read(name)))))
            except ParseError as error:
                waiting.append((name, error))
            if len(waiting) > workers * AHEAD:
                yield _finish(*waiting.popleft())
        while waiting:
            yield _finish(*waiting.popleft())


def _read(name: str) -> bytes:
    try:
        if name == "-":
            content = sys.stdin.buffer.read(LARGEST + 1)
        else:
            with Path(name).open("rb") as file:
                content = file.read(LARGEST + 1)
    except OSError as error:
        raise Unreadable("cannot_open", f"The file cannot be opened: {error.strerror}.") from error
    if len(content) > LARGEST:
        raise Unreadable("too_large", f"The file is larger than {LARGEST >> 20} MB.")
    return content


def _finish(name: str, result: Future[Report] | ParseError) -> Parsed:
    if isinstance(result, ParseError):
        return Parsed(name, None, result)
    try:
        return Parsed(name, result.result())
    except ParseError as error:
        return Parsed(name, None, error)
