"""The server's process: recognise it again, look at it, end it.

A pid alone proves nothing, since pids are used again. A process is ours when it was created when the state
says, or when its command line names our data folder.
"""

from __future__ import annotations

import contextlib
import itertools
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from storage.embedded.state import State

_CLOCK_SECONDS = 2.0
"""A process's creation time is worked out from the boot time, which moves a little when the clock is set."""
STOP_SECONDS = 30.0


@dataclass(frozen=True)
class ServerProcess:
    """A server process on one data folder. It need not be our child."""

    process: psutil.Process
    port: int
    folder: Path
    child: subprocess.Popen[bytes] | None = None
    """Set by who launched it, who therefore has to reap it."""

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def created(self) -> float:
        return self.process.create_time()

    def alive(self) -> bool:
        return not self._ended(0.0)

    def connections(self) -> int:
        """How many clients are connected to it just now."""
        try:
            connections = self.process.net_connections(kind="tcp")
        except psutil.Error:
            return 0
        return sum(
            1
            for connection in connections
            if connection.status == psutil.CONN_ESTABLISHED and connection.laddr[1] == self.port
        )

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """Ask it to end (it writes a checkpoint), and kill it when it has not ended after `seconds`: the
        journal brings everything back on the next start."""
        with contextlib.suppress(psutil.NoSuchProcess):
            self.process.terminate()
            if not self._ended(seconds):
                self.process.kill()
                self._ended(seconds)

    def _ended(self, seconds: float) -> bool:
        if self.child is None:
            return ended(self.process, seconds)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.child.wait(seconds)
        return self.child.returncode is not None


def ended(process: psutil.Process, seconds: float) -> bool:
    """Wait until the process has ended, at most so long.

    A zombie has ended, whoever is to reap it: as the first process of a container something may run that never
    does, and `psutil.wait_procs` would wait for it.
    """
    deadline = time.monotonic() + seconds
    while True:
        try:
            if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        if time.monotonic() >= deadline:
            return False
        time.sleep(0.02)


def alive(pid: int, created: float) -> psutil.Process | None:
    """The process with this pid if it is the one that was created then."""
    try:
        process = psutil.Process(pid)
        same = abs(process.create_time() - created) <= _CLOCK_SECONDS
        return process if same and not ended(process, 0.0) else None
    except psutil.Error:
        return None


def server_of(state: State) -> ServerProcess | None:
    """The server that the state tells of, if it still runs."""
    process = alive(state.pid, state.created)
    return ServerProcess(process, state.port, Path(state.folder)) if process else None


def find(folder: Path) -> ServerProcess | None:
    """A server on this data folder that no state tells of: the state was deleted, or never written."""
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            arguments = process.cmdline()
            if str(folder) not in arguments or process.status() == psutil.STATUS_ZOMBIE:
                continue
            port = dict(_flags(arguments)).get("--port", "")
            if port.isdigit():
                return ServerProcess(process, int(port), folder)
    return None


def _flags(arguments: list[str]) -> Iterator[tuple[str, str]]:
    for flag, value in itertools.pairwise(arguments):
        if flag.startswith("--"):
            yield flag, value
