"""Archive first: every response is kept before anything reads it, and nothing kept is ever overwritten.

A batch goes in two steps, bytes then captures, so that a capture never points to bytes that are not there.
Both bear being repeated: after a kill, the same batch stored again leaves exactly what an undisturbed one
would have left.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from functools import cached_property

from pymongo import UpdateOne

from parsers.documents.media import sniff
from parsers.made_of import UNREAD
from storage.access.encoding import encode
from storage.access.reads import by_keys, walk
from storage.access.writes import MAX_OPERATIONS, insert_new, settle
from storage.base import BUCKETS, Db, Doc, State, address_of, bucket_of, capture_key, plain, printable, slices, utc
from storage.known import Known
from storage.raw import Body, DamagedRaw, RawStore
from storage.shape.records import CaptureRecord, Found, Linked

__all__ = ["Archive", "Capture", "CaptureRecord", "DamagedRaw", "Found", "Linked", "Mark", "State", "Stored"]

LONGEST_HEADER = 8192
_WHAT = {"address": 1, "version": 1, "kind": 1, "judged_by": 1}
_VERSION = {"address": 1, "version": 1, "status": 1, "kind": 1, "raw_sha256": 1, "fetched_at": 1}


@dataclass(frozen=True)
class Capture:
    """One response, as it came."""

    url: str
    canonical_url: str
    """The address without what does not choose the page; what makes two fetches the same."""
    portal: str | None
    fetched_at: datetime
    status: int
    headers: Mapping[str, str]
    content: bytes
    run_id: str | None
    kind: str
    """report, list, attachment, blocked, not_a_report, page, robots …"""
    rendered: bool = False
    media_type: str | None = None
    """Where the caller has looked at the bytes already."""
    encoding: str | None = None
    found: Found | None = field(default=None)

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @cached_property
    def address(self) -> str:
        return address_of(self.canonical_url)

    @cached_property
    def declared(self) -> str | None:
        """The Content-Type header as it came."""
        return next((value for name, value in self.headers.items() if name.lower() == "content-type"), None)

    @cached_property
    def decided(self) -> str:
        """The media type: the caller's word, else by a look at the bytes."""
        return self.media_type or sniff(self.content, self.declared)


@dataclass(frozen=True)
class Stored:
    capture_id: str
    raw_sha256: str
    state: State
    """new: first content of its address; changed: another content than before; unchanged: nothing was
    written.
    """
    fetched_at: datetime
    """When this content came first: what is read from it is of that day, in a crawl as in a rerun."""


@dataclass(frozen=True)
class Mark:
    """What a capture turned out to be. Fields that are None stay as they are."""

    capture_id: str
    kind: str | None = None
    text_sha256: str | None = None
    found: Found | None = None
    judged_by: tuple[str, ...] | None = None
    """See `CaptureRecord`; () when nothing is left to look at, as where a report has been read."""


