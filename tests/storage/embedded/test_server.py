"""The life of the embedded server, on the real one: start, share, kill, take over, stop."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from pymongo import MongoClient

from storage import embedded
from storage.base import Doc
from storage.database import connect
from storage.embedded import folders, process, state
from storage.embedded.choose import Server
from storage.embedded.places import Places
from storage.embedded.process import ServerProcess
from storage.errors import DatabaseError, NothingArchived
from storage.settings import Settings
from tests.storage.embedded.conftest import kill, stand_in, until


def current(settings: Settings) -> state.State:
    found = state.read(Places.of(settings))
    assert found is not None
    return found


def write(uri: str, count: int) -> None:
    with MongoClient[Doc](uri, journal=True) as client:
        client.test.things.insert_many([{"_id": number} for number in range(count)])


def count(uri: str) -> int:
    with MongoClient[Doc](uri) as client:
        return client.test.things.count_documents({})


def test_it_starts_is_attached_to_and_stops(settings: Settings, server: Server) -> None:
    assert not embedded.status(settings).running
    assert not settings.home.exists(), "asking for the status creates nothing"
    assert not embedded.stop(settings).was_running

    settings.home.mkdir()
    (settings.home / "run").mkdir(mode=0o700)
    assert not embedded.stop(settings).was_running, "a home that a MongoDB elsewhere is used from"
    (settings.home / "db").mkdir(mode=0o755)
    with embedded.attach(settings, server=server) as first, embedded.attach(settings) as second:
        assert first.uri == second.uri
        write(first.uri, 3)
        assert count(second.uri) == 3

        seen = embedded.status(settings)
        assert seen.running
        assert (seen.server, seen.version) == (server.kind, server.version)
        assert seen.uri == first.uri
        assert seen.data_folder == settings.home / "db" / server.folder_name
        assert seen.disk_bytes > 0
        assert seen.memory_bytes is not None
        assert 5_000_000 < seen.memory_bytes < 500_000_000
        assert seen.log_file.parent == settings.home / "log"
        assert seen.since is not None
        running = current(settings)
        for path in settings.home.rglob("*"):
            mode = stat.S_IMODE(path.stat().st_mode)
            assert mode & 0o077 == 0, f"{path} is open to others: {mode:o}"

    stopped = embedded.stop(settings)
    assert stopped.was_running
    assert process.server_of(running) is None
    seen = embedded.status(settings)
    assert not seen.running
    assert seen.last == "stopped on request"
    assert not embedded.stop(settings).was_running


def test_four_at_once_share_one_server(settings: Settings, server: Server) -> None:
    script = (
        "import os, sys\n"
        "from storage.database import connect\n"
        "from storage.embedded import status\n"
        "from storage.settings import load\n"
        "with connect(load()) as db:\n"
        "    db.things.insert_one({'_id': int(sys.argv[1])})\n"
        "    print(status(load()).pid)\n"
    )
    environment = {**os.environ, "NIANBAO_HOME": str(settings.home), "NIANBAO_SERVER": str(server.executable)}
    environment.pop("MONGODB_URI", None)
    clients = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(number)], env=environment, stdout=subprocess.PIPE, text=True
        )
        for number in range(4)
    ]
    pids = {client.communicate(timeout=240)[0].strip() for client in clients}
    assert [client.returncode for client in clients] == [0] * 4
    assert pids == {str(current(settings).pid)}
    with connect(settings) as db:
        assert db.things.count_documents({}) == 4


def test_a_killed_server_comes_back_with_everything(settings: Settings, server: Server) -> None:
    with embedded.attach(settings, server=server) as attached, MongoClient[Doc](attached.uri) as client:
        write(attached.uri, 500)
        before = current(settings)
        kill(before.pid)
        with embedded.attach(settings) as again:
            assert again.uri == attached.uri, "the port stays, so that a running crawl goes on"
            assert count(again.uri) == 500
        assert client.test.things.count_documents({}) == 500, "the old client goes on, too"
        after = current(settings)
        assert after.supervisor_pid == before.supervisor_pid
        assert after.restarts == 1


def test_a_server_killed_while_nobody_uses_it_comes_back_on_the_next_use(settings: Settings, server: Server) -> None:
    with embedded.attach(settings, server=server) as attached:
        write(attached.uri, 10)
    before = current(settings)
    kill(before.pid)
    until(lambda: process.supervisor_of(before) is None, "the supervisor's end")
    assert "died" in embedded.status(settings).last
    with embedded.attach(settings, server=server) as again:
        assert count(again.uri) == 10

    before = current(settings)
    kill(before.supervisor_pid)
    kill(before.pid)
    assert not embedded.status(settings).running
    with embedded.attach(settings, server=server) as again:
        assert count(again.uri) == 10, "and when both were killed at once, too"


def test_a_killed_supervisor_leaves_a_server_that_the_next_takes_over(settings: Settings, server: Server) -> None:
    with embedded.attach(settings, server=server) as attached:
        write(attached.uri, 10)
        before = current(settings)
        kill(before.supervisor_pid)
        assert count(attached.uri) == 10
        seen = embedded.status(settings)
        assert seen.running
        assert seen.supervisor_pid is None
        with embedded.attach(settings) as again:
            assert count(again.uri) == 10
        after = current(settings)
        assert after.pid == before.pid
        assert after.supervisor_pid != before.supervisor_pid


def test_an_orphan_that_no_state_tells_of_is_found(settings: Settings, server: Server) -> None:
    with embedded.attach(settings, server=server) as attached:
        write(attached.uri, 10)
        before = current(settings)
        kill(before.supervisor_pid)
        Places.of(settings).state.unlink()
        with embedded.attach(settings, server=server) as again:
            assert count(again.uri) == 10
        assert current(settings).pid == before.pid

    kill(current(settings).supervisor_pid)
    Places.of(settings).state.unlink()
    assert embedded.stop(settings).was_running, "and stopping finds it, too"
    assert process.server_of(before) is None


@pytest.mark.parametrize("damage", ["reused pid", "not JSON", "other home"])
def test_a_stale_state_is_recognised(settings: Settings, tmp_path: Path, damage: str) -> None:
    places = Places.of(settings)
    server = stand_in(tmp_path)
    places.make()
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    if damage == "not JSON":
        places.state.write_text("{", encoding="utf-8")
    else:
        stale = state.State(
            phase="ready",
            kind="secantusdb",
            version=server.version,
            executable=str(server.executable),
            why="",
            folder=str(places.db / server.folder_name if damage == "reused pid" else "/elsewhere/db/x"),
            port=9,
            pid=stranger.pid,
            supervisor_pid=stranger.pid,
            since="2026-01-01T00:00:00+00:00",
            cache_mb=64,
        )
        state.write(places, stale)
        assert not embedded.status(settings).running
    with embedded.attach(settings, server=server):
        assert embedded.status(settings).running
    assert stranger.poll() is None, "nobody else's process is touched"
    stranger.kill()
    stranger.wait()


def test_a_deleted_home_is_let_go(settings: Settings, server: Server, tmp_path: Path) -> None:
    with embedded.attach(settings, server=server) as attached:
        write(attached.uri, 10)
    before = current(settings)
    settings.home.rename(tmp_path / "going")  # in one step: the server may be writing a file
    shutil.rmtree(tmp_path / "going", ignore_errors=True)
    with embedded.attach(settings, server=server) as again:
        assert count(again.uri) == 0, "a new archive, not the deleted one"
    until(lambda: process.supervisor_of(before) is None, "the supervisor's end")
    after = current(settings)
    assert after.supervisor_pid != before.supervisor_pid
    until(lambda: not process.psutil.pid_exists(before.pid), "the server's end")
    assert embedded.status(settings).running


def test_a_home_can_be_moved(settings: Settings, server: Server) -> None:
    with embedded.attach(settings, server=server) as attached:
        write(attached.uri, 10)
    moved = replace(settings, home=settings.home.with_name("moved"))
    settings.home.rename(moved.home)
    with embedded.attach(moved, server=server) as again:
        assert count(again.uri) == 10
    after = current(moved)
    kill(after.supervisor_pid)
    kill(after.pid)


def test_it_stops_when_nobody_uses_it(settings: Settings, server: Server) -> None:
    with embedded.attach(settings, server=server, idle_seconds=0.3) as attached:
        write(attached.uri, 10)
        before = current(settings)
        with MongoClient[Doc](attached.uri) as other:
            other.admin.command("ping")
            attached.release()
            # A connection counts as use, also one of mongosh, which takes no lease.
            with pytest.raises(process.psutil.TimeoutExpired):
                process.psutil.Process(before.pid).wait(timeout=1.5)
            assert other.test.things.count_documents({}) == 10
    until(lambda: current(settings).phase == "stopped", "the stop of an idle server")
    assert "without use" in embedded.status(settings).last
    assert process.server_of(before) is None
    with embedded.attach(settings, server=server) as again:
        assert count(again.uri) == 10
        assert current(settings).port == before.port, "the same port, which somebody may have noted"


def test_a_server_that_does_not_start_says_why(settings: Settings, tmp_path: Path) -> None:
    program = tmp_path / "secantusd-py"
    program.write_text("#!/bin/sh\necho 'OSError: [Errno 28] No space left on device' >&2\nexit 1\n")
    program.chmod(0o755)
    broken = Server("secantusdb", "9.9", program, "a test")
    with pytest.raises(DatabaseError, match=r"(?s)disk of .* is full.*No space left on device.*server\.log"):
        embedded.attach(settings, server=broken)
    assert "No space left" in embedded.status(settings).last
    program.unlink()
    with pytest.raises(DatabaseError, match="cannot be run"):
        embedded.attach(settings, server=broken)


def test_a_server_that_keeps_dying_is_given_up(settings: Settings, tmp_path: Path) -> None:
    with embedded.attach(settings, server=stand_in(tmp_path)):
        for restarts in range(1, 4):
            kill(current(settings).pid)
            until(
                lambda n=restarts: (current(settings).restarts, current(settings).phase) == (n, "ready"), "its restart"
            )
        kill(current(settings).pid)
        until(lambda: current(settings).phase == "failed", "its giving up")
    assert "died 4 times" in embedded.status(settings).last


def test_reading_does_not_make_an_archive(settings: Settings) -> None:
    with pytest.raises(NothingArchived, match="nianbao crawl"):
        embedded.attach(settings, create=False)
    assert not settings.home.exists()


def test_a_home_that_cannot_be_written(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DatabaseError, match="NIANBAO_HOME"):
        embedded.attach(replace(settings, home=tmp_path / "file" / "home"))


def test_a_full_disk_is_said_before_the_start(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "_LEAST_FREE", 1 << 60)
    with pytest.raises(DatabaseError, match=r"is full \(\d+ MB free\)"):
        embedded.attach(settings)


def test_the_state_file_holds_what_was_written(tmp_path: Path) -> None:
    places = Places(tmp_path)
    places.make()
    folder = str(places.db / "mongod-8.0")
    written = state.State("ready", "mongod", "8.0.4", "/x", "", folder, 1, 2, 4, "2026-01-01T00:00:00+00:00", 512)
    state.write(places, written)
    assert state.read(places) == written
    assert stat.S_IMODE(places.state.stat().st_mode) == 0o600
    for name, bad in (("pid", "2"), ("phase", "asleep"), ("kind", "mysql"), ("port", None)):
        places.state.write_text(json.dumps({**asdict(written), name: bad}))
        assert state.read(places) is None


def test_a_process_that_has_ended_is_not_alive(tmp_path: Path) -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    others = ServerProcess(process.psutil.Process(child.pid), 1, tmp_path)
    until(lambda: not others.alive(), "its end")
    assert others.process.status() == process.psutil.STATUS_ZOMBIE
    own = ServerProcess(others.process, 1, tmp_path, child)
    assert not own.alive()
    assert own.connections() == 0
    own.stop()
