"""Keeps `coverage` true: after a run for the organs that it touched, or for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from parsers.identity.due import due_on
from storage.access.encoding import encode
from storage.access.reads import by_keys, walk
from storage.access.writes import MAX_OPERATIONS, Keyed, replace_older
from storage.base import Db, Doc, batches, bucket_of, now, slices, utc
from storage.catalogue import organ_ids_of
from storage.coverage.counts import counted_years, recount
from storage.coverage.records import CoverageRecord
from storage.coverage.rules import FIRST_YEAR, Judgement, Tried, judge
from storage.known import Known
from storage.pending import Pending, pairs_in
from storage.portals import Portals
from storage.problems import OF_CONTENT, Problems
from storage.shape.records import Health, PortalState, ProblemRecord
from storage.units import Units, province_of

_AT_ONCE = 100
_ENTRY = {"organ": 1, "joint_organs": 1, "report_year": 1, "page.published_on": 1, "source.portal": 1}
_IDS = {"organ.id": 1, "joint_organs.id": 1}
_TOLD = ("name", "level", "region_code", "province", "city", "county")
MOST_PROBLEMS = 20
_NO_ANSWER = ("unreachable", "timeout", "robots", "robots_unread")
_BACKFILL = "backfill_"
"""Under such names a portal's cursor says when a year was gone through to its end."""


def update(db: Db, organ_ids: Iterable[str], portals: Iterable[str] = (), today: date | None = None) -> int:
    """Look again at these organs and at those whose reports stand on these portals. How many documents changed."""
    return _Update(db, today).run(organ_ids, portals)


def rebuild(db: Db, today: date | None = None) -> int:
    """Look at everything: the lists, every organ with a report, every portal that a run has been to."""
    work = _Update(db, today)
    work.units.load()
    organs = {organ for one in walk(db["catalogue"], projection=_IDS) for organ in organ_ids_of(one)}
    changed = work.run(organs, Known(db, "portals").values(), every=True)
    seen = work.seen
    orphans = [one for one in walk(db["coverage"], projection={"organ_id": 1}) if one["organ_id"] not in seen]
    for some in slices([one["_id"] for one in orphans], MAX_OPERATIONS):
        db["coverage"].delete_many({"_id": {"$in": list(some)}})
    noted = Pending(db).counts()
    recount(db, work.units, None, work.today)
    Pending(db).done(noted)
    return changed + len(orphans)


@dataclass(frozen=True)
class _Organ:
    """An organ as its unit or its latest report has it."""

    id: str
    told: Mapping[str, Any]
    since: int
    until: int | None


