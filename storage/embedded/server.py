"""Start the embedded server, or attach to the one that runs; stop it.

    with attach(settings) as attached:
        MongoClient(attached.uri)

Whoever finds a healthy server in the state file takes a lease and is done in a few milliseconds. Otherwise
one process at a time, under the start lock, has a supervisor started; the others wait and find its server.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType

import psutil
from filelock import FileLock, Timeout

from storage.embedded import folders, log, process, state
from storage.embedded.choose import Server, choose
from storage.embedded.lease import Lease
from storage.embedded.ping import answers
from storage.embedded.places import Places
from storage.embedded.process import STOP_SECONDS
from storage.embedded.state import Job, State
from storage.errors import DatabaseError, NothingArchived
from storage.settings import REPOSITORY, Settings

_LOCK_SECONDS = 660.0
"""Longer than a supervisor gives a server to start."""
_ANSWER_SECONDS = 30.0
_HUNG_SECONDS = 60.0


@dataclass(frozen=True)
class Attached:
    """A running server, kept running until `release`."""

    state: State
    lease: Lease

    @property
    def uri(self) -> str:
        return self.state.uri

    def release(self) -> None:
        """The server may now stop for idleness. Forgotten, the end of the process does it."""
        self.lease.release()

    def __enter__(self) -> Attached:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


@dataclass(frozen=True)
class Stopped:
    """What `stop` found: the state before, and whether anything ran."""

    was_running: bool
    before: State | None
    seconds: float


def attach(
    settings: Settings,
    *,
    create: bool = True,
    server: Server | None = None,
    idle_seconds: float | None = None,
) -> Attached:
    """The server of `settings.home`, started if need be.

    `create=False` refuses to make a new archive (NothingArchived). `server` overrides the choice and
    `idle_seconds` the setting in minutes. Raises DatabaseError, UpgradeNeeded.
    """
    places = Places.of(settings)
    if not create and not folders.with_data(places):
        raise NothingArchived(
            f"nothing is archived in {settings.home} yet; begin with the sample, nianbao demo, or with a portal, nianbao crawl --home URL"
        )
    places.make()
    folders.require_space(places)
    lease = Lease.share(places.lease, seconds=2 * STOP_SECONDS)
    try:
        running = _healthy(places)
        if running is None:
            with start_lock(places):
                running = _healthy(places) or _launched(settings, places, server, idle_seconds)
    except BaseException:
        lease.release()
        raise
    return Attached(running, lease)


def stop(settings: Settings) -> Stopped:
    """Stop the server of this home, whoever uses it. Raises DatabaseError when it cannot be stopped."""
    places = Places.of(settings)
    before = state.read(places)
    if not places.run.is_dir():
        return Stopped(False, None, 0.0)
    began = time.monotonic()
    was_running = False
    with start_lock(places):
        supervisor = _supervisor(state.read(places))
        if supervisor is not None:
            supervisor.terminate()
            if not process.ended(supervisor, 2 * STOP_SECONDS + 5):
                supervisor.kill()
            was_running = True
        # Also one that a killed upgrade was filling; none at all in a home that a MongoDB elsewhere is used from.
        for folder in places.db.iterdir() if places.db.is_dir() else ():
            running = process.find(folder)
            if running is not None:
                running.stop()
                was_running = True
        if (now := state.read(places)) and now.phase not in ("stopped", "failed"):
            places.state.unlink()
    return Stopped(was_running, before, time.monotonic() - began)


@contextmanager
def start_lock(places: Places) -> Iterator[None]:
    """Only one process at a time starts, stops or upgrades. The kernel frees the lock of a killed one."""
    try:
        with FileLock(places.start_lock, mode=0o600).acquire(timeout=_LOCK_SECONDS, poll_interval=0.02):
            yield
    except Timeout as error:
        raise DatabaseError(
            f"another command has been starting the database for {_LOCK_SECONDS:g} s: see {places.supervisor_log}"
        ) from error


def _supervisor(current: State | None) -> psutil.Process | None:
    return process.supervisor_of(current) if current else None


def _healthy(places: Places) -> State | None:
    """The state, if its server answers and a supervisor looks after it."""
    current = state.read(places)
    if current is None or current.phase != "ready":
        return None
    if process.server_of(current) is None or _supervisor(current) is None:
        return None
    return current if answers(current.port, _ANSWER_SECONDS) else None


def _launched(settings: Settings, places: Places, server: Server | None, idle_seconds: float | None) -> State:
    """Under the start lock: the server of a supervisor that is at work, else one of a new supervisor."""
    found = _awaited(places)
    if found is not None:
        return found
    chosen, folder = _orphan(places) or _chosen(settings, places, server)
    seconds = settings.idle_minutes * 60 if idle_seconds is None else idle_seconds
    return _supervised(
        Job(
            home=str(places.home),
            folder=str(folder),
            kind=chosen.kind,
            version=chosen.version,
            executable=str(chosen.executable),
            why=chosen.why,
            cache_mb=settings.cache_mb,
            idle_seconds=float(seconds),
        ),
        places,
    )


def _awaited(places: Places) -> State | None:
    """While a supervisor lives it is about to start its server again, or about to end: wait for either."""
    hung = time.monotonic() + _HUNG_SECONDS
    while (current := state.read(places)) and (supervisor := _supervisor(current)):
        found = _healthy(places)
        if found is not None:
            return found
        if current.phase == "ready" and time.monotonic() > hung:
            raise DatabaseError(
                f"the embedded database (pid {current.pid}) does not answer; run: nianbao db stop,"
                f" and then again (its log: {places.server_log})"
            )
        process.ended(supervisor, 0.05)
    return None


def _orphan(places: Places) -> tuple[Server, Path] | None:
    """The server that the state tells of when only its supervisor is gone: a new one takes it over."""
    current = state.read(places)
    if current is None or process.server_of(current) is None:
        return None
    server = Server(current.kind, current.version, Path(current.executable), current.why)
    return server, Path(current.folder)


def _chosen(settings: Settings, places: Places, server: Server | None) -> tuple[Server, Path]:
    chosen = server or choose(settings)
    return chosen, folders.checked_folder(places, chosen)


def _supervised(job: Job, places: Places) -> State:
    """Start a supervisor and wait for its one line: the state, or why the server did not start."""
    path = os.pathsep.join([str(REPOSITORY), *filter(None, [os.environ.get("PYTHONPATH")])])
    with subprocess.Popen(
        [sys.executable, "-P", "-m", process.SUPERVISOR, json.dumps(asdict(job))],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=places.run,
        env={**os.environ, "PYTHONPATH": path},
        start_new_session=True,
    ) as launcher:
        assert launcher.stdout is not None
        said = launcher.stdout.read().decode("utf-8", "replace")  # up to its end: the supervisor lets go of it
    try:
        answer = json.loads(said.strip().rpartition("\n")[2])
    except ValueError:
        answer = {"failed": f"its supervisor ended\n{said.strip()[-2000:]}\n{log.tail(places.supervisor_log)}"}
    current = state.read(places)
    if "failed" in answer or current is None:
        raise DatabaseError(f"the embedded database does not start: {answer.get('failed', 'no state written')}")
    return current
