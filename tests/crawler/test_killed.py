"""kill -9 in the middle, then the same crawl again: the archive is what an undisturbed crawl has made."""

from __future__ import annotations

import os
import signal
import time

import psutil

from nianbao.sample import SamplePortal
from tests.crawler.conftest import FirstCrawl
from tests.crawler.crawling import COMPARED, Crawls, contents

HALF = 12
"""Captures: the column and some reports, but not yet all of its files."""


def test_killed_and_started_again(crawls: Crawls, portal: SamplePortal, first: FirstCrawl) -> None:
    # The portal stops in the middle, so that the crawl is there whenever we come to kill it.
    portal.stop_answering(after=HALF + 6)
    process = crawls.start(home=portal.url)
    deadline = time.monotonic() + 60
    while crawls.db.captures.count_documents({}) < HALF:
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.02)
    children = psutil.Process(process.pid).children(recursive=True)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    portal.go_on()
    assert HALF <= crawls.db.captures.count_documents({}) < len(first.contents["captures"])
    _, alive = psutil.wait_procs(children, timeout=120)
    assert not alive, "processes of a killed crawl live on"

    again = crawls.run(home=portal.url)
    assert 0 < again.counts["captures_new"] < again.counts["pages"]
    assert sorted(run["state"] for run in crawls.db.runs.find({})) == ["finished", "interrupted"]
    ours = contents(crawls.db)
    for name in COMPARED:
        for key in sorted({*ours[name], *first.contents[name]}):
            assert ours[name].get(key) == first.contents[name].get(key), f"{name}: {key}"
    # What the second crawl read of pages that the first one had fetched is of the day when they came.
    came = {capture["_id"]: capture["fetched_at"] for capture in crawls.db.captures.find({})}
    for report in crawls.db.reports.find({}):
        assert report["source"]["fetched_at"] == came[report["source"]["capture_id"]], report["_id"]
