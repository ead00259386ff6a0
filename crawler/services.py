"""What all spiders of a run share: the archive, one writer thread, the parser processes, the counts."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Self, TypeVar, cast

from rich.status import Status

from crawler.errors import CrawlFailed
from crawler.finding.column_map import ColumnMap
from crawler.kept import Bodies, Kept
from crawler.latest import Latest
from crawler.reading import Reading, read
from crawler.writer import GroupCommit, In, Out
from parsers.source import Source
from parsers.workers import Parse, ParserPool
from storage.access.patience import SOON, Patience
from storage.archive import Archive, CaptureRecord
from storage.database import OpenDatabase, open_database
from storage.layouts import Layouts
from storage.portals import Portals
from storage.problems import Problems
from storage.reports import Reports
from storage.runs import Runs
from storage.settings import Settings
from storage.shape.records import Health, LayoutChange

T = TypeVar("T")
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Met:
    """A problem that the run met."""

    portal: str
    kind: str
    where: str
    """Canonical address."""
    message: str


@dataclass(frozen=True)
class Seen:
    """What a dry run would fetch."""

    url: str
    title: str
    promised: bool


@dataclass(frozen=True)
class Found:
    """What a run says of a portal."""

    health: Health
    detail: str = ""
    change: LayoutChange | None = None


class Services:
    """Opened once a run, closed when its last spider is done. A dry run has no database: `archive` is None."""

    def __init__(self, settings: Settings, *, dry_run: bool = False, lender: Services | None = None) -> None:
        """`lender` gives its database and its parsers, and keeps them: a worker's portals, one after the other."""
        self.settings = settings
        self._lender = lender
        self.owns_run = lender is None
        """The run is this process's; a worker's portals are part of one whose record others keep."""
        self.counts: Counter[str] = Counter()
        self.found: list[Seen] = []
        self.met: list[Met] = []
        """Every problem, in the order in which they were met."""
        self.reports_met: dict[str, str] = {}
        """Report id -> new, changed or unchanged."""
        self.health: dict[str, Found] = {}
        """Portal -> how it was found; a portal that was not gone through to its end is missing."""
        self.labels: Counter[str] = Counter()
        """Labels of known tables that no template knows, in reports that are new or changed."""
        self.maps: dict[str, ColumnMap] = {}
        """Portal -> what was found of its system and its columns."""
        self.run_id: str | None = None
        self.under_way = 0
        """Portals whose spider has not closed; not 0 at the end when the user did not wait for that."""
        self.ended_early = False
        """A spider closed because the user stopped the crawl."""
        self.busy: list[str] = []
        """Portals that were left out, or left, because another process is at them: a sentence each."""
        self.display: Status | None = None
        """The line on the terminal; None where there is no terminal."""
        self.aloud: Callable[[str], None] | None = None
        """Where there is none: takes a line that whoever reads standard error should see."""
        self.failure: BaseException | None = None
        """Why the crawl as a whole cannot go on."""
        self._told_away = False
        self.writer = ThreadPoolExecutor(1, thread_name_prefix="writer")
        self.latest = Latest(self._comparable)
        self.kept = Kept(self._bodies, self.latest.coming)
        self._flushes: list[Callable[[], None]] = []
        self._readers = ThreadPoolExecutor(2, thread_name_prefix="reader")
        self._pool: ParserPool | None = None
        self.database: OpenDatabase | None = lender.database if lender else None
        if lender is None and not dry_run:
            self.database = open_database(settings, away_after=SOON)
        self.archive: Archive | None = None
        self.patience: Patience | None = None
        if self.database is not None:
            self.patience = Patience(self.database, settings, self._away)
            self.archive = Archive(self.database)
            self.reports = Reports(self.database)
            self.problems = Problems(self.database)
            self.runs = Runs(self.database)
            self.portals = Portals(self.database)
            self.layouts = Layouts(self.database)

    @property
    def parsers(self) -> ParserPool:
        """Started with the first page that is to be parsed."""
        if self._lender is not None:
            return self._lender.parsers
        if self._pool is None:
            given = self.settings.parse
            self._pool = ParserPool(given.workers, given.seconds, given.memory_mb, parse=cast(Parse, read))
            self._pool.__enter__()
        return self._pool

    def read_report(self, source: Source) -> Future[Reading]:
        """In a parser process. The future gives what `crawler.reading.read` gives or raises."""
        return cast("Future[Reading]", self.parsers.submit(source))

    async def _comparable(self, canonical_urls: Sequence[str]) -> Mapping[str, CaptureRecord]:
        assert self.archive is not None
        return await self.read(self.archive.comparable, canonical_urls)

    async def _bodies(self, sha256s: Sequence[str]) -> Bodies:
        assert self.archive is not None
        return await self.read(self.archive.bodies, sha256s)

    def seen(self, url: str, title: str, promised: bool) -> None:
        self.found.append(Seen(url, title, promised))

    def committed(
        self, write: Callable[[Sequence[In]], Sequence[Out]], size: Callable[[In], int] = lambda item: 0
    ) -> GroupCommit[In, Out]:
        """A queue into the run's one writer thread. What it still holds at the end is written then."""
        commit = GroupCommit(lambda batch: self.patiently(lambda: write(batch)), self.writer, size)
        self._flushes.append(commit.flush)
        return commit

    async def read(self, function: Callable[..., T], *arguments: object) -> T:
        """A question to the database, asked in a thread."""
        return await asyncio.get_running_loop().run_in_executor(
            self._readers, lambda: self.patiently(lambda: function(*arguments))
        )

    def patiently(self, work: Callable[[], T]) -> T:
        """`work` with the database, which is waited for where it is away."""
        return work() if self.patience is None else self.patience(work)

    def _away(self, told: str) -> None:
        """In the thread that waits: for who looks at the terminal, and once for the log and for standard error."""
        if self.display is not None:
            self.display.update(told or "the database is back")
        if (told != "") != self._told_away:
            self._told_away = told != ""
            line = told or "the database is back: the crawl goes on"
            logger.warning(line)
            if self.aloud is not None:
                self.aloud(line)

    def fail(self, error: BaseException) -> CrawlFailed:
        """Remember what ends the crawl; the first cause counts."""
        if self.failure is None:
            self.failure = error
        return CrawlFailed(str(error))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.patience is not None and (self.failure is not None or self.under_way):
            self.patience.stop()
        if self.failure is None:
            # In the order of the pipelines: bytes before reports.
            for flush in self._flushes:
                flush()
        self.writer.shutdown(wait=True)
        self._readers.shutdown(wait=True)
        if self._pool is not None:
            # What nobody waits for any more need not be parsed to its end.
            self._pool.__exit__(kind or (KeyboardInterrupt if self.under_way else None), error, trace)
        if self.database is not None and self._lender is None:
            self.database.close()
