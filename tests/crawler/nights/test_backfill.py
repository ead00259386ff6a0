"""Past years: the newest first, killed and started again, and done years left alone."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from nianbao.sample.server import Answer
from tests.crawler.house import House
from tests.crawler.real_pages import rows
from tests.crawler.site import Site, html, report

YEARS = range(2012, 2022)
COLUMN = '<meta name="ColumnName" content="政府信息公开年报">'


@pytest.fixture
def site() -> Iterator[Site]:
    """The oldest stand first in the list."""
    lines = [(f"/nb/{y}.html", f"洪泽区人民政府{y}年政府信息公开工作年度报告", f"{y + 1}-01-20") for y in YEARS]
    with Site({"/": html('<a href="/nb/">政府信息公开年报</a>'), "/nb/": html(rows(*lines), head=COLUMN)}) as site:
        site.routes |= {f"/nb/{year}.html": report(year) for year in YEARS}
        yield site


def reports(site: Site) -> list[int]:
    """The years whose pages were asked for since the last time, in that order."""
    found = [int(path[4:8]) for path in site.asked if path.startswith("/nb/20")]
    site.requests.clear()
    return found


def test_newest_first_and_resumed_from_what_is_archived(house: House, site: Site) -> None:
    house.portals({"hongze": site.url})
    first = house.backfill([2018, 2019, 2020])
    assert first.summary is not None and first.summary.counts["reports_new"] == 3
    asked = reports(site)
    assert set(asked[:2]) == {2020, 2019} and asked[2:] == [2018], "two are on their way at a time"
    (state,) = house.db["portals"].find({"_id": "hongze"})
    assert set(state["cursor"]) == {"backfill_2018", "backfill_2019", "backfill_2020"}

    done = house.backfill([2018, 2019, 2020])
    assert done.summary is None and done.done_before == 1 and site.asked == []

    # As after a kill in the middle: the years are not noted as done, some of their pages are read.
    house.db["portals"].update_one({"_id": "hongze"}, {"$set": {"cursor": {}}})
    more = house.backfill(range(2016, 2021))
    assert more.summary is not None and more.summary.counts["known"] == 3
    assert sorted(reports(site)) == [2016, 2017], "what was read to its end is not asked again"
    assert house.db["reports"].count_documents({"revision": 1}) == 5

    again = house.backfill([2020], again=True)
    assert again.summary is not None and again.summary.counts["known"] == 1


def test_the_text_that_a_shell_asks_for_is_passed_over_as_well(house: House) -> None:
    """新点: each line leads to a page of script, which posts for the report."""
    asked: list[str] = []

    def text(sent: str) -> Answer:
        asked.append(sent)
        year = int(sent.partition("g20")[2][:2]) + 2000
        held = {"title": title(year), "infodate": f"{year + 1}-01-20", "infocontent": report(year).body.decode()}
        return Answer(200, json.dumps({"custom": {"data": held}}).encode(), {"Content-Type": "application/json"})

    def title(year: int) -> str:
        return f"洪泽区人民政府{year}年政府信息公开工作年度报告"

    lines = [(f"/nb/showinfo.html?infoGuid=g{y}", title(y), f"{y + 1}-01-20") for y in YEARS]
    shell = html("<div id='app'></div><script>post('/rest/getGovInfoDetail')</script>")
    routes = {"/": html('<a href="/nb/">政府信息公开年报</a>'), "/nb/": html(rows(*lines), head=COLUMN)}
    with Site({**routes, "/nb/showinfo.html": shell}) as site:
        site.posts["/rest/getGovInfoDetail"] = text
        house.portals({"hongze": site.url})
        first = house.backfill([2018, 2019, 2020])
        assert first.summary is not None and first.summary.counts["reports_new"] == 3 == len(asked)
        house.db["portals"].update_one({"_id": "hongze"}, {"$set": {"cursor": {}}})
        more = house.backfill([2017, 2018, 2019, 2020])
        assert more.summary is not None and more.summary.counts["known"] == 3
        assert more.summary.counts["reports_new"] == 1 and len(asked) == 4
