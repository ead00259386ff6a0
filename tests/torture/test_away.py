"""The database is killed in the middle of a crawl and stays away, for a minute and for good: the crawl waits, tells, goes
on; or ends with a line, and the next one goes on.

Crawlers and reruns that are killed: tests/crawler/test_killed.py, tests/storage/rerun/test_killed.py. All of it at random
points, round after round: `make torture`.
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from storage import embedded
from storage.base import Db
from storage.database import open_database
from storage.embedded import state
from storage.embedded.places import Places
from storage.settings import Settings, load
from storage.verify import verify
from tests.crawler.crawling import COMPARED, contents
from tests.crawler.site import Site
from tests.nianbao.conftest import BIN, CommandLine
from tests.torture.rounds import REPORTS, portal

MINUTE = 60.0
AT_FIRST = 5
"""Reports that the portal gives before the database is away; the others it gives afterwards."""


def until(true: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + 90
    while not true():
        assert time.monotonic() < deadline, f"{what}: waited in vain"
        time.sleep(0.02)


@dataclass(frozen=True)
class Stage:
    """A portal, and what a crawl makes of it that nobody disturbs."""

    site: Site
    undisturbed: Mapping[str, Mapping[object, object]]


@dataclass
class Scene:
    """A server by its address (then it is one like any other, which is not the crawl's to start), and a crawl."""

    home: Path
    stage: Stage
    patience: str
    go: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.site = self.stage.site
        self.site.requests.clear()
        self.site.gate = lambda target, headers: self._gate(target)
        with open_database(self.settings()) as db:
            host, port = db.client.address or ("", 0)
            self.uri = f"mongodb://{host}:{port}/?directConnection=true&serverSelectionTimeoutMS=1000"
            self.process = self.start()
            until(lambda: self.process.poll() is not None or db.captures.count_documents({}) > 3, "captures")
            assert self.process.poll() is None
            self.acknowledged = {one["_id"]: one["raw_sha256"] for one in db.captures.find({})}
            self._kill()
        self.since = time.monotonic()
        self.go.set()

    def settings(self) -> Settings:
        return settings_of(self.home)

    def start(self) -> subprocess.Popen[str]:
        line = CommandLine(
            self.home,
            {
                "MONGODB_URI": self.uri,
                "NIANBAO_DATABASE": "away",
                "NIANBAO_PATIENCE_SECONDS": self.patience,
                "NIANBAO_PARSE_WORKERS": "1",
                "NIANBAO_LOOPBACK_ONLY": "1",
            },
        )
        return subprocess.Popen(
            [BIN / "nianbao", "crawl", "--home", self.site.url],
            env=line.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def log(self) -> str:
        file = self.home / "log" / "crawl.log"
        return file.read_text(encoding="utf-8") if file.exists() else ""

    def is_as_undisturbed(self, db: Db) -> None:
        held = {one["_id"]: one["raw_sha256"] for one in db.captures.find({})}
        assert self.acknowledged.items() <= held.items(), "nothing acknowledged is lost"
        assert db.reports.count_documents({}) == REPORTS
        found = contents(db)
        for name in (name for name in COMPARED if name != "layouts"):  # which page showed one first is chance
            assert found[name] == self.stage.undisturbed[name], name
        assert verify(db).is_whole

    def _gate(self, target: str) -> None:
        number = target.removeprefix("/nb/").removesuffix(".html")
        if number.isdigit() and int(number) >= AT_FIRST:
            self.go.wait()

    def _kill(self) -> None:
        """The server, and its supervisor, which would start it again."""
        found = state.read(Places.of(self.settings()))
        assert found is not None and found.supervisor_pid is not None
        for pid in (found.supervisor_pid, found.pid):
            os.kill(pid, signal.SIGKILL)


def settings_of(home: Path) -> Settings:
    return load({"NIANBAO_HOME": str(home), "NIANBAO_CACHE_MB": "64", "NIANBAO_DATABASE": "away"})


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    settings = settings_of(tmp_path_factory.mktemp("undisturbed"))
    line = CommandLine(settings.home, {"NIANBAO_DATABASE": "away", "NIANBAO_PARSE_WORKERS": "1"})
    with portal() as site:
        try:
            assert line("crawl", "--home", site.url).code == 0
            with open_database(settings) as db:
                undisturbed = contents(db)
        finally:
            embedded.stop(settings)
        yield Stage(site, undisturbed)


@pytest.fixture(scope="module")
def for_a_minute(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Begun before the other test, which takes place while this database is away."""
    for one in scene(stage, tmp_path_factory.mktemp("minute"), "600"):
        until(lambda: sum("/nb/" in path for path in stage.site.asked) > REPORTS, "the rest of the pages")
        assert len(stage.site.asked) == len(set(stage.site.asked)), "nothing is asked for twice"
        yield one


@pytest.fixture
def for_good(for_a_minute: Scene, stage: Stage, tmp_path: Path) -> Iterator[Scene]:
    yield from scene(stage, tmp_path / "good", "3")


def scene(stage: Stage, home: Path, patience: str) -> Iterator[Scene]:
    one = Scene(home, stage, patience)
    try:
        yield one
    finally:
        one.process.kill()
        one.process.communicate()
        embedded.stop(one.settings())


@pytest.mark.slow
def test_a_database_that_stays_away_for_longer_than_the_limit(for_good: Scene) -> None:
    out, err = for_good.process.communicate(timeout=120)
    assert for_good.process.returncode == 1, err
    waiting, last = err.strip().splitlines()
    where = for_good.uri.partition("/?")[0]
    assert waiting.startswith(where) and waiting.endswith("does not answer: waiting for it, at most 3 seconds")
    assert last.startswith(f"nianbao: the crawl broke off: {where}") and "has not answered for" in last
    assert last.endswith(
        "What was stored is safe. Start the database, and then the same command again: it goes on where it was"
    )
    assert out == ""
    with open_database(for_good.settings()) as db:
        held = {one["_id"]: one["raw_sha256"] for one in db.captures.find({})}
        assert for_good.acknowledged.items() <= held.items()
        again = for_good.start()
        out, err = again.communicate(timeout=120)
        assert again.returncode == 0, err
        for_good.is_as_undisturbed(db)
        assert sorted(run["state"] for run in db.runs.find({})) == ["finished", "interrupted"]


@pytest.mark.slow
def test_a_database_that_is_away_for_a_minute(for_a_minute: Scene) -> None:
    process = for_a_minute.process
    until(lambda: "does not answer: waiting for it, at most 10 minutes" in for_a_minute.log(), "the crawl's word")
    time.sleep(max(0.0, for_a_minute.since + MINUTE - time.monotonic()))
    assert process.poll() is None, "it waits"
    with open_database(for_a_minute.settings()) as db:
        _, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        first, back, *_, last = err.strip().splitlines()
        assert first.endswith("does not answer: waiting for it, at most 10 minutes")
        assert back == "the database is back: the crawl goes on"
        assert f"{REPORTS} reports ({REPORTS} new), 0 problems" in last
        for_a_minute.is_as_undisturbed(db)
        (run,) = db.runs.find({"kind": "crawl"})
        assert run["state"] == "finished" and run["counts"]["database_waits"] > 0
