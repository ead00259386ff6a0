"""Parsing in other processes: a page that hangs, eats memory or crashes a library harms nothing but itself."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Future
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import contextmanager
from functools import cache
from multiprocessing import resource_tracker
from multiprocessing.context import BaseContext
from types import TracebackType

from pebble import ProcessExpired, ProcessPool

from parsers.errors import ParseError, Unreadable
from parsers.pictures import recognition
from parsers.report import Report
from parsers.source import Source

SECONDS_FOR_PIXELS = 90.0
"""Twelve pages of a scan on a busy machine."""
_TASKS_PER_WORKER = 1000
"""A fresh process now and then: native libraries leak."""
_LOADED = ("psutil", "parsers.build", __name__)
"""What every worker needs: a third of a second of a processor."""

Parse = Callable[[Source], Report]


def parse_source(source: Source) -> Report:
    """What a worker runs; imported there, so that the pool's owner never loads a parser."""
    from parsers import parse

    return parse(source)


def _work(parse: Callable[..., Report], source: Source, *more: object) -> Report:
    try:
        return parse(source, *more)
    finally:
        settle_down()


_OBJECTS_PER_SEARCH = 10_000
"""A page makes as many, and leaves hardly any garbage that has to be searched for: Python's 700 cost it a sixth more."""


@cache
def settle_down() -> None:
    """Once a process, after its first source: code, templates and lists of organs are there for good. Garbage is no
    longer looked for among them, nor a dozen times in the middle of every page."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_OBJECTS_PER_SEARCH, *gc.get_threshold()[1:])


class ParserPool:
    """Worker processes for `parsers.parse`.

    `seconds` is the time for one source, `memory_mb` what a worker may use above what it starts with. Both are
    enforced: the worker is ended, a new one takes its place, and the source's future fails with Unreadable
    ("too_slow" | "too_large" | "crashed"). Use as a context manager. `fresh`: every worker loads the parser's code anew, for
    an owner that outlives a change of it.
    """

    def __init__(
        self,
        workers: int,
        seconds: float = 20,
        memory_mb: int = 1500,
        parse: Parse = parse_source,
        *,
        fresh: bool = False,
    ) -> None:
        self._seconds = seconds
        self._memory_mb = memory_mb
        self._parse = parse
        self._open: set[Future[Report]] = set()
        self._lock = threading.Lock()
        self._pool = ProcessPool(
            max_workers=workers,
            max_tasks=_TASKS_PER_WORKER,
            initializer=_begin,
            initargs=[memory_mb, dict(os.environ)],
            context=_context(None if fresh else parse.__module__),
        )

    def __enter__(self) -> ParserPool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._pool.close()  # type: ignore[no-untyped-call]
        else:
            self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()
        with self._lock:
            left, self._open = self._open, set()
        for result in left:
            _fail(result, Unreadable("cancelled", "the pool was stopped before it was read"))

    def submit(self, source: Source, *more: object) -> Future[Report]:
        """Parse `source` in a worker. The future gives the Report or raises NotAReport or Unreadable.

        `more` is handed to the pool's own `parse` as well.
        """
        result: Future[Report] = Future()
        with self._lock:
            self._open.add(result)
        with _interrupts_held():
            timeout = self._seconds + _for_pixels(source)
            task: Future[Report] = self._pool.schedule(_work, args=[self._parse, source, *more], timeout=timeout)
        task.add_done_callback(lambda done: self._settle(done, result, timeout))
        return result

    def _settle(self, task: Future[Report], result: Future[Report], seconds: float) -> None:
        """Carry the outcome over; every way in which a worker can end has a name."""
        with self._lock:
            if result not in self._open:
                return
            self._open.remove(result)
        try:
            report = task.result()
        except ParseError as error:
            _fail(result, error)
        except FutureTimeout:
            _fail(result, Unreadable("too_slow", f"not read within {seconds:g} seconds"))
        except MemoryError:
            _fail(result, Unreadable("too_large", f"reading it takes more than {self._memory_mb} MB"))
        except ProcessExpired as error:
            _fail(result, Unreadable("crashed", f"the parser process ended with exit code {error.exitcode}"))
        except (CancelledError, BrokenExecutor):
            _fail(result, Unreadable("cancelled", "the pool was stopped before it was read"))
        except Exception as error:
            # A fault of our own: not the page's, so it must not look like one.
            _fail(result, error)
        else:
            if result.set_running_or_notify_cancel():
                result.set_result(report)


def _for_pixels(source: Source) -> float:
    """Seconds more for pictures and scans that may have to be read: some seconds each, and their number is bounded."""
    media = [source.media_type, *(attachment.media_type for attachment in source.attachments)]
    has_pixels = any(word in (kind or "") for kind in media for word in ("image", "pdf", "ofd"))
    return SECONDS_FOR_PIXELS if has_pixels and recognition.available() else 0.0


def _fail(result: Future[Report], error: Exception) -> None:
    if result.set_running_or_notify_cancel():
        result.set_exception(error)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Workers that start meanwhile never see Ctrl-C, which a terminal sends to all processes of a command.

    The pool's owner decides what an interrupt means; a worker would only print a traceback. Signal masks are
    inherited: by the pool's own threads, which start with the first task, and by every worker that they start.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    # Python's resource tracker, which the first worker brings along, takes the mask off again when it starts.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _context(module: str | None) -> BaseContext:
    """Never fork from here: the owner has threads (the reactor, the database driver). On Linux workers are forked from a
    process that has loaded the parser's code and does nothing else, so the second one, and each that takes the place of
    another, starts with it. Templates and lists are read by each worker: they may have changed.
    """
    if module is None or sys.platform != "linux":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([*_LOADED, "parsers.forked_from", module])
    return context


def _begin(memory_mb: int, environment: dict[str, str]) -> None:
    """What a worker does first: it may come of a process that was started under another environment."""
    os.environ.clear()
    os.environ.update(environment)
    _limit_memory(memory_mb)


def _limit_memory(memory_mb: int) -> None:
    """Let this process allocate `memory_mb` beyond what it holds now. Nothing where the system knows no limits."""
    try:
        import resource
    except ImportError:
        return
    import psutil

    limit = psutil.Process().memory_info().vms + (memory_mb << 20)
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
