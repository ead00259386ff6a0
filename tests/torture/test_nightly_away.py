"""`nianbao nightly` as cron starts it, while the database goes away in its middle and comes back: it waits, tells, goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from pathlib import Path

import pytest

from storage import embedded
from storage.database import open_database
from storage.embedded import state
from storage.embedded.places import Places
from storage.verify import verify
from tests.crawler.house import House
from tests.nianbao.conftest import BIN
from tests.torture.rounds import REPORTS, portal
from tests.torture.test_away import AT_FIRST, settings_of, until


@pytest.mark.slow
def test_a_night_whose_database_is_away_for_a_while(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = settings_of(tmp_path / "server")
    told = tmp_path / "told.txt"
    go = threading.Event()
    try:
        with portal() as site, told.open("w") as stderr:
            site.gate = lambda target, headers: (not _is_late(target) or go.wait()) and None
            with open_database(settings) as db:
                host, port = db.client.address or ("", 0)
                uri = f"mongodb://{host}:{port}/?directConnection=true&serverSelectionTimeoutMS=500"
                House(db, uri, tmp_path / "home", monkeypatch).portals({"hongze": site.url})
                monkeypatch.setenv("NIANBAO_LOOPBACK_ONLY", "1")
                night = subprocess.Popen(
                    [BIN / "nianbao", "nightly", "--workers", "1", "--json"], stdout=subprocess.PIPE, stderr=stderr
                )
                try:
                    until(lambda: night.poll() is not None or db.captures.count_documents({}) > 3, "captures")
                    acknowledged = {one["_id"]: one["raw_sha256"] for one in db.captures.find({})}
                    found = state.read(Places.of(settings))
                    assert found is not None and found.supervisor_pid is not None
                    for pid in (found.supervisor_pid, found.pid):
                        os.kill(pid, signal.SIGKILL)
                    go.set()
                    until(lambda: "does not answer: waiting for it" in told.read_text(), "the night's word")
                    assert night.poll() is None, "it waits"
                    embedded.attach(settings).release()  # somebody starts the server again, where it was
                    out, _ = night.communicate(timeout=90)
                finally:
                    go.set()
                    night.kill()
                    night.wait()
                assert night.returncode == 0, told.read_text()
                assert f'"reports_new": {REPORTS}' in out.decode()
                held = {one["_id"]: one["raw_sha256"] for one in db.captures.find({})}
                assert acknowledged.items() <= held.items(), "nothing acknowledged is lost"
                assert db.reports.count_documents({}) == REPORTS and verify(db).is_whole
                (run,) = db.runs.find({"kind": "nightly"})
                assert run["state"] == "finished" and run["counts"]["database_waits"] > 0
    finally:
        embedded.stop(settings)


def _is_late(target: str) -> bool:
    number = target.removeprefix("/nb/").removesuffix(".html")
    return number.isdigit() and int(number) >= AT_FIRST
