"""Who parses: the processes of this machine. A cluster's workers would stand beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol, cast

from parsers.source import Source
from parsers.workers import Parse, ParserPool
from storage.rerun.read import Reading, read
from storage.settings import ParseSettings


class Workers(Protocol):
    """Take a source, promise a reading. The future raises NotAReport and Unreadable as `parsers.parse` does."""

    def submit(self, source: Source) -> Future[Reading]: ...


Hire = Callable[[ParseSettings], AbstractContextManager[Workers]]


@contextmanager
def processes(limits: ParseSettings) -> Iterator[Workers]:
    """`parsers.workers.ParserPool`, whose workers run `read` instead of `parse`: its futures give what that gives."""
    pool = ParserPool(limits.workers, limits.seconds, limits.memory_mb, parse=cast(Parse, read))
    with pool:
        yield cast(Workers, pool)
