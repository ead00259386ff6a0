"""A home of its own for every test, with nothing left running afterwards."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from storage.embedded import process, state
from storage.embedded.choose import Server, choose
from storage.embedded.places import Places
from storage.settings import Settings, load


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    """Settings of an empty home. What runs there at the end is killed: a clean stop takes two seconds."""
    settings = load({"NIANBAO_HOME": str(tmp_path / "home"), "NIANBAO_CACHE_MB": "64"})
    yield settings
    places = Places.of(settings)
    current = state.read(places.state)
    if current is not None and (supervisor := process.alive(current.supervisor_pid, current.supervisor_created)):
        supervisor.kill()
        psutil.wait_procs([supervisor], timeout=10)
    for folder in places.db.glob("*"):
        if running := process.find(folder):
            running.process.kill()


@pytest.fixture
def server() -> Server:
    """The server of the tests: SecantusDB, whatever else this machine has on its PATH."""
    return choose(load({"NIANBAO_SERVER": "secantusdb"}))


def until(true: Callable[[], object], seconds: float = 30.0) -> None:
    """Wait for a condition, at most so long."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def kill(pid: int) -> None:
    """kill -9, and wait until it is gone."""
    with contextlib.suppress(psutil.NoSuchProcess):
        victim = psutil.Process(pid)
        victim.kill()
        psutil.wait_procs([victim], timeout=10)
