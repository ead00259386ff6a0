"""The database dies or goes away while a crawl is at work: the crawl waits, tells, and goes on."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from storage import embedded
from storage.database import open_database
from storage.settings import load
from storage.verify import verify
from tests.crawler.crawling import Crawls, told
from tests.torture.rounds import REPORTS, Victim, portal, torture


def until(true: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + 90
    while not true():
        assert time.monotonic() < deadline, f"{what}: waited in vain"
        time.sleep(0.02)


@pytest.mark.timeout(300)
def test_a_database_that_is_stopped_and_started_in_the_middle_of_a_crawl(tmp_path: Path) -> None:
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
            embedded.stop(settings)
            until(lambda: log.exists() and "does not answer, waiting for it" in log.read_text(), "the crawl's word")
            assert process.poll() is None, "it waits"
            with open_database(settings) as db:
                result = told(process)
                assert result.exit_state == "done", result.message
                assert db.reports.count_documents({}) == REPORTS
                assert verify(db).is_whole
                (run,) = db.runs.find({"kind": "crawl"})
                assert run["state"] == "finished" and run["counts"]["database_waits"] > 0
            assert "the database is back" in log.read_text()
            assert len(site.asked) == len(set(site.asked)), "nothing is asked for twice"
    finally:
        embedded.stop(settings)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_round_of_torture(tmp_path: Path) -> None:
    """kill -9 of the embedded database during a crawl and a rerun. `make torture ROUNDS=50` does all of them."""
    done = torture([Victim.DATABASE], seed=4, folder=tmp_path)
    assert done.kills.total() >= 1
    assert done.acknowledged > 2 * REPORTS
