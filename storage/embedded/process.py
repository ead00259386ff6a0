"""The server's process: recognise it again, look at it, end it.

A pid alone proves nothing, since pids are used again, and a process's time of creation moves when the clock is
set. So a process is ours when its command line names our data folder, and that folder is where it works.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from storage.embedded.state import State

SUPERVISOR = "storage.embedded.supervisor"
"""The module that a supervisor runs, as it stands in its command line."""
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


def server_of(state: State) -> ServerProcess | None:
    """The server that the state tells of, if it still runs."""
    folder = Path(state.folder)
    with contextlib.suppress(psutil.Error):
        process = psutil.Process(state.pid)
        if _port_on(folder, process) is not None and _in(folder, process) and not ended(process, 0.0):
            return ServerProcess(process, state.port, folder)
    return None


def supervisor_of(state: State) -> psutil.Process | None:
    """The supervisor that the state tells of, if it still runs."""
    with contextlib.suppress(psutil.Error):
        process = psutil.Process(state.supervisor_pid)
        arguments = process.cmdline()
        if SUPERVISOR in arguments and json.dumps(state.folder) in arguments[-1] and not ended(process, 0.0):
            return process
    return None


def find(folder: Path) -> ServerProcess | None:
    """A server on this data folder that no state tells of: the state was deleted, or never written."""
    return next((server for server in _all_on(folder) if _in(folder, server.process)), None)


def end_ghosts(folder: Path) -> None:
    """Kill servers of a data folder that was deleted and made anew under the same name: they write into files
    that nobody will ever see.
    """
    for server in _all_on(folder):
        if not _in(folder, server.process):
            server.process.kill()


def _all_on(folder: Path) -> Iterator[ServerProcess]:
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            port = _port_on(folder, process)
            if port is not None and not ended(process, 0.0):
                yield ServerProcess(process, port, folder)


def _port_on(folder: Path, process: psutil.Process) -> int | None:
    """The port of a server that was started on `folder`, by its command line."""
    arguments = process.cmdline()
    if str(folder) not in arguments:
        return None
    port = dict(pair for pair in itertools.pairwise(arguments) if pair[0] == "--port").get("--port", "")
    return int(port) if port.isdigit() else None


def _in(folder: Path, process: psutil.Process) -> bool:
    """Is this folder the one in which the process was started? Not if it was deleted meanwhile."""
    try:
        return Path(process.cwd()).samefile(folder)
    except OSError:
        return False
