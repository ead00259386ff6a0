"""The scheduled run: every portal that is due, only what is new or changed, and the monitors at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from crawler.fleet.order import Ended, Order, Visited
from crawler.nights.campaign import Campaign, Means, chosen, order
from crawler.nights.monitors import COMPLETE_FROM, Night, look
from crawler.nights.notify import keep, send
from crawler.nights.schedule import CHINA, Due, Schedule, day_of
from crawler.nights.summary import Summary, summarise
from crawler.plan import LOOKED_AGAIN, Visit
from crawler.registry import Portal
from storage.access.patience import SOON
from storage.base import Db, now
from storage.coverage.query import against_last_year
from storage.database import OpenDatabase, open_database
from storage.known import Known
from storage.portals import Portals
from storage.settings import Settings
from storage.shape.records import Health, Plain, PortalState, RunState

ALWAYS = Due("asked for", sweep=False)


@dataclass(frozen=True)
class Nightly:
    """What a night came to."""

    summary: Summary | None
    """None where no portal was due: then there is no run either."""
    visited: tuple[Visited, ...] = ()
    text: str = ""
    """The summary in Markdown."""
    file: str = ""
    unsent: tuple[str, ...] = ()
    """Why somebody was not told."""
    next_due: datetime | None = None
    """When the next portal is due, where none is now."""


def nightly(
    settings: Settings,
    schedule: Schedule,
    portals: Sequence[str] = (),
    means: Means | None = None,
    *,
    at: datetime | None = None,
    regardless: bool = False,
) -> Nightly:
    """Visit what is due. `regardless`: the portals as if all were due. `at` stands for now.

    Raises CrawlFailed, TemplateError, StorageError.
    """
    means, moment = means or Means(), at or now()
    with open_database(settings, away_after=SOON) as database:
        wanted = chosen(portals, means)
        states = Portals(database).states(portal.id for portal in wanted)
        due = {portal.id: schedule.due(states.get(portal.id), moment) for portal in wanted}
        if regardless:
            due = {portal: found or ALWAYS for portal, found in due.items()}
        if not any(due.values()):
            return Nightly(None, next_due=_next(schedule, states.values(), moment))
        arguments: dict[str, Plain] = {"portals": list(portals), "regardless": regardless, "scheduler": means.scheduler}
        campaign = Campaign(database, settings, "nightly", arguments, means)
        orders = [
            _order(portal, found, states.get(portal.id), campaign, schedule, moment)
            for portal in wanted
            if (found := due[portal.id]) is not None
        ]
        orders.sort(key=lambda one: _urgency(states.get(one.portal)))
        visited = campaign.visit(orders, _hours(schedule, at))
        return _conclude(database, settings, schedule, campaign, visited, states, orders, moment)


def _order(
    portal: Portal,
    due: Due,
    state: PortalState | None,
    campaign: Campaign,
    schedule: Schedule,
    moment: datetime,
) -> Order:
    year = day_of(moment).year
    visit = Visit.SWEEP if due.sweep else Visit.NIGHTLY
    if state is None or state.last_success_at is None:
        visit = Visit.BACKFILL  # a first visit may take several nights: it goes on where it was
    seconds = schedule.minutes * 60.0
    if schedule.night is not None:
        seconds = min(seconds, max(60.0, schedule.night.left(moment).total_seconds()))
    return replace(
        order(portal, campaign.run_id, campaign.means),
        visit=visit,
        columns={column.url: column.title for column in state.columns} if state is not None else {},
        recheck=tuple(range(year - schedule.recheck_years, year)),
        newest=0 if visit is Visit.BACKFILL else _expected(schedule, state, moment),
        requests=schedule.requests,
        seconds=seconds,
    )


def _expected(schedule: Schedule, state: PortalState | None, moment: datetime) -> int:
    """The year that lists must name by now: last year's when all had to report on it (portals.md section 4).

    In some provinces every year has a column of its own (新疆, 广西, 宁夏), and those that are known stay as they are.
    Who was looked through a few weeks ago is not looked through again.
    """
    day = day_of(moment)
    if (day.month, day.day) < COMPLETE_FROM:
        return 0
    looked = state.cursor.get(LOOKED_AGAIN) if state is not None else None
    since = moment - datetime.fromisoformat(looked) if looked is not None else None
    is_recent = since is not None and timedelta(0) <= since < timedelta(days=schedule.look_again)
    return 0 if is_recent else day.year - 1


def _urgency(state: PortalState | None) -> float:
    """Who waited longest comes first; those that were never visited come last, for they take longest."""
    return state.last_tried_at.timestamp() if state is not None and state.last_tried_at is not None else float("inf")


def _hours(schedule: Schedule, at: datetime | None) -> Callable[[], bool]:
    """Whether another portal may be begun."""
    night = schedule.night
    return lambda: night is None or night.holds(at or now())


def _why_left(schedule: Schedule, moment: datetime) -> str:
    """A timer that is set to the wrong hour, or in another time zone, must not be looked for in the length of the nights."""
    night = schedule.night
    if night is None or night.holds(moment):
        return "the night was too short"
    return f"it was {moment.astimezone(CHINA):%H:%M} in China when the run began, and config/schedule.yaml keeps visits to {night}"


def _conclude(
    database: OpenDatabase,
    settings: Settings,
    schedule: Schedule,
    campaign: Campaign,
    visited: list[Visited],
    states: dict[str, PortalState],
    orders: Sequence[Order],
    moment: datetime,
) -> Nightly:
    had_a_turn = {one.portal for one in visited}
    left = sorted(one.portal for one in orders if one.portal not in had_a_turn)
    campaign.patiently(lambda: Portals(database).late(left))
    campaign.follow_up()
    night = Night(
        day=day_of(moment),
        visited=visited,
        before=states,
        thresholds=schedule.monitors,
        left=left,
        why_left=_why_left(schedule, moment),
        labels=_new_labels(campaign, database, visited),
        yearly=campaign.patiently(lambda: _yearly(database, had_a_turn, day_of(moment).year)),
        late=campaign.patiently(lambda: _late(database, schedule, had_a_turn, moment)),
    )
    alarms = look(night)
    counts, seconds = campaign.tally.counts, campaign.seconds
    summary = summarise(
        campaign.run_id, "nightly", moment, seconds, settings.where, len(orders), counts, visited, alarms
    )
    is_broken = bool(visited) and all(one.ended is Ended.FAILED for one in visited)
    campaign.finish(RunState.FAILED if is_broken else RunState.FINISHED, summary.sentence(), alarms)
    text = summary.markdown()
    file = keep(summary, settings, text)
    unsent = tuple(send(summary, settings, summary.document()))
    return Nightly(summary, tuple(visited), text, str(file), unsent)


def _new_labels(campaign: Campaign, db: Db, visited: Iterable[Visited]) -> dict[str, int]:
    """Labels that no template knows and that no night before has met; they are remembered."""
    met: Counter[str] = Counter()
    for one in visited:
        met.update(one.labels)
    known = Known(db, "unknown_labels")
    new = set(met) - set(campaign.patiently(known.values))
    campaign.patiently(lambda: known.add(new))
    return {label: met[label] for label in sorted(new)}


def _yearly(db: Db, portals: Iterable[str], year: int) -> dict[str, tuple[int, int]]:
    """Portal -> its organs with a report about the year before last, and those of them with one about the last year."""
    return {portal: against_last_year(db, portal, year - 1) for portal in sorted(set(portals))}


def _late(db: Db, schedule: Schedule, portals: Iterable[str], moment: datetime) -> list[str]:
    """Portals that no visit has gone through to the end for long, though nothing is known to be wrong with them."""
    states = Portals(db).states(portals)
    return sorted(one for one, state in states.items() if schedule.health(state, moment) is Health.LATE)


def _next(schedule: Schedule, states: Iterable[PortalState], moment: datetime) -> datetime | None:
    """The first day on which one of these portals is due."""
    known = list(states)
    for days in range(1, 1 + max(schedule.otherwise, schedule.refused)):
        then = moment + timedelta(days=days)
        if any(schedule.due(state, then) for state in known):
            return then
    return None
