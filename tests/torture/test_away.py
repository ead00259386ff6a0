"""The database is killed while a crawl is at work and stays away: the crawl waits, tells, and goes on.

Crawlers and reruns that are killed: tests/crawler/test_killed.py, tests/storage/rerun/test_killed.py. All of it at random
points, round after round: `make torture`.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from storage import embedded
from storage.database import open_database
from storage.embedded import state
from storage.embedded.places import Places
from storage.settings import load
from storage.verify import verify
from tests.crawler.crawling import Crawls, told
from tests.torture.rounds import REPORTS, portal


def until(true: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + 90
    while not true():
        assert time.monotonic() < deadline, f"{what}: waited in vain"
        time.sleep(0.02)


@pytest.mark.timeout(300)
def test_a_database_that_is_killed_in_the_middle_of_a_crawl_and_comes_back_later(tmp_path: Path) -> None:
    home = tmp_path / "home"
    settings = load({"NIANBAO_HOME": str(home), "NIANBAO_CACHE_MB": "64", "NIANBAO_DATABASE": "away"})
    log = home / "log" / "crawl.log"
    try:
        with portal() as site:
            with open_database(settings) as db:
                # By its address: then it is a server like any other, which is not the crawl's to start.
                host, port = db.client.address or ("", 0)
                uri = f"mongodb://{host}:{port}/?directConnection=true&serverSelectionTimeoutMS=1000"
                process = Crawls(db, uri, home).start(home=site.url, delay=0.2)
                until(lambda: process.poll() is not None or db.captures.count_documents({}) > 3, "captures")
                assert process.poll() is None
                acknowledged = {one["_id"]: one["raw_sha256"] for one in db.captures.find({})}
                found = state.read(Places.of(settings))
                assert found is not None and found.supervisor_pid is not None
                for pid in (found.supervisor_pid, found.pid):
                    os.kill(pid, signal.SIGKILL)
            until(lambda: log.exists() and "does not answer, waiting for it" in log.read_text(), "the crawl's word")
            assert process.poll() is None, "it waits"
            with open_database(settings) as db:
                result = told(process)
                assert result.exit_state == "done", result.message
                assert db.reports.count_documents({}) == REPORTS
                held = {one["_id"]: one["raw_sha256"] for one in db.captures.find({})}
                assert acknowledged.items() <= held.items()
                assert verify(db).is_whole
                (run,) = db.runs.find({"kind": "crawl"})
                assert run["state"] == "finished" and run["counts"]["database_waits"] > 0
            assert "the database is back" in log.read_text()
            assert len(site.asked) == len(set(site.asked)), "nothing is asked for twice"
    finally:
        embedded.stop(settings)
