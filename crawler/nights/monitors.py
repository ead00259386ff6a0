"""What is looked at when a night is over: each monitor is one question, and an alarm when its answer is bad.

The monitors are Spidermon's (run by its runner, so that its actions can be added), over a whole night and not over one
spider: a night is thousands of small crawls.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from spidermon import Monitor, MonitorRunner, MonitorSuite

from crawler.fleet.order import Ended, Visited
from crawler.nights.schedule import Thresholds
from crawler.result import many
from storage.shape.records import Alarm, Health, PortalState

NAMED = 20
"""Portals that an alarm names; all of them have their state in the database."""
ENOUGH_LINES = 5
"""A list of fewer lines may well lose half of them."""
ALONE = {"list": "lists", "have": "has", "were": "was"}
"""Verbs of one portal."""
ERRORS = ("problems_timeout", "problems_unreachable", "problems_http_error", "problems_cut_off", "problems_fetch")
FAULTS = ("problems_crawler_failed", "problems_parser_failed", "problems_bad_config")
COMPLETE_FROM = (4, 11)
"""Month and day from which on a year's reports should be there."""


@dataclass(frozen=True)
class Night:
    """Everything that the monitors look at."""

    day: date
    visited: Sequence[Visited]
    before: Mapping[str, PortalState]
    """What was known of the portals when the night began."""
    thresholds: Thresholds
    left: Sequence[str] = ()
    """Portals that were due and not visited."""
    why_left: str = "the night was too short"
    labels: Mapping[str, int] = field(default_factory=dict)
    """Labels that no template knows and no report had before -> how often."""
    yearly: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Portal -> its organs with a report about the year before last, and those of them with one about the last year."""
    late: Sequence[str] = ()
    """Portals that were visited, and have not been gone through to their end for long."""


class Look(Monitor):
    """Base of the monitors: subclasses answer `alarm`, and one that does not cannot be made."""

    data: Any

    @abstractmethod
    def alarm(self, night: Night) -> Alarm | None:
        """What is wrong with the night, in the words of this monitor; None where nothing is."""

    def test(self) -> None:
        found = self.alarm(self.data.night)
        if found is not None:
            self.data.alarms.append(found)
            self.fail(found.message)

    def about(self, portals: Sequence[str], what: str) -> Alarm | None:
        """`what` with the number of portals in front; None without any."""
        if not portals:
            return None
        verb, _, rest = what.partition(" ")
        verb = ALONE.get(verb, verb) if len(portals) == 1 else verb
        told = f"{many(len(portals), 'portal')} {verb} {rest}"
        return Alarm(type(self).__name__, told, tuple(sorted(portals)[:NAMED]))


class NothingWhereSomethingWas(Look):
    """A portal whose lists had lines, and have none."""

    def alarm(self, night: Night) -> Alarm | None:
        empty = [visited.portal for visited, lines in _lists(night) if lines == 0]
        return self.about(empty, "gave nothing where something was expected")


class SuddenDrop(Look):
    """A portal whose lists are suddenly short."""

    def alarm(self, night: Night) -> Alarm | None:
        fallen = [
            visited.portal
            for visited, lines in _lists(night)
            if 0 < lines < night.thresholds.drop * _lines_before(night, visited)
            and _lines_before(night, visited) >= ENOUGH_LINES
        ]
        return self.about(fallen, "list far less than at the last visit")


class OtherLines(Look):
    """A portal whose lists are as long as ever, and hold something else: the share of lines that are called reports fell."""

    def alarm(self, night: Night) -> Alarm | None:
        fallen = [
            visited.portal
            for visited, lines in _lists(night)
            if lines >= ENOUGH_LINES
            and visited.counts.get("promised", 0) / lines < night.thresholds.drop * _share_before(night, visited)
        ]
        return self.about(fallen, "list something else than reports")


class BlockPages(Look):
    """Portals that begin to refuse, or too many that do."""

    def alarm(self, night: Night) -> Alarm | None:
        blocked = [visited.portal for visited in night.visited if visited.health is Health.BLOCKED]
        known = {portal for portal, state in night.before.items() if state.health is Health.BLOCKED}
        if night.visited and len(blocked) > night.thresholds.blocked * len(night.visited):
            return self.about(blocked, f"of {len(night.visited)} refuse{'s' if len(blocked) == 1 else ''}")
        return self.about([portal for portal in blocked if portal not in known], "began to refuse")


class Errors(Look):
    """Too many requests that ended badly, each counted once however often it was tried."""

    def alarm(self, night: Night) -> Alarm | None:
        counted = [visited.counts for visited in night.visited]
        requests = sum(counts.get("requests", 0) - counts.get("retries", 0) for counts in counted)
        errors = sum(visited.counts.get(name, 0) for visited in night.visited for name in ERRORS)
        if requests <= 0 or errors <= night.thresholds.errors * requests:
            return None
        worst = sorted(night.visited, key=lambda one: -sum(one.counts.get(name, 0) for name in ERRORS))
        return Alarm("Errors", f"{errors} of {requests} requests failed", tuple(one.portal for one in worst[:NAMED]))


class OurOwnFaults(Look):
    """Faults of the program, and visits that did not end by themselves."""

    def alarm(self, night: Night) -> Alarm | None:
        bad = (Ended.KILLED, Ended.DIED, Ended.FAILED)
        faulty = [
            visited.portal
            for visited in night.visited
            if visited.ended in bad or any(visited.counts.get(name) for name in FAULTS)
        ]
        return self.about(faulty, "met a fault of the program: nianbao runs shows the problems")


class TemplatesChanged(Look):
    """Portals whose pages are built differently."""

    def alarm(self, night: Night) -> Alarm | None:
        changed = [visited.portal for visited in night.visited if visited.health is Health.TEMPLATE_CHANGED]
        return self.about(changed, "changed the layout of their pages")


class Moved(Look):
    """Portals that send their visitors elsewhere."""

    def alarm(self, night: Night) -> Alarm | None:
        moved = [visited.portal for visited in night.visited if visited.health is Health.MOVED]
        return self.about(moved, "moved to another site: put its address into config/portals")


class UnknownLabels(Look):
    """Labels in tables that no template knows: a new form shows itself here first."""

    def alarm(self, night: Night) -> Alarm | None:
        if not night.labels:
            return None
        often = sorted(night.labels, key=lambda label: (-night.labels[label], label))
        told = ", ".join(f"{label} ({night.labels[label]})" for label in often[:5])
        return Alarm("UnknownLabels", f"{len(night.labels)} labels that no template knows: {told}")


class Coverage(Look):
    """Portals whose organs reported about the year before last, and far fewer of them about the last one."""

    def alarm(self, night: Night) -> Alarm | None:
        if (night.day.month, night.day.day) < COMPLETE_FROM:
            return None
        behind = [
            portal
            for portal, (before, last) in night.yearly.items()
            if before >= ENOUGH_LINES and last < night.thresholds.coverage * before
        ]
        year = night.day.year - 1
        return self.about(behind, f"have far fewer reports about {year} than about {year - 1}")


class Late(Look):
    """Portals that are begun with every night, and whose end no visit reaches."""

    def alarm(self, night: Night) -> Alarm | None:
        return self.about(list(night.late), "have not been gone through to their end for long")


class Unvisited(Look):
    """Portals that were due and had no turn."""

    def alarm(self, night: Night) -> Alarm | None:
        return self.about(list(night.left), f"were due and had no turn: {night.why_left}")


class NightSuite(MonitorSuite):
    """All of them."""

    monitors = (
        NothingWhereSomethingWas,
        SuddenDrop,
        OtherLines,
        BlockPages,
        Errors,
        OurOwnFaults,
        TemplatesChanged,
        Moved,
        UnknownLabels,
        Coverage,
        Late,
        Unvisited,
    )


def look(night: Night) -> list[Alarm]:
    """The alarms of a night, in the order of the monitors. A monitor that fails itself is an alarm too."""
    alarms: list[Alarm] = []
    result = MonitorRunner().run(NightSuite(), night=night, alarms=alarms)
    broken = [Alarm("Monitors", f"{test}: {trace.splitlines()[-1]}") for test, trace in result.errors]
    return alarms + broken


def _lists(night: Night) -> Iterator[tuple[Visited, int]]:
    """Portals that answered and had lines at the last visit, with the lines that they have now."""
    for visited in night.visited:
        refuses = visited.health in (Health.BLOCKED, Health.MOVED)
        if visited.ended is Ended.DONE and not refuses and _lines_before(night, visited) > 0:
            yield visited, visited.counts.get("lines", 0)


def _lines_before(night: Night, visited: Visited) -> int:
    state = night.before.get(visited.portal)
    return state.counts.get("lines", 0) if state is not None else 0


def _share_before(night: Night, visited: Visited) -> float:
    """Of the lines at the last visit, those that were called reports; 0 where a visit of long ago did not count them."""
    state, lines = night.before.get(visited.portal), _lines_before(night, visited)
    return state.counts.get("promised", 0) / lines if state is not None and lines else 0.0
