"""Years that an organ's reports leave out are asked of the portal's search, by organ and year (portals.md 8.3, 7)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from urllib.parse import parse_qs, urlsplit

import pytest

from nianbao.sample.server import Answer
from tests.crawler.crawling import Crawls, Told
from tests.crawler.simulators.simulated import Report, Simulated, article, column, html, json_answer, links

WORDS = "政府信息公开工作年度报告"
FULLTEXT = "/inteligentsearch/rest/esinteligentsearch/getFullTextDataNew"
Rows = list[tuple[str, str, str]]


class Portal:
    """A column with a few years, a report that no list names, and a search that finds it where its year is asked for."""

    def __init__(self, name: str, place: str, listed: Sequence[int], hidden: int, search: str) -> None:
        self.sim = Simulated(name, place)
        self.sim.list("/nb/", column([self._row(year) for year in listed]))
        self.hidden = self._row(hidden) if hidden else None
        self.asked: list[str] = []
        """The words that the search was asked for."""
        if search == "form":
            self.sim.list("/so", self._by_form)
            self.sim.list("/", html(links(("/nb/", "政府信息公开年报")) + "<form action='/so'><input name='q'></form>"))
        else:
            self.sim.site.posts[FULLTEXT] = self._by_script
            self.sim.list("/", html(links(("/nb/", "政府信息公开年报")) + f"<script>search('{FULLTEXT}')</script>"))

    def _row(self, year: int) -> tuple[str, str, str]:
        report = Report(self.sim.government, year)
        path = f"/xw/{year}.html"
        self.sim.detail(path, article(report))
        return path, report.name, report.day

    def _found(self, words: str) -> Rows:
        self.asked.append(words)
        is_it = self.hidden is not None and words == f"{self.hidden[1][: -len(WORDS)]}{WORDS}"
        # What else such a question finds is of other years, and not wanted.
        other = ("/xw/2006.html", f"{self.sim.place}2006年{WORDS}", "2007-01-15")
        return [*([self.hidden] if is_it and self.hidden else []), *([other] if words != WORDS else [])]

    def _by_form(self, target: str) -> Answer:
        lines = "".join(
            f"<li><a href='{url}'>{title}</a><span>{day}</span></li>"
            for url, title, day in self._found(parse_qs(urlsplit(target).query)["q"][0])
        )
        return html(f"<ul>{lines}</ul><a href='/so?p=2'>下一页</a>", title="检索结果")

    def _by_script(self, sent: str) -> Answer:
        found = [
            {"title": title, "linkurl": url, "infodate": day} for url, title, day in self._found(json.loads(sent)["wd"])
        ]
        return json_answer(json.dumps({"result": {"records": found, "totalcount": 900}}))


@pytest.fixture(scope="module")
def searched(module_crawls: Crawls) -> Iterator[tuple[dict[str, Portal], list[Told], Crawls]]:
    """Three visits of three portals."""
    portals = {
        "form": Portal("form", "云溪县", (2019, 2020, 2021, 2023), 2022, "form"),
        "script": Portal("script", "南屏县", (2021, 2022, 2023, 2025), 2024, "script"),
        "in vain": Portal("in vain", "石门县", (2009, 2011, 2013), 0, "form"),
    }
    with ExitStack() as stack:
        for portal in portals.values():
            stack.enter_context(portal.sim.site)
        told = []
        for _ in range(3):
            for portal in portals.values():
                portal.asked.append("")
            told.append(module_crawls.run(home=[portal.sim.site.url for portal in portals.values()]))
        yield portals, told, module_crawls


def visits(portal: Portal) -> list[list[str]]:
    """The words of each visit's questions, without the general one."""
    return [
        [words for words in one.split() if words != WORDS]
        for one in " ".join(f"{w or '|'}" for w in portal.asked).split("|")[1:]
    ]


def test_what_is_missing_is_asked_for_and_found(searched: tuple[dict[str, Portal], list[Told], Crawls]) -> None:
    portals, told, crawls = searched
    for name, year in (("form", 2022), ("script", 2024)):
        place = portals[name].sim.site.place
        found = crawls.db.reports.find_one({"source.portal": place, "report_year": year})
        assert found is not None, name
    assert told[1].counts["reports_new"] == 2


def test_nothing_is_asked_before_an_organ_is_known_nor_for_what_is_there(
    searched: tuple[dict[str, Portal], list[Told], Crawls],
) -> None:
    portals, told, _ = searched
    first, second, third = visits(portals["script"])
    assert (first, second, third) == ([], [f"南屏县人民政府2024年{WORDS}"], [])
    assert "gaps_searched" not in told[0].counts
    assert f"云溪县人民政府2022年{WORDS}" in visits(portals["form"])[1]
    assert f"云溪县人民政府2022年{WORDS}" not in visits(portals["form"])[2]


def test_a_search_that_finds_nothing_is_soon_left_alone(
    searched: tuple[dict[str, Portal], list[Told], Crawls],
) -> None:
    portals, _, _ = searched
    _, second, third = visits(portals["in vain"])
    assert len(second) == len(third) == 6, "of thirteen years"
    assert second[0] == f"石门县人民政府2025年{WORDS}", "the newest first"


def test_no_second_page_and_no_other_year_is_asked_for(searched: tuple[dict[str, Portal], list[Told], Crawls]) -> None:
    portals, _, _ = searched
    for name, portal in portals.items():
        asked = portal.sim.site.asked
        assert not [path for path in asked if "2006" in path], name
