"""Each monitor: quiet over a good night, and an alarm that names the portal over a bad one."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from crawler.fleet.order import Ended, Visited
from crawler.nights.monitors import Look, Night, NightSuite, look
from crawler.nights.schedule import Thresholds
from storage.shape.records import Health, PortalState

GOOD = {"lines": 20, "promised": 18, "requests": 30, "pages": 30}


def night(visited: list[Visited], **given: Any) -> Night:
    before = given.pop("before", {"one": state(lines=20, promised=18)})
    thresholds = Thresholds(drop=0.5, errors=0.2, blocked=0.5, coverage=0.8)
    return Night(date(2026, 4, 20), visited, before, thresholds, **given)


def state(health: Health = Health.FRESH, **counts: int) -> PortalState:
    return PortalState("one", health, counts=counts)


def one(ended: Ended = Ended.DONE, health: Health = Health.FRESH, **counts: int) -> Visited:
    return Visited("one", ended, counts={**GOOD, **counts}, health=health)


BAD: dict[str, Night] = {
    "NothingWhereSomethingWas": night([one(lines=0)]),
    "SuddenDrop": night([one(lines=9, promised=8)]),
    "OtherLines": night([one(promised=8)]),
    "BlockPages": night([one(health=Health.BLOCKED), Visited("two", Ended.DONE), Visited("three", Ended.DONE)]),
    "Errors": night([one(problems_timeout=4, problems_http_error=3)]),
    "OurOwnFaults": night([one(problems_crawler_failed=1)]),
    "TemplatesChanged": night([one(health=Health.TEMPLATE_CHANGED)]),
    "Moved": night([one(health=Health.MOVED)]),
    "UnknownLabels": night([one()], labels={"（七）本年新增": 3}),
    "Coverage": night([one()], yearly={"one": (30, 20)}),
    "Late": night([one()], late=["one"]),
    "Unvisited": night([one()], left=["two"]),
}


def test_every_monitor_has_its_bad_night() -> None:
    assert set(BAD) == {monitor.__name__ for monitor in NightSuite.monitors}


def test_a_monitor_without_an_answer_cannot_be_made() -> None:
    class Silent(Look):
        pass

    with pytest.raises(TypeError, match="abstract"):
        Silent()


def test_a_good_night_raises_no_alarm() -> None:
    assert look(night([one(), Visited("new", Ended.DONE, counts=GOOD)], yearly={"one": (30, 29), "new": (1, 0)})) == []


@pytest.mark.parametrize("monitor", BAD)
def test_a_bad_night_raises_its_alarm_and_no_other(monitor: str) -> None:
    (alarm,) = look(BAD[monitor])
    assert alarm.monitor == monitor
    assert alarm.portals == (() if monitor == "UnknownLabels" else ("two",) if monitor == "Unvisited" else ("one",))


def test_what_was_tried_three_times_has_failed_once() -> None:
    """Two of eight pages failed, more than a fifth; of the twelve requests that were made for them it is less."""
    failed = {"requests": 12, "retries": 4, "problems_http_error": 2}
    (alarm,) = look(night([one(**failed)]))
    assert alarm.monitor == "Errors" and "2 of 8" in alarm.message


def test_a_portal_that_is_known_to_refuse_is_no_news() -> None:
    others = [Visited(f"p{n}", Ended.DONE, counts=GOOD) for n in range(3)]
    assert look(night([one(health=Health.BLOCKED), *others], before={"one": state(Health.BLOCKED, lines=9)})) == []


def test_a_state_that_counted_no_titles_is_not_compared() -> None:
    assert look(night([one(promised=0)], before={"one": state(lines=20)})) == []


def test_coverage_is_judged_when_the_year_is_complete() -> None:
    early = night([one()], yearly={"one": (30, 2)})
    assert look(Night(date(2026, 3, 1), early.visited, early.before, early.thresholds, yearly=early.yearly)) == []


def test_a_visit_that_was_stopped_is_not_compared() -> None:
    assert look(night([one(Ended.STOPPED, lines=0)])) == []


def test_a_monitor_that_fails_is_an_alarm_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("by a night without requests")

    monkeypatch.setattr("crawler.nights.monitors.Moved.alarm", broken)
    (alarm,) = look(night([one()]))
    assert alarm.monitor == "Monitors" and "ZeroDivisionError" in alarm.message
