"""From what is known of an organ and a year to its state. Pure; the rules in words are in docs/coverage.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from parsers.identity.due import due_on, punctuality
from storage.coverage.records import CoverageState
from storage.shape.records import Health

FIRST_YEAR = 2008
_READ = (Health.FRESH, Health.LATE)
_CLOSED = {Health.BLOCKED: CoverageState.BLOCKED, Health.FAILING: CoverageState.UNREACHABLE}


@dataclass(frozen=True)
class Tried:
    """What the runs learnt of a portal on which the organ's reports would stand."""

    portal: str
    health: Health
    run_id: str | None
    whole_on: date | None = None
    """The day on which its lists were last read to their ends."""
    years_on: Mapping[int, date] = field(default_factory=dict)
    """Year -> the day on which that year alone was looked for to the end."""
    answered: bool = True
    """False where it gave no answer at the last visit; it may have answered and had no 年报 column."""
    problems: tuple[str, ...] = ()
    """Open problems of the last run on this portal: one of them may be the missing report."""

    def read_on(self, year: int) -> date | None:
        """The last day on which this year's report might have been seen; None where nobody has looked since the year ended."""
        days = (self.whole_on, self.years_on.get(year))
        return max((day for day in days if day is not None and day.year > year), default=None)


@dataclass(frozen=True)
class Judgement:
    state: CoverageState
    tried: Tried | None = None
    reports: tuple[str, ...] = ()
    published_on: str | None = None
    punctuality: str | None = None


def judge(
    year: int,
    level: str | None,
    reports: Sequence[Mapping[str, Any]],
    tried: Sequence[Tried],
    first_found: int | None,
    today: date,
) -> Judgement | None:
    """The state of an organ's year; None where nobody has looked, or where the report is not due yet.

    `reports`: catalogue entries of that year. `first_found`: the earliest year of which a report of the organ is there.
    """
    if reports:
        return _found(year, level, reports)
    due = due_on(year, level)
    if today <= due or not tried:
        return None
    read = [one for one in tried if one.health in _READ and one.read_on(year) is not None]
    for one in read:
        seen = one.read_on(year)
        is_sure = first_found is not None and year > first_found and not one.problems
        if is_sure and seen is not None and seen > due:
            return Judgement(CoverageState.NOT_PUBLISHED, one)
    if read:
        return Judgement(CoverageState.NOT_FOUND, read[0])
    for one in tried:
        if one.health in _CLOSED and not (one.health is Health.FAILING and one.answered):
            return Judgement(_CLOSED[one.health], one)
    for one in tried:
        if one.health in (Health.FAILING, Health.MOVED, Health.TEMPLATE_CHANGED):
            return Judgement(CoverageState.NOT_FOUND, one)
    return None


def _found(year: int, level: str | None, reports: Sequence[Mapping[str, Any]]) -> Judgement:
    days = sorted(entry["page"]["published_on"] for entry in reports if entry["page"]["published_on"])
    published = days[0] if days else None
    return Judgement(
        CoverageState.FOUND,
        reports=tuple(sorted(entry["_id"] for entry in reports)),
        published_on=published,
        punctuality=punctuality(date.fromisoformat(published), year, level).value if published else None,
    )
