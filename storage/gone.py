"""Addresses that carried a report and are dead: 404, 410, or a page that says so. The bytes are kept; the address is marked.

An address is noted when a crawl finds it dead, and crossed out when it answers again. A report that has several is looked
at again each time: among readings that are as good, one that can still be looked at is preferred.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from storage.access.encoding import encode
from storage.access.reads import by_keys, walk
from storage.access.writes import insert_new
from storage.base import Db, address_of, bucket_of, now, utc


@dataclass(frozen=True)
class GoneRecord:
    """Collection `gone`: an address that carried a report and is dead, until it answers again."""

    _id: str
    """As in `captures`: the address."""
    bucket: int
    url: str
    """Canonical."""
    since: datetime
    """When a crawl found it dead first."""
    told: str
    """What it was answered, in a sentence."""
    run_id: str | None


class Gone:
    """The collection `gone`."""

    def __init__(self, db: Db) -> None:
        self._gone = db["gone"]
        self._captures = db["captures"]

    def since(self, addresses: Iterable[str]) -> dict[str, datetime]:
        """Address -> since when it is known to be dead; the living are missing."""
        found = by_keys(self._gone, "_id", addresses, projection={"since": 1})
        return {one["_id"]: utc(one["since"]) for one in found}

    def note(self, dead: Mapping[str, str], run_id: str | None = None) -> list[str]:
        """Canonical URL -> what was answered. The addresses that were not known to be dead."""
        moment = now()
        records = [
            GoneRecord(address_of(url), bucket_of(address_of(url)), url, moment, told, run_id)
            for url, told in sorted(dead.items())
        ]
        outcome = insert_new(self._gone, [encode(asdict(record)) for record in records])
        return [one._id for position, one in enumerate(records) if position not in outcome.duplicates]

    def back(self, addresses: Iterable[str]) -> list[str]:
        """These have answered: those among them that were known to be dead, which they are no more."""
        found = sorted(self.since(addresses))
        if found:
            self._gone.delete_many({"_id": {"$in": found}})
        return found

    def captures(self, addresses: Iterable[str]) -> list[str]:
        """The ids of everything that they ever answered."""
        return [one["_id"] for one in by_keys(self._captures, "address", addresses, projection={"_id": 1})]

    def all(self) -> Iterator[GoneRecord]:
        for one in walk(self._gone):
            yield GoneRecord(**{**one, "since": utc(one["since"])})
