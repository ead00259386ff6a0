"""How much memory a benchmark and its server take at most, and how much disk the archive takes."""

from __future__ import annotations

import resource
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from storage import embedded
from storage.settings import Settings

_EVERY = 0.2


@dataclass(frozen=True)
class Processors:
    """Seconds of processors that were used."""

    ours: float
    workers: float
    server: float

    @property
    def total(self) -> float:
        return self.ours + self.workers + self.server

    def __sub__(self, before: Processors) -> Processors:
        return Processors(self.ours - before.ours, self.workers - before.workers, self.server - before.server)


class Watch:
    """Samples while it is open: this process, its workers, and the embedded server."""

    def __init__(self, settings: Settings) -> None:
        self._folder: Path | None = None
        self._server: list[psutil.Process] = []
        if settings.mongodb_uri is None:
            status = embedded.status(settings)
            self._folder = Path(status.data_folder)
            self._server = [
                process
                for process in psutil.process_iter()
                if str(self._folder) in " ".join(_command(process)) and process.pid != psutil.Process().pid
            ]
        self._peaks = {"this process": 0, "each worker": 0, "server": 0}
        self._watching = 0.0
        """Seconds of a processor."""
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()

    def processors(self) -> Processors:
        """Used so far, but for what the watching takes. Workers count when they have ended."""
        ours, workers = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        return Processors(
            ours.ru_utime + ours.ru_stime - self._watching,
            workers.ru_utime + workers.ru_stime + sum(map(_with_ended, _forking())),
            sum(sum(process.cpu_times()[:2]) for process in self._server),
        )

    def loading(self) -> float:
        """Seconds of a processor for what workers are forked from, where it runs: a command of its own begins with that."""
        return sum(float(times.user + times.system) for times in (one.cpu_times() for one in _forking()))

    def _watch(self) -> None:
        ours = psutil.Process()
        while not self._done.wait(_EVERY):
            server = {process.pid for process in self._server}
            # A child that is just being started is this process under another number, memory and all, for a moment.
            workers = [
                child
                for child in ours.children(recursive=True)
                if child.pid not in server and _command(child) not in ([], _command(ours))
            ]
            self._note("this process", _most(ours))
            self._note("each worker", max(map(_most, workers), default=0))
            self._note("server", sum(map(_most, self._server)))
            self._watching = time.thread_time()

    def _note(self, what: str, size: int) -> None:
        self._peaks[what] = max(self._peaks[what], size)

    def peaks(self) -> list[tuple[str, int]]:
        """Who, and how many MB at most."""
        return [(what, peak >> 20) for what, peak in self._peaks.items() if peak]

    def disk(self, reports: int) -> float:
        """KB a report; 0 where the server's files are not ours to look at."""
        if self._folder is None:
            return 0.0
        size = sum(path.stat().st_size for path in self._folder.rglob("*") if path.is_file())
        print(f"{'disk':45} {size >> 20} MB, {size / reports / 1024:.0f} KB a report", flush=True)
        return size / reports / 1024


def _most(process: psutil.Process) -> int:
    """Bytes of memory that it has held at most, by what the system itself has kept: a look now and then misses a peak."""
    try:
        status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
        return int(status.partition("VmHWM:")[2].split()[0]) << 10
    except (OSError, IndexError):  # it has ended, or another system
        return _rss(process)


def _rss(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0


def _forking() -> list[psutil.Process]:
    """Where workers are forked: it ends with this process."""
    return [one for one in psutil.Process().children() if any("forkserver" in word for word in _command(one))]


def _with_ended(process: psutil.Process) -> float:
    """Seconds of a processor that it used, and those of its children that have ended."""
    times = process.cpu_times()
    return float(times.user + times.system + times.children_user + times.children_system)


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []
