"""The catalogue: of every report what a list, a filter or a panel needs, without its text and cells.

Measured on the embedded server with 2,000 reports of 47 KB (`python -m tests.storage.measure`, two busy cores):
listing a year of 400 takes 180 ms from `reports` (a projection does not help: the server decodes whole documents
first) and 40 ms from the catalogue; a condition on a figure in a year 200 ms and 30 ms; all 2,000 about 1.1 s and
0.2 s. An entry has 3.6 KB, most of it figures; without them a list would be twice as fast again, but every condition
on a figure, and every panel of figures, would read the reports.

An entry is written after its report and carries the `writes` that the report had: an older state never replaces a newer
one, an entry that is missing or behind is mended when its report is saved again, and `rebuild` makes all of them anew. By
what a report was read stands in `storage.readings`, so that an edit that changes no reading leaves the catalogue alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from storage.access.reads import by_keys, walk
from storage.access.writes import Keyed, replace_older
from storage.base import BUCKETS, Coll, Db, Doc, batches, now
from storage.readings import Readings
from storage.removals import Removals

_AS_THEY_ARE = (
    "_id",
    "bucket",
    "organ",
    "report_year",
    "year_source",
    "scope",
    "title",
    "language",
    "page",
    "trust",
    "flags",
    "figures",
    "revision",
    "writes",
    "content_sha256",
)
_OF_SOURCE = ("url", "portal", "capture_id", "media_type", "raw_sha256", "fetched_at")
_REBUILD_AT_ONCE = 200
_BUCKETS_AT_ONCE = 64
_REVISION = {"revision": 1}


def entry(report: Mapping[str, Any]) -> Doc:
    """The catalogue's entry of a stored report, as of now. The same names at the same places as in the report.

    `entered_at` is no news about the report: those who follow the catalogue (the search index) look for it.
    """
    found: Doc = {name: report[name] for name in _AS_THEY_ARE}
    found["source"] = {name: report["source"][name] for name in _OF_SOURCE}
    # Its version and what it was recognised by change with every edit that changes no reading.
    found["template"] = {"id": report["template"]["id"]}
    if joint := report.get("joint_organs"):
        found["joint_organs"] = joint  # few reports have it: an index of few
    found["captures"] = [source["capture_id"] for source in report["sources"]]
    states = [check["status"] for check in report["checks"]]
    found["entered_at"] = now()
    found["checks_count"] = {state: states.count(state) for state in ("pass", "fail", "not_assessable")}
    return found


def _undated(one: Mapping[str, Any]) -> Doc:
    """`writes` is the report's at that time: what changed no reading has left the entry alone."""
    return {name: value for name, value in one.items() if name not in ("entered_at", "writes")}


def organ_ids_of(report: Mapping[str, Any]) -> Iterator[str]:
    """Of a report or its entry: its organ's, and those of the organs that it belongs to together."""
    yield report["organ"]["id"]
    yield from (organ["id"] for organ in report.get("joint_organs") or ())


class Catalogue:
    """The collection `catalogue`."""

    def __init__(self, db: Db) -> None:
        self._catalogue = db["catalogue"]
        self._reports = db["reports"]
        self._readings = Readings(db)
        self._removals = Removals(db)
        self._revisions = db["report_revisions"]

    def write(self, reports: Iterable[Mapping[str, Any]]) -> None:
        """Enter stored reports, unless a later state of theirs is entered already."""
        replace_older(self._catalogue, [Keyed.of(entry(report)) for report in reports])

    def worth(self, capture_ids: Iterable[str]) -> dict[str, tuple[int, int]]:
        """Capture id -> (verified tables, year) of the report that it was read as."""
        read_as = self._readings.of_captures(capture_ids)
        found: dict[str, tuple[int, int]] = {}
        for one in by_keys(self._catalogue, "_id", read_as, projection={"trust": 1, "report_year": 1}):
            verified = sum(trust == "verified" for trust in one["trust"].values())
            for capture_id in read_as[one["_id"]]:
                found[capture_id] = max(found.get(capture_id, (0, 0)), (verified, one["report_year"]))
        return found

    def remove(self, report_id: str, writes: int) -> None:
        """The report was withdrawn when it had this many writes."""
        self._catalogue.delete_one({"_id": report_id, "writes": {"$lte": writes}})
        self._removals.add()

    def rebuild(self) -> int:
        """Make every entry, and every document of `readings`, anew from `reports`. How many there are.

        Bears being run while a crawl writes.
        """
        number = 0
        for reports in batches(walk(self._reports), _REBUILD_AT_ONCE):
            self.write(reports)
            self._readings.write(reports)
            number += len(reports)
        self.drop_orphans()
        return number

    def drop_orphans(self) -> int:
        """Delete what speaks of a report that was withdrawn. Of how many reports."""
        found: set[str] = set()
        for collection, orphans in self.orphans():
            gone = [key for key, is_lost in orphans.items() if not is_lost]
            collection.delete_many({"_id": {"$in": gone}})
            self._removals.add(len(gone))
            found.update(gone)
        return len(found)

    def orphans(self) -> Iterator[tuple[Coll, dict[str, bool]]]:
        """Of the catalogue and of `readings`, ids of documents that speak of a report that is not there, some at a time, and
        whether it is lost: nothing has withdrawn it, for that files what stood as an earlier revision.
        """
        for start in range(0, BUCKETS, _BUCKETS_AT_ONCE):
            buckets = range(start, start + _BUCKETS_AT_ONCE)
            held = [
                (
                    one,
                    {found["_id"]: found.get("revision") for found in walk(one, projection=_REVISION, buckets=buckets)},
                )
                for one in (self._catalogue, self._readings.collection)
            ]
            ids = (key for _, revisions in held for key in revisions)
            there = {report["_id"] for report in by_keys(self._reports, "_id", ids, projection={"_id": 1})}
            for collection, revisions in held:
                if orphans := {key: revision for key, revision in revisions.items() if key not in there}:
                    wanted = [f"{key}/{revision}" for key, revision in orphans.items()]
                    filed = {one["_id"] for one in by_keys(self._revisions, "_id", wanted, projection={"_id": 1})}
                    yield collection, {key: f"{key}/{revision}" not in filed for key, revision in orphans.items()}

    def told(self, report_ids: Iterable[str]) -> dict[str, Told]:
        """What is said of these reports, here and in `readings`."""
        ids = list(report_ids)
        entries = {one["_id"]: one for one in by_keys(self._catalogue, "_id", ids)}
        read = self._readings.heads(ids)
        return {one: Told(entries.get(one), read.get(one)) for one in ids}


@dataclass(frozen=True)
class Told:
    """What is said of a report; None where nothing is."""

    entry: Doc | None
    """In the catalogue."""
    read: Doc | None
    """In `readings`."""

    def is_behind(self, report: Mapping[str, Any]) -> bool:
        """Whether the report, whole, is not entered as it stands, here or there.

        Every write keeps them together, whatever is killed in between: this finds what no write accounts for, such as a
        document that was deleted or put back by hand. One that is being saved in this very moment may be among them.
        """
        return (
            self.read is None
            or self.read["writes"] < report["writes"]
            or self.entry is None
            or _undated(self.entry) != _undated(entry(report))
        )
