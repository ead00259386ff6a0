"""When a portal is due, by the calendar of China; and what a wrong schedule is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from crawler.nights.schedule import CHINA, Night, Schedule, load_schedule
from parsers.errors import TemplateError
from storage.settings import REPOSITORY
from storage.shape.records import Health, PortalState

COMMITTED = REPOSITORY / "config" / "schedule.yaml"


@pytest.fixture(scope="module")
def schedule() -> Schedule:
    return load_schedule(COMMITTED)


def noon(month: int, day: int, year: int = 2026) -> datetime:
    return datetime(year, month, day, 12, tzinfo=CHINA)


def visited(when: datetime, health: Health = Health.FRESH, swept: datetime | None = None) -> PortalState:
    return PortalState("one", health, last_tried_at=when, last_success_at=when, last_sweep_at=swept or when)


@pytest.mark.parametrize(
    ("month", "day", "interval"),
    [(1, 9, 7), (1, 10, 1), (2, 10, 1), (2, 11, 7), (3, 14, 7), (3, 15, 1), (4, 10, 1), (4, 11, 7), (6, 30, 7),
     (7, 1, 30), (12, 31, 30)],
)  # fmt: skip
def test_the_seasons_of_publication(schedule: Schedule, month: int, day: int, interval: int) -> None:
    assert schedule.days(noon(month, day).date()) == interval


def test_a_portal_is_due_when_its_days_are_over(schedule: Schedule) -> None:
    assert schedule.due(None, noon(8, 1)) is not None
    assert schedule.due(visited(noon(1, 20)), noon(1, 20)) is None
    assert schedule.due(visited(noon(1, 20)), noon(1, 21)) is not None
    assert schedule.due(visited(noon(5, 1)), noon(5, 7)) is None
    due = schedule.due(visited(noon(5, 1)), noon(5, 8))
    assert due is not None and not due.sweep and "late reports" in due.reason
    assert schedule.due(visited(noon(8, 1)), noon(8, 30)) is None


def test_days_are_those_of_china(schedule: Schedule) -> None:
    """A run at 23:00 and the next at 01:00 are a day apart, whatever UTC says."""
    evening, night = (datetime(2026, 1, 20, hour, tzinfo=UTC) for hour in (15, 17))
    assert schedule.due(visited(evening), night) is not None


def test_who_refuses_is_asked_seldom(schedule: Schedule) -> None:
    refusing = visited(noon(1, 20), Health.BLOCKED)
    assert schedule.due(refusing, noon(1, 26)) is None
    assert schedule.due(refusing, noon(1, 27)) is not None


def test_a_first_visit_that_was_stopped_goes_on_the_next_night(schedule: Schedule) -> None:
    begun = PortalState("one", Health.UNKNOWN, last_tried_at=noon(8, 1))
    assert schedule.due(begun, noon(8, 2)) is not None


def test_sweeps_come_each_quarter_and_not_all_in_one_night(schedule: Schedule) -> None:
    def days(portal: str) -> int:
        state = replace(visited(noon(1, 1)), _id=portal)
        return next(n for n in range(1, 200) if schedule.is_sweep_due(state, noon(1, 1).date().fromordinal(
            noon(1, 1).date().toordinal() + n)))  # fmt: skip

    nights = {days(f"portal-{n}") for n in range(40)}
    assert min(nights) > 75 and max(nights) <= 91 and len(nights) > 5


def test_fresh_becomes_late_by_itself(schedule: Schedule) -> None:
    assert schedule.health(visited(noon(1, 20)), noon(1, 22)) is Health.FRESH
    assert schedule.health(visited(noon(1, 20)), noon(1, 23)) is Health.LATE
    assert schedule.health(visited(noon(1, 20), Health.MOVED), noon(9, 1)) is Health.MOVED
    assert schedule.health(None, noon(9, 1)) is Health.UNKNOWN


def test_nobody_is_late_because_a_season_begins(schedule: Schedule) -> None:
    """Visited in December, a portal is due on 1 January, each week from then on; on 10 January it is due each day."""
    december = visited(noon(12, 12, 2025))
    assert schedule.due(december, noon(12, 31, 2025)) is None and schedule.due(december, noon(1, 1)) is not None
    assert [schedule.health(december, noon(1, day)) for day in (1, 8)] == [Health.FRESH] * 2
    assert schedule.health(december, noon(1, 9)) is Health.LATE
    january = visited(noon(1, 5))
    assert [schedule.health(january, noon(1, day)) for day in (9, 10, 11)] == [Health.FRESH] * 3
    assert schedule.health(january, noon(1, 12)) is Health.LATE
    assert schedule.health(visited(noon(3, 10)), noon(3, 15)) is Health.FRESH
    assert schedule.health(visited(noon(3, 10)), noon(12, 1)) is Health.LATE


def test_the_night_may_span_midnight() -> None:
    night = Night(time(22), time(7))
    assert night.holds(noon(1, 1).replace(hour=23)) and night.holds(noon(1, 1).replace(hour=6))
    assert not night.holds(noon(1, 1)) and not night.left(noon(1, 1))
    assert night.left(noon(1, 1).replace(hour=23)).total_seconds() == 8 * 3600
    assert night.left(noon(1, 1).replace(hour=6)).total_seconds() == 3600


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ('from: "01-10"', 'from: "01-32"', 5, "must be a month and a day"),
        ('from: "03-15"', 'from: "02-30"', 9, "there is no 02-30"),
        ("days: 1\n", "days: 0\n", 7, "must be 1 or more"),
        ("otherwise: 30", "otherwise: monthly", 16, "whole number"),
        ("night: null", 'night: "22-7"', 27, "hours in quotes"),
        ("errors: 0.2", "errors: 20", 31, "share from 0 to 1"),
        ("minutes: 120", "hours: 2", 25, "'hours' is not known here|'minutes' is missing"),
    ],
)
def test_a_wrong_schedule_names_its_line(tmp_path: Path, old: str, new: str, line: int, what: str) -> None:
    file = tmp_path / "schedule.yaml"
    file.write_text(COMMITTED.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(TemplateError, match=what) as caught:
        load_schedule(file)
    named = f"{file}:{line}:"
    assert named in str(caught.value) or "missing" in str(caught.value), caught.value
