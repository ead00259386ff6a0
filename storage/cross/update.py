"""Keeps `cross_checks` true for the organs whose reports have changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from parsers.identity.units import load_units
from storage.access.encoding import encode
from storage.access.reads import by_keys, walk
from storage.access.writes import MAX_OPERATIONS, Keyed, replace_older
from storage.base import Db, Doc, batches, bucket_of, slices
from storage.cross.copies import COPIES, OF_ORGANS, Copies, Signature
from storage.cross.figures import WANTED, CrossCheck, Sheet
from storage.cross.hierarchy import HIERARCHY, against_parts, wholes
from storage.cross.years import over_years
from storage.pending import Pending

RULES = 3
"""Raise it when a rule of this room says something else of the same reports: the next run that follows up looks at all
of them again. 2: H-HIER compares results and all suits. 3: X-COPY passes over what more than thirty organs share,
whoever came last; H-HIER follows parts that are gone.
"""
_RULES_ID = "cross.rules"
_AT_ONCE = 20
"""Organs of a batch: some twenty reports of 50 KB each."""


def update(db: Db, organ_ids: Iterable[str]) -> int:
    """Check everything that these organs' reports take part in. How many documents changed."""
    work = _Update(db)
    return sum(work.batch(some) for some in batches(sorted(set(organ_ids)), _AT_ONCE))


def rebuild(db: Db, progress: Callable[[int, int], None] = lambda done, of: None) -> int:
    """Check everything, whatever was noted before. How many documents changed.

    All signatures are made first, so that the order of the organs does not matter. `progress`: steps done, of how many.
    """
    every = organs(db)
    gone = {one["organ_id"] for one in walk(db["cross_checks"], projection={"organ_id": 1})} - every
    work = _Update(db)
    changed = done = 0
    for step in (work.sign, work.batch):
        for some in batches(sorted(every | gone), _AT_ONCE):
            changed += step(some)
            done += len(some)
            progress(done, 2 * len(every | gone))
    work.done()
    note_rules(db)
    return changed


def organs(db: Db) -> set[str]:
    """The ids of all organs that have a report."""
    return {one["organ"]["id"] for one in walk(db["catalogue"], projection={"organ.id": 1})}


def is_outdated(db: Db) -> bool:
    """Whether the checks that stand were made by other rules than today's."""
    held = db["meta"].find_one({"_id": _RULES_ID})
    return held is None or held["rules"] != RULES


def note_rules(db: Db) -> None:
    """Every check that stands was made by today's rules."""
    db["meta"].update_one({"_id": _RULES_ID}, {"$set": {"rules": RULES}}, upsert=True)


class _Update:
    def __init__(self, db: Db) -> None:
        self._db = db
        self._checks = db["cross_checks"]
        self._copies = Copies(db)
        self._registry = load_units()
        self._pending = Pending(db)
        self._signed: dict[str, int] = {}
        """Notes of what has turned, whose checks are made by the batches that follow."""

    def sign(self, organ_ids: Sequence[str]) -> int:
        """Only the signatures; they are no checks, so none has changed."""
        self._signed |= self._copies.sign(organ_ids, self._sheets(organ_ids)).noted
        return 0

    def done(self) -> None:
        """Every organ has had its batch."""
        self._pending.done(self._signed)

    def _sheets(self, organ_ids: Sequence[str]) -> Iterator[Sheet]:
        return map(Sheet, by_keys(self._db["reports"], "organ.id", organ_ids, projection=WANTED))

    def batch(self, organ_ids: Sequence[str]) -> int:
        every = list(self._sheets(organ_ids))
        sheets: dict[str, list[Sheet]] = {organ_id: [] for organ_id in organ_ids}
        for sheet in every:
            sheets[sheet.document["organ"]["id"]].append(sheet)
        # Those that are gone had a signature still: their checks stand under other organs' names as well.
        signed = self._copies.sign(organ_ids, every)
        reports = {sheet.id for sheet in every} | {one.id for one in signed.before}
        found = [*self._copies.of(signed.now), *self._copies.of_others([*signed.now, *signed.turned])]
        for organ_id, mine in sheets.items():
            mine.sort(key=lambda sheet: (sheet.year, sheet.id))
            found += over_years(organ_id, mine)
        turned = by_keys(self._checks, "reports", (one.id for one in signed.turned))
        held = {one["_id"]: one for one in turned if one["rule"] == COPIES and one["note"] == OF_ORGANS}
        held |= {one["_id"]: one for one in by_keys(self._checks, "organ_id", organ_ids)}
        held |= {one["_id"]: one for one in by_keys(self._checks, "reports", reports)}
        sums = [key for key, one in held.items() if one["rule"] == HIERARCHY]
        changed = self._sums(every, signed.before, [held.pop(key) for key in sums]) + self._write(found, held.values())
        # What has turned is right as well: else the next run would look at all of it, a thousand organs in a large archive.
        self._pending.done(signed.noted)
        return changed

    def _sums(self, sheets: Sequence[Sheet], before: Iterable[Signature], held: Iterable[Doc]) -> int:
        """Consolidated reports that these are parts of or were, or that are among them or were."""
        own = {sheet.id for sheet in sheets if sheet.scope == "consolidated"}
        parts = {(sheet.document["organ"]["region_code"], sheet.year) for sheet in sheets}
        above = wholes(self._registry, parts | {(one.region_code, one.year) for one in before})
        ids = own | above | {one["reports"][0] for one in held}
        found = against_parts(self._db, ids, WANTED)
        return self._write(found, by_keys(self._checks, "_id", (f"{HIERARCHY}|{report_id}" for report_id in ids)))

    def _write(self, found: Iterable[CrossCheck], held: Iterable[Doc]) -> int:
        """Write what is new or other than it was, take away what is no more."""
        before = {one["_id"]: one for one in held}
        after = {one.id: one.document(bucket_of(one.id)) for one in found}
        news = []
        for key, document in after.items():
            old = before.get(key)
            if old is None or {**old, "writes": 1} != document:
                news.append({**document, "writes": old["writes"] + 1 if old else 1})
        replace_older(self._checks, [Keyed(one["_id"], one["writes"], encode(one)) for one in news])
        gone = sorted(before.keys() - after.keys())
        for some in slices(gone, MAX_OPERATIONS):
            self._checks.delete_many({"_id": {"$in": list(some)}})
        return len(news) + len(gone)


def of_report(db: Db, report_id: str) -> list[Doc]:
    """Every check over several reports that this one takes part in."""
    return sorted(by_keys(db["cross_checks"], "reports", [report_id]), key=lambda one: str(one["_id"]))


def tally(db: Db) -> dict[str, Counter[str]]:
    """Rule -> status -> how many checks."""
    found: dict[str, Counter[str]] = {}
    for one in walk(db["cross_checks"], projection={"rule": 1, "status": 1}):
        found.setdefault(one["rule"], Counter())[one["status"]] += 1
    return found