class Archive:
    """The collections `captures` and `raw`."""

    def __init__(self, db: Db) -> None:
        self._captures = db["captures"]
        self._judges = Known(db, "judged_by")
        self.raw = RawStore(db)

    def store(self, batch: Sequence[Capture]) -> list[Stored]:
        """Keep a batch; the answers stand in its order. When it returns, everything is acknowledged.

        A fetch that brings what the address brought last adds nothing. Good answers are compared with good
        ones and failures with failures, so that a page which comes back after an outage is unchanged, not
        new. A fetch that is stored already (same address, time and bytes: a batch repeated after a kill) is
        recognised wherever it stands among the versions.
        """
        self.raw.keep({c.sha256: Body(c.content, c.decided, c.declared, c.encoding) for c in batch if c.status != 304})
        answers: dict[int, Stored] = {}
        while len(answers) < len(batch):
            self._round(batch, answers)
        return [answers[position] for position in range(len(batch))]

    def _round(self, batch: Sequence[Capture], answers: dict[int, Stored]) -> None:
        """Answer what can be answered, and try to add one version an address. What lost a race stays open."""
        waiting = [position for position in range(len(batch)) if position not in answers]
        known = self._versions(batch[position].address for position in waiting)
        tried: dict[str, int] = {}
        for position in waiting:
            capture = batch[position]
            if capture.address in tried:
                continue
            versions = known.get(capture.address, [])
            same = _same(capture, versions)
            if same is not None:
                key = capture_key(capture.address, same["version"])
                answers[position] = Stored(key, same["raw_sha256"], State.UNCHANGED, utc(same["fetched_at"]))
            else:
                tried[capture.address] = position
        positions = list(tried.values())
        records = [_record(batch[p], len(known.get(batch[p].address, [])) + 1) for p in positions]
        self._judges.add(part for record in records for part in record.judged_by)
        outcome = insert_new(self._captures, [encode(plain(record)) for record in records])
        for index, (position, record) in enumerate(zip(positions, records, strict=True)):
            if index in outcome.refused:
                # Our own record, so our own mistake: better a loud stop than a page that is archived nowhere.
                raise ValueError(f"capture of {record.url} refused by the database: {outcome.refused[index]}")
            if index not in outcome.duplicates:
                state = State.NEW if record.version == 1 else State.CHANGED
                answers[position] = Stored(record.id, record.raw_sha256, state, record.fetched_at)

    def _versions(self, addresses: Iterable[str]) -> dict[str, list[Doc]]:
        """Address -> its versions, oldest first. Versions count from 1 without a gap."""
        found: dict[str, list[Doc]] = {}
        for document in by_keys(self._captures, "address", addresses, projection=_VERSION):
            found.setdefault(document["address"], []).append(document)
        for versions in found.values():
            versions.sort(key=lambda document: int(document["version"]))
        return found

    def latest(self, canonical_url: str) -> CaptureRecord | None:
        """The latest good answer of an address: what a conditional request compares with. None: never
        seen.
        """
        with self._captures.find({"address": address_of(canonical_url)}) as cursor:
            versions = sorted(cursor, key=lambda document: int(document["version"]), reverse=True)
        return next((capture_record(v) for v in versions if _good(v["status"], v["kind"])), None)

    def comparable(self, canonical_urls: Iterable[str]) -> dict[str, CaptureRecord]:
        """As `latest`, for conditional requests, of several addresses; those that have none are missing, and so are those
        whose bytes are marked as damaged: then the page is wanted whatever the portal thinks of it.
        """
        by_address = {address_of(url): url for url in canonical_urls}
        latest: dict[str, Doc] = {}
        for one in by_keys(self._captures, "address", by_address):
            before = latest.get(one["address"])
            if _good(one["status"], one["kind"]) and (before is None or before["version"] < one["version"]):
                latest[one["address"]] = one
        damaged = set(self.raw.marked(one["raw_sha256"] for one in latest.values()))
        return {
            by_address[address]: capture_record(one)
            for address, one in latest.items()
            if one["raw_sha256"] not in damaged
        }

    def kinds(self, canonical_urls: Iterable[str]) -> dict[str, str]:
        """Of the addresses that were ever fetched: what the latest capture is, or `unread` where none was parsed yet.

        A capture waits to be parsed where a run was killed between the two.
        """
        by_address = {address_of(url): url for url in canonical_urls}
        latest: dict[str, Doc] = {}
        for one in by_keys(self._captures, "address", by_address, projection=_WHAT):
            if one["version"] >= latest.get(one["address"], one)["version"]:
                latest[one["address"]] = one
        return {
            by_address[address]: UNREAD if UNREAD in (one.get("judged_by") or ()) else one["kind"]
            for address, one in latest.items()
        }

    def history(self, canonical_url: str) -> list[CaptureRecord]:
        """Everything that an address ever answered, oldest first."""
        with self._captures.find({"address": address_of(canonical_url)}) as cursor:
            return sorted(map(capture_record, cursor), key=lambda record: record.version)

    def get(self, capture_id: str) -> CaptureRecord | None:
        document = self._captures.find_one({"_id": capture_id})
        return None if document is None else capture_record(document)

    def captures(self, capture_ids: Iterable[str]) -> Iterator[CaptureRecord]:
        """Captures by id, in no order; unknown ids are passed over."""
        return map(capture_record, by_keys(self._captures, "_id", capture_ids))

    def content(self, raw_sha256: str) -> bytes:
        """The archived bytes. Raises DamagedRaw where they are missing or no longer what they were."""
        return self.raw.content(raw_sha256)

    def bodies(self, raw_sha256s: Iterable[str]) -> dict[str, bytes | DamagedRaw]:
        """As `content`, of several at once; what is damaged comes as its error."""
        return dict(self.raw.contents(raw_sha256s))

    def mark(
        self,
        capture_id: str,
        kind: str | None = None,
        text_sha256: str | None = None,
        found: Found | None = None,
        judged_by: tuple[str, ...] | None = None,
    ) -> None:
        """Note what a capture turned out to be. Call it after the report is saved: what is not marked is
        not done.
        """
        self.mark_all([Mark(capture_id, kind, text_sha256, found, judged_by)])

    def mark_all(self, marks: Sequence[Mark]) -> None:
        self._judges.add(part for mark in marks for part in mark.judged_by or ())
        operations = []
        for mark in marks:
            values = {k: v for k, v in plain(mark).items() if k != "capture_id" and v is not None}
            if values:
                operations.append(UpdateOne({"_id": mark.capture_id}, {"$set": values}))
        for some in slices(operations, MAX_OPERATIONS):
            settle(self._captures, some)

    def walk(self, kinds: Iterable[str] = (), buckets: range = range(BUCKETS)) -> Iterator[CaptureRecord]:
        """Captures of the given kinds (all kinds when none is given), bucket by bucket."""
        wanted = sorted(set(kinds))
        rest = {"kind": {"$in": wanted}} if wanted else None
        return map(capture_record, walk(self._captures, rest=rest, buckets=buckets))


