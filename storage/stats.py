"""Small numbers about the archive, and the short lists of values by which it is walked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from pymongo import UpdateOne
from pymongo.errors import BulkWriteError

from storage.access.reads import by_keys, walk
from storage.access.writes import DUPLICATE_KEY, settle, upsert
from storage.base import Db, bucket_of, now, utc

_TOTALS = "totals"


class Known:
    """A list of the values that occur somewhere: the report years, the months with runs.

    A value is noted before the first document that has it is written, so the list may hold one too many (after a
    kill) and never one too few. It is what queries without an indexed condition go through, value by value.
    """

    def __init__(self, db: Db, name: str, shards: int = 1) -> None:
        """`shards`: over how many documents a long list is spread, so that a new value rewrites a short one."""
        self._stats = db["stats"]
        self._ids = [f"known.{name}", *(f"known.{name}.{number}" for number in range(1, shards))]
        self._seen: set[str] = set()

    def add(self, values: Iterable[str]) -> None:
        """Note values; those noted before by this object cost nothing."""
        new = set(values) - self._seen
        spread = self._spread(new)
        held = {one["_id"]: set(one["values"]) for one in by_keys(self._stats, "_id", spread)}
        missing = {key: sorted(some - held.get(key, set())) for key, some in spread.items()}
        operations = [
            UpdateOne({"_id": key}, {"$addToSet": {"values": {"$each": some}}}, upsert=True)
            for key, some in missing.items()
            if some
        ]
        try:
            settle(self._stats, operations)
        except BulkWriteError as error:  # another process made one of the documents in this very moment
            if any(one.get("code") != DUPLICATE_KEY for one in (error.details or {}).get("writeErrors", ())):
                raise
            settle(self._stats, operations)
        self._seen |= new

    def values(self) -> list[str]:
        """Sorted, latest last."""
        return sorted(self._held(self._ids))

    def _held(self, keys: Iterable[str]) -> set[str]:
        return {value for found in by_keys(self._stats, "_id", keys) for value in found["values"]}

    def _spread(self, values: Iterable[str]) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for value in values:
            key = self._ids[bucket_of(value) % len(self._ids)] if len(self._ids) > 1 else self._ids[0]
            found.setdefault(key, set()).add(value)
        return found


class Removals:
    """How often reports were taken out of the catalogue: who keeps a copy of it must look whether all are there."""

    _ID = "removals"

    def __init__(self, db: Db) -> None:
        self._stats = db["stats"]

    def add(self, number: int = 1) -> None:
        self._stats.update_one({"_id": self._ID}, {"$inc": {"count": number}}, upsert=True)

    def count(self) -> int:
        found = self._stats.find_one({"_id": self._ID})
        return int(found["count"]) if found else 0


@dataclass(frozen=True)
class Totals:
    """What the archive held at `as_of`."""

    as_of: datetime
    reports: int
    reports_by_year: Mapping[str, int]
    reports_by_template: Mapping[str, int]
    captures: int
    captures_by_kind: Mapping[str, int]
    bodies: int
    """Different contents."""
    bytes: int
    """Of these contents, before packing."""


def count(db: Db) -> Totals:
    """Count everything, bucket by bucket, and keep the result for `totals`.

    Counted, not kept up by increments: those would drift with every kill. Reads the catalogue and the captures, not
    the reports and bodies; on the embedded server about a second for 20,000 captures.
    """
    years: Counter[str] = Counter()
    templates: Counter[str] = Counter()
    for report in walk(db["catalogue"], projection={"report_year": 1, "template.id": 1}):
        years[str(report["report_year"])] += 1
        templates[report["template"]["id"]] += 1
    kinds: Counter[str] = Counter()
    sizes: dict[str, int] = {}
    for capture in walk(db["captures"], projection={"kind": 1, "raw_sha256": 1, "size": 1}):
        kinds[capture["kind"]] += 1
        sizes[capture["raw_sha256"]] = capture["size"]
    totals = Totals(
        as_of=now(),
        reports=years.total(),
        reports_by_year=dict(sorted(years.items())),
        reports_by_template=dict(sorted(templates.items())),
        captures=kinds.total(),
        captures_by_kind=dict(sorted(kinds.items())),
        bodies=len(sizes),
        bytes=sum(sizes.values()),
    )
    upsert(db["stats"], {"_id": _TOTALS, **vars(totals)})
    return totals


def totals(db: Db) -> Totals | None:
    """What `count` found last; None when nothing was ever counted."""
    found = db["stats"].find_one({"_id": _TOTALS})
    if found is None:
        return None
    found.pop("_id")
    return Totals(**{**found, "as_of": utc(found["as_of"])})
