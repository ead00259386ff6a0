"""Pages whose text a script fetches: asked for by rule, filed under the page that people read, and none is missed."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from crawler.profiles import RegistryProfiles
from nianbao.sample.server import Answer
from parsers.template import load_templates
from storage.rerun.current import Current
from storage.rerun.stale import Selection, select
from storage.rerun.work import load
from tests.crawler.crawling import Crawls
from tests.crawler.house import House
from tests.crawler.simulators.simulated import Report, article, column, html, json_answer, links, prose
from tests.crawler.site import Site

YEARS = range(2009, 2024)
ODD, STATIC, EMPTY = 2014, 2012, 2011
"""A shell that asks another interface; a page that has its text; one of whose text nobody has anything."""
DETAIL, OTHER = "/rest/getGovInfoDetail", "/old/getGovInfoDetail"


def report(year: int) -> Report:
    return Report("洪泽区人民政府", year)


def page(year: int) -> str:
    return f"/nb/showinfo.html?infoGuid=g{year}"


@pytest.fixture
def site() -> Site:
    """Its list leads to shells; each posts for its text."""

    def shown(target: str) -> Answer:
        year = int(target.partition("=g")[2][:4])
        if year == STATIC:
            return article(report(year))
        return html(f"<div id='app'></div><script>post('{OTHER if year == ODD else DETAIL}')</script>")

    def text(sent: str, odd: bool) -> Answer:
        year = int(sent.partition('"g')[2][:4])
        if (year == ODD) != odd or year in (EMPTY, STATIC):
            return json_answer(json.dumps({"custom": {"data": None}}))
        held = {"title": report(year).name, "infodate": report(year).day, "infocontent": prose(report(year))}
        return json_answer(json.dumps({"custom": {"data": held}}))

    rows = [(page(year), report(year).name, report(year).day) for year in reversed(YEARS)]
    made = Site({"/": html(links(("/nb/", "政府信息公开年报"))), "/nb/": column(rows), "/nb/showinfo.html": shown})
    made.posts = {DETAIL: lambda sent: text(sent, odd=False), OTHER: lambda sent: text(sent, odd=True)}
    return made


def test_one_request_a_report_and_none_is_missed(site: Site, crawls: Crawls) -> None:
    with site:
        told = crawls.run(home=site.url)
        stored = {one["report_year"]: one for one in crawls.db.reports.find({})}
        assert sorted(stored) == [year for year in YEARS if year != EMPTY]
        assert {year: one["source"]["url"] for year, one in stored.items()} == {
            year: f"{site.url}{page(year)[1:]}" for year in stored
        }
        assert [problem["kind"] for problem in told.problems] == ["body_missing"]
        shells = [path for path in site.asked if path.startswith("/nb/showinfo")]
        # The first two of a rule, what it does not hold for, and two that confirm it again.
        assert len(shells) == len(set(shells)) <= 9
        posts = [path for path in site.asked if path in (DETAIL, OTHER)]
        assert len(posts) <= len(YEARS) + 3
        assert told.counts["shells_passed"] >= len(YEARS) - 9
        kinds = {one["kind"] for one in crawls.db.captures.find({"url": {"$regex": "showinfo"}})}
        assert kinds == {"shell", "report"}

        again = crawls.run(home=site.url)
        assert again.counts["reports_unchanged"] == len(stored) and "reports_changed" not in again.counts


def test_a_rerun_is_given_what_the_crawl_was_given(site: Site, crawls: Crawls) -> None:
    """And looks again at the one text that could not be read: a shell is no page that nobody has read yet."""
    with site:
        crawls.run(home=site.url)
        current = Current(load_templates(), RegistryProfiles())
        (left,) = select(crawls.db, Selection(), current)
        empty = crawls.db.captures.find_one({"_id": left.capture_id})
        assert empty is not None and empty["found"]["page_url"] == f"{site.url}{page(EMPTY)[1:]}"
        kept = [one["_id"] for one in crawls.db.captures.find({"kind": "report"})]
        sources = [loaded.source for loaded in load(crawls.db, kept, RegistryProfiles())]
        assert {source.url for source in sources if source} == {
            one["source"]["url"] for one in crawls.db.reports.find({})
        }


def test_a_night_asks_for_texts_and_revisits_pages(site: Site, house: House) -> None:
    """A list that names nothing new is left although its shells were never asked for; what no list names is asked for as its
    page, and not by a GET where the text has to be posted for."""
    with site:
        more = '<a href="/nb/2.html">下一页</a>'
        lines = [(page(year), report(year).name, report(year).day) for year in reversed(YEARS) if year != EMPTY]
        site.routes["/nb/"] = column(lines[:7], more=more)
        site.routes["/nb/2.html"] = column(lines[7:])
        house.portals({"hongze": site.url}, columns="nb/")
        first = house.nightly("hongze")
        assert first.summary is not None and first.summary.counts["reports_new"] == len(lines)

        site.requests.clear()
        posted: list[str] = []
        answer = site.posts[DETAIL]
        site.posts[DETAIL] = lambda sent: posted.append(sent) or answer(sent)  # type: ignore[func-returns-value]
        site.routes["/nb/"] = column(lines[1:7], more=more)
        second = house.nightly("hongze", at=datetime.now(UTC) + timedelta(days=40))
        assert second.summary is not None and "reports_changed" not in second.summary.counts
        gets = [request.path for request in site.requests if request.method == "GET"]
        assert DETAIL not in gets
        assert page(2023) in gets or any('"g2023"' in sent for sent in posted)
        assert "/nb/2.html" not in gets
