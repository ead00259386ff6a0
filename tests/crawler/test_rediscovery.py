"""Columns that are remembered, and what happens when they stop yielding: the portal is looked through again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from nianbao.sample.server import Answer
from tests.crawler.house import House
from tests.crawler.real_pages import rows
from tests.crawler.site import Site, html, report, to

LATER = datetime.now(UTC) + timedelta(days=40)
COLUMN = '<meta name="ColumnName" content="政府信息公开年报">'


def line(folder: str, year: int) -> tuple[str, str, str]:
    return (f"/{folder}/{year}.html", f"洪泽区人民政府{year}年政府信息公开工作年度报告", f"{year + 1}-01-20")


def column(folder: str, *years: int) -> Answer:
    return html(rows(*(line(folder, year) for year in years)), head=COLUMN)


@pytest.fixture
def site() -> Iterator[Site]:
    pages = {f"/nb/{year}.html": report(year) for year in range(2018, 2022)}
    front = html('<a href="/nb/">政府信息公开年报</a>')
    with Site({"/": front, "/nb/": column("nb", *range(2021, 2017, -1)), **pages}) as site:
        yield site


EMPTIED = html("<p>暂无内容</p>", head=COLUMN)
OTHERS = html(rows(("/nb/zn.html", "洪泽区政府信息公开指南", "2020-01-01")), head=COLUMN)
GONE = html("nothing here", 404)


@pytest.mark.parametrize("now", [EMPTIED, OTHERS, GONE, to("/")], ids=["emptied", "others", "gone", "sent home"])
def test_a_column_that_stops_yielding_is_looked_for_again(house: House, site: Site, now: Answer) -> None:
    house.portals({"moving": site.url})
    house.nightly("moving")
    (state,) = house.db.portals.find({})
    assert [one["url"] for one in state["columns"]] == [f"{site.url}nb/"]
    site.requests.clear()
    site.routes |= {
        "/": html('<a href="/xb/">政府信息公开年报</a>'),
        "/nb/": now,
        "/xb/": column("xb", 2022),
        "/xb/2022.html": report(2022),
    }
    night = house.nightly("moving", at=LATER)
    assert night.summary is not None
    assert [key.split("/")[1] for key, told in night.summary.reports.items() if told == "new"] == ["2022"]
    (state,) = house.db.portals.find({})
    if now is EMPTIED:
        # A column that is there and has nothing may come back: a person is told, and nothing is forgotten.
        assert state["health"] == "template_changed"
    else:
        assert f"{site.url}xb/" in [one["url"] for one in state["columns"]]


def test_a_column_that_yields_is_begun_at_and_the_front_page_left_alone(house: House, site: Site) -> None:
    house.portals({"still": site.url})
    house.nightly("still")
    site.requests.clear()
    house.nightly("still", at=LATER)
    assert "/" not in site.asked and "/nb/" in site.asked


def test_a_year_with_a_column_of_its_own_is_found_when_it_is_overdue(house: House, site: Site) -> None:
    """新疆, 广西, 宁夏: the known columns stay as they are, and only a menu leads to the new one."""
    house.portals({"yearly": site.url})
    house.nightly("yearly")
    site.requests.clear()
    due = LATER.year
    site.routes |= {
        "/": html('<a href="/nb/">政府信息公开年报</a><a href="/zt/">政府信息公开工作年度报告</a>'),
        "/zt/": column("zt", due - 1),
        f"/zt/{due - 1}.html": report(due - 1),
    }
    march, may = (datetime(due, month, 2, tzinfo=UTC) for month in (3, 5))
    house.db.portals.update_one({}, {"$set": {"last_sweep_at": march}})  # a sweep looks again anyway
    house.nightly("yearly", at=march, regardless=True)
    assert "/" not in site.asked
    night = house.nightly("yearly", at=may, regardless=True)
    assert night.summary is not None and list(night.summary.reports.values()).count("new") == 1
    (state,) = house.db.portals.find({})
    assert {one["url"] for one in state["columns"]} == {f"{site.url}nb/", f"{site.url}zt/"}
    assert state["cursor"].keys() == {"looked_again"}


def test_a_portal_that_has_nothing_new_is_looked_through_once_in_a_while(house: House, site: Site) -> None:
    house.portals({"silent": site.url})
    house.nightly("silent")
    site.requests.clear()
    november, december = (datetime(LATER.year, month, 20, tzinfo=UTC) for month in (11, 12))
    house.db.portals.update_one({}, {"$set": {"last_sweep_at": november}})
    house.nightly("silent", at=november, regardless=True)
    assert site.asked.count("/") == 1
    # As if that search had been in November.
    house.db.portals.update_one({}, {"$set": {"cursor": {"looked_again": f"{LATER.year}-11-25T00:00:00+00:00"}}})
    house.nightly("silent", at=december, regardless=True)
    assert site.asked.count("/") == 1
    house.nightly("silent", at=december + timedelta(days=60), regardless=True)
    assert site.asked.count("/") == 2, "a sweep, in any case"
