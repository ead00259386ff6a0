"""What the spiders hand to the pipelines: pages, candidates for reports, problems."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from crawler.reading import Reading
from parsers.source import PortalContext
from storage.archive import Capture, CaptureRecord


@dataclass(eq=False)
class Page:
    """One answer of a portal on its way into the archive. The pipeline fills in what became of it."""

    capture: Capture
    capture_id: str | None = None
    """Set once the bytes are in the archive, or where the server said 304 for what is there."""
    unchanged: bool = False
    """The archive had these bytes already."""
    before: CaptureRecord | None = None
    """The latest good answer of the address until now."""
    keeping: asyncio.Future[None] | None = None
    """Under way into the archive: a page comes alone first, and again as a candidate's."""

    def is_archived_as(self, capture_id: str, fetched_at: datetime) -> None:
        """The archive has these bytes already, since `fetched_at`: what is read from them is of that day, also where an
        earlier crawl was killed before it read them."""
        self.capture_id, self.unchanged = capture_id, True
        self.capture = replace(self.capture, fetched_at=fetched_at)


@dataclass(eq=False)
class File:
    """A file that a page links to or shows."""

    page: Page
    name: str
    """The link's text, or the file's name."""


@dataclass(frozen=True)
class Missing:
    """A file of a page that could not be got in this run. The archive may have it from an earlier one."""

    position: int
    """Among the page's files."""
    canonical_url: str
    name: str


@dataclass(eq=False)
class Candidate:
    """A page that may be a report, with everything that belongs to it: ready to be parsed."""

    page: Page
    portal: PortalContext
    files: tuple[File, ...] = ()
    missing: tuple[Missing, ...] = ()
    title: str | None = None
    """As its list shows it, often cut off."""
    published: date | None = None
    """The date beside it in the list."""
    list_url: str | None = None
    page_url: str | None = None
    """Where people read it, when the page is the answer of an interface."""
    column: str = ""
    """Canonical address of the list's first page."""
    skeleton: frozenset[str] = frozenset()
    """How the page is built (`crawler.pages.skeleton`); nothing of a file."""
    promised: bool = True
    """Its title promised a report, or the user named its address: no report is then a problem and not a note."""


@dataclass(frozen=True)
class Trouble:
    """Something that could not be got or read. Ends in the collection `problems`."""

    kind: str
    where: str
    """Canonical address."""
    message: str
    page: Page | None = None
    """The answer that shows it, when there was one."""
    stage: str = "fetch"


@dataclass(frozen=True)
class Dead:
    """The address of a report, or of what may be one, that is dead: whether it was ever alive is for the storage to say."""

    where: str
    """Canonical address."""
    message: str


class Verdict(StrEnum):
    """What the parsers made of a candidate."""

    REPORT = "report"
    NOT_A_REPORT = "not_a_report"
    UNREADABLE = "unreadable"
    UNCHANGED = "unchanged"
    """Page and files are what they were when they were parsed last; they are not parsed again."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """A candidate after the parsers."""

    candidate: Candidate
    verdict: Verdict
    report: Reading | None = None
    reason: str = ""
    """A stable word, for what is no report or could not be read; of an unchanged page what it is."""
    detail: str = ""
