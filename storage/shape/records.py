"""What the collections hold beside the report itself: one small dataclass a collection, in the database's words.

`storage.schema` makes each collection's validator from these; a field that is not here cannot be stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

Plain = str | int | float | bool | None | list[str | int | float] | Mapping[str, str | int | float | None]
"""What an argument or a detail of a run may be."""


class Packed(StrEnum):
    """How a body lies in `raw`."""

    ZSTD = "zstd"
    PLAIN = "plain"
    """Formats that are compressed already (PDF, DOCX, pictures)."""


class RunState(StrEnum):
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


class Health(StrEnum):
    """What is known of a portal, and what a person may want to do about it."""

    UNKNOWN = "unknown"
    """No run has been there."""
    FRESH = "fresh"
    LATE = "late"
    """It was to be visited and had no turn; nothing is wrong with it that we know of."""
    FAILING = "failing"
    """No answer, nothing but errors, or no 年报 column."""
    BLOCKED = "blocked"
    """It refuses. Asked again seldom, never tricked."""
    MOVED = "moved"
    """It sends its visitors to another site, which is none of its hosts."""
    TEMPLATE_CHANGED = "template_changed"
    """Its pages are built differently than at the last visit: `PortalState.change` says how."""


class ProblemState(StrEnum):
    OPEN = "open"
    RESOLVED = "resolved"


@dataclass(frozen=True)
class Linked:
    """A file that a page links to, and the capture that holds its bytes when it was fetched."""

    url: str
    name: str
    media_type: str | None = None
    capture_id: str | None = None
    raw_sha256: str | None = None


@dataclass(frozen=True)
class Found:
    """What the list page knew of a page, kept with its capture so that a rerun is given what the crawl was given."""

    title: str | None = None
    organ: str | None = None
    published: str | None = None
    """ISO date."""
    list_url: str | None = None
    attachments: tuple[Linked, ...] = ()
    page_url: str | None = None
    """Where people read what these bytes hold, when they came from an interface that the page's script asks."""


@dataclass(frozen=True)
class CaptureRecord:
    """Collection `captures`: one fetch that brought something not seen before at its address."""

    _id: str
    """`<address>/<version>`; version counts the different contents of the address from 1."""
    bucket: int
    address: str
    """First 24 hex digits of the SHA-256 of `canonical_url`."""
    version: int
    url: str
    canonical_url: str
    portal: str | None
    fetched_at: datetime
    status: int
    headers: Mapping[str, str]
    """Names in lower case; a repeated header joined by a comma and a space."""
    raw_sha256: str
    size: int
    media_type: str
    text_sha256: str | None
    run_id: str | None
    kind: str
    """report, list, attachment, blocked, not_a_report, page, robots …"""
    rendered: bool
    found: Found | None = None
    judged_by: tuple[str, ...] = ()
    """Why a rerun should look at it: `failed`, `unread`, or what the verdict "no report" rests on; a report that a later
    parser could not read keeps standing, and its capture says here what that parser was (`parsers.made_of`).
    """

    @property
    def id(self) -> str:
        return self._id


@dataclass(frozen=True)
class RawRecord:
    """Collection `raw`: bytes by their SHA-256. Written once, never changed."""

    _id: str
    sha256: str
    """The same as `_id`, under the name by which people ask."""
    bucket: int
    size: int
    stored_size: int
    media_type: str
    encoding: str | None
    """As decided when the bytes came in; None for what is no text."""
    packed: Packed
    body: bytes | None
    """None where the body lies in GridFS (`raw.files`, `raw.chunks`)."""
    file_id: str | None
    """GridFS id: the SHA-256 of the packed bytes."""


@dataclass(frozen=True)
class DamageRecord:
    """Collection `damage`: bytes of `raw` that are missing or not what their SHA-256 says, until a crawl has brought them
    anew."""

    _id: str
    """The SHA-256 that they should have."""
    bucket: int
    reason: str
    found_at: datetime
    captures: tuple[str, ...] = ()
    """Ids of those that brought them: where to ask again."""


@dataclass(frozen=True)
class SourceEntry:
    """One address that carries the report (`sources` of a report)."""

    url: str | None
    address: str
    version: int
    capture_id: str
    portal: str | None
    fetched_at: datetime
    media_type: str
    raw_sha256: str
    text_sha256: str
    content_sha256: str
    """Of the report as read from this address."""
    provenance_sha256: str
    """Of what it was read from and by."""
    verified: int
    """Tables whose hard sums all hold."""
    numbers: int
    """Figures that are numbers."""
    published_on: str | None
    chosen: bool
    made_of: tuple[str, ...] = ()
    """What this reading went through, part by part (`parsers.made_of`)."""
    authority: str = "official"
    """official or mirror, see `storage.saving.authority`."""
    relation: str = "chosen"
    """To the reading that stands: chosen; same (the same text: a page that moved, an alias, a copy); agrees (another
    text, no figure against it); differs."""
    gone_at: datetime | None = None
    """Since when its address is known to be dead; None of a living one."""
    as_read: str | None = None
    """Of all that the parser read there (`storage.saving.as_read`), None where nobody knows it: of earlier versions."""


@dataclass(frozen=True)
class Reading:
    """What one address says of a figure."""

    address: str
    value: int | float


@dataclass(frozen=True)
class Disagreement:
    """A figure for which two addresses have different numbers (`disagreements` of a report)."""

    path: str
    readings: tuple[Reading, ...]


