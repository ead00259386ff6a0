"""Figures, bytes and times as people say them: every edge at which the unit or the number of digits changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from nianbao.ui.sizes import duration, number, since, size, told

BEGUN = datetime(2026, 1, 5, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (None, "unknown"),
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1.0 KB"),
        (1536, "1.5 KB"),
        (10 * 1024, "10 KB"),
        (3 << 20, "3.0 MB"),
        (20 << 30, "20 GB"),
        (3 << 40, "3.0 TB"),
    ],
)
def test_bytes(count: int | None, said: str) -> None:
    assert size(count) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.04, "0.0 s"),
        (9.94, "9.9 s"),
        (9.96, "10 s"),
        (59.4, "59 s"),
        (59.6, "1 min 0 s"),
        (119.7, "2 min 0 s"),
        (125, "2 min 5 s"),
        (3599.4, "59 min 59 s"),
        (3599.6, "1 h 0 min"),
        (3840, "1 h 4 min"),
    ],
)
def test_a_time_is_rounded_before_its_unit_is_chosen(seconds: float, said: str) -> None:
    assert duration(BEGUN, BEGUN + timedelta(seconds=seconds)) == said


def test_what_goes_on_has_no_duration_yet() -> None:
    assert duration(BEGUN, None) == "…"


def test_a_moment_is_told_in_utc_whatever_its_zone() -> None:
    beijing = timezone(timedelta(hours=8))

    assert since(datetime(2026, 1, 5, 11, tzinfo=beijing)) == "2026-01-05 03:00:00 UTC"
    assert since(datetime(2026, 1, 5, 3)) == "2026-01-05 03:00:00 UTC"
    assert since(None) == "unknown"


@pytest.mark.parametrize(
    ("value", "said"),
    [(None, "–"), (0, "0"), (7, "7"), (13015.02, "13015.02"), (7.0, "7"), (123_456_789_012, "123456789012")],
)
def test_a_number_is_as_short_as_it_can_be_said_without_loss(value: float | None, said: str) -> None:
    assert number(value) == said
    assert told(value) == said  # type: ignore[arg-type]
    assert told("/") == "/"
