"""Organs whose reports have changed and have still to be looked at: for coverage, and for checks over several reports.

Portals as well, of which a problem was met or mended: what is said of the reports that are missing on them may be another.
And provinces and years of which something is about to change, whose counts are to be made anew. And organs that a look
at others is about to change: it takes its own note away again when it has come to its end.

An organ is noted before its report is written, and crossed out after it was looked at; what is noted again meanwhile
stays. So nothing is missed when a run is killed in between: the next one looks at it.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping

from pymongo import DeleteOne, UpdateOne

from storage.access.encoding import encode
from storage.access.reads import walk
from storage.access.writes import MAX_OPERATIONS, insert_new, settle
from storage.base import Db, bucket_of, slices

_PORTAL = "portal:"
"""Before a portal's id."""
_COUNTS = "counts:"
"""Before `<province>/<year>`."""
_TURNED = "turned:"
"""Before `<token>:<organ id>`: a note of one look, which nobody else adds to."""


class Pending:
    """The collection `pending`: {_id: organ id, `portal:<id>`, `counts:<province>/<year>` or `turned:<token>:<organ id>`, times}."""

    def __init__(self, db: Db) -> None:
        self._pending = db["pending"]

    def add(self, organ_ids: Iterable[str]) -> None:
        ids = sorted(set(organ_ids))
        # Inserted first: on the embedded server an upsert takes four times as long.
        there = insert_new(self._pending, [encode({"_id": one, "times": 1, "bucket": bucket_of(one)}) for one in ids])
        operations = [
            UpdateOne({"_id": one}, {"$inc": {"times": 1}, "$setOnInsert": {"bucket": bucket_of(one)}}, upsert=True)
            for one in (ids[position] for position in sorted(there.duplicates))
        ]
        for some in slices(operations, MAX_OPERATIONS):
            settle(self._pending, some)

    def add_turned(self, organ_ids: Iterable[str]) -> dict[str, int]:
        """Organs that the caller looks at himself: what he hands to `done` when he has, and what is done by the next run
        where he was killed before.
        """
        token = secrets.token_hex(4)
        notes = {f"{_TURNED}{token}:{organ}": 1 for organ in organ_ids}
        self.add(notes)
        return notes

    def add_portals(self, portals: Iterable[str]) -> None:
        self.add(f"{_PORTAL}{portal}" for portal in portals)

    def add_counts(self, pairs: Iterable[tuple[str, int]]) -> None:
        """Of these provinces and years."""
        self.add(f"{_COUNTS}{province}/{year}" for province, year in pairs)

    def counts(self) -> dict[str, int]:
        """What `pairs_in` reads -> how often each was noted."""
        return {one: times for one, times in self.everything().items() if is_count(one)}

    def everything(self) -> dict[str, int]:
        """All that is noted, as `organs_in`, `portals_in` and `pairs_in` tell it apart -> how often."""
        return {one["_id"]: one["times"] for one in walk(self._pending)}

    def all(self) -> dict[str, int]:
        """Organ id -> how often it was noted."""
        return organs_in(self.everything())

    def done(self, seen: Mapping[str, int]) -> None:
        """These were looked at, when they had been noted so often."""
        operations = [DeleteOne({"_id": organ, "times": times}) for organ, times in seen.items()]
        for some in slices(operations, MAX_OPERATIONS):
            settle(self._pending, some)


def organs_in(noted: Mapping[str, int]) -> dict[str, int]:
    organs = {one: times for one, times in noted.items() if not one.startswith((_PORTAL, _COUNTS))}
    return {one.split(":", 2)[2] if one.startswith(_TURNED) else one: times for one, times in organs.items()}


def is_count(noted: str) -> bool:
    return noted.startswith(_COUNTS)


def portals_in(noted: Iterable[str]) -> set[str]:
    return {one.removeprefix(_PORTAL) for one in noted if one.startswith(_PORTAL)}


def pairs_in(noted: Iterable[str]) -> set[tuple[str, int]]:
    """(province, year)."""
    pairs = (one.removeprefix(_COUNTS).rpartition("/") for one in noted if is_count(one))
    return {(province, int(year)) for province, _, year in pairs}
