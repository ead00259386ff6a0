"""The short lists of values by which the archive is walked."""

from __future__ import annotations

from collections.abc import Iterable

from pymongo import UpdateOne
from pymongo.errors import BulkWriteError

from storage.access.reads import by_keys
from storage.access.writes import DUPLICATE_KEY, settle
from storage.base import Db, bucket_of


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
