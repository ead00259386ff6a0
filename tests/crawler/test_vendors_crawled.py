"""Every vendor's simulated portal from its front page: every report, nothing else, and few requests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from importlib import import_module

import pytest

from crawler.vendors import VENDORS
from storage.base import Db
from tests.crawler.crawling import Crawls, Told
from tests.crawler.simulators import gongkai_hex, hidden
from tests.crawler.simulators.simulated import Simulated

VENDOR_NAMES = tuple(vendor.name for vendor in VENDORS)
HIDDEN = ("search", "jsearch", "fulltext", "sitemap", "map", "usual")
"""Portals whose menus lead nowhere."""
VARIANTS = (
    "hanweb_variants", "ucap_variants", "epoint_variants", "epoint_capped", "lonsun_variants", "outside", "two_generations",
    "late_lead", "ndrc",
)  # fmt: skip
"""A vendor's other ways, each in a file of its own, and reports outside of their column."""
NAMES = (*VENDOR_NAMES, *VARIANTS, *HIDDEN)
MOST = 1.3
"""Requests a report, beside lists and menus."""


@dataclass(frozen=True)
class Crawled:
    sims: dict[str, Simulated]
    asked: dict[str, list[str]]
    first: Told
    second: Told
    again: list[str]
    """What the second crawl asked of VSB's portal, which had published three reports meanwhile."""
    db: Db

    def reports(self, name: str) -> list[tuple[str, int]]:
        found = self.db.reports.find({"source.portal": self.sims[name].site.place})
        return sorted((report["organ"]["name"], report["report_year"]) for report in found)

    def problems(self, name: str) -> dict[str, str]:
        place = self.sims[name].site.place
        found = (problem for problem in self.first.problems if problem["where"].startswith(place + "/"))
        return {problem["where"].removeprefix(place): problem["kind"] for problem in found}


@pytest.fixture(scope="module")
def crawled(module_crawls: Crawls) -> Iterator[Crawled]:
    with ExitStack() as stack:
        sims = {
            name: import_module(f"tests.crawler.simulators.{name}").simulate() for name in (*VENDOR_NAMES, *VARIANTS)
        }
        sims |= {way: hidden.simulate(way) for way in HIDDEN}
        for sim in sims.values():
            stack.enter_context(sim.site)
        first = module_crawls.run(home=[sim.site.url for sim in sims.values()])
        asked = {name: sim.site.asked for name, sim in sims.items()}
        vsb = sims["vsb"]
        assert vsb.publish is not None
        vsb.publish()
        second = module_crawls.run(home=vsb.site.url)
        yield Crawled(sims, asked, first, second, vsb.site.asked[len(asked["vsb"]) :], module_crawls.db)


@pytest.mark.parametrize("name", NAMES)
def test_every_report_is_found_and_nothing_else(crawled: Crawled, name: str) -> None:
    assert crawled.reports(name) == sorted(crawled.sims[name].reports)


@pytest.mark.parametrize("name", NAMES)
def test_few_requests_a_report(crawled: Crawled, name: str) -> None:
    sim = crawled.sims[name]
    pages = [path for path in crawled.asked[name] if not sim.is_listing(path)]
    assert len(pages) <= MOST * len(sim.reports), sorted(pages)


@pytest.mark.parametrize("name", VENDOR_NAMES)
def test_the_column_is_known_to_be_the_vendors(crawled: Crawled, name: str) -> None:
    (state,) = crawled.db.portals.find({"_id": crawled.sims[name].site.place})
    assert name in {column["vendor"] for column in state["columns"]}
    assert all(len(column["why"]) == 2 for column in state["columns"])


def test_each_column_is_of_its_own_generation(crawled: Crawled) -> None:
    (state,) = crawled.db.portals.find({"_id": crawled.sims["two_generations"].site.place})
    vendors = {column["url"].partition("/col")[2].partition("/")[0]: column["vendor"] for column in state["columns"]}
    assert vendors == {"13287": "trs", "": "hanweb"}


def test_a_file_has_the_name_that_its_server_gives_it(crawled: Crawled) -> None:
    """The link says 点击下载, the header says it in GBK."""
    (stored,) = crawled.db.reports.find({"organ.name": "叶县教育局", "report_year": 2019})
    (file,) = stored["source"]["attachments"]
    assert file["name"] == "叶县教育局2019年政府信息公开工作年度报告.docx"


def test_page_numbers_that_shift_between_two_crawls(crawled: Crawled) -> None:
    """What was page 2 last night is page 3 today: only the new reports are new."""
    assert list(crawled.second.reports.values()).count("new") == 3
    assert crawled.second.counts["reports_unchanged"] == len(crawled.sims["vsb"].reports) - 3
    assert "reports_changed" not in crawled.second.counts


def test_requests_are_counted_honestly(crawled: Crawled) -> None:
    """What is called a list is one: no report was fetched from an address that is not counted."""
    for name, sim in crawled.sims.items():
        counted = {path for path in sim.site.asked if not sim.is_listing(path)}
        found = crawled.db.captures.find({"portal": sim.site.place, "kind": "report"})
        assert {"/" + capture["url"].removeprefix(sim.site.url) for capture in found} <= counted, name


def test_what_is_no_report_is_told(crawled: Crawled) -> None:
    """An empty shell of status 200 is a problem; a total that lies is none, once a page brings nothing new."""
    assert crawled.problems("epoint") == {"/govxxgk/035/2024-01-15/0.html": "body_missing"}
    gone = f"{gongkai_hex.CHANNEL}doc_{8:024x}.html"
    assert crawled.problems("gongkai_hex") == {gone: "not_found"}
    clean = set(NAMES) - {"epoint", "gongkai_hex"}
    assert {name: crawled.problems(name) for name in clean} == {name: {} for name in clean}
