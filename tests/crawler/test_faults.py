"""What fails on our side in the middle of a crawl (a fault of our own code is among the traps)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from nianbao.sample.server import Answer
from tests.crawler.crawling import FULL, ROOM, Crawls
from tests.crawler.real_pages import rows
from tests.crawler.site import Respond, Site, html, report

YEARS = range(2006, 2024)


@pytest.fixture
def site() -> Iterator[Site]:
    lines = [(f"/nb/{y}.html", f"洪泽区人民政府{y}年政府信息公开工作年度报告", f"{y + 1}-01-20") for y in YEARS]
    column = html(rows(*lines), head='<meta name="ColumnName" content="政府信息公开年报">')
    with Site({"/": html('<a href="/nb/">政府信息公开年报</a>'), "/nb/": column}) as site:
        site.routes |= {f"/nb/{year}.html": report(year) for year in YEARS}
        yield site


def test_a_disk_that_is_full_ends_the_crawl_with_a_sentence(crawls: Crawls, site: Site, tmp_path: Path) -> None:
    full = tmp_path / "full"
    asked = count()

    def once_full(answer: Answer) -> Respond:
        """The portal answers no more than this before the disk is full, however busy the machine is."""

        def respond(target: str) -> Answer:
            deadline = time.monotonic() + 60
            waits = next(asked) > ROOM
            while waits and not full.exists() and time.monotonic() < deadline:
                time.sleep(0.02)
            return answer

        return respond

    site.routes |= {f"/nb/{year}.html": once_full(report(year)) for year in YEARS}
    result = crawls.run({FULL: str(full)}, home=site.url, fault="disk")
    assert result.exit_state == "failed"
    assert "No space left on device" in result.message
    assert len(site.asked) < len(YEARS)
    (run,) = crawls.db.runs.find({})
    assert run["state"] == "failed" and "No space" in run["message"]
    # Nothing was parsed that is not kept, and the next crawl goes on.
    kept = {capture["_id"] for capture in crawls.db.captures.find({})}
    assert {report["source"]["capture_id"] for report in crawls.db.reports.find({})} <= kept
    crawls.run(home=site.url)
    assert crawls.db.reports.count_documents({}) == len(YEARS)
