"""What a nightly run and a backfill share: a run's record, its workers, its portals one after the other, its end."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from types import FrameType
from typing import TypeVar

from crawler.errors import CrawlFailed
from crawler.fleet.cluster import cluster
from crawler.fleet.crew import Crew
from crawler.fleet.dispatch import Hands, Tally, dispatch
from crawler.fleet.order import Order, Visited
from crawler.owners import owners, registered
from crawler.pulse import pause_after
from crawler.registry import Portal, load_portal, load_portals
from crawler.result import sentence
from parsers.template import load_templates
from storage.access.patience import Patience
from storage.database import OpenDatabase
from storage.errors import DatabaseError
from storage.follow_up import follow_up
from storage.runs import Runs
from storage.settings import Settings
from storage.shape.records import Alarm, Plain, RunState

T = TypeVar("T")
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Means:
    """Who visits, and who is told meanwhile."""

    workers: int | None = None
    """Crawl processes on this machine; None: one a core."""
    scheduler: str | None = None
    """Of a Dask cluster, which then visits in their stead."""
    hands: Hands | None = None
    """Workers that somebody else has hired, and keeps."""
    homes: Mapping[str, str] = field(default_factory=dict)
    """Where to reach some portals today (the sample's loopback address)."""
    delay: float | None = None
    tell: Callable[[Tally], None] = lambda tally: None
    """Called about once a second."""


def chosen(names: Sequence[str], means: Means) -> list[Portal]:
    """The portals of the registry that can be visited: those named, or all that have an address.

    Raises TemplateError for a name that is none and for a template of reports that cannot be read, CrawlFailed for a
    portal that was named and has no address.
    """
    load_templates()  # a mistake in one of them would cost every page of a whole night
    if not names:
        found = (portal.at(means.homes[portal.id]) if portal.id in means.homes else portal for portal in load_portals())
        return [portal for portal in found if portal.home or portal.columns]
    portals = []
    for name in dict.fromkeys(names):
        portal = load_portal(name)
        portal = portal.at(means.homes[name]) if name in means.homes else portal
        if not portal.home and not portal.columns:
            raise CrawlFailed(f"the registry knows no address of {name}: nothing can be visited")
        portals.append(portal)
    return portals


class Campaign:
    """One run over many portals. An exception during its visits ends the run's record as failed or interrupted."""

    def __init__(
        self, database: OpenDatabase, settings: Settings, kind: str, arguments: Mapping[str, Plain], means: Means
    ) -> None:
        self._settings, self.means = settings, means
        self.runs = Runs(database)
        self.kind = kind
        self.run_id = self.runs.start(kind, arguments)
        self.tally = Tally(0)
        self.patiently = Patience(database, settings, self._away)
        """Does work with the database, which is waited for where it is away."""
        self._database = database
        self._visited: list[str] = []
        self.began = time.monotonic()
        self._next_beat = 0.0
        self._is_followed_up = False

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began

    def visit(self, orders: Sequence[Order], goes_on: Callable[[], bool] = lambda: True) -> list[Visited]:
        """Visit all of them. What was interrupted keeps everything that was fetched, and goes on next time."""
        self.tally = Tally(len(orders))
        self._visited = [one.portal for one in orders]
        if not orders:
            return []
        try:
            with _terminated_is_interrupted(), self._hands(len(orders)) as hands:
                return dispatch(orders, hands, self.tally, beat=self._beat, goes_on=goes_on)
        except BaseException as error:
            is_ours = not isinstance(error, Exception)
            state = RunState.INTERRUPTED if is_ours else RunState.FAILED
            self.tally.hear()
            # Where the database is what failed, the next run finds this one dead.
            with suppress(DatabaseError):
                self.finish(state, str(error) or "stopped by the user; the same command goes on")
            raise

    def follow_up(self) -> None:
        """Bring up to date what is worked out of the reports, once: coverage, and the checks over several of them."""
        if not self._is_followed_up:
            visited = self._visited
            self.patiently(lambda: follow_up(self._database, visited, owners(registered(visited))))
            self._is_followed_up = True

    def finish(self, state: RunState, message: str = "", alarms: Sequence[Alarm] = ()) -> None:
        counts = self.tally.counts
        if state is RunState.FINISHED:
            self.follow_up()
        told = message or sentence(counts)
        if self.patiently.waits:
            counts["database_waits"] = self.patiently.waits
        self.patiently(lambda: self.runs.finish(self.run_id, state, counts=counts, message=told, alarms=alarms))

    @contextmanager
    def _hands(self, portals: int) -> Iterator[Hands]:
        if self.means.hands is not None:
            yield self.means.hands
            return
        if self.means.scheduler is not None:
            with cluster(self.means.scheduler, self.run_id) as hands:
                yield hands
            return
        cores = self._settings.parse.workers
        workers = min(self.means.workers or cores, portals)
        at_once = max(self._settings.crawl.concurrency, workers)
        with Crew(workers, -(-at_once // workers), parsers=max(1, cores // workers), tell=self.tally.tell) as crew:
            yield crew

    def _beat(self) -> None:
        self.means.tell(self.tally)
        if time.monotonic() >= self._next_beat:
            self._next_beat = time.monotonic() + pause_after(self.seconds)
            # The workers wait for a database that is away; whoever watches them must not stand still meanwhile.
            self.patiently.glance(lambda: self.runs.update(self.run_id, self.tally.counts))

    def _away(self, told: str) -> None:
        """On the terminal as long as it lasts, and once as a line."""
        if (told != "") != (self.tally.waits_for != ""):
            logger.warning(told or "the database is back: the crawl goes on")
        self.tally.waits_for = told
        self.means.tell(self.tally)


@contextmanager
def _terminated_is_interrupted() -> Iterator[None]:
    """`kill`, `docker stop` and the end of the machine's day stop a run in good order, as Ctrl-C does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def order(portal: Portal, run_id: str, means: Means) -> Order:
    """The part of an order that says whom to visit."""
    return Order(portal.id, run_id, home=means.homes.get(portal.id), platform=portal.platform, delay=means.delay)
