"""Take a WARC file into the archive: captures with their original time and headers, then to be parsed like new ones.

A file of ours comes back as it was. Of others' files every response is taken; what may be a report is left to the
parsers. Doing it twice changes nothing, and a run that was killed is started again. A `revisit` that repeats another
address is taken with that one's bytes; one that repeats its own is what the archive calls unchanged.

A capture that is older than what the archive has of its address becomes no later version of it: it is kept beside it,
under an address that says when it was taken, and not parsed, because what came after it holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from parsers.documents.media import sniff
from parsers.made_of import UNREAD
from storage.access.reads import by_keys
from storage.archive import Archive, Capture, Mark, State
from storage.base import Db, capture_key, utc
from storage.problems import Problem, Problems
from storage.rerun.stale import IMPORTED
from storage.shape.records import CaptureRecord, Found, Linked
from storage.warc import fields, payload
from storage.warc.fields import Known, WarcError
from storage.warc.payload import Answer
from storage.warc.records import Record, records

AT_ONCE = 100
BYTES_AT_ONCE = 32 * 1024 * 1024
_NO_PAGES = ("image/", "audio/", "video/", "font/", "text/css", "text/javascript", "application/javascript")
_PARTIAL = 206
_PAGES = ("response", "resource", "revisit")
Progress = Callable[[str, int], None]
Place = Callable[[str], tuple[str, str | None]]
"""Address -> canonical address and portal, for records that do not say it themselves."""


@dataclass
class Taken:
    """What came of a file."""

    records: int = 0
    new: int = 0
    unchanged: int = 0
    older: int = 0
    """Kept beside what the archive has, because that is newer."""
    left: int = 0
    """Records that are no fetch of a page (requests, metadata, revisits, dns …)."""
    damaged: int = 0
    """Records whose bytes are not what their digest says, or too large; each is in `problems`."""
    to_parse: int = 0
    bytes: int = 0
    broken: str = ""
    """Why the file could not be read to its end; what stands before that is taken."""


@dataclass(frozen=True)
class _Read:
    """One record on its way."""

    capture: Capture
    is_candidate: bool
    version: int | None = None
    """In the archive that wrote it; None: another program did."""


def import_warc(
    db: Db, path: Path, place: Place, run_id: str | None = None, progress: Progress = lambda what, count: None
) -> Taken:
    """Archive the records of a file. Raises WarcError for what is no WARC, OSError for what cannot be read.

    A file that breaks off gives what stands before, and `Taken.broken` says why.
    """
    return _Import(db, place, run_id, progress).take(path)


class _Import:
    def __init__(self, db: Db, place: Place, run_id: str | None, progress: Progress) -> None:
        self._db = db
        self._archive = Archive(db)
        self._problems = Problems(db)
        self._place = place
        self._run_id = run_id
        self._progress = progress
        self._taken = Taken()
        self._revisits: list[tuple[Record, Answer, datetime]] = []

    def take(self, path: Path) -> Taken:
        with path.open("rb") as stream:
            self._store_all(self._records(stream, path.name))
        self._store_all(self._repeated(path.name))
        self._relink()
        return self._taken

    # Records

    def _records(self, stream: BinaryIO, name: str) -> Iterator[_Read]:
        try:
            for record in records(stream):
                self._taken.records += 1
                read = self._record(record, name)
                if read is not None:
                    yield read
        except WarcError as error:
            if not self._taken.records:
                raise WarcError(f"{name} cannot be read: {error}; a WARC file is wanted, .warc or .warc.gz") from None
            self._taken.broken = str(error)
        if not self._taken.records:
            raise WarcError(f"{name} holds no WARC records")

    def _record(self, record: Record, name: str) -> _Read | None:
        if not record.url.startswith(("http://", "https://")) or record.kind not in _PAGES:
            self._taken.left += 1
            return None
        try:
            if record.wrong:
                raise WarcError(record.wrong)
            answer = payload.answer(record.block, record.content_type, record.digest)
            if record.kind == "revisit":
                self._note(record, answer)
                return None
            if answer.wrong:
                raise WarcError(answer.wrong)
            known = fields.known(record.metadata)
            fetched_at = fields.moment(record.date)
        except WarcError as error:
            self._damaged(record.url, f"a record of {name} is not taken: {error}")
            return None
        self._taken.bytes += len(answer.content)
        if known:
            return self._ours(known, record.url, fetched_at, answer.content)
        return self._others(record.url, fetched_at, answer, record.content_type)

    def _note(self, record: Record, answer: Answer) -> None:
        """A revisit waits for the end of the file: what it repeats is stored then, if it is anywhere."""
        if self._place(record.repeats)[0] == self._place(record.url)[0]:
            self._taken.left += 1
        else:
            self._revisits.append((replace(record, block=b""), answer, fields.moment(record.date)))

    def _repeated(self, name: str) -> Iterator[_Read]:
        """Every revisit of another address, with the bytes that this one brought."""
        for record, head, fetched_at in self._revisits:
            held = self._archive.history(self._place(record.repeats)[0])
            good = [version for version in held if 200 <= version.status < 300 and version.size]
            contents = ((version, self._archive.content(version.raw_sha256)) for version in reversed(good))
            same = (one for one in contents if _repeats(record, *one))
            version, content = next(same, (None, b""))
            if version is None:
                message = f"it repeats {record.repeats}, which is not here as it was then"
                self._damaged(record.url, f"a record of {name} is not taken: {message}")
                continue
            headers = head.headers or tuple(version.headers.items())
            answer = Answer(version.status, headers, content)
            yield self._others(record.url, fetched_at, answer, version.media_type)

    def _damaged(self, url: str, message: str) -> None:
        self._taken.damaged += 1
        canonical_url, portal = self._place(url)
        self._problems.record_all(
            [Problem("damaged_record", canonical_url, message, "archive", portal, None, self._run_id)]
        )

    def _ours(self, known: Known, url: str, fetched_at: datetime, content: bytes) -> _Read:
        capture = Capture(
            url=url,
            canonical_url=known.canonical_url,
            portal=known.portal,
            fetched_at=fetched_at,
            status=known.status,
            headers=known.headers,
            content=content,
            run_id=self._run_id,
            kind=known.kind,
            rendered=known.rendered,
            found=known.found,
        )
        return _Read(capture, known.is_candidate, known.version)

    def _others(self, url: str, fetched_at: datetime, answer: Answer, declared: str | None) -> _Read:
        headers: dict[str, str] = {}
        for name, value in answer.headers:
            lower = name.lower()
            headers[lower] = f"{headers[lower]}, {value}" if lower in headers else value
        if not headers and declared:
            headers["content-type"] = declared
        content = answer.content
        canonical_url, portal = self._place(url)
        media_type = sniff(content, headers.get("content-type"))
        capture = Capture(
            url=url,
            canonical_url=canonical_url,
            portal=portal,
            fetched_at=fetched_at,
            status=answer.status,
            headers=headers,
            content=content,
            run_id=self._run_id,
            kind="page",
            media_type=media_type,
        )
        is_page = (
            200 <= answer.status < 300
            and answer.status != _PARTIAL
            and bool(content)
            and not media_type.startswith(_NO_PAGES)
        )
        return _Read(capture, is_page)

    # Into the archive

    def _store_all(self, found: Iterable[_Read]) -> None:
        batch: list[_Read] = []
        size = 0
        for read in found:
            batch.append(read)
            size += len(read.capture.content)
            if len(batch) >= AT_ONCE or size >= BYTES_AT_ONCE:
                self._store(batch)
                batch, size = [], 0
        self._store(batch)

    def _store(self, batch: Sequence[_Read]) -> None:
        placed = self._placed(batch)
        stored = self._archive.store([read.capture for read in placed])
        for one in stored:
            if one.state is State.UNCHANGED:
                self._taken.unchanged += 1
            else:
                self._taken.new += 1
        # By what the archive says of them, not by what is new: a run before this one may have been killed in between.
        candidates = {one.capture_id for read, one in zip(placed, stored, strict=True) if read.is_candidate}
        waiting = [one.id for one in self._archive.captures(candidates) if _is_unparsed(one)]
        self._archive.mark_all([Mark(capture_id, judged_by=(IMPORTED,)) for capture_id in waiting])
        self._taken.to_parse += len(waiting)
        self._progress("records", self._taken.records)

    def _placed(self, batch: Sequence[_Read]) -> list[_Read]:
        """Each where it belongs among the versions of its address."""
        versions: dict[str, list[dict[str, Any]]] = {}
        fetched = {"address": 1, "version": 1, "fetched_at": 1, "raw_sha256": 1}
        addresses = {read.capture.address for read in batch}
        for held in by_keys(self._db["captures"], "address", addresses, projection=fetched):
            versions.setdefault(held["address"], []).append(held)
        placed = []
        for read in batch:
            capture = read.capture
            held_versions = versions.setdefault(capture.address, [])
            if _is_there(capture, held_versions):
                pass
            elif not _is_next(read, held_versions):
                beside = f"{capture.canonical_url}#as-of-{capture.fetched_at:%Y%m%dT%H%M%S%f}"[:-3]
                kept = replace(capture, canonical_url=beside, kind="superseded")
                read = replace(read, capture=kept, is_candidate=False)
                self._taken.older += 1
            else:
                held_versions.append({"fetched_at": capture.fetched_at, "raw_sha256": capture.sha256})
            placed.append(read)
        return placed

    # What belongs to a page

    def _relink(self) -> None:
        """Pages name their files by capture; an archive that had other versions of a file before counts otherwise."""
        found = by_keys(self._db["captures"], "judged_by", [IMPORTED], projection={"found": 1})
        for page in found:
            links = (page["found"] or {}).get("attachments") or ()
            named = [Linked(**link) for link in links]
            right = tuple(self._right(link) for link in named)
            if right != tuple(named):
                self._archive.mark(page["_id"], found=Found(**{**page["found"], "attachments": right}))

    def _right(self, link: Linked) -> Linked:
        if link.raw_sha256 is None or link.capture_id is None:
            return link
        address = link.capture_id.partition("/")[0]
        with self._db["captures"].find({"address": address}, {"version": 1, "raw_sha256": 1}) as cursor:
            same = sorted(one["version"] for one in cursor if one["raw_sha256"] == link.raw_sha256)
        return replace(link, capture_id=capture_key(address, same[-1]) if same else None)


def _repeats(record: Record, version: CaptureRecord, content: bytes) -> bool:
    """By its time, else by its digest, which may be of the packed bytes."""
    at_once = f"{version.fetched_at:%Y-%m-%dT%H:%M:%S}" == record.repeated_at[:19]
    return at_once or (record.digest is not None and not payload.digest_fails(record.digest, content))


def _is_there(capture: Capture, held: Sequence[dict[str, Any]]) -> bool:
    return any(utc(one["fetched_at"]) == capture.fetched_at and one["raw_sha256"] == capture.sha256 for one in held)


def _is_next(read: _Read, held: Sequence[dict[str, Any]]) -> bool:
    """Whether a record follows on what the archive has of its address."""
    if read.version is not None and len(held) == read.version - 1:
        return True  # in the order in which they were archived, whatever the clock said then
    return all(utc(one["fetched_at"]) <= read.capture.fetched_at for one in held)


def _is_unparsed(capture: CaptureRecord) -> bool:
    return capture.kind == "page" and capture.judged_by in ((), (UNREAD,))
