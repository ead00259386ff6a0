"""The collection `units`: organs that are expected to publish. From `config/units`, and discovered ones beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from parsers.identity.units import Registry, Unit, load_units
from storage.access.encoding import encode
from storage.access.reads import by_keys, walk
from storage.access.writes import MAX_OPERATIONS, Keyed, insert_new, replace_older, upsert
from storage.base import Db, Doc, bucket_of, digest, slices
from storage.coverage.records import UnitRecord

LISTED, DISCOVERED = "config", "discovered"
CENTRAL, NOWHERE = "中央", "未知"
"""What stands for the province of central bodies, and of organs of which nobody knows it."""
ELSEWHERE = frozenset(("台湾省", "香港特别行政区", "澳门特别行政区"))
"""The regulation of 2008 does not apply there: no report is expected."""
_LOADED = "units.loaded"
Moved = Callable[[set[tuple[str, int]]], None]
"""Told, before it is written, of which provinces and from which years on other organs are expected than before."""


def province_of(province: str | None, level: str | None) -> str:
    return province or (CENTRAL if level == "national" else NOWHERE)


def publishing(registry: Registry) -> Iterator[Unit]:
    """Those of the lists that have to publish."""
    return (unit for unit in registry.units if unit.province not in ELSEWHERE)


def unit_record(unit: Unit) -> UnitRecord:
    values: Doc = {
        "name": unit.name,
        "level": unit.level,
        "region_code": unit.region_code,
        "province": province_of(unit.province, unit.level),
        "city": unit.city,
        "county": unit.county,
        "parent": unit.parent,
        "since": unit.since,
        "until": unit.until,
        "origin": LISTED,
    }
    return UnitRecord(_id=unit.id, bucket=bucket_of(unit.id), digest=digest(values)[:12], **values)


def _encoded(record: UnitRecord) -> bytes:
    return encode(asdict(record))


class Units:
    def __init__(self, db: Db, registry: Registry | None = None) -> None:
        self._db = db
        self._units = db["units"]
        self.registry = registry or load_units()

    def load(self) -> int:
        """Bring the collection up to `config/units`; how many documents were written. One read when it is already.

        A listed organ that was discovered before becomes a listed one; one that is listed no more is kept as discovered
        when it has reports, and taken away otherwise.
        """
        version = self.registry.version
        held = self._db["stats"].find_one({"_id": _LOADED})
        if held is not None and held["version"] == version:
            return 0
        there = {one["_id"]: one for one in walk(self._units, projection={"digest": 1, "origin": 1})}
        records = [unit_record(unit) for unit in self.registry.units]
        changed = [one for one in records if there.get(one.id, {}).get("digest") != one.digest]
        insert_new(self._units, [_encoded(one) for one in changed if one.id not in there])
        self._write([one for one in changed if one.id in there])
        gone = {key for key, one in there.items() if one["origin"] == LISTED} - self.registry.by_id.keys()
        self._unlist(gone)
        upsert(self._db["stats"], {"_id": _LOADED, "version": version})
        return len(changed) + len(gone)

    def discover(self, organs: Iterable[Mapping[str, Any]], moved: Moved = lambda _: None) -> None:
        """Organs of reports ({id, name, level …, first_year}) that no list has: expected from their first report on."""
        new = {one["id"]: one for one in organs if one["id"] not in self.registry.by_id}
        held = {one["_id"]: one for one in by_keys(self._units, "_id", new)}
        changed = []
        since: set[tuple[str, int]] = set()
        for key, organ in new.items():
            values: Doc = {
                "name": organ["name"],
                "level": organ["level"],
                "region_code": organ["region_code"],
                "province": province_of(organ["province"], organ["level"]),
                "city": organ["city"],
                "county": organ["county"],
                "parent": organ["region_code"],
                "since": organ["first_year"],
                "until": None,
                "origin": DISCOVERED,
            }
            if digest(values)[:12] != held.get(key, {}).get("digest"):
                record = UnitRecord(_id=key, bucket=bucket_of(key), digest=digest(values)[:12], **values)
                changed.append(record)
                since |= {(one["province"], one["since"]) for one in (values, held.get(key)) if one is not None}
        moved(since)
        self._write(changed)

    def forget(self, organ_ids: Iterable[str], moved: Moved = lambda _: None) -> None:
        """Discovered organs that have no report any more."""
        held = by_keys(self._units, "_id", (one for one in organ_ids if one not in self.registry.by_id))
        gone = {one["_id"]: (one["province"], one["since"]) for one in held}
        moved(set(gone.values()))
        for some in slices(sorted(gone), MAX_OPERATIONS):
            self._units.delete_many({"_id": {"$in": list(some)}})

    def discovered(self, province: str) -> Iterator[Doc]:
        """Those that no list has, of a province."""
        with self._units.find({"province": province, "origin": DISCOVERED}) as cursor:
            yield from cursor

    def get(self, organ_id: str) -> Doc | None:
        """As stored, or as listed where nobody has loaded the lists yet."""
        unit = self.registry.by_id.get(organ_id)
        return asdict(unit_record(unit)) if unit else self._units.find_one({"_id": organ_id})

    def _write(self, records: Iterable[UnitRecord]) -> None:
        # One writer wins over another by chance: both have the same facts.
        replace_older(self._units, [Keyed(one.id, 1, _encoded(one)) for one in records])

    def _unlist(self, ids: Iterable[str]) -> None:
        ids = set(ids)
        found = by_keys(self._db["catalogue"], "organ.id", ids, projection={"organ.id": 1})
        kept = {one["organ"]["id"] for one in found}
        for key in kept:
            self._units.update_one({"_id": key}, {"$set": {"origin": DISCOVERED, "digest": ""}})
        for some in slices(sorted(ids - kept), MAX_OPERATIONS):
            self._units.delete_many({"_id": {"$in": list(some)}})
