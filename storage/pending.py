"""Organs whose reports have changed and have still to be looked at: for coverage, and for checks over several reports.

Portals as well, of which a problem was met or mended: what is said of the reports that are missing on them may be another.
And provinces and years of which something is about to change, whose counts are to be made anew. And organs that a look
at others is about to change: it takes its own note away again when it has come to its end.

An organ is noted before its report is written, and crossed out after it was looked at; what is noted again meanwhile
stays. So nothing is missed when a run is killed in between: the next one looks at it. Nor does anybody cross out what
another process has noted that may not have written yet: he looks at it, and leaves the note to whoever made it.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta

from pymongo import DeleteOne, UpdateOne

from storage.access.encoding import encode
from storage.access.reads import walk
from storage.access.writes import MAX_OPERATIONS, Operation, insert_new, settle
from storage.base import Db, Doc, bucket_of, digest, now, slices, utc
from storage.process import Owner, this_process

_PORTAL = "portal:"
"""Before a portal's id."""
_COUNTS = "counts:"
"""Before `<province>/<year>`."""
_TURNED = "turned:"
"""Before `<token>:<organ id>`: a note of one look, which nobody else adds to."""


_AT_WORK = timedelta(hours=1)
"""How long after a note its process may be about to write, as long as it lives: a database that is away is waited for."""


class Pending:
    """The collection `pending`: {_id: organ id, `portal:<id>`, `counts:<province>/<year>` or `turned:<token>:<organ id>`,
    times, by: {<token of a process that noted it>: {host, pid, started, at}}}.
    """

    def __init__(self, db: Db) -> None:
        self._pending = db["pending"]
        self._owner = asdict(this_process())
        self._me = digest(self._owner)[:12]

    def add(self, organ_ids: Iterable[str]) -> None:
        ids, mine = sorted(set(organ_ids)), {**self._owner, "at": now()}
        # Inserted first: on the embedded server an upsert takes four times as long.
        first = {"times": 1, "by": {self._me: mine}}
        there = insert_new(self._pending, [encode({"_id": one, "bucket": bucket_of(one), **first}) for one in ids])
        again = {"$inc": {"times": 1}, "$set": {f"by.{self._me}": mine}}
        operations = [
            UpdateOne({"_id": one}, {**again, "$setOnInsert": {"bucket": bucket_of(one)}}, upsert=True)
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
        """All that is noted, as `organs_in`, `portals_in` and `pairs_in` tell it apart -> how often; less than nought where
        another process may be about to write what it noted.

        Ask before you look: whoever has ended by then has written before it.
        """
        let_go: dict[tuple[str, datetime], bool] = {}
        return {one["_id"]: one["times"] * (1 if self._is_free(one, let_go) else -1) for one in walk(self._pending)}

    def _is_free(self, note: Doc, let_go: dict[tuple[str, datetime], bool]) -> bool:
        """`let_go`: what is known of processes by now, for thousands of notes are of a few."""
        for token, one in note.get("by", {}).items():  # a note of an earlier version does not say
            if token == self._me:
                continue
            if (token, one["at"]) not in let_go:
                owner = Owner(one["host"], one["pid"], one["started"])
                let_go[token, one["at"]] = owner.has_let_go(utc(one["at"]) + _AT_WORK, _AT_WORK, now())
            if not let_go[token, one["at"]]:
                return False
        return True

    def all(self) -> dict[str, int]:
        """Organ id -> how often it was noted."""
        return organs_in(self.everything())

    def done(self, seen: Mapping[str, int]) -> None:
        """These were looked at, when they had been noted so often: as `everything` told it."""
        operations: list[Operation] = [
            DeleteOne({"_id": one, "times": times})
            if times > 0
            else UpdateOne({"_id": one, "times": -times}, {"$unset": {f"by.{self._me}": 1}})
            for one, times in seen.items()
        ]
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
