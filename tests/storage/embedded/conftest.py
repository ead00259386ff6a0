"""A home of its own for every test, with nothing left running afterwards."""

from __future__ import annotations

import contextlib
import os
import sys
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
    current = state.read(places)
    if current is not None and (supervisor := process.supervisor_of(current)):
        kill(supervisor.pid)
    for folder in places.db.glob("*"):
        if running := process.find(folder):
            running.process.kill()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    """The server of the tests: SecantusDB, whatever else this machine has on its PATH.

    TEST_NIANBAO_SERVER names another, as NIANBAO_SERVER does: `mongod`, `native`, a path.
    """
    found = choose(load({"NIANBAO_SERVER": os.environ.get("TEST_NIANBAO_SERVER", "secantusdb")}))
    monkeypatch.setenv("PATH", f"{found.executable.parent}{os.pathsep}{os.environ['PATH']}")
    return found


def stand_in(folder: Path, then: str = "") -> Server:
    """A program that only answers pings, at once: for tests of the supervisor that need no data.

    `then` is Python that it runs for each connection before it answers.
    """
    program = folder / "secantusd-py"
    program.write_text(
        f"""#!{sys.executable} -S
import socket, struct, sys
arguments = dict(zip(sys.argv[1:-1], sys.argv[2:]))
listener = socket.create_server((arguments["--host"], int(arguments["--port"])))
reply = bytes.fromhex("110000000000000000000000dd07000000000000") + b"\\0"
reply += bytes.fromhex("11000000016f6b00000000000000f03f00")
while True:
    connection, _ = listener.accept()
    connection.recv(4096)
    {then or "pass"}
    connection.sendall(struct.pack("<i", len(reply)) + reply[4:])
    connection.close()
""",
        encoding="utf-8",
    )
    program.chmod(0o755)
    return Server("secantusdb", "0-stand-in", program, "a test")


def until(true: Callable[[], object], what: str, seconds: float = 120.0) -> None:
    """Wait for a condition, at most so long; `what` it is."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        time.sleep(0.02)


def kill(pid: int) -> None:
    """kill -9, and wait until it is gone."""
    with contextlib.suppress(psutil.NoSuchProcess):
        victim = psutil.Process(pid)
        victim.kill()
        assert process.ended(victim, 120), f"{pid} does not end"
