"""The unit of work: one visit to one portal, as it is given to a worker and as it comes back. Both travel as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum

from crawler.plan import Limits, Plan, Visit
from crawler.registry import Portal, load_portal, portal_of
from crawler.result import ProblemLine
from storage.shape.records import Health

GRACE = 120.0
"""Seconds after the soft limit, in which what is under way is stored; then the worker is ended."""


@dataclass(frozen=True)
class Order:
    """One portal to visit."""

    portal: str
    run_id: str
    visit: Visit = Visit.NIGHTLY
    home: str | None = None
    """Where to reach it today, in the registry's stead; names a portal that stands in no registry."""
    platform: str | None = None
    """What it shares with other portals: they are visited one after the other."""
    columns: Mapping[str, str] = field(default_factory=dict)
    years: tuple[int, ...] = ()
    recheck: tuple[int, ...] = ()
    newest: int = 0
    """The report year that a list of the portal must name by now (`crawler.plan`)."""
    requests: int = Limits.requests
    seconds: float = 7200.0
    """The soft limit: then the visit is ended in good order."""
    grace: float = GRACE
    delay: float | None = None

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def of_json(cls, text: str) -> Order:
        values = json.loads(text)
        years, recheck = tuple(values.pop("years")), tuple(values.pop("recheck"))
        return cls(**{**values, "visit": Visit(values["visit"]), "years": years, "recheck": recheck})

    def place(self) -> Portal:
        """The portal. Raises TemplateError where it stands neither in the registry nor has an address."""
        if self.home is None:
            return load_portal(self.portal)
        named = portal_of(self.home)
        return named if named.id == self.portal else load_portal(self.portal).at(self.home)

    def plan(self) -> Plan:
        return Plan(
            self.place(),
            years=frozenset(self.years),
            limits=Limits(requests=self.requests),
            visit=self.visit,
            columns=self.columns,
            recheck=frozenset(self.recheck),
            newest=self.newest,
        )


class Ended(StrEnum):
    """How a visit ended."""

    DONE = "done"
    STOPPED = "stopped"
    """Its time was up, or the run was stopped: what was fetched is stored."""
    BUSY = "busy"
    """Another process is at this portal, or at another one of its platform."""
    KILLED = "killed"
    """It did not even end after the grace: its worker was ended."""
    DIED = "died"
    """Its worker ended without a word."""
    FAILED = "failed"
    """The database or the registry: `message` says what."""


@dataclass(frozen=True)
class Visited:
    """What became of an order."""

    portal: str
    ended: Ended
    message: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[ProblemLine, ...] = ()
    reports: Mapping[str, str] = field(default_factory=dict)
    """Report id -> new, changed or unchanged."""
    labels: Mapping[str, int] = field(default_factory=dict)
    """Labels that no template knows."""
    health: Health = Health.UNKNOWN
    detail: str = ""
    seconds: float = 0.0

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def of_json(cls, text: str) -> Visited:
        values = json.loads(text)
        problems = tuple(ProblemLine(**one) for one in values.pop("problems"))
        ended, health = Ended(values.pop("ended")), Health(values.pop("health"))
        return cls(**values, problems=problems, ended=ended, health=health)
