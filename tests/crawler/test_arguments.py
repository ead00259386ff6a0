"""What a crawl can be asked for, and how it stops."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterator

import pytest

from crawler.errors import CrawlFailed
from crawler.run import crawl
from nianbao.sample.server import Answer
from parsers.errors import TemplateError
from tests.crawler.crawling import Crawls, told
from tests.crawler.pages import rows
from tests.crawler.site import Site, html, report

COLUMN = '<meta name="ColumnName" content="政府信息公开年报">'


@pytest.fixture
def site() -> Iterator[Site]:
    years = range(2009, 2024)
    lines = [(f"/nb/{y}.html", f"洪泽区人民政府{y}年政府信息公开工作年度报告", f"{y + 1}-01-20") for y in years]
    with Site({"/": html('<a href="/nb/">政府信息公开年报</a>'), "/nb/": html(rows(*lines), head=COLUMN)}) as site:
        site.routes |= {f"/nb/{year}.html": report(year) for year in years}
        yield site


def test_a_dry_run_fetches_lists_and_writes_nothing(crawls: Crawls, site: Site) -> None:
    """Here with addresses of every kind: a report page, a list, what is not there; two years, at most one of a list."""
    urls = [f"{site.url}nb/2009.html", f"{site.url}nb/", f"{site.url}nowhere.pdf"]
    result = crawls.run(urls=urls, dry_run=True, years=[2018, 2019])
    found = sorted(seen["url"].removeprefix(site.url) for seen in result.found)
    assert found == ["nb/2009.html", "nb/2018.html", "nb/2019.html"]
    assert result.kinds() == {"nowhere.pdf": "not_found"}
    assert sorted(site.asked) == ["/nb/", "/nb/2009.html", "/nowhere.pdf", "/robots.txt"]
    assert crawls.db.captures.find_one({}) is None and crawls.db.runs.find_one({}) is None


def test_a_sample(crawls: Crawls, site: Site) -> None:
    assert len(crawls.run(home=site.url, dry_run=True, sample=3).found) == 3


def test_an_interrupt_keeps_what_was_fetched_and_the_next_crawl_goes_on(crawls: Crawls, site: Site) -> None:
    def slow(target: str) -> Answer:
        time.sleep(0.15)
        return report(int(target[4:8]))

    site.routes |= {path: slow for path in site.routes if path.startswith("/nb/2")}
    process = crawls.start(home=site.url)
    _until(lambda: "/nb/2012.html" in site.asked, process)
    process.send_signal(signal.SIGINT)
    result = told(process)
    assert result.exit_state == "interrupted" and "goes on" in result.message
    kept = {capture["url"] for capture in crawls.db.captures.find({})}
    asked = {path for path in site.asked if path.startswith("/nb/2")}
    assert len(asked) < 15 and {site.url + path[1:] for path in asked} <= kept
    (run,) = crawls.db.runs.find({})
    assert run["state"] == "interrupted" and run["counts"]["pages"] >= len(asked)
    assert crawls.db.problems.find_one({}) is None


def _until(happens: object, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 60
    while not happens():  # type: ignore[operator]
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({}, "nothing to crawl"),
        ({"home": "www.x.gov.cn"}, "must begin with http"),
        ({"urls": ["javascript:alert(1)"]}, "is no address"),
        ({"portals": ["sample"]}, "knows no address of sample"),
    ],
)
def test_arguments_that_name_nothing(arguments: dict[str, object], complaint: str) -> None:
    with pytest.raises(CrawlFailed, match=complaint):
        crawl(**arguments)  # type: ignore[arg-type]


def test_an_unknown_portal() -> None:
    with pytest.raises(TemplateError, match="nowhere"):
        crawl(["nowhere"])