class _Update:
    def __init__(self, db: Db, today: date | None) -> None:
        self._db = db
        self.today = today or now().date()
        self.units = Units(db)
        self.seen: set[str] = set()
        self._tried: dict[str, Tried | None] = {}
        self._owners: dict[str, set[str]] = {}
        """Organ id -> portals of its own."""
        self._pending = Pending(db)

    def run(self, organ_ids: Iterable[str], portals: Iterable[str], every: bool = False) -> int:
        wanted = set(organ_ids)
        known = set(portals)
        for state in Portals(self._db).states(known).values():
            if state.organ_id:
                wanted.add(state.organ_id)
        if not every:
            wanted |= self._on(known)
        changed = sum(self._batch(some) for some in batches(sorted(wanted), _AT_ONCE))
        self.seen |= wanted
        if not every and (noted := self._pending.counts()):
            recount(self._db, self.units, pairs_in(noted), self.today)
            self._pending.done(noted)
        return changed

    def _moved(self, since: Iterable[tuple[str, int]]) -> None:
        """Note which counts there are to be made anew, before what they count is another: we may be killed in between."""
        years = counted_years(self._db, self.today)
        self._pending.add_counts((province, year) for province, first in since for year in years if year >= first)

    def _on(self, portals: Iterable[str]) -> set[str]:
        """Organs whose reports were found on these portals."""
        found: set[str] = set()
        years = [int(year) for year in Known(self._db, "years").values()]
        for some in slices(sorted(portals), _AT_ONCE):
            for year in years:
                bound = {"report_year": year, "source.portal": {"$in": list(some)}}
                with self._db["catalogue"].find(bound, _IDS) as cursor:
                    found |= {organ for one in cursor for organ in organ_ids_of(one)}
        return found

    def _batch(self, organ_ids: Sequence[str]) -> int:
        """How many documents changed."""
        entries: dict[str, list[Doc]] = {}
        for one in by_keys(self._db["catalogue"], "organ.id", organ_ids, projection=_ENTRY):
            entries.setdefault(one["organ"]["id"], []).append(one)
        wanted = set(organ_ids)
        together = by_keys(self._db["catalogue"], "joint_organs.id", organ_ids, projection=_ENTRY)
        for one in {one["_id"]: one for one in together}.values():
            for organ in one["joint_organs"]:
                if organ["id"] in wanted and organ["id"] != one["organ"]["id"]:
                    entries.setdefault(organ["id"], []).append({**one, "organ": organ})
        self._owners = Portals(self._db).of_owners(organ_ids)
        self.units.discover((_first(found) for found in entries.values()), self._moved)
        self.units.forget((one for one in organ_ids if one not in entries), self._moved)
        self._learn({str(e["source"]["portal"]) for found in entries.values() for e in found} | self._own(organ_ids))
        held: dict[str, dict[str, Doc]] = {}
        for one in by_keys(self._db["coverage"], "organ_id", organ_ids):
            held.setdefault(one["organ_id"], {})[one["_id"]] = one
        writes: list[Doc] = []
        was: list[Doc] = []
        gone: list[Doc] = []
        for organ_id in organ_ids:
            before = held.get(organ_id, {})
            after = {one._id: one for one in self._organ(organ_id, entries.get(organ_id, []))}
            for key, record in after.items():
                old = before.get(key)
                document = asdict(record)
                if old is not None:
                    if _same(old, document):
                        continue
                    document["writes"] = old["writes"] + 1
                writes.append(document)
                was.extend([old] if old is not None else ())
            gone += [old for key, old in before.items() if key not in after]
        self._pending.add_counts((one["province"], one["year"]) for one in (*writes, *was, *gone))
        replace_older(self._db["coverage"], [Keyed(one["_id"], one["writes"], encode(one)) for one in writes])
        for part in slices([one["_id"] for one in gone], MAX_OPERATIONS):
            self._db["coverage"].delete_many({"_id": {"$in": list(part)}})
        return len(writes) + len(gone)

    def _own(self, organ_ids: Iterable[str]) -> set[str]:
        return {portal for organ_id in organ_ids for portal in self._owners.get(organ_id, ())}

    def _organ(self, organ_id: str, entries: Sequence[Doc]) -> Iterator[CoverageRecord]:
        organ = self._who(organ_id, entries)
        if organ is None:
            return
        by_year: dict[int, list[Doc]] = {}
        for one in entries:
            by_year.setdefault(one["report_year"], []).append(one)
        first = min(by_year, default=None)
        portals = self._own([organ_id]) | {str(one["source"]["portal"]) for one in entries if one["source"]["portal"]}
        tried = [told for portal in sorted(portals) if (told := self._tried.get(portal)) is not None]
        last = min(organ.until or self.today.year - 1, self.today.year - 1)
        for year in sorted({*by_year, *range(max(organ.since, FIRST_YEAR), last + 1)}):
            found = judge(year, organ.told["level"], by_year.get(year, ()), tried, first, self.today)
            if found is not None:
                yield _record(organ, year, found)

    def _who(self, organ_id: str, entries: Sequence[Doc]) -> _Organ | None:
        unit = self.units.get(organ_id)
        if unit is None:
            return None  # a portal's owner that no list has, and no report either
        return _Organ(organ_id, {name: unit[name] for name in _TOLD}, unit["since"] or FIRST_YEAR, unit["until"])

    def _learn(self, portals: Iterable[str]) -> None:
        """What the last run said of these portals."""
        new = {portal for portal in portals if portal not in self._tried}
        states = Portals(self._db).states(new)
        problems = Problems(self._db).open_of(states)
        for portal in new:
            state = states.get(portal)
            self._tried[portal] = None if state is None else _tried(state, problems.get(portal, ()))


def _tried(state: PortalState, met: Sequence[ProblemRecord]) -> Tried:
    """`met`: the portal's open problems. A page that could not be read counts whichever run has met it last: a visit that
    finds it unchanged does not read it again, and a rerun that fails once more is no visit.
    """
    of_visit = [one for one in met if one.run_id == state.last_run_id]
    mine = [one for one in met if one.run_id == state.last_run_id or one.stage in OF_CONTENT]
    days = {key.removeprefix(_BACKFILL): day for key, day in state.cursor.items() if key.startswith(_BACKFILL)}
    return Tried(
        portal=state.id,
        health=Health(state.health),
        run_id=state.last_run_id,
        whole_on=state.last_sweep_at.date() if state.last_sweep_at else None,
        years_on={int(year): datetime.fromisoformat(day).date() for year, day in days.items() if year.isdigit()},
        answered=not any(one.kind in _NO_ANSWER for one in of_visit),
        problems=tuple(one.id for one in mine if one.kind not in ("robots", "robots_unread"))[:MOST_PROBLEMS],
    )


def _first(entries: Sequence[Doc]) -> Doc:
    """The organ as its latest report names it, with its first year."""
    latest = max(entries, key=lambda entry: (entry["report_year"], entry["_id"]))
    return {**latest["organ"], "first_year": min(entry["report_year"] for entry in entries)}


def _record(organ: _Organ, year: int, found: Judgement) -> CoverageRecord:
    key = f"{organ.id}/{year}"
    tried = found.tried
    told = {**organ.told, "province": province_of(organ.told["province"], organ.told["level"])}
    return CoverageRecord(
        _id=key,
        bucket=bucket_of(key),
        writes=1,
        organ_id=organ.id,
        year=year,
        **told,
        state=found.state,
        due_on=due_on(year, organ.told["level"]).isoformat(),
        published_on=found.published_on,
        punctuality=found.punctuality,
        reports=found.reports,
        portal=tried.portal if tried else None,
        health=tried.health if tried else None,
        run_id=tried.run_id if tried else None,
        problems=tried.problems if tried else (),
    )


def _same(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """But for the run that says so: the first one to say it is kept."""
    return all(
        (list(value) if isinstance(value, tuple) else value) == old.get(name)
        for name, value in new.items()
        if name not in ("writes", "run_id")
    )


def as_of(db: Db) -> str:
    """The moment of the last recount, for people; empty when there was none."""
    found = db["stats"].find_one({"_id": "coverage.counted"})
    return "" if found is None else utc(found["at"]).isoformat()
