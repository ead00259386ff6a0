"""The supervisor: a small process of its own that keeps one server for as long as somebody uses it.

`python -m storage.embedded.supervisor JOB` puts itself into the background, starts the server (or takes over
one that it finds on the data folder), says so in one line on its standard output, and from then on

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
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from storage.embedded import log as server_log
from storage.embedded import process, state
from storage.embedded.choose import Server
from storage.embedded.launch import CannotStart, answering, start
from storage.embedded.lease import Lease
from storage.embedded.places import Places
from storage.embedded.process import ServerProcess
from storage.embedded.state import Job, State

_TICK_SECONDS = 0.5
"""How soon a dead server, a stop and a deleted home are noticed."""
_LOOK_SECONDS = 10.0
"""How often it is looked whether anybody uses the server: that costs a few milliseconds."""
_RESTARTS = 3
_RESTARTS_WITHIN_SECONDS = 600.0

logger = logging.getLogger("nianbao.supervisor")


class Supervisor:
    """One server, kept. `ready` is the state to report once it answers."""

    def __init__(self, job: Job, stopped: threading.Event) -> None:
        self._job = job
        self._places = Places(Path(job.home))
        self._folder = Path(job.folder)
        self._server = Server(job.kind, job.version, Path(job.executable), job.why)
        self._stopped = stopped
        self._restarts: deque[float] = deque(maxlen=_RESTARTS)
        self._running: ServerProcess | None = None
        self._home = os.open(self._places.run, os.O_RDONLY)  # open, so that no other folder gets its number
        before = state.read(self._places)
        self._state = State(
            phase="starting",
            kind=job.kind,
            version=job.version,
            executable=job.executable,
            why=job.why,
            folder=job.folder,
            port=before.port if before else 0,
            pid=0,
            supervisor_pid=os.getpid(),
            since="",
            cache_mb=job.cache_mb,
        )

    def begin(self) -> State:
        """Take over or start the server; raises CannotStart."""
        process.end_ghosts(self._folder)
        running = process.find(self._folder)
        if running is not None:
            logger.info("taking over the server that runs already, pid %d", running.pid)
            self._say("starting", running)
            if answering(running, self._stopped.is_set):
                self._running = running
                return self._say("ready", running)
            logger.warning("pid %d does not answer: it is ended", running.pid)
            running.stop()
        self._running = self._start()
        return self._state

    def keep(self) -> None:
        """Until the server is no longer wanted, or cannot be kept alive. After `begin`."""
        running: ServerProcess | None = self._running
        idle = self._job.idle_seconds
        look_every = min(_LOOK_SECONDS, idle / 4) if idle else _LOOK_SECONDS
        used = looked = time.monotonic()
        touched = 0
        while True:
            stop_wanted = self._stopped.wait(min(_TICK_SECONDS, look_every))
            if not self._at_home():
                if running is not None:
                    running.stop()
                return
            if running is None or not running.alive():
                running = self._revive()
                if running is not None:
                    continue
                return
            if stop_wanted:
                self._finish(running, "stopped on request")
                return
            if time.monotonic() - looked < look_every:
                continue
            looked = time.monotonic()
            server_log.rotate(self._places.server_log)
            lease = Lease.exclude(self._places.lease)
            # Use between two looks shows in the lease file's time; mongosh, which takes no lease, as connection.
            last_lease = self._places.lease.stat().st_mtime_ns
            if lease is None or last_lease != touched or running.connections():
                used, touched = looked, last_lease
            elif idle and looked - used >= idle:
                # The lease stays held: who comes now waits until this server is gone, and starts another.
                self._finish(running, f"stopped after {idle:g} s without use")
                return
            if lease is not None:
                lease.release()

    def _at_home(self) -> bool:
        """False when the home was deleted or moved away; another may stand in its place and is not ours."""
        try:
            return os.path.samestat(os.fstat(self._home), self._places.run.stat())
        except FileNotFoundError:
            return False

    def fail(self, text: str) -> None:
        logger.error("%s", text)
        self._say("failed", None, text)

    def _start(self) -> ServerProcess:
        running = start(
            self._server,
            self._folder,
            self._job.cache_mb,
            self._places,
            port=self._state.port or None,
            launched=self._launched,
            give_up=self._stopped.is_set,
        )
        self._say("ready", running)
        return running

    def _launched(self, running: ServerProcess) -> None:
        # Written before it answers: killed now, we would leave a server that nobody knows of.
        logger.info("started %s, pid %d, port %d", self._server.label, running.pid, running.port)
        self._say("starting", running)

    def _revive(self) -> ServerProcess | None:
        """After the server's death: start it again if somebody uses it, and not for the fourth time."""
        logger.warning("the server has died, pid %d", self._state.pid)
        if self._stopped.is_set():
            self._say("stopped", None, "stopped on request")
            return None
        lease = Lease.exclude(self._places.lease)
        if lease is not None:
            self._say("stopped", None, "the server died while nobody used it; it starts again on the next use")
            return None
        now = time.monotonic()
        if len(self._restarts) == _RESTARTS and now - self._restarts[0] < _RESTARTS_WITHIN_SECONDS:
            self.fail(f"the server died {_RESTARTS + 1} times in a row: see {self._places.server_log}")
            return None
        self._restarts.append(now)
        self._state = replace(self._state, restarts=self._state.restarts + 1)
        try:
            return self._start()
        except CannotStart as error:
            self.fail(str(error))
            return None

    def _finish(self, running: ServerProcess, why: str) -> None:
        self._say("stopping", running)
        running.stop()
        self._say("stopped", None, why)
        logger.info("%s", why)

    def _say(self, phase: state.Phase, running: ServerProcess | None, message: str = "") -> State:
        """Write the state file, unless it would be another's. Returns the state."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        self._state = replace(self._state, phase=phase, since=now, message=message)
        if running is not None:
            self._state = replace(self._state, pid=running.pid, port=running.port)
        if self._at_home():
            state.write(self._places, self._state)
        return self._state


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
        _report({"failed": "another supervisor holds this home (in another container?): nianbao db stop"})
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
