"""A rerun on a real Dask cluster: a worker killed in the middle, a cluster that is not what it should be."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from pymongo import MongoClient

from parsers.source import PortalContext, Source
from storage import schema
from storage.base import Db, Doc
from storage.rerun import cluster as module
from storage.rerun import crew
from storage.rerun.cluster import cluster
from storage.rerun.errors import RerunError
from storage.rerun.run import rerun
from storage.rerun.stale import Selection
from storage.scheduler import connected
from tests.crawler.crawling import contents
from tests.storage.embedded.conftest import until
from tests.storage.rerun.conftest import Edit
from tests.storage.rerun.dask import Dask
from tests.storage.rerun.site import LIMITS, House, address, capture, page

PAGES, BATCH = 40, 5
KEY = ("carried_forward", "carried_on")
NOTE = ("id: e2019_v60", "# a note\nid: e2019_v60")


def build(db: Db, home: Path) -> House:
    """Reports of both forms, a page that is none, one that cannot be read."""
    house = House(db, home)
    house.store(*(capture(n, page(n, ("e2021_v30", "e2019_v60")[n % 2])) for n in range(PAGES)))
    house.store(capture(90, "<p>图书馆开放时间</p>".encode()), capture(91, b"%PDF-1.4 broken"))
    house.rerun()
    return house


@pytest.mark.slow
def test_a_worker_killed_in_the_middle(database: Db, client: MongoClient[Doc], tmp_path: Path, edit: Edit) -> None:
    killed = build(database, tmp_path / "killed")
    other = client[f"{database.name}_undisturbed"]
    try:
        schema.ensure(other)
        undisturbed = build(other, tmp_path / "undisturbed")
        edit(e2021_v30=KEY, e2019_v60=NOTE)
        undisturbed.rerun(accept_regressions=True)

        with Dask(tmp_path) as dask:
            dask.hire(2)
            with connected(dask.address, RerunError) as asking:
                asking.wait_for_workers(2, timeout=240)  # else the first one reads everything
            victim = dask.workers[0]
            children: list[psutil.Process] = []
            told: list[int] = []

            def progress(phase: str, done: int, _: int) -> None:
                if phase == "reading":
                    told.append(done)
                if phase == "reading" and done >= 3 * BATCH and victim.poll() is None:
                    until(lambda: psutil.Process(victim.pid).children(recursive=True), "the worker's first batch")
                    children.extend(psutil.Process(victim.pid).children(recursive=True))
                    os.kill(victim.pid, signal.SIGKILL)
                    victim.wait()

            options = killed.options(hire=cluster(dask.address, BATCH), accept_regressions=True)
            found = rerun(killed.db, Selection(), killed.portals, options, progress)
            assert victim.returncode == -signal.SIGKILL and children, "the worker was not at work"
            assert found.outcomes == {"applied": PAGES // 2, "unchanged": PAGES // 2 + 1, "failed": 1}
            assert told[-1] == PAGES + 2
            assert contents(killed.db) == contents(undisturbed.db)
            assert killed.db["report_revisions"].count_documents({}) == PAGES // 2
            _, alive = psutil.wait_procs(children, timeout=120)
            assert not alive, "processes of a killed worker live on"

            # Who reads otherwise is refused before it reads anything.
            edit(e2021_v30=("id: e2021_v30", "# another note\nid: e2021_v30"))
            options = killed.options(hire=cluster(dask.address, BATCH))
            with pytest.raises(
                RerunError, match=r"worker tcp://\S+ has configuration or parser code \w+, here \w+: give"
            ):
                rerun(killed.db, Selection(), killed.portals, options)
            (run,) = killed.db["runs"].find({"state": "failed"})
            assert "has configuration or parser code" in run["message"]
    finally:
        client.drop_database(other.name)


def test_a_cluster_that_is_not_there_or_goes_away_ends_the_rerun_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_LOOK", 0.2)
    monkeypatch.setattr("storage.scheduler.ANSWER", 120.0)  # of a scheduler that is there, and busy
    source = Source(page(1, "e2021_v30"), address(1), portal=PortalContext(id="sample"))
    with Dask(tmp_path) as dask:
        with pytest.raises(RerunError, match="has no workers: start some with `dask worker tcp://"):
            hire(dask.address)
        dask.hire(1)
        with cluster(dask.address, batch=2, patience=240)(LIMITS) as workers:
            reading = workers.submit(source)
            workers.flush()
            assert reading.result(timeout=240).template == "e2021_v30"
        with cluster(dask.address, batch=2, patience=5)(LIMITS) as workers:
            end(dask.workers[0])
            lost = workers.submit(source)
            workers.flush()
            with pytest.raises(RerunError, match="no workers any more: start some, and the same command again"):
                lost.result(timeout=240)
            waiting = workers.submit(source)
            workers.flush()
            end(dask.scheduler)
            monkeypatch.setattr("storage.scheduler.ANSWER", 2.0)
            with pytest.raises(RerunError, match="start"):
                waiting.result(timeout=240)
        with pytest.raises(RerunError, match="no Dask scheduler answers at tcp://"):
            hire(dask.address)


def test_a_worker_that_may_not_start_processes_says_how_to_start_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """As under a nanny, whose workers are daemons."""
    monkeypatch.setitem(multiprocessing.current_process()._config, "daemon", True)  # type: ignore[attr-defined]
    assert crew.complaint(crew.Job("t", LIMITS, {})).endswith("start it with `dask worker --no-nanny`")


def test_an_address_without_a_port_is_refused_before_a_client_is_made() -> None:
    with pytest.raises(RerunError, match=r"no Dask scheduler answers at 10\.0\.0\.1 \(missing port"):
        hire("10.0.0.1")


def test_without_dask_one_line_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(RerunError, match=r"needs Dask, which is not installed: pip install 'nianbao\[cluster\]'"):
        hire("tcp://127.0.0.1:8786")


def test_what_is_another_version_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    mine = crew.made_with()
    assert {"parser version", "lxml", "opencc", "pdfplumber"} <= set(mine)
    assert crew.complaint(crew.Job("t", LIMITS, mine)) == ""
    told = crew.complaint(crew.Job("t", LIMITS, {**mine, "lxml": "1.0", "parser version": "0"}))
    assert f"has parser version {mine['parser version']}, here 0, lxml {mine['lxml']}, here 1.0: give it" in told
    monkeypatch.setattr(crew, "_threads", lambda: 1)
    with pytest.raises(crew.OtherVersion):
        crew.read_batch(crew.Job("t", LIMITS, {"lxml": "1.0"}), crew.pack([]))


def end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()


def hire(scheduler: str, patience: float = 0.1) -> None:
    with cluster(scheduler, patience=patience)(LIMITS):
        raise AssertionError("there is nobody to hire")
