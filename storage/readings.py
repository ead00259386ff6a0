"""How each report was read: from which captures, what each of them gave, and by what it was read.

One small document a report in the collection `readings` (1 KB beside the 60 of the report), so that the everyday event,
an edit that changes no reading, touches nothing large but the report itself: neither the catalogue with its dozen indexes
nor anything that follows it. A rerun plans and compares by these alone.

It is written last, after the report and its entry in the catalogue, and carries the report's `writes`: where that is
behind, a kill came in between, and `storage.saving.ledger.Ledger.enter` makes both anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pymongo import UpdateOne

from parsers.made_of import UNIT, UNKNOWN
from storage.access.reads import by_keys
from storage.access.writes import MAX_OPERATIONS, Keyed, replace_older, set_if, settle
from storage.base import Db, Doc, slices
from storage.corrections.overlay import CORRECTION
from storage.known import Known

DOUBTED = "doubted"
"""A word of `made_of`: the report is not there, or not what was written, as `nianbao verify` has found. A rerun reads it
anew, and the word is gone with what that writes.
"""


def reading(report: Mapping[str, Any]) -> Doc:
    """The document of a stored report. Names are the report's own, at the report's own places."""
    corrections = report["derived"].get("corrections")
    words = made_of(report["sources"])
    if corrections:
        words = list(dict.fromkeys([*words, f"{CORRECTION}{report['_id']}#{corrections}"]))
    return {
        "_id": report["_id"],
        "bucket": report["bucket"],
        "report_year": report["report_year"],
        "template": {"id": report["template"]["id"]},
        "source": {"portal": report["source"]["portal"]},
        "derived": {"corrections": corrections} if corrections else {},
        "captures": [source["capture_id"] for source in report["sources"]],
        "made_of": words,
        "sources": report["sources"],
        "revision": report["revision"],
        "writes": report["writes"],
    }


def made_of(sources: Iterable[Mapping[str, Any]]) -> list[str]:
    """What the report's readings were made from, all together: it is out of date as soon as one of them is."""
    return sorted({part for source in sources for part in source.get("made_of") or (UNKNOWN,)})


def known_units(db: Db) -> Known:
    """The words `unit:…` that occur: one or two for each organ, so they are spread."""
    return Known(db, "made_of_units", shards=64)


class Readings:
    """The collection `readings`."""

    def __init__(self, db: Db) -> None:
        self.collection = db["readings"]
        self._parts = Known(db, "made_of")
        self._units = known_units(db)

    def write(self, reports: Iterable[Mapping[str, Any]]) -> None:
        """Those of stored reports, unless they are of a later state already."""
        found = [reading(report) for report in reports]
        self._know(part for one in found for part in one["made_of"])
        replace_older(self.collection, [Keyed.of(one) for one in found])

    def refresh(self, news: Mapping[str, Doc], before: Mapping[str, int]) -> None:
        """Set by what reports are read now, where a document is of these `writes`. `news`: their new `sources`, `writes`."""
        words = {report_id: made_of(one["sources"]) for report_id, one in news.items()}
        self._know(part for some in words.values() for part in some)
        operations = [
            set_if(key, before[key], {"sources": one["sources"], "made_of": words[key], "writes": one["writes"]})
            for key, one in news.items()
        ]
        for some in slices(operations, MAX_OPERATIONS):
            settle(self.collection, some)

    def _know(self, parts: Iterable[str]) -> None:
        every = set(parts)
        units = {part for part in every if part.startswith(UNIT)}
        self._units.add(units)
        self._parts.add(every - units)

    def doubt(self, report_ids: Iterable[str]) -> None:
        """The next rerun takes these for out of date, and writes them whatever their digests say."""
        operations = [UpdateOne({"_id": one}, {"$addToSet": {"made_of": DOUBTED}}) for one in report_ids]
        if operations:
            self._parts.add([DOUBTED])
        for some in slices(operations, MAX_OPERATIONS):
            settle(self.collection, some)

    def heads(self, report_ids: Iterable[str]) -> dict[str, Doc]:
        """Report id -> {sources, writes, revision, derived.corrections …} as of the last write that came to its end.

        Whole: to leave fields out costs the embedded server more than to send them.
        """
        return {one["_id"]: one for one in by_keys(self.collection, "_id", report_ids)}

    def writes(self, report_ids: Iterable[str]) -> dict[str, int]:
        """Report id -> the `writes` of its document; ids without one are missing."""
        found = by_keys(self.collection, "_id", report_ids, projection={"writes": 1})
        return {one["_id"]: one["writes"] for one in found}

    def of_captures(self, capture_ids: Iterable[str]) -> dict[str, list[str]]:
        """Report id -> those of the captures that it is read from."""
        wanted = set(capture_ids)
        found = by_keys(self.collection, "captures", wanted, projection={"captures": 1})
        return {one["_id"]: [key for key in one["captures"] if key in wanted] for one in found}

    def remove(self, report_id: str, writes: int) -> None:
        """The report was withdrawn when it had this many writes."""
        self.collection.delete_one({"_id": report_id, "writes": {"$lte": writes}})
