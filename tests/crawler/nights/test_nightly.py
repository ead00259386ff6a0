"""Whole nights: what is asked, what is not, what is noticed. Real crawl processes, portals on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.nights.nightly import Nightly
from tests.crawler.house import House
from tests.crawler.real_pages import rows
from tests.crawler.site import Site, html, report, with_validators

YEARS = range(2006, 2026)
COLUMN = '<meta name="ColumnName" content="政府信息公开年报">'
FIRST, SECOND = YEARS[10:], YEARS[:10]


def line(year: int) -> tuple[str, str, str]:
    return (f"/nb/{year}.html", f"洪泽区人民政府{year}年政府信息公开工作年度报告", f"{year + 1}-01-20")


def portal() -> Site:
    """A column of two pages, the newest first."""
    more = '<a href="/nb/2.html">下一页</a>'
    pages = {
        "/": html('<a href="/nb/">政府信息公开年报</a>'),
        "/nb/": html(rows(*map(line, reversed(FIRST))) + more, head=COLUMN),
        "/nb/2.html": html(rows(*map(line, reversed(SECOND))), head=COLUMN),
        **{f"/nb/{year}.html": report(year) for year in YEARS},
    }
    return Site({path: with_validators(answer) for path, answer in pages.items()})


@pytest.fixture
def site() -> Iterator[Site]:
    with portal() as site:
        yield site


def asked(site: Site) -> list[str]:
    """What was asked since the last time, without robots.txt."""
    found = [path for path in site.asked if path != "/robots.txt"]
    site.requests.clear()
    return found


def later(days: int) -> datetime:
    return datetime.now(UTC) + timedelta(days=days)


def years(night: Nightly) -> dict[str, str]:
    """Year -> what became of its report."""
    assert night.summary is not None
    return {key.split("/")[1]: state for key, state in night.summary.reports.items()}


def alarms(night: Nightly) -> list[str]:
    assert night.summary is not None
    return [alarm.monitor for alarm in night.summary.alarms]


def test_a_list_that_broke_off_is_read_to_its_end_the_next_time(house: House, site: Site) -> None:
    """Everything on its first page is known then, where an ordinary night would stop."""
    house.portals({"hongze": site.url})
    second_page = site.routes["/nb/2.html"]
    site.routes["/nb/2.html"] = html("busy", 500)
    first = house.nightly()
    assert first.summary is not None and first.summary.counts["reports_new"] == len(FIRST)
    (state,) = house.db["portals"].find({"_id": "hongze"})
    assert "last_sweep_at" not in state, "not all of it was seen"
    site.routes["/nb/2.html"] = second_page
    second = house.nightly(at=later(31))
    assert second.summary is not None and second.summary.counts["reports_new"] == len(SECOND)
    site.requests.clear()
    assert house.nightly(at=later(62)).summary is not None and "/nb/2.html" not in asked(site)


def test_a_front_page_that_is_the_column_itself(house: House, site: Site) -> None:
    """It is no error page that comes in the column's place."""
    house.portals({"hongze": f"{site.url}nb/"}, columns="index.html")
    site.routes["/nb/index.html"] = site.routes["/nb/"]
    for days in (0, 31):
        night = house.nightly(at=later(days))
        assert night.summary is not None and "problems" not in night.summary.counts
    assert night.summary is not None and night.summary.counts["reports_unchanged"] == len(FIRST)


def test_nights_of_a_portal(house: House, site: Site) -> None:
    """First visit, an ordinary night, a new report and a replaced one, a sweep, an emptied column."""
    house.portals({"hongze": site.url})
    first = house.nightly()
    assert first.summary is not None and first.summary.counts["reports_new"] == len(YEARS) and alarms(first) == []
    assert house.health("hongze") == "fresh"
    assert Path(first.file).read_text(encoding="utf-8") == first.text
    asked(site)

    assert house.nightly().summary is None, "not due"
    assert asked(site) == []

    second = house.nightly(at=later(31))
    assert second.summary is not None and alarms(second) == []
    requests = [request for request in site.requests if request.path != "/robots.txt"]
    assert {request.status for request in requests} == {304}, "everything was known, and only asked for if it changed"
    paths = asked(site)
    assert len(paths) == len(set(paths)) and "/nb/2.html" not in paths, "the list was stopped at its first page"
    assert second.summary.counts["reports_unchanged"] == len(FIRST)
    assert "parsed" not in second.summary.counts
    assert second.summary.counts["lists_stopped"] == 1

    # The organ replaces two reports, one of them on a page that the night does not look at, and 2026's comes out.
    site.routes["/nb/2025.html"] = with_validators(report(2025, "<p>现予更正。</p>"))
    site.routes["/nb/2010.html"] = with_validators(report(2010, "<p>现予更正。</p>"))
    site.routes["/nb/2026.html"] = with_validators(report(2026))
    lines = [*map(line, reversed([*FIRST, 2026]))]
    site.routes["/nb/"] = with_validators(html(rows(*lines) + '<a href="/nb/2.html">下一页</a>', head=COLUMN))
    third = house.nightly(at=later(62))
    assert years(third) == {"2025": "changed", "2026": "new", "2010": "changed"}
    assert "/nb/2.html" in asked(site), "the first page had something new, so the second was looked at"

    # The list's second page is gone, and with it the only links to these reports: a sweep asks for them all the same.
    site.routes["/nb/"] = with_validators(html(rows(*lines), head=COLUMN))
    site.routes["/nb/2007.html"] = with_validators(report(2007, "<p>现予更正。</p>"))
    sweep = house.nightly(at=later(200))
    assert years(sweep) == {"2007": "changed"}
    assert {f"/nb/{year}.html" for year in YEARS} <= set(asked(site))

    # The column is there and empty: that is no success.
    site.routes["/nb/"] = with_validators(html("<p>暂无内容</p>", head=COLUMN))
    emptied = house.nightly(at=later(231))
    assert "NothingWhereSomethingWas" in alarms(emptied)
    assert house.health("hongze") == "template_changed"
    (run,) = house.db["runs"].find({"_id": emptied.summary.run_id if emptied.summary else ""})
    assert run["kind"] == "nightly" and [alarm["monitor"] for alarm in run["alarms"]] == alarms(emptied)


def test_the_first_night_reads_what_is_published_beside_the_columns(site: Site, house: House) -> None:
    """The next sweep comes after a quarter of a year."""
    name = "洪泽区水利局2023年政府信息公开工作年度报告"
    site.routes["/"] = html('<a href="/nb/">政府信息公开年报</a><a href="/dt/">部门动态</a>')
    site.routes["/dt/"] = html(rows(("/dt/1.html", "工作会议召开", "2024-02-01"), ("/dt/2.html", name, "2024-01-20")))
    other = report(2023)
    site.routes["/dt/2.html"] = replace(
        other, body=other.body.replace("洪泽区人民政府".encode(), "洪泽区水利局".encode())
    )
    house.portals({"hongze": site.url})
    first = house.nightly("hongze")
    assert first.summary is not None and first.summary.counts["reports_new"] == len(YEARS) + 1
