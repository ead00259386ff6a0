"""From capture ids to what a parser is given: the same `Source` that the crawl made, now from the archive.

A batch of capture ids is the unit of work: plain strings, which any process on any machine can be handed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from parsers.source import Attachment, PortalContext, Source
from storage.archive import Archive
from storage.base import Db
from storage.raw import DamagedRaw
from storage.rerun.outcome import Outcome
from storage.rerun.profiles import Profiles
from storage.shape.records import CaptureRecord, Linked

LARGEST_RUN = 32 * 1024 * 1024
"""Bytes that are in memory at once, unless a single capture has more."""


@dataclass(frozen=True)
class Trouble:
    """Why there is nothing to parse."""

    outcome: Outcome
    kind: str
    """As in `problems`."""
    message: str


@dataclass(frozen=True)
class Loaded:
    capture: CaptureRecord
    portal: PortalContext | None
    source: Source | Trouble


def load(db: Db, capture_ids: Sequence[str], profiles: Profiles) -> Iterator[Loaded]:
    """Captures with their bytes, and those of the files that belong to them. Ids that nobody knows are passed over."""
    archive = Archive(db)
    captures = {one.id: one for one in archive.captures(capture_ids)}
    files = {one.id: one for one in archive.captures(_file_ids(captures.values()))}
    for some in _runs([captures[key] for key in capture_ids if key in captures], files):
        wanted = {sha256 for one in some for sha256 in (one.raw_sha256, *(link.raw_sha256 for link in _links(one)))}
        contents = dict(archive.raw.contents(sha256 for sha256 in wanted if sha256))
        for one in some:
            yield _loaded(one, files, contents, profiles)


def _links(capture: CaptureRecord) -> tuple[Linked, ...]:
    """The files that were fetched with it."""
    return tuple(link for link in capture.found.attachments if link.raw_sha256) if capture.found else ()


def _file_ids(captures: Iterable[CaptureRecord]) -> Iterator[str]:
    return (link.capture_id for capture in captures for link in _links(capture) if link.capture_id)


def _runs(captures: Sequence[CaptureRecord], files: dict[str, CaptureRecord]) -> Iterator[list[CaptureRecord]]:
    """The captures in runs that fit into memory."""
    run: list[CaptureRecord] = []
    total = 0
    for capture in captures:
        size = capture.size + sum(files[key].size for key in _file_ids([capture]) if key in files)
        if run and total + size > LARGEST_RUN:
            yield run
            run, total = [], 0
        run.append(capture)
        total += size
    if run:
        yield run


def _loaded(
    capture: CaptureRecord,
    files: dict[str, CaptureRecord],
    contents: dict[str, bytes | DamagedRaw],
    profiles: Profiles,
) -> Loaded:
    portal = profiles.context(capture.portal, capture.fetched_at) if capture.portal else None
    if capture.portal and portal is None:
        message = (
            f"config/portals has no {capture.portal} any more, and without it nobody knows whose pages these are."
            " Put its file back, and say `nianbao rerun --all`"
        )
        return Loaded(capture, None, Trouble(Outcome.REJECTED, "unknown_portal", message))
    for sha256 in (capture.raw_sha256, *(link.raw_sha256 for link in _links(capture))):
        content = contents[str(sha256)]
        if isinstance(content, DamagedRaw):
            return Loaded(capture, portal, Trouble(Outcome.MISSING_RAW, "missing_raw", str(content)))
    page = contents[capture.raw_sha256]
    assert isinstance(page, bytes)
    found = capture.found
    source = Source(
        content=page,
        url=(found and found.page_url) or capture.url,
        media_type=capture.headers.get("content-type"),
        title=found.title if found else None,
        organ=found.organ if found else None,
        published=date.fromisoformat(found.published) if found and found.published else None,
        portal=portal,
        attachments=tuple(_attachment(link, files, contents) for link in _links(capture)),
    )
    return Loaded(capture, portal, source)


def _attachment(link: Linked, files: dict[str, CaptureRecord], contents: dict[str, bytes | DamagedRaw]) -> Attachment:
    """As the crawl had it: with the media type that the server declared, not the one that was found out."""
    file = files.get(link.capture_id or "")
    content = contents[str(link.raw_sha256)]
    assert isinstance(content, bytes)
    return Attachment(link.url, link.name, content, file.headers.get("content-type") if file else link.media_type)
