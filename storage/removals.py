"""How often something was taken out of the archive."""

from __future__ import annotations

from storage.base import Db


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
