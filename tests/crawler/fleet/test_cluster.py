"""Sixty portals on a Dask cluster of two workers, one of which is killed in the middle: each is visited, none twice over."""

from __future__ import annotations

import threading
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest

from crawler.errors import CrawlFailed
from crawler.nights.campaign import Means
from crawler.nights.nightly import nightly
from nianbao.sample.server import Answer
from tests.crawler.house import House
from tests.crawler.real_pages import rows
from tests.crawler.site import Site, html, report
from tests.storage.rerun.dask import Dask

PORTALS = 60
COLUMN = '<meta name="ColumnName" content="政府信息公开年报">'


class Sixty:
    """Portals of one report each. The one in the middle says when somebody has come so far, and waits to be let go."""

    def __init__(self) -> None:
        self.reached, self.go_on = threading.Event(), threading.Event()
        self.under_way: Counter[str] = Counter()
        self.sites = {f"p{n:02}": self._site(n) for n in range(PORTALS)}

    def _site(self, number: int) -> Site:
        line = ("/nb/1.html", "洪泽区人民政府2024年政府信息公开工作年度报告", "2025-01-20")
        column = html(rows(line), head=COLUMN)

        def slow(target: str) -> Answer:
            self.reached.set()
            self.go_on.wait(120)
            return column

        return Site({"/nb/": slow if number == PORTALS // 2 else column, "/nb/1.html": report(2024)})


@pytest.mark.slow
def test_sixty_portals_two_workers_and_a_death(house: House, tmp_path: Path) -> None:
    sixty = Sixty()
    with ExitStack() as stack:
        for site in sixty.sites.values():
            stack.enter_context(site)
        house.portals({name: site.url for name, site in sixty.sites.items()}, columns="nb/")
        dask = stack.enter_context(Dask(tmp_path))
        dask.hire(2)

        def kill() -> None:
            """The worker that is at the slow portal, with everything that it has started: a machine that goes down."""
            assert sixty.reached.wait(250)
            (lease,) = house.db["leases"].find({"_id": f"portal:p{PORTALS // 2:02}"})
            crawl = psutil.Process(lease["pid"])
            worker = next(one for one in dask.workers if one.pid in {parent.pid for parent in crawl.parents()})
            for process in [*psutil.Process(worker.pid).children(recursive=True), psutil.Process(worker.pid)]:
                process.kill()
            sixty.go_on.set()

        killer = threading.Thread(target=kill)
        killer.start()
        night = nightly(house.settings, house.schedule, (), Means(scheduler=dask.address, tell=lambda tally: None))
        killer.join()
    assert night.summary is not None
    assert {one.portal: one.ended for one in night.visited} == dict.fromkeys(sixty.sites, "done")
    # They all publish the same report, so that the portals are its sources.
    (report_,) = house.db["reports"].find({})
    assert sorted(source["portal"] for source in report_["sources"]) == sorted(sixty.sites)
    assert {capture["version"] for capture in house.db["captures"].find({})} == {1}, "nothing was stored twice"
    assert {state["health"] for state in house.db["portals"].find({})} == {"fresh"}
    assert list(house.db["leases"].find({})) == []
    for name, site in sixty.sites.items():
        again = site.asked.count("/nb/")
        assert again == 1 or (again == 2 and site.asked.count("/nb/1.html") <= 2), f"{name}: {site.asked}"


def test_a_scheduler_that_is_not_there(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.fleet.cluster.ANSWER", 0.5)
    monkeypatch.setattr("storage.scheduler.ANSWER", 0.5)
    house.portals({"one": "http://127.0.0.1:9/"})
    with pytest.raises(CrawlFailed, match="no Dask scheduler answers"):
        nightly(house.settings, house.schedule, (), Means(scheduler="tcp://127.0.0.1:9"))
    (run,) = house.db["runs"].find({})
    assert run["state"] == "failed" and "dask scheduler" in run["message"]
