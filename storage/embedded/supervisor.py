"""The supervisor: a small process of its own that keeps one server for as long as somebody uses it.

`python -m storage.embedded.supervisor JOB` puts itself into the background, starts the server (or takes over one
that it finds on the data folder), says so in one line on its standard output, and from then on

* starts the server again, on the same port, when it dies while it is used;
* stops it when nobody has used it for `idle_seconds`, or on SIGTERM;
* keeps the state file true and the log small.

It may itself be killed at any moment: the server lives on, and the next command starts another supervisor,
which takes it over.
"""

from __future__ import annotations

import json
import logging
import logging.handlers
import os
import signal
import sys
import threading
import time
from collections import deque
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import psutil
from filelock import FileLock, Timeout

from storage.embedded import log as server_log
from storage.embedded import process, state
from storage.embedded.choose import Server
from storage.embedded.lease import Lease
from storage.embedded.ping import answers, free_port
from storage.embedded.places import Places, owner_only
from storage.embedded.process import ServerProcess
from storage.embedded.state import State

_TICK_SECONDS = 0.5
_START_SECONDS = 600.0
"""A server reads all its data when it starts: seconds for a gigabyte, minutes for very much on a slow disk."""
_RESTARTS = 3
_RESTARTS_WITHIN_SECONDS = 600.0
_PORT_TRIES = 3

logger = logging.getLogger("nianbao.supervisor")


@dataclass(frozen=True)
class Job:
    """What the supervisor is told, as JSON."""

    home: str
    folder: str
    kind: str
    version: str
    executable: str
    why: str
    cache_mb: int
    idle_seconds: float
    """0: never stop for idleness."""


class CannotStart(Exception):
    """The server did not come up; the text says why, with the last lines of its log."""


