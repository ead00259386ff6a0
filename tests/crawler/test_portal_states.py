"""What becomes of a portal's state, from the night to the database: moved, over its budget, out of hours, late."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from scrapy import Request
from scrapy.crawler import Crawler

from crawler.middlewares.guard import GuardMiddleware
from crawler.nights.nightly import Nightly
from crawler.nights.schedule import Night
from storage.base import now
from storage.coverage.query import against_last_year
from storage.portals import Portals
from storage.shape.records import Health
from tests.crawler.house import House
from tests.crawler.real_pages import rows
from tests.crawler.site import Site, html, report, to

ROOT = Path(__file__).resolve().parents[2]
YEARS = range(2013, 2023)
NOON, MIDNIGHT = (datetime(2030, 1, 15, hour, tzinfo=UTC) for hour in (4, 16))
"""In China it is eight hours later."""


def portal(*years: int) -> Site:
    lines = [(f"/nb/{y}.html", f"洪泽区人民政府{y}年政府信息公开工作年度报告", f"{y + 1}-01-20") for y in years]
    column = html(rows(*lines[::-1]), head='<meta name="ColumnName" content="政府信息公开年报">')
    pages = {f"/nb/{year}.html": report(year) for year in years}
    return Site({"/": html('<a href="/nb/">政府信息公开年报</a>'), "/nb/": column, **pages})


@pytest.fixture
def large() -> Iterator[Site]:
    with portal(*YEARS) as site:
        yield site


def alarms(night: Nightly) -> dict[str, tuple[str, ...]]:
    assert night.summary is not None
    return {alarm.monitor: tuple(alarm.portals) for alarm in night.summary.alarms}


def test_a_portal_whose_server_fails_is_not_called_one_without_a_column(house: House) -> None:
    with portal(2020, 2021) as site:
        house.portals({"one": site.url})
        house.nightly("one")
        site.gate = lambda target, headers: None if target == "/robots.txt" else html("the database is full", 500)
        night = house.nightly("one", at=now() + timedelta(days=40))
    (state,) = house.db.portals.find({"_id": "one"})
    assert state["health"] == "failing" and state["detail"] == "front page: the server answers 500"
    assert {"Errors", "NothingWhereSomethingWas"} <= set(alarms(night))


def test_a_look_that_got_nothing_counts_until_another_one_gets_something(house: House) -> None:
    """`nianbao portals check` says blocked by day and by another network: that must not keep a backfill away for ever."""
    portals = Portals(house.db)

    def look(*, answered: bool, trouble: Health = Health.FAILING, detail: str = "") -> tuple[str, str]:
        portals.checked("one", answered=answered, trouble=trouble, detail=detail, vendor=None, vendor_why="")
        state = portals.get("one")
        assert state is not None
        return state.health, state.detail

    assert look(answered=False, trouble=Health.BLOCKED, detail="412") == ("blocked", "412")
    assert look(answered=False, trouble=Health.MOVED, detail="elsewhere") == ("moved", "elsewhere")
    assert look(answered=True) == ("unknown", "")
    portals.failed("one", "run", Health.BLOCKED, "its reports answer 412")
    assert look(answered=True) == ("blocked", "its reports answer 412"), "its lists came, which no run has doubted"
    assert look(answered=False, detail="no answer in time") == ("failing", "no answer in time")
    assert look(answered=True) == ("blocked", "its reports answer 412")
    assert look(answered=False, detail="no answer in time") == ("failing", "no answer in time")
    portals.succeeded("one", "run")
    assert look(answered=True) == ("fresh", "")


def test_who_answers_over_neither_scheme_is_told_with_the_words_of_both(house: House) -> None:
    """Nothing is said of TLS alone where an http portal drops its connections."""
    with Site({"/robots.txt": lambda target: None}) as site:
        house.portals({"one": site.url}, columns="nb/")
        night = house.nightly("one")
    (told,) = (one.detail for one in night.visited)
    assert "the connection failed" in told and "; over https: " in told
    assert house.health("one") == "failing"


def test_moved_and_over_budget(house: House, large: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """One portal sends its visitors to another host; the other has more than one night may ask for."""
    with Site({"/": html("the new portal")}) as new, Site() as old:
        old.routes["/"] = to(new.url.replace("127.0.0.1", "localhost"))
        house.portals({"large": large.url, "moved": old.url})
        monkeypatch.setattr(house, "schedule", replace(house.schedule, requests=7))
        night = house.nightly("moved", "large")
        assert new.asked == [], "nobody follows to a host that is not the portal's"
    assert house.health("moved") == "moved" and alarms(night)["Moved"] == ("moved",)
    (problem,) = house.db.problems.find({"portal": "moved"})
    assert problem["kind"] == "moved" and "localhost" in problem["message"]

    # The newest first, and no more than was allowed; robots.txt is not counted.
    assert len([path for path in large.asked if path != "/robots.txt"]) == 7
    found = {one["report_year"] for one in house.db.reports.find({})}
    assert found == set(list(YEARS)[-len(found) :]) and 0 < len(found) < len(YEARS)
    (problem,) = house.db.problems.find({"portal": "large"})
    assert problem["kind"] == "budget" and house.health("large") == "fresh"
    (state,) = house.db.portals.find({"_id": "large"})
    assert state.get("last_sweep_at") is None, "its lists were not read to their ends: the next night goes on"

    # What the night found is in `coverage` before the monitors look.
    years = {one["year"]: one["state"] for one in house.db.coverage.find({"organ_id": "320813"})}
    assert {year for year, held in years.items() if held == "found"} == found
    newest = max(found)
    assert against_last_year(house.db, "large", newest) == (1, 1)
    assert against_last_year(house.db, "large", newest + 1) == (1, 0)


def test_by_day_nobody_is_visited_and_at_night_they_are(
    house: House, large: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.portals({"large": large.url})
    monkeypatch.setattr(house, "schedule", replace(house.schedule, night=Night(time(22), time(7))))
    day = house.nightly("large", at=NOON)
    assert large.asked == [] and day.visited == ()
    assert alarms(day)["Unvisited"] == ("large",)
    assert "it was 12:00 in China when the run began, and config/schedule.yaml keeps visits to 22:00-07:00" in day.text
    night = house.nightly("large", at=MIDNIGHT)
    assert len(night.visited) == 1
    assert house.db.reports.count_documents({}) == len(YEARS)
    assert "Unvisited" not in alarms(night)

    # No visit came to its end since: late, though nothing is known to be wrong.
    long_ago = now() - timedelta(days=400)
    house.db.portals.update_one({"_id": "large"}, {"$set": {"last_success_at": long_ago}})
    state = Portals(house.db).get("large")
    assert state is not None and state.health is Health.FRESH
    assert house.schedule.health(state, now()) is Health.LATE
    assert _nianbao("portals", "list", "--health", "late", "--json").count('"id": "large"') == 1

    # `nianbao crawl` begins where the column is known to be; --explore looks for it again.
    large.requests.clear()
    _nianbao("crawl", "large")
    assert "/nb/" in large.asked and "/" not in large.asked
    _nianbao("crawl", "large", "--explore")
    assert "/" in large.asked


def test_portals_of_one_platform_are_visited_one_after_the_other(house: House, large: Site) -> None:
    """They stand on one machine: one pause and one connection for all of them, robots.txt and redirects too."""
    with portal(2020, 2021) as other:
        house.portals({"one": large.url, "two": other.url})
        file = next((house.settings.home / "config" / "portals").iterdir())
        text = file.read_text(encoding="utf-8").replace("portals:", "platforms:\n  both: {vendor: trs}\nportals:")
        file.write_text(text.replace("    organ:", "    platform: both\n    organ:"), encoding="utf-8")
        _nianbao("crawl", "one", "two")
        ends = [(min(one.at for one in site.requests), max(one.at for one in site.requests)) for site in (large, other)]
    (_, first_end), (second_begin, _) = sorted(ends)
    assert first_end < second_begin
    slots = set()
    for url in (large.url, "http://elsewhere.gov.cn/robots.txt"):
        request = Request(url)
        spider = SimpleNamespace(scope=Everywhere(), portal=SimpleNamespace(platform="both"))
        GuardMiddleware(cast(Crawler, SimpleNamespace(spider=spider))).process_request(request)
        slots.add(request.meta["download_slot"])
    assert slots == {"platform:both"}


class Everywhere:
    """A scope without bounds."""

    def refusal(self, url: str) -> None:
        return None


def _nianbao(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "nianbao", *arguments], cwd=ROOT, env=os.environ, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
