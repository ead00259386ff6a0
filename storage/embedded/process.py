"""Processes: start the server's, recognise it again, end it.

A pid alone proves nothing, since pids are used again. A process is ours when it was created when the state
says, or when its command line names our data folder.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from storage.embedded.choose import Server
from storage.embedded.ping import HOST
from storage.embedded.places import Places
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

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def created(self) -> float:
        return self.process.create_time()

    def alive(self) -> bool:
        """False once it has ended; reaps it when it is a child."""
        try:
            self.process.wait(timeout=0)
        except psutil.TimeoutExpired:
            return self.process.is_running() and self.process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False
        return False

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
            try:
                self.process.wait(timeout=seconds)
            except psutil.TimeoutExpired:
                self.process.kill()
                self.process.wait(timeout=seconds)


def alive(pid: int, created: float) -> psutil.Process | None:
    """The process with this pid if it is the one that was created then."""
    try:
        process = psutil.Process(pid)
        if abs(process.create_time() - created) > _CLOCK_SECONDS:
            return None
        return None if process.status() == psutil.STATUS_ZOMBIE else process
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


def launch(server: Server, folder: Path, port: int, cache_mb: int, places: Places) -> ServerProcess:
    """Start the server, detached from terminal and signals of this process; its output goes to its log.

    Raises OSError when the program cannot be run at all.
    """
    environment = {
        **os.environ,
        "MALLOC_ARENA_MAX": "2",
    }  # else glibc keeps an arena a thread: embedded.md 1.4
    environment.pop("MONGODB_URI", None)
    places.server_config.touch(mode=0o600)
    descriptor = os.open(places.server_log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        child = psutil.Popen(
            command_line(server, folder, port, cache_mb, places),
            stdin=subprocess.DEVNULL,
            stdout=descriptor,
            stderr=descriptor,
            cwd=folder,
            env=environment,
            umask=0o077,
            start_new_session=True,
        )
    finally:
        os.close(descriptor)
    return ServerProcess(child, port, folder)


def command_line(server: Server, folder: Path, port: int, cache_mb: int, places: Places) -> list[str]:
    """The program with its options. The data folder is an argument of its own: `find` looks for it."""
    if server.kind == "mongod":
        return [
            str(server.executable),
            *("--dbpath", str(folder)),
            *("--port", str(port)),
            *("--bind_ip", HOST),
            "--nounixsocket",
            # mongod takes no less than a quarter of a gigabyte
            *("--wiredTigerCacheSizeGB", f"{max(cache_mb / 1024, 0.25):.2f}"),
            *("--setParameter", "diagnosticDataCollectionEnabled=false"),
            *("--logpath", str(places.server_log)),
            "--logappend",
        ]
    return [
        str(server.executable),
        # Otherwise one lying about in the current folder or the home would be taken.
        *("--config", str(places.server_config)),
        *("--storage-path", str(folder)),
        *("--port", str(port)),
        *("--host", HOST),
        *("--cache-size", f"{cache_mb}M"),
        *("--log-level", "WARNING"),
        # No oplog: half the disk, twice the speed, and the hang of embedded.md 1.5 does not happen.
        "--standalone",
    ]
