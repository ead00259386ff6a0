"""When a portal is due: `config/schedule.yaml` -> frozen values, and the answer for one portal and one day.

    load_schedule().due(state, now())      # Due(reason="weekly", sweep=False), or None

A wrong file raises TemplateError with its name and line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path

from crawler.plan import LISTS_CUT
from parsers.template import config_directory
from parsers.yaml_file import Node, load
from storage.base import bucket_of
from storage.shape.records import Health, PortalState

CHINA = timezone(timedelta(hours=8))
MONTH_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")
SPREAD = 14
"""Days over which the sweeps of portals that were first visited together are spread."""
OVERDUE = 2
"""Intervals without a success after which a portal is late: due for one of them, and no visit came to its end."""


@dataclass(frozen=True)
class Season:
    """A part of the year, both ends within it. `first` and `last` are (month, day); it may span New Year."""

    name: str
    first: tuple[int, int]
    last: tuple[int, int]
    days: int
    """Between two visits."""

    def holds(self, day: date) -> bool:
        here = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= here <= self.last
        return here >= self.first or here <= self.last


@dataclass(frozen=True)
class Night:
    """The hours in which portals are visited."""

    begins: time
    ends: time

    def __str__(self) -> str:
        return f"{self.begins:%H:%M}-{self.ends:%H:%M}"

    def holds(self, moment: datetime) -> bool:
        clock = moment.astimezone(CHINA).time()
        if self.begins <= self.ends:
            return self.begins <= clock < self.ends
        return clock >= self.begins or clock < self.ends

    def left(self, moment: datetime) -> timedelta:
        """How long it still lasts; nothing by day."""
        if not self.holds(moment):
            return timedelta(0)
        here = moment.astimezone(CHINA)
        end = datetime.combine(here.date(), self.ends, CHINA)
        return end - here if end > here else end + timedelta(days=1) - here


@dataclass(frozen=True)
class Thresholds:
    """Shares from 0 to 1 from which on a monitor raises an alarm."""

    drop: float
    errors: float
    blocked: float
    coverage: float


@dataclass(frozen=True)
class Due:
    """A portal is to be visited."""

    reason: str
    sweep: bool
    """All lists to their end, and every known page."""


@dataclass(frozen=True)
class Schedule:
    """`config/schedule.yaml`."""

    seasons: tuple[Season, ...]
    otherwise: int
    sweep: int
    recheck_years: int
    look_again: int
    """Days until a portal whose columns name nothing new is looked through once more."""
    refused: int
    requests: int
    minutes: int
    monitors: Thresholds
    night: Night | None = None

    def season(self, day: date) -> Season | None:
        return next((season for season in self.seasons if season.holds(day)), None)

    def days(self, day: date) -> int:
        """Days between two visits at this time of the year."""
        season = self.season(day)
        return self.otherwise if season is None else season.days

    def due(self, state: PortalState | None, moment: datetime) -> Due | None:
        """Why a portal is to be visited now; None where it is not.

        A visit of tomorrow was made under a clock that was ahead: nobody waits until that day comes.
        """
        day = day_of(moment)
        if state is None or state.last_tried_at is None:
            return Due("never visited", sweep=True)
        since = (day - day_of(state.last_tried_at)).days
        interval = self.days(day)
        if state.health is Health.BLOCKED:
            interval = max(interval, self.refused)
        elif state.health is Health.UNKNOWN:
            interval = 1  # its first visit was stopped in the middle: it goes on where it was
        if 0 <= since < interval:
            return None
        season = self.season(day)
        reason = f"every {interval} days" if interval > 1 else "daily"
        return Due(f"{reason}{f', {season.name}' if season else ''}", sweep=self.is_sweep_due(state, day))

    def is_sweep_due(self, state: PortalState, day: date) -> bool:
        if state.last_sweep_at is None or state.counts.get(LISTS_CUT):
            return True
        # Portals that were first visited in one night must not be swept in one night for ever after.
        interval = self.sweep - bucket_of(state.id) % min(SPREAD, self.sweep)
        return not 0 <= (day - day_of(state.last_sweep_at)).days < interval

    def health(self, state: PortalState | None, moment: datetime) -> Health:
        """What a portal's state says today: fresh becomes late by itself where nobody has been there for long."""
        if state is None:
            return Health.UNKNOWN
        last = state.last_success_at
        is_late = last is not None and self._is_late(day_of(last), day_of(moment))
        return Health.LATE if is_late and state.health is Health.FRESH else state.health

    def _is_late(self, last: date, today: date) -> bool:
        """By the day on which it became due: where a season begins, nobody is late for having been in time before it."""
        since = (today - last).days
        if since > OVERDUE * max([self.otherwise, *(season.days for season in self.seasons)]):
            return True
        days = (last + timedelta(days=number) for number in range(1, since + 1))
        due = next((day for day in days if (day - last).days >= self.days(day)), today)
        return (today - due).days > (OVERDUE - 1) * self.days(today)


def day_of(moment: datetime) -> date:
    """The calendar day in China."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(CHINA).date()


def load_schedule(path: Path | None = None) -> Schedule:
    """Read the schedule. Raises TemplateError naming file and line."""
    node = load(path or config_directory() / "schedule.yaml")
    budget, monitors = node.node("budget"), node.node("monitors")
    schedule = Schedule(
        seasons=tuple(_season(season) for season in node.nodes("seasons")),
        otherwise=_positive(node, "otherwise"),
        sweep=_positive(node, "sweep"),
        recheck_years=_positive(node, "recheck_years", least=0),
        look_again=_positive(node, "look_again"),
        refused=_positive(node, "refused"),
        requests=_positive(budget, "requests"),
        minutes=_positive(budget, "minutes"),
        monitors=Thresholds(**{name: _share(monitors, name) for name in ("drop", "errors", "blocked", "coverage")}),
        night=_night(node),
    )
    budget.done()
    monitors.done()
    node.done()
    return schedule


def _season(node: Node) -> Season:
    season = Season(node.text("name"), _month_day(node, "from"), _month_day(node, "to"), _positive(node, "days"))
    node.done()
    return season


def _month_day(node: Node, key: str) -> tuple[int, int]:
    match = MONTH_DAY.fullmatch(node.text(key))
    if match is None:
        raise node.error(f"{key!r} must be a month and a day in quotes such as '01-31'", key)
    month, day = int(match[1]), int(match[2])
    try:
        date(2024, month, day)
    except ValueError:
        raise node.error(f"{key!r}: there is no {match[0]}", key) from None
    return month, day


def _positive(node: Node, key: str, least: int = 1) -> int:
    number = node.number(key)
    if number < least:
        raise node.error(f"{key!r} must be {least} or more", key)
    return number


def _share(node: Node, key: str) -> float:
    share = node.decimal(key)
    if not 0 <= share <= 1:
        raise node.error(f"{key!r} must be a share from 0 to 1", key)
    return share


def _night(node: Node) -> Night | None:
    text = node.optional_text("night")
    if text is None:
        return None
    match = HOURS.fullmatch(text)
    if match is None or match[0][:5] == match[0][6:]:
        raise node.error("'night' must be hours in quotes such as '22:00-07:00'", "night")
    begins, ends = time(int(match[1]), int(match[2])), time(int(match[3]), int(match[4]))
    return Night(begins, ends)
