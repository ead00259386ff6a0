"""Real crawl processes: killed in the middle, too slow, ended by the user; and nothing is lost or doubled."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import psutil
import pytest

from crawler.fleet.crew import Crew
from crawler.fleet.dispatch import Tally, dispatch
from crawler.fleet.order import Ended, Order
from crawler.plan import Visit
from nianbao.sample.server import Answer
from storage.runs import Runs
from storage.settings import REPOSITORY
from tests.crawler.house import House
from tests.crawler.real_pages import rows
from tests.crawler.site import Site, html, report

YEARS = range(2014, 2026)
COLUMN = '<meta name="ColumnName" content="政府信息公开年报">'


class Stuck:
    """A portal of twelve reports, one of which is not answered until `go_on`."""

    def __init__(self, year: int) -> None:
        self.reached, self._go_on = threading.Event(), threading.Event()
        lines = [(f"/nb/{y}.html", f"洪泽区人民政府{y}年政府信息公开工作年度报告", f"{y + 1}-01-20") for y in YEARS]
        self.site = Site(
            {
                "/": html('<a href="/nb/">政府信息公开年报</a>'),
                "/nb/": html(rows(*reversed(lines)), head=COLUMN),
                **{f"/nb/{y}.html": report(y) for y in YEARS},
                f"/nb/{year}.html": lambda target: self._wait(report(year)),
            }
        )

    def go_on(self) -> None:
        self._go_on.set()

    def _wait(self, answer: Answer) -> Answer:
        self.reached.set()
        self._go_on.wait(60)
        return answer


@pytest.fixture
def stuck() -> Iterator[Stuck]:
    stuck = Stuck(2018)
    with stuck.site:
        yield stuck
        stuck.go_on()


def test_a_worker_killed_in_the_middle(house: House, stuck: Stuck) -> None:
    """Its portal is taken up by another process, which goes on where the first one was."""
    run_id = Runs(house.db).start("nightly", {})
    given = Order(stuck.site.place, run_id, Visit.BACKFILL, home=stuck.site.url)
    with Crew(1) as crew:

        def kill() -> None:
            assert stuck.reached.wait(60)
            deadline = time.monotonic() + 60
            while not house.db["captures"].count_documents({"kind": "report"}) and time.monotonic() < deadline:
                time.sleep(0.05)
            (worker,) = (
                one for one in psutil.Process().children() if "crawler.fleet.worker" in " ".join(one.cmdline())
            )
            os.kill(worker.pid, signal.SIGKILL)
            stuck.go_on()

        killer = threading.Thread(target=kill)
        killer.start()
        (visited,) = dispatch([given], crew, Tally(1))
        killer.join()
    assert visited.ended is Ended.DONE, "it was given again, to a new process"
    assert visited.counts["known"] > 0, "what the first process had read to its end was not asked again"
    assert {report["report_year"] for report in house.db["reports"].find({})} == set(YEARS)
    assert {report["revision"] for report in house.db["reports"].find({})} == {1}
    assert {capture["version"] for capture in house.db["captures"].find({})} == {1}
    assert list(house.db["leases"].find({})) == []


def test_a_visit_whose_time_is_up(house: House, stuck: Stuck) -> None:
    """Stopped in good order where it can be; else its process is ended, and the next portal has a new one."""
    run_id = Runs(house.db).start("nightly", {})
    with Crew(1) as crew:
        slow = Order(stuck.site.place, run_id, Visit.BACKFILL, home=stuck.site.url, seconds=1.0, grace=-61.0)
        assert crew.submit(slow).result(60).ended is Ended.KILLED
        stuck.go_on()
        (again,) = dispatch([replace(slow, seconds=60.0, grace=60.0)], crew, Tally(1))
    assert again.ended is Ended.DONE
    assert house.db["reports"].count_documents({}) == len(YEARS)


def test_an_interrupted_run_keeps_what_it_has(house: House, stuck: Stuck) -> None:
    run_id = Runs(house.db).start("nightly", {})
    with Crew(1) as crew:
        future = crew.submit(Order(stuck.site.place, run_id, Visit.BACKFILL, home=stuck.site.url))
        assert stuck.reached.wait(60)
        stuck.go_on()
    assert future.result().ended in (Ended.STOPPED, Ended.DONE)
    kept = house.db["reports"].count_documents({})
    assert 0 < kept <= len(YEARS)
    assert list(house.db["leases"].find({})) == []


def test_a_worker_whose_owner_is_gone_begins_nothing_more(house: House, stuck: Stuck) -> None:
    """It was killed while the worker still read its order: the whole portal was crawled, and no run told of it."""
    run_id = Runs(house.db).start("backfill", {})
    order = Order(stuck.site.place, run_id, Visit.BACKFILL, home=stuck.site.url)
    stuck.go_on()
    worker = [sys.executable, "-m", "crawler.fleet.worker"]
    done = subprocess.run(
        worker, cwd=REPOSITORY, input=f"{order.to_json()}\n", stdout=subprocess.PIPE, text=True, timeout=60, check=True
    )
    (last,) = (line["done"] for line in map(json.loads, done.stdout.splitlines()) if "done" in line)
    assert last["ended"] == "stopped" and len(stuck.site.asked) < len(YEARS)
    assert list(house.db["leases"].find({})) == []
