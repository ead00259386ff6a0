"""One request of a host at a time, and its pause: on a machine that stands still, over a redirect, by a Retry-After."""

from __future__ import annotations

import itertools
import threading
from types import SimpleNamespace
from typing import cast

from scrapy import Request
from scrapy.crawler import Crawler

from crawler.middlewares.guard import GuardMiddleware
from tests.crawler.crawling import Crawls, left
from tests.crawler.real_pages import rows
from tests.crawler.site import Site, html, report

YEARS = range(2017, 2021)


def test_a_machine_that_stands_still_opens_no_second_connection(crawls: Crawls) -> None:
    """Scrapy lets two requests go where more than the pause passes between two of its lines."""
    lines = [(f"/nb/{y}.html", f"洪泽区人民政府{y}年政府信息公开工作年度报告", f"{y + 1}-01-20") for y in YEARS]
    busy = iter([html("busy", 503, Retry_After="1")])
    pages = {f"/nb/{year}.html": report(year) for year in YEARS}
    site = Site({"/": html('<a href="/nb/">政府信息公开年报</a>'), "/nb/": html(rows(*lines)), **pages})
    site.routes["/nb/2020.html"] = lambda target: next(busy, report(2020))
    latency = threading.Event()
    site.gate = lambda target, headers: html("") if latency.wait(0.03) else None
    with site:
        told = crawls.run(home=site.url, fault="stall")
        assert told.counts["reports_new"] == len(YEARS) and not told.problems
        spans = sorted((one.at, one.at + one.seconds) for one in site.requests)
        assert all(end <= begin for (_, end), (begin, _) in itertools.pairwise(spans))
        (refused,) = (one for one in site.requests if one.status == 503)
        assert all(one.at - refused.at >= 0.95 for one in site.requests if one.at > refused.at)


def test_a_pause_begins_when_a_request_leaves(crawls: Crawls) -> None:
    """And not when Scrapy has let it go: every other one leaves so late here that the next has been let go as well."""
    lines = [(f"/nb/{y}.html", f"洪泽区人民政府{y}年政府信息公开工作年度报告", f"{y + 1}-01-20") for y in YEARS]
    pages = {f"/nb/{year}.html": report(year) for year in YEARS}
    with Site({"/": html('<a href="/nb/">政府信息公开年报</a>'), "/nb/": html(rows(*lines)), **pages}) as site:
        crawls.run(home=site.url, delay=0.4, fault="unsteady")
        times = left(site.requests)
    assert len(times) == len(YEARS) + 3
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert min(gaps) >= 0.399, [(one.path, gap) for one, gap in zip(site.requests[1:], gaps, strict=True)]


class Everywhere:
    """A scope without bounds."""

    def refusal(self, url: str) -> None:
        return None


def test_a_redirect_to_another_host_waits_for_that_hosts_turn() -> None:
    spider = SimpleNamespace(scope=Everywhere(), portal=SimpleNamespace(platform=None))
    guard = GuardMiddleware(cast(Crawler, SimpleNamespace(spider=spider)))
    first = Request("http://www.example.gov.cn/nb/")
    guard.process_request(first)
    redirected = first.replace(url="http://xxgk.example.gov.cn/nb/")
    guard.process_request(redirected)
    assert (first.meta["download_slot"], redirected.meta["download_slot"]) == (
        "www.example.gov.cn",
        "xxgk.example.gov.cn",
    )
