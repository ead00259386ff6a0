"""Who parses: the processes of this machine here, a cluster's workers in `storage.rerun.cluster`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Protocol, TypeVar, cast

from parsers.source import Source
from parsers.workers import Parse, ParserPool
from storage.rerun.read import Reading, Stands, read
from storage.settings import ParseSettings


@dataclass(frozen=True)
class Ahead:
    """How much may be with the workers, or wait for one, at a time."""

    pages: int
    bytes: int
    """Of these pages and their files, unless a single one has more."""


AHEAD = Ahead(pages=64, bytes=64 * 1024 * 1024)
"""On this machine: more than its workers read while the next batch is fetched."""


class Workers(Protocol):
    """Take a source, promise a reading."""

    @property
    def ahead(self) -> Ahead: ...

    def submit(self, source: Source, stands: Stands | None = None) -> Future[Reading]:
        """`stands`: what it read as until now. The future raises NotAReport and Unreadable as `parsers.parse` does, RerunError where all is lost."""
        ...

    def flush(self) -> None:
        """The caller is about to wait: what has been handed in must come to an end without anything more."""


Hire = Callable[[ParseSettings], AbstractContextManager[Workers]]


@dataclass(frozen=True)
class Given:
    """What `Workers.submit` takes."""

    source: Source
    stands: Stands | None = None

    @property
    def size(self) -> int:
        return len(self.source.content) + sum(len(attachment.content) for attachment in self.source.attachments)


T = TypeVar("T")


def through(workers: Workers, tasks: Iterator[tuple[T, Given]]) -> Iterator[tuple[T, Future[Reading]]]:
    """Each task as it comes to its end, with a future that is done; no more of them are with the workers than `ahead` says."""
    pending: dict[Future[Reading], tuple[T, int]] = {}
    ended: SimpleQueue[Future[Reading]] = SimpleQueue()
    size = 0
    while True:
        ahead = workers.ahead
        while len(pending) < ahead.pages and size < ahead.bytes and (one := next(tasks, None)) is not None:
            task, given = one
            future = workers.submit(given.source, given.stands)
            pending[future] = task, given.size
            size += given.size
            future.add_done_callback(ended.put)
        if not pending:
            return
        workers.flush()
        future = ended.get()
        task, its_size = pending.pop(future)
        size -= its_size
        yield task, future


class Processes:
    """`parsers.workers.ParserPool`, whose workers run `read` instead of `parse`: its futures give what that gives."""

    ahead = AHEAD

    def __init__(self, limits: ParseSettings, workers: int, *, fresh: bool = False) -> None:
        """`fresh`: see `ParserPool`."""
        self.pool = ParserPool(workers, limits.seconds, limits.memory_mb, parse=cast(Parse, read), fresh=fresh)

    def submit(self, source: Source, stands: Stands | None = None) -> Future[Reading]:
        return cast(Future[Reading], self.pool.submit(source, stands))

    def flush(self) -> None:
        """Every source is on its way as soon as it is handed in."""


@contextmanager
def processes(limits: ParseSettings) -> Iterator[Workers]:
    """The processes of this machine."""
    hired = Processes(limits, limits.workers)
    with hired.pool:
        yield hired
