"""Is everything still there, and what it was? Bytes are hashed again, and everything that points at bytes is followed.

    found = verify(db, mark=True)

Walks in windows of buckets, so that memory stays flat: bodies, captures, reports with their earlier revisions and other
readings. What is damaged is marked, and the next crawl that comes by asks the portal for it anew. A report that is lost or
altered is marked as well, and the next rerun reads it anew from its bytes. An entry of the catalogue that does not say what
its report says is entered anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from storage.access.reads import KEYS_AT_ONCE, by_keys, walk
from storage.base import Db, Doc, batches
from storage.catalogue import Told
from storage.gone import Gone, GoneRecord
from storage.raw import DamagedRaw, RawStore
from storage.readings import Readings
from storage.rerun.current import Current
from storage.rerun.deep import Reread, reread
from storage.rerun.workers import Workers
from storage.saving.intact import is_altered, is_contradicted, is_other_reading
from storage.saving.ledger import Ledger

Progress = Callable[[str, int], None]
"""What is being looked at, how many so far."""
_NOT_MODIFIED = 304
MOST_CAPTURES = 10
"""Of one body that are kept with its mark."""


@dataclass
class Body:
    """Bytes that are not what they should be."""

    sha256: str
    reason: str
    addresses: list[str] = field(default_factory=list)
    """Where they came from: ask there again. Empty where no capture needs them."""
    captures: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Dangling:
    """Something that points at what is not there."""

    what: str
    """report 410104/2020/own, revision …, reading …"""
    reason: str


@dataclass
class Verified:
    """What was looked at, and what is wrong."""

    bodies: int = 0
    bytes: int = 0
    captures: int = 0
    reports: int = 0
    revisions: int = 0
    readings: int = 0
    """Of the same reports, from other addresses than the chosen one."""
    damaged: list[Body] = field(default_factory=list)
    dangling: list[Dangling] = field(default_factory=list)
    gone: list[GoneRecord] = field(default_factory=list)
    """Addresses of reports that are dead on the web: nothing is wrong with the archive, which has their bytes."""
    healed: int = 0
    """Bodies that were marked as damaged and are as they should be."""
    altered: list[str] = field(default_factory=list)
    """`report …`, `revision …`, `reading …` whose content is not what was written (`storage.saving.intact`)."""
    lost: list[str] = field(default_factory=list)
    """Reports that are not there, though nothing has withdrawn them: what speaks of them is left as it is."""
    doubted: list[str] = field(default_factory=list)
    """Of the reports among these, the ones that the next rerun reads anew."""
    behind: list[str] = field(default_factory=list)
    """Reports that were not in the catalogue as they stand (`Catalogue.behind`), and entries of withdrawn ones."""
    entered: bool = False
    """Whether they are now."""
    deep: Reread | None = None
    """What came of reading the pages again, where that was asked for."""

    @property
    def is_whole(self) -> bool:
        wrong = self.damaged or self.dangling or self.altered or self.lost or (self.deep and self.deep.otherwise)
        return not wrong and (self.entered or not self.behind)


def verify_deep(
    db: Db,
    found: Verified,
    current: Current,
    workers: Workers,
    *,
    sample: int | None = None,
    mark: bool = True,
    progress: Progress = lambda what, count: None,
) -> None:
    """Read the pages again as well (`storage.rerun.deep`), and add to `found` what came of it."""
    found.deep = reread(
        db, current, workers, sample=sample, progress=lambda done, of: progress(f"pages, of {of:,}", done)
    )
    readings = Readings(db)
    doubted = readings.writes(found.deep.otherwise)
    if mark:
        readings.doubt(doubted)
    found.doubted = sorted({*found.doubted, *doubted})


def verify(db: Db, *, mark: bool = True, progress: Progress = lambda what, count: None) -> Verified:
    """Look at everything. `mark=False` writes nothing."""
    return _Look(db, mark, progress).at_everything()


class _Look:
    def __init__(self, db: Db, mark: bool, progress: Progress) -> None:
        self._db = db
        self._mark = mark
        self._progress = progress
        self._raw = RawStore(db)
        self._ledger = Ledger(db)
        self._found = Verified()
        self._damaged: dict[str, Body] = {}
        self._altered: set[str] = set()
        """Ids of reports that are, or have a reading that is."""

    def at_everything(self) -> Verified:
        self._bodies()
        self._captures()
        if self._mark:
            for body in self._damaged.values():
                self._raw.mark(DamagedRaw(body.sha256, body.reason), body.captures[:MOST_CAPTURES])
        self._found.reports = self._pointing("reports", "report", walk(self._db["reports"]))
        self._entries()
        # Those of reports that were withdrawn as well: nothing of what was ever read may lose its bytes.
        self._found.revisions = self._pointing("report_revisions", "revision", walk(self._db["report_revisions"]))
        # Other readings have no bucket, and none outlives its report.
        self._found.readings = self._pointing("report_alternates", "reading", self._of_reports("report_alternates"))
        self._doubt()
        self._found.damaged = list(self._damaged.values())
        self._found.gone = list(Gone(self._db).all())
        return self._found

    def _entries(self) -> None:
        """What follows the reports says what they say: those that do not were noted on the way."""
        # What is altered is not entered: the entry may be all that still says what was written.
        late = [key for key in self._found.behind if f"report {key}" not in self._found.altered]
        orphans = [item for _, found in self._ledger.catalogue.orphans() for item in found.items()]
        self._found.lost = sorted({key for key, is_lost in orphans if is_lost})
        self._found.behind = sorted({*late, *(key for key, is_lost in orphans if not is_lost)})
        if self._mark and self._found.behind:
            self._ledger.enter(late)
            self._ledger.catalogue.drop_orphans()
            self._found.entered = True

    def _doubt(self) -> None:
        """Have the next rerun read anew what it can: a report that is lost, its catalogue's entry alone left, it cannot."""
        found = {*self._found.lost, *self._altered}
        self._found.doubted = sorted(self._ledger.readings.writes(found))
        if self._mark:
            self._ledger.readings.doubt(self._found.doubted)

    def _bodies(self) -> None:
        marked = {one._id for one in self._raw.marks()}
        for sha256, size, damage in self._raw.examined():
            self._found.bodies += 1
            self._found.bytes += size
            if damage is not None:
                self._note(damage)
            elif sha256 in marked:
                self._found.healed += 1
                if self._mark:
                    self._raw.unmark(sha256)
            if self._found.bodies % KEYS_AT_ONCE == 0:
                self._progress("bodies", self._found.bodies)

    def _captures(self) -> None:
        """Every capture has its bytes; captures of damaged ones say where to get them again."""
        fields = {"raw_sha256": 1, "canonical_url": 1, "status": 1}
        for some in batches(walk(self._db["captures"], projection=fields), KEYS_AT_ONCE):
            # A 304 without anything to compare with has brought no bytes at all.
            with_bytes = [one for one in some if one["status"] != _NOT_MODIFIED]
            there = self._there(one["raw_sha256"] for one in with_bytes)
            for one in with_bytes:
                sha256 = one["raw_sha256"]
                if sha256 not in there and sha256 not in self._damaged:
                    self._note(DamagedRaw(sha256, "there is no such entry in `raw`"))
                if sha256 in self._damaged:
                    self._damaged[sha256].addresses.append(one["canonical_url"])
                    self._damaged[sha256].captures.append(one["_id"])
            self._found.captures += len(some)
            self._progress("captures", self._found.captures)

    def _note(self, damage: DamagedRaw) -> None:
        self._damaged[damage.sha256] = Body(damage.sha256, damage.reason)

    def _there(self, sha256s: Iterable[str]) -> set[str]:
        return {one["_id"] for one in by_keys(self._db["raw"], "_id", sha256s, projection={"_id": 1})}

    def _of_reports(self, collection: str) -> Iterator[Doc]:
        for some in batches(walk(self._db["reports"], projection={"_id": 1}), KEYS_AT_ONCE):
            yield from by_keys(self._db[collection], "report_id", [one["_id"] for one in some])

    def _pointing(self, collection: str, name: str, found: Iterator[Doc]) -> int:
        """Follow what each document points at. How many there were."""
        number = 0
        for some in batches(found, KEYS_AT_ONCE):
            pointers = {one["_id"]: list(_pointers(one)) for one in some}
            every = [pointer for pointed in pointers.values() for pointer in pointed]
            wanted = {capture_id for capture_id, _ in every if capture_id}
            captures = {
                one["_id"]: one["raw_sha256"]
                for one in by_keys(self._db["captures"], "_id", wanted, projection={"raw_sha256": 1})
            }
            there = self._there(sha256 for _, sha256 in every)
            for one in self._not_as_written(collection, some):
                self._found.altered.append(f"{name} {one['_id']}")
                if collection != "report_revisions":
                    self._altered.add(str(one.get("report_id") or one["_id"]))
            for key, pointed in pointers.items():
                for reason in dict.fromkeys(_complaints(pointed, captures, there)):
                    self._found.dangling.append(Dangling(f"{name} {key}", reason))
            number += len(some)
            self._progress(collection, number)
        return number

    def _not_as_written(self, collection: str, some: list[Doc]) -> list[Doc]:
        if collection == "reports":
            return self._altered_reports(some)
        if collection == "report_revisions":
            return [one for one in some if is_altered(one)]
        heads = self._ledger.heads(one["report_id"] for one in some)
        said = {key: {one["capture_id"]: one for one in head["sources"]} for key, head in heads.items()}
        return [one for one in some if is_other_reading(one, said.get(one["report_id"], {}))]

    def _altered_reports(self, some: list[Doc]) -> list[Doc]:
        """Those that are not what was written, by their digests or by what follows them; what is behind is noted."""
        told = self._ledger.catalogue.told(one["_id"] for one in some)
        self._found.behind.extend(one["_id"] for one in some if told[one["_id"]].is_behind(one))
        odd = [one["_id"] for one in some if _is_contradicted(one, told)]
        # One that another process was writing is read again, with what it has written after it.
        again = list(by_keys(self._db["reports"], "_id", odd))
        told = self._ledger.catalogue.told(odd)
        contradicted = {one["_id"] for one in again if _is_contradicted(one, told)}
        return [one for one in some if one["_id"] in contradicted or is_altered(one)]


def _is_contradicted(report: Doc, told: Mapping[str, Told]) -> bool:
    said = told[report["_id"]]
    return is_contradicted(report, said.entry, said.read)


def _pointers(document: Mapping[str, Any]) -> Iterator[tuple[str | None, str]]:
    """(capture id, SHA-256) of everything that a report was read from; None for a file of a page."""
    source = document["source"]
    yield source["capture_id"], source["raw_sha256"]
    for file in source.get("attachments") or ():
        if file.get("raw_sha256"):
            yield None, file["raw_sha256"]
    for other in document.get("sources") or ():
        yield other["capture_id"], other["raw_sha256"]


def _complaints(
    pointed: Iterable[tuple[str | None, str]], captures: Mapping[str, str], there: set[str]
) -> Iterator[str]:
    for capture_id, sha256 in pointed:
        if capture_id is not None and capture_id not in captures:
            yield f"there is no capture {capture_id}"
        elif capture_id is not None and captures[capture_id] != sha256:
            yield f"the capture {capture_id} has other bytes, {captures[capture_id]}"
        if sha256 not in there:
            yield f"there are no bytes {sha256}"
