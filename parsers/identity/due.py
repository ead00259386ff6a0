"""When a report is due by statute, and what its day of publication is against that."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from parsers.report import Check, Level, Status

DEPARTMENTS = ("department", "national")
FIRST_YEAR_OF_JANUARY = 2019


class Punctuality(StrEnum):
    ON_TIME = "on_time"
    LATE = "late"
    EARLY = "early"
    """Before the year was over, so it cannot cover all of it."""


def due_on(year: int, level: str | None) -> date:
    """The last day on which the report about `year` is in time.

    条例 2019 (国务院令第711号) art. 49: departments, the State Council's among them, until 31 January; governments until
    31 March. Before report year 2019 (条例 2007 art. 31) everybody had until 31 March. Where the level is not known the
    later day holds, so that nobody is called late who may not be.
    """
    in_january = year >= FIRST_YEAR_OF_JANUARY and level in DEPARTMENTS
    return date(year + 1, 1, 31) if in_january else date(year + 1, 3, 31)


def punctuality(published: date, year: int, level: str | None) -> Punctuality:
    """X-DATE of domain.md section 2.6."""
    if published < date(year + 1, 1, 1):
        return Punctuality.EARLY
    return Punctuality.LATE if published > due_on(year, level) else Punctuality.ON_TIME


def check(published: date | None, year: int, level: str | None) -> tuple[Check, ...]:
    """X-DATE as a check: days as numbers (20210131), on the left the day of publication, on the right the bound."""
    if published is None:
        return ()
    found = punctuality(published, year, level)
    bound = date(year + 1, 1, 1) if found is Punctuality.EARLY else due_on(year, level)
    status = Status.PASS if found is Punctuality.ON_TIME else Status.FAIL
    return (Check("X-DATE", Level.SOFT, status, _number(published), _number(bound), (), "published_on"),)


def _number(day: date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day