MOVED = "moved to "
"""Why a report was withdrawn, with the id behind it under which its page is read now."""


@dataclass(frozen=True)
class Change:
    """How a revision differs from the one before it, and why (`change` of a report, `replaced` of a revision)."""

    revision: int
    """The revision that came with the change."""
    what: Mapping[str, list[str]]
    """figures, cells, text, checks, meta -> paths."""
    why: tuple[str, ...]
    """new_bytes, new_template, new_profile, new_parser, new_units, correction, better_source, other_source, altered, unexplained,
    or the writer's.
    """
    at: datetime
    run_id: str | None


@dataclass(frozen=True)
class ProblemRecord:
    """Collection `problems`: the dead-letter box."""

    _id: str
    bucket: int
    kind: str
    """fetch, blocked, unreadable, not_a_report, refused, too_slow …"""
    stage: str
    """fetch, archive, parse, store."""
    where: str
    """Canonical address, or what else names the thing."""
    address: str
    """As in `captures`: by it a later success closes the problem."""
    portal: str | None
    message: str
    capture_id: str | None
    run_id: str | None
    """The run that met it last."""
    count: int
    first_at: datetime
    last_at: datetime
    state: ProblemState
    resolved_at: datetime | None = None

    @property
    def id(self) -> str:
        return self._id


@dataclass(frozen=True)
class Alarm:
    """What a monitor of a nightly run found wrong."""

    monitor: str
    message: str
    portals: tuple[str, ...] = ()
    """The first of them."""


@dataclass(frozen=True)
class RunRecord:
    """Collection `runs`: one crawl, nightly run, backfill or rerun."""

    _id: str
    """`20261122T041500123Z-crawl-1f2e`: sorts by time."""
    month: str
    """`2026-11`: the index by which the latest runs are found."""
    kind: str
    arguments: Mapping[str, Plain]
    started_at: datetime
    heartbeat_at: datetime
    finished_at: datetime | None
    state: RunState
    counts: Mapping[str, int]
    problems: int
    message: str
    host: str
    pid: int
    process_started: float
    """Seconds since 1970 at which the process began: a number of its own among those that ever had this pid."""
    alarms: tuple[Alarm, ...] = ()

    @property
    def id(self) -> str:
        return self._id


@dataclass(frozen=True)
class LeaseRecord:
    """Collection `leases`: who works on what, and until when nobody else may."""

    _id: str
    token: str
    run_id: str | None
    since: datetime
    until: datetime
    host: str
    pid: int
    started: float

    @property
    def id(self) -> str:
        return self._id


@dataclass(frozen=True)
class Column:
    """A 年报 column found on a portal."""

    url: str
    title: str = ""
    vendor: str | None = None
    why: tuple[str, ...] = ()
    """What proved it, and what its system was known by: a sentence each."""
    depth: int = 0
    """Parts of parts: the columns that a crawl begins at are 0."""


@dataclass(frozen=True)
class LayoutChange:
    """A column whose pages are built differently than before, and what is no longer read of them."""

    column: str
    """Canonical address."""
    role: str
    """list, detail, or golden: a page that was a report, and is none any more."""
    before: str
    """Digest of the page's skeleton (`crawler.pages.skeleton`)."""
    after: str
    before_capture: str | None
    after_capture: str | None
    stopped: tuple[str, ...]
    """What was read before and is not now: items, title, published_on, publisher, sections, figures …"""
    at: datetime
    run_id: str | None


@dataclass(frozen=True)
class Layout:
    """How one kind of page of one column is built."""

    column: str
    role: str
    """list or detail."""
    digest: str
    words: tuple[str, ...]
    """The skeleton itself, so that the next one can be compared with it and not only told from it."""
    fields: tuple[str, ...]
    """What most such pages give."""
    capture_id: str | None
    seen_at: datetime


@dataclass(frozen=True)
class PortalLayouts:
    """Collection `layouts`: how a portal's pages were built when they were last well."""

    _id: str
    layouts: tuple[Layout, ...]
    profile_version: int
    """Of the portal's page profile: with a new one a person has answered what changed."""


@dataclass(frozen=True)
class PortalState:
    """Collection `portals`: what the runs learnt of a portal."""

    _id: str
    health: Health = Health.UNKNOWN
    detail: str = ""
    last_run_id: str | None = None
    last_tried_at: datetime | None = None
    last_success_at: datetime | None = None
    failures: int = 0
    """Runs without success since the last success."""
    columns: tuple[Column, ...] = ()
    vendor: str | None = None
    """The system of the front page, as `nianbao portals check` saw it."""
    vendor_why: str = ""
    checked_at: datetime | None = None
    before_check: Mapping[str, str] | None = None
    """Health and detail as the runs left them, while `health` is what `nianbao portals check` met."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """Of the last success: candidates, columns, requests, lines on the first pages of its lists, lists that broke off."""
    cursor: Mapping[str, str] = field(default_factory=dict)
    """`backfill_2019` -> when that year was gone through to its end."""
    last_sweep_at: datetime | None = None
    golden: str | None = None
    """A report page that every visit reads again: when it is no report any more, the portal has changed."""
    change: LayoutChange | None = None
    """Of a portal whose layout changed."""
    organ_id: str | None = None
    """Whose portal it is."""

    @property
    def id(self) -> str:
        return self._id