class Supervisor:
    """One server, kept. `ready` is the state to report once it answers."""

    def __init__(self, job: Job, stopped: threading.Event) -> None:
        self._job = job
        self._places = Places(Path(job.home))
        self._folder = Path(job.folder)
        self._server = Server(job.kind, job.version, Path(job.executable), job.why)  # type: ignore[arg-type]
        self._stopped = stopped
        self._restarts: deque[float] = deque(maxlen=_RESTARTS)
        me = psutil.Process()
        before = state.read(self._places.state)
        self._state = State(
            phase="starting",
            kind=job.kind,
            version=job.version,
            executable=job.executable,
            why=job.why,
            folder=job.folder,
            port=before.port if before else 0,
            pid=0,
            created=0.0,
            supervisor_pid=me.pid,
            supervisor_created=me.create_time(),
            since="",
            cache_mb=job.cache_mb,
        )

    def begin(self) -> State:
        """Take over or start the server; raises CannotStart."""
        running = process.find(self._folder)
        if running is not None:
            logger.info("taking over the server that runs already, pid %d", running.pid)
            self._say("starting", running)
            if self._wait(running):
                return self._say("ready", running)
            logger.warning("pid %d does not answer: it is ended", running.pid)
            running.stop()
        return self._start()

    def keep(self) -> None:
        """Until the server is no longer wanted, or cannot be kept alive."""
        running = process.server_of(self._state)
        interval = min(_TICK_SECONDS, self._job.idle_seconds / 4 or _TICK_SECONDS)
        used = time.monotonic()
        while True:
            stop_wanted = self._stopped.wait(interval)
            if running is None or not running.alive():
                running = self._revive()
                if running is None:
                    return
                continue
            if stop_wanted:
                return self._finish(running, "stopped on request")
            lease = Lease.exclude(self._places.lease)
            if lease is None or running.connections():
                used = time.monotonic()
            elif self._job.idle_seconds and time.monotonic() - used >= self._job.idle_seconds:
                # The lease stays held: who comes now waits until this server is gone, and starts another.
                return self._finish(running, f"stopped after {self._job.idle_seconds:g} s without use")
            if lease is not None:
                lease.release()
            server_log.rotate(self._places.server_log)

    def fail(self, text: str) -> None:
        logger.error("%s", text)
        self._say("failed", None, text)

    def _start(self) -> State:
        owner_only(self._folder)
        server_log.rotate(self._places.server_log)
        text = ""
        for _ in range(_PORT_TRIES):
            port = free_port(self._state.port or None)
            offset = server_log.size(self._places.server_log)
            try:
                running = process.launch(self._server, self._folder, port, self._job.cache_mb, self._places)
            except OSError as error:
                raise CannotStart(f"{self._job.executable} cannot be run: {error.strerror}") from error
            logger.info("started %s, pid %d, port %d", self._server.label, running.pid, port)
            self._say("starting", running)
            if self._wait(running):
                return self._say("ready", running)
            running.stop()
            text = server_log.tail(self._places.server_log, offset)
            if "in use" not in text.lower():
                break
            self._state = replace(self._state, port=0)
        if self._stopped.is_set():
            raise CannotStart("stopped while it was starting")
        raise CannotStart(_explained(text, self._server, self._places))

    def _wait(self, running: ServerProcess) -> bool:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline and running.alive():
            if answers(running.port, seconds=5.0):
                return True
            if self._stopped.wait(0.02):
                return False
        return False

    def _revive(self) -> ServerProcess | None:
        """After the server's death: start it again if somebody uses it, and not for the fourth time."""
        logger.warning("the server has died, pid %d", self._state.pid)
        if self._stopped.is_set():
            self._say("stopped", None, "stopped on request")
            return None
        lease = Lease.exclude(self._places.lease)
        if lease is not None:
            self._say(
                "stopped", None, "the server died while nobody used it; it starts again on the next use"
            )
            return None
        now = time.monotonic()
        if len(self._restarts) == _RESTARTS and now - self._restarts[0] < _RESTARTS_WITHIN_SECONDS:
            self.fail(f"the server died {_RESTARTS + 1} times in a row: see {self._places.server_log}")
            return None
        self._restarts.append(now)
        self._state = replace(self._state, restarts=self._state.restarts + 1)
        try:
            self._start()
        except CannotStart as error:
            self.fail(str(error))
            return None
        return process.server_of(self._state)

    def _finish(self, running: ServerProcess, why: str) -> None:
        self._say("stopping", running)
        running.stop()
        self._say("stopped", None, why)
        logger.info("%s", why)

    def _say(self, phase: state.Phase, running: ServerProcess | None, message: str = "") -> State:
        """Write the state file. Returns what was written."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        self._state = replace(self._state, phase=phase, since=now, message=message)
        if running is not None:
            self._state = replace(self._state, pid=running.pid, created=running.created, port=running.port)
        state.write(self._places.state, self._state)
        return self._state


def _explained(text: str, server: Server, places: Places) -> str:
    """The commonest reasons in words, with the server's own last lines."""
    lower = text.lower()
    if "no space left" in lower or "errno 28" in lower:
        reason = f"the disk of {places.home} is full: make room, or set NIANBAO_HOME"
    elif "resource busy" in lower or "dbpathinuse" in lower:
        reason = "its data folder is in use by another server (in another container, on another machine?)"
    elif "incompatible" in lower:
        reason = "its data folder was written by another version; run: nianbao db upgrade"
    else:
        reason = f"{server.label} did not start"
    return f"{reason}\n{text}\n(from {places.server_log})" if text else f"{reason}; it wrote no log"


def main(argv: list[str]) -> int:
    job = Job(**json.loads(argv[0]))
    # Into the background: the caller waits for this process and has no child left behind.
    if os.fork():
        os._exit(0)
    os.umask(0o077)
    places = Places(Path(job.home))
    handler = logging.handlers.RotatingFileHandler(places.supervisor_log, maxBytes=1_000_000, backupCount=1)
    handler.setFormatter(logging.Formatter("%(asctime)s %(process)d %(levelname)s %(message)s"))
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda number, frame: stopped.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with FileLock(places.supervisor_lock).acquire(timeout=process.STOP_SECONDS):
            return _supervise(Supervisor(job, stopped))
    except Timeout:
        _report({"failed": "another supervisor does not end: nianbao db stop"})
        return 1
    except Exception:
        logger.exception("the supervisor fails")
        raise


def _supervise(supervisor: Supervisor) -> int:
    try:
        ready = supervisor.begin()
    except CannotStart as error:
        supervisor.fail(str(error))
        _report({"failed": str(error)})
        return 1
    _report(asdict(ready))
    supervisor.keep()
    return 0


def _report(what: dict[str, object]) -> None:
    """One line to the caller, then let go of its pipe. The caller may be gone by now."""
    try:
        os.write(1, (json.dumps(what) + "\n").encode())
    except BrokenPipeError:
        logger.info("who asked for the server has gone")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    os.close(nowhere)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
