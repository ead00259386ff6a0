"""The catalogue: of every report what a list, a filter or a panel needs, without its text and cells.

Measured on the embedded server with 2,000 reports of 47 KB (`python -m tests.storage.measure`, two busy cores):
listing a year of 400 takes 180 ms from `reports` (a projection does not help: the server decodes whole documents
first) and 40 ms from the catalogue; a condition on a figure in a year 200 ms and 30 ms; all 2,000 about 1.1 s and
0.2 s. An entry has 3.6 KB, most of it figures; without them a list would be twice as fast again, but every condition
on a figure, and every panel of figures, would read the reports.

An entry is written after its report and carries the report's `writes`: an older state never replaces a
newer one, an entry that is missing or behind is mended when its report is saved again, and `rebuild` makes
all of them anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from parsers.made_of import UNIT, UNKNOWN
from storage.access.reads import KEYS_AT_ONCE, by_keys, walk
from storage.access.writes import MAX_OPERATIONS, Keyed, replace_older, set_if, settle
from storage.base import Db, Doc, batches, now, slices
from storage.corrections.overlay import CORRECTION
from storage.stats import Known, Removals

_AS_THEY_ARE = (
    "_id",
    "bucket",
    "organ",
    "report_year",
    "year_source",
    "scope",
    "title",
    "language",
    "template",
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


def entry(report: Mapping[str, Any]) -> Doc:
    """The catalogue's entry of a stored report, as of now. The same names at the same places as in the report.

    `entered_at` is no news about the report: those who follow the catalogue (the search index) look for it.
    """
    found: Doc = {name: report[name] for name in _AS_THEY_ARE}
    found["source"] = {name: report["source"][name] for name in _OF_SOURCE}
    found["derived"] = report["derived"]
    if joint := report.get("joint_organs"):
        found["joint_organs"] = joint  # few reports have it: an index of few
    found["captures"] = [source["capture_id"] for source in report["sources"]]
    found["made_of"] = made_of(report["sources"])
    if corrections := report["derived"].get("corrections"):
        word = f"{CORRECTION}{report['_id']}#{corrections}"
        found["made_of"] = list(dict.fromkeys([*found["made_of"], word]))
    states = [check["status"] for check in report["checks"]]
    found["entered_at"] = now()
    found["checks_count"] = {state: states.count(state) for state in ("pass", "fail", "not_assessable")}
    return found


def organ_ids_of(report: Mapping[str, Any]) -> Iterator[str]:
    """Of a report or its entry: its organ's, and those of the organs that it belongs to together."""
    yield report["organ"]["id"]
    yield from (organ["id"] for organ in report.get("joint_organs") or ())


def made_of(sources: Iterable[Mapping[str, Any]]) -> list[str]:
    """What the report's readings were made from, all together: it is out of date as soon as one of them is."""
    return sorted({part for source in sources for part in source.get("made_of") or (UNKNOWN,)})


def known_units(db: Db) -> Known:
    """The words `unit:…` that occur: one or two for each organ, so they are spread."""
    return Known(db, "made_of_units", shards=64)


class Catalogue:
    """The collection `catalogue`."""

    def __init__(self, db: Db) -> None:
        self._catalogue = db["catalogue"]
        self._reports = db["reports"]
        self._parts = Known(db, "made_of")
        self._units = known_units(db)
        self._removals = Removals(db)

    def write(self, reports: Iterable[Mapping[str, Any]]) -> None:
        """Enter stored reports, unless a later state of theirs is entered already."""
        entries = [entry(report) for report in reports]
        self._know(part for one in entries for part in one["made_of"])
        replace_older(self._catalogue, [Keyed.of(one) for one in entries])

    def refresh(self, reports: Mapping[str, Doc], before: Mapping[str, int]) -> None:
        """Set what a reading by other code has changed beside the content, in entries that are of these `writes`."""
        self._know(part for one in reports.values() for part in made_of(one["sources"]))
        operations = [
            set_if(
                report_id,
                before[report_id],
                {
                    "template": one["template"],
                    "derived": one["derived"],
                    "source": {name: one["source"][name] for name in _OF_SOURCE},
                    "made_of": made_of(one["sources"]),
                    "writes": one["writes"],
                    "entered_at": now(),
                },
            )
            for report_id, one in reports.items()
        ]
        for some in slices(operations, MAX_OPERATIONS):
            settle(self._catalogue, some)

    def _know(self, parts: Iterable[str]) -> None:
        every = set(parts)
        units = {part for part in every if part.startswith(UNIT)}
        self._units.add(units)
        self._parts.add(every - units)

    def writes(self, report_ids: Iterable[str]) -> dict[str, int]:
        """Report id -> the `writes` that its entry carries; ids without an entry are missing."""
        found = by_keys(self._catalogue, "_id", report_ids, projection={"writes": 1})
        return {one["_id"]: one["writes"] for one in found}

    def of_captures(self, capture_ids: Iterable[str]) -> dict[str, list[str]]:
        """Report id -> those of the captures that it is read from."""
        wanted = set(capture_ids)
        found = by_keys(self._catalogue, "captures", wanted, projection={"captures": 1})
        return {one["_id"]: [key for key in one["captures"] if key in wanted] for one in found}

    def worth(self, capture_ids: Iterable[str]) -> dict[str, tuple[int, int]]:
        """Capture id -> (verified tables, year) of the report that it was read as."""
        wanted = set(capture_ids)
        fields = {"captures": 1, "trust": 1, "report_year": 1}
        found: dict[str, tuple[int, int]] = {}
        for one in by_keys(self._catalogue, "captures", wanted, projection=fields):
            verified = sum(trust == "verified" for trust in one["trust"].values())
            for capture_id in wanted.intersection(one["captures"]):
                found[capture_id] = max(found.get(capture_id, (0, 0)), (verified, one["report_year"]))
        return found

    def remove(self, report_id: str, writes: int) -> None:
        """The report was withdrawn when it had this many writes."""
        self._catalogue.delete_one({"_id": report_id, "writes": {"$lte": writes}})
        self._removals.add()

    def rebuild(self) -> int:
        """Make every entry anew from `reports`. How many there are. Bears being run while a crawl writes."""
        number = 0
        for reports in batches(walk(self._reports), _REBUILD_AT_ONCE):
            self.write(reports)
            number += len(reports)
        self._drop_orphans()
        return number

    def _drop_orphans(self) -> None:
        """Delete the entries whose report is no more."""
        for entries in batches((entry["_id"] for entry in walk(self._catalogue, projection={"_id": 1})), KEYS_AT_ONCE):
            there = {report["_id"] for report in by_keys(self._reports, "_id", entries, projection={"_id": 1})}
            gone = [key for key in entries if key not in there]
            if gone:
                self._catalogue.delete_many({"_id": {"$in": gone}})
                self._removals.add(len(gone))
