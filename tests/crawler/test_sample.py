"""The sample portal from its front page: everything found, nothing twice, the second crawl adds nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import nianbao.sample
from crawler.browser.chromium import find_chromium
from nianbao.sample import SamplePortal
from nianbao.sample.portal import BLOCKED, DEAD, FORBIDDEN
from tests.crawler.conftest import FirstCrawl
from tests.crawler.crawling import Crawls, Told

EXPECTED = json.loads((Path(nianbao.sample.__file__).parent / "expected.json").read_text(encoding="utf-8"))
HAS_BROWSER = find_chromium() is not None


@pytest.fixture(scope="module")
def second(first: FirstCrawl, sample_crawls: Crawls, portal: SamplePortal) -> Iterator[tuple[Told, list[Any]]]:
    portal.forget()
    yield sample_crawls.run(home=portal.url), portal.requests


def wanted() -> list[dict[str, Any]]:
    return [report for report in EXPECTED["reports"] if HAS_BROWSER or report["found"] != "script"]


def test_every_report_is_found_and_nothing_else(first: FirstCrawl, sample_crawls: Crawls, portal: SamplePortal) -> None:
    found = {
        (report["source"]["url"].partition(str(portal.port))[2], report["report_year"])
        for report in first.contents["reports"].values()
    }
    assert found == {(report["path"], report["report_year"]) for report in wanted()}
    assert first.told.exit_state == "done"
    assert set(first.told.reports.values()) == {"new"}


def test_what_could_not_be_got_is_a_problem(first: FirstCrawl) -> None:
    kinds = first.told.kinds()
    assert kinds.pop(BLOCKED.lstrip("/")) == "blocked"
    assert kinds.pop(DEAD.lstrip("/")) == "not_found"
    assert set(kinds.values()) <= (set() if HAS_BROWSER else {"needs_browser"})


def test_everything_fetched_is_archived(first: FirstCrawl, sample_crawls: Crawls, portal: SamplePortal) -> None:
    captures = list(sample_crawls.db.captures.find({"portal": f"127.0.0.1:{portal.port}"}))
    paths = {capture["url"].partition(str(portal.port))[2]: capture for capture in captures if not capture["rendered"]}
    served = {request.path for request in portal.requests if request.status not in (301, 304)}
    assert served - set(paths) <= {"/css/site.css", "/js/site.js", "/js/reports.js", "/zwgk/zfxxgk/nbcx/reports.json"}
    assert paths["/robots.txt"]["kind"] == "robots"
    assert paths[BLOCKED]["kind"] == "blocked" and paths[BLOCKED]["status"] == 412
    assert paths["/zwgk/zfxxgk/zfxxgknb/index_1.html"]["kind"] == "list"
    assert all(capture["version"] == 1 for capture in captures)


def test_a_reports_capture_says_what_its_list_knew(first: FirstCrawl, sample_crawls: Crawls) -> None:
    (capture,) = sample_crawls.db.captures.find({"url": {"$regex": "2008.html$"}})
    assert capture["kind"] == "report"
    assert capture["found"]["title"] == "河北省教育厅2019年政府信息公开工作年度报告"
    assert capture["found"]["published"] == "2020-01-15"
    assert [file["name"] for file in capture["found"]["attachments"]]


def test_robots_are_obeyed(first: FirstCrawl, portal: SamplePortal) -> None:
    assert portal.count("/robots.txt") >= 1
    assert portal.count(FORBIDDEN) == 0


def test_the_user_agent_is_honest(first: FirstCrawl, portal: SamplePortal) -> None:
    agents = {request.headers["user-agent"] for request in portal.requests}
    assert all(agent.startswith("nianbao/") for agent in agents)


def test_a_second_crawl_adds_nothing(second: tuple[Told, list[Any]], sample_crawls: Crawls) -> None:
    told, requests = second
    assert set(told.counts) & {"captures_new", "captures_changed", "reports_new", "reports_changed"} == set()
    assert f"{len(wanted())} unchanged" in told.sentence
    assert all(capture["version"] == 1 for capture in sample_crawls.db.captures.find({}))
    assert all(report["revision"] == 1 for report in sample_crawls.db.reports.find({}))
    # What has not changed is not sent again.
    assert {request.status for request in requests} == {304, 404, 412} | ({200} if HAS_BROWSER else set())


def test_runs_and_portals_are_recorded(
    second: tuple[Told, list[Any]], sample_crawls: Crawls, portal: SamplePortal
) -> None:
    runs = list(sample_crawls.db.runs.find({}))
    assert [run["state"] for run in runs] == ["finished", "finished"]
    assert all(run["counts"]["pages"] > 20 for run in runs)
    (state,) = sample_crawls.db.portals.find({})
    assert state["health"] == "fresh"
    assert f"{portal.url}zwgk/zfxxgk/zfxxgknb/index.html" in [column["url"] for column in state["columns"]]


def test_the_next_day(second: tuple[Told, list[Any]], sample_crawls: Crawls, portal: SamplePortal) -> None:
    """One report corrected, one added: these two, and the list page that names the new one."""
    portal.correct()
    portal.publish()
    told = sample_crawls.run(home=portal.url)
    portal.restore()
    assert sorted(told.reports.values()) == ["changed", "new"]
    assert told.counts["reports_unchanged"] == len(wanted()) - 1
    revisions = {report["revision"] for report in sample_crawls.db.reports.find({})}
    assert revisions == {1, 2}