def _good(status: int, kind: str) -> bool:
    return 200 <= status < 400 and kind != "blocked"


def _same(capture: Capture, versions: Sequence[Doc]) -> Doc | None:
    """The stored version that this fetch only repeats."""
    fetched_at = utc(capture.fetched_at)
    for version in versions:
        if version["raw_sha256"] == capture.sha256 and utc(version["fetched_at"]) == fetched_at:
            return version
    good = _good(capture.status, capture.kind)
    for version in reversed(versions):
        if _good(version["status"], version["kind"]) != good:
            continue
        if capture.status == 304:  # the server says so itself: Not Modified
            return version
        same = version["raw_sha256"] == capture.sha256 and version["status"] == capture.status
        return version if same else None
    return None


def _record(capture: Capture, version: int) -> CaptureRecord:
    key = capture_key(capture.address, version)
    return CaptureRecord(
        _id=key,
        bucket=bucket_of(key),
        address=capture.address,
        version=version,
        url=printable(capture.url),
        canonical_url=printable(capture.canonical_url),
        portal=capture.portal,
        fetched_at=utc(capture.fetched_at),
        status=capture.status,
        headers=_headers(capture.headers),
        raw_sha256=capture.sha256,
        size=len(capture.content),
        media_type=capture.decided,
        text_sha256=None,
        run_id=capture.run_id,
        kind=capture.kind,
        rendered=capture.rendered,
        found=capture.found,
        judged_by=(UNREAD,) if capture.found and capture.kind == "page" and 200 <= capture.status < 300 else (),
    )


def _headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Lower-case names; a dot or a dollar, legal in HTTP and awkward in a field's name, becomes an underscore.

    A server may send what it likes, and its page must be archived all the same: values are cut at 8 KB.
    """
    names = str.maketrans({".": "_", "$": "_", "\0": "_"})
    return {
        printable(name).lower().translate(names): printable(value)[:LONGEST_HEADER] for name, value in headers.items()
    }


def capture_record(document: Doc) -> CaptureRecord:
    """A document of `captures` as its dataclass."""
    values: Doc = {item.name: document.get(item.name) for item in fields(CaptureRecord)}
    found = values["found"]
    if found is not None:
        linked = tuple(Linked(**entry) for entry in found["attachments"])
        values["found"] = Found(**{**found, "attachments": linked})
    values["fetched_at"] = utc(document["fetched_at"])
    values["judged_by"] = tuple(values["judged_by"] or ())
    return CaptureRecord(**values)
