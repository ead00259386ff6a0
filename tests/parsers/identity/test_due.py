"""The statutory day of a report."""

from __future__ import annotations

from datetime import date

import pytest

from parsers.identity.due import check, due_on, punctuality
from parsers.report import Status


@pytest.mark.parametrize(
    ("year", "level", "day"),
    [
        (2018, "department", date(2019, 3, 31)),
        (2019, "department", date(2020, 1, 31)),
        (2023, "national", date(2024, 1, 31)),
        (2023, "county", date(2024, 3, 31)),
        (2023, "township", date(2024, 3, 31)),
        (2023, None, date(2024, 3, 31)),
    ],
)
def test_departments_have_until_january_since_2019(year: int, level: str | None, day: date) -> None:
    assert due_on(year, level) == day


def test_early_on_time_late() -> None:
    days = (date(2020, 12, 25), date(2021, 1, 31), date(2021, 2, 1))
    assert [punctuality(day, 2020, "department") for day in days] == ["early", "on_time", "late"]
    assert punctuality(date(2021, 2, 1), 2020, "city") == "on_time"
    assert punctuality(date(2021, 1, 1), 2020, "city") == "on_time"


@pytest.mark.parametrize(
    ("day", "status", "bound"),
    [
        (date(2020, 12, 31), Status.FAIL, 20210101),
        (date(2021, 1, 1), Status.PASS, 20210131),
        (date(2021, 1, 31), Status.PASS, 20210131),
        (date(2021, 11, 2), Status.FAIL, 20210131),
    ],
)
def test_the_day_of_publication_as_a_check(day: date, status: Status, bound: int) -> None:
    (found,) = check(day, 2020, "department")
    assert (found.status, found.left, found.right) == (status, int(f"{day:%Y%m%d}"), bound)


def test_without_a_day_nothing_is_checked() -> None:
    assert check(None, 2020, "department") == ()
