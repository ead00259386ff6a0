"""Launch a server on a data folder and wait until it answers."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from storage.embedded import log
from storage.embedded.choose import Server
from storage.embedded.ping import HOST, answers, free_port
from storage.embedded.places import Places, owner_only
from storage.embedded.process import ServerProcess

_START_SECONDS = 600.0
"""SecantusDB reads all its data when it starts: seconds for a gigabyte, minutes on a slow disk."""
_PORT_TRIES = 3
_BUSY_SECONDS = 10.0
_NATIVE_OPTIONS = (
    # It acknowledges journal=True without having written the journal: 20 of 20 documents lost by kill -9. So it
    # syncs every commit, which makes bulks of upserts five times slower; still faster than the other's.
    "--sync-on-commit",
    # It fills a journal file of 2 GB with zeros whenever it starts: 24 s after a kill, 0.3 s with mongod's size.
    *("--log-file-max", "100MB"),
)
"""Measured with 0.5.3-beta.166."""


class CannotStart(Exception):
    """The server did not come up; the text says why, with the last lines of its log."""


def start(
    server: Server,
    folder: Path,
    cache_mb: int,
    places: Places,
    *,
    port: int | None = None,
    launched: Callable[[ServerProcess], None] = lambda running: None,
    give_up: Callable[[], bool] = lambda: False,
) -> ServerProcess:
    """A server that answers on `folder`.

    `port` is taken when it is free. `launched` is told of the process before it answers, `give_up` is asked
    while waiting. Raises CannotStart; nothing is left running then.
    """
    owner_only(folder)
    log.rotate(places.server_log)
    text = ""
    busy_until = time.monotonic() + _BUSY_SECONDS
    port_tries = _PORT_TRIES
    while port_tries and not give_up():
        offset = log.size(places.server_log)
        try:
            running = launch(server, folder, free_port(port), cache_mb, places)
        except OSError as error:
            raise CannotStart(f"{server.executable} cannot be run: {error.strerror}") from error
        try:
            launched(running)
            if answering(running, give_up):
                return running
        except BaseException:
            running.stop()
            raise
        running.stop()
        text = log.tail(places.server_log, offset)
        if _is_busy(text) and time.monotonic() < busy_until:
            time.sleep(0.2)  # a server that is just ending
        elif "address" in text.lower() and "in use" in text.lower():
            port, port_tries = None, port_tries - 1  # somebody else was quicker
        else:
            break
    if give_up():
        raise CannotStart("it was stopped while it was starting")
    raise CannotStart(_explained(text, server, places))


def answering(running: ServerProcess, give_up: Callable[[], bool] = lambda: False) -> bool:
    """Wait until the server answers; False when it ends, takes too long, or `give_up` says so."""
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and running.alive() and not give_up():
        if answers(running.port):
            return True
        time.sleep(0.02)
    return False


def launch(server: Server, folder: Path, port: int, cache_mb: int, places: Places) -> ServerProcess:
    """Start the program, detached from terminal and signals of this process; its output goes to its log.

    Raises OSError when it cannot be run at all.
    """
    environment = {
        **os.environ,
        "MALLOC_ARENA_MAX": "2",
    }  # else glibc keeps an arena a thread: embedded.md 1.4
    environment.pop("MONGODB_URI", None)
    places.server_config.touch(mode=0o600)
    descriptor = os.open(places.server_log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        child = subprocess.Popen(
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
    return ServerProcess(psutil.Process(child.pid), port, folder, child)


def command_line(server: Server, folder: Path, port: int, cache_mb: int, places: Places) -> list[str]:
    """The program with its options. The data folder is one argument: `process.find` looks for it."""
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
        *(_NATIVE_OPTIONS if server.kind == "native" else ()),
    ]


def _is_busy(text: str) -> bool:
    """Does another server hold the data folder? In the words of SecantusDB and of mongod."""
    return "resource busy" in text.lower() or "dbpathinuse" in text.lower()


def _explained(text: str, server: Server, places: Places) -> str:
    """The commonest reasons in words, with the server's own last lines."""
    lower = text.lower()
    if "no space left" in lower or "errno 28" in lower:
        reason = f"the disk of {places.home} is full: make room, or set NIANBAO_HOME"
    elif _is_busy(text):
        reason = "its data folder is in use by another server (in another container, on another machine?)"
    elif "incompatible" in lower:
        reason = "its data folder was written by another version; run: nianbao db upgrade"
    else:
        reason = f"{server.label} ended while starting"
    return f"{reason}\n{text}\n(from {places.server_log})" if text else f"{reason}; it wrote nothing to its log"
