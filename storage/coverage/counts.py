"""`coverage_counts`: province × year × level × state, kept ready so that an overview reads some hundred small documents.

What nobody has looked at has no document in `coverage`; it is what is expected less what is known. What is not due yet
follows from the calendar, so both are worked out when they are asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from pymongo import ReplaceOne

from parsers.identity.due import due_on
from parsers.identity.units import Unit
from storage.access.reads import by_keys, walk
from storage.access.writes import MAX_OPERATIONS, upsert
from storage.base import Db, Doc, now, slices
from storage.coverage.records import CoverageState
from storage.coverage.rules import FIRST_YEAR
from storage.known import Known
from storage.units import CENTRAL, NOWHERE, Units, province_of, publishing

UNKNOWN, NOT_DUE = "unknown", "not_due"
NO_LEVEL = "unknown"


@dataclass
class Cell:
    """One province and year, of one level or of all."""

    expected: int = 0
    states: Counter[str] = field(default_factory=Counter)
    """found, not_published, blocked, unreachable, not_found, not_due, unknown."""
    late: int = 0
    early: int = 0

    def add(self, other: Cell) -> None:
        self.expected += other.expected
        self.states.update(other.states)
        self.late += other.late
        self.early += other.early


def recount(db: Db, units: Units, pairs: Iterable[tuple[str, int]] | None, today: date) -> None:
    """Count these provinces and years anew; None counts all of which anything is known beyond the lists."""
    listed = _listed(units)
    wanted = set(_every(db, units, today)) if pairs is None else set(pairs)
    Known(db, "provinces").add(province for province, _ in wanted)
    for province in sorted({province for province, _ in wanted}):
        discovered = list(units.discovered(province))
        years = sorted(year for one, year in wanted if one == province)
        counted = [_counted(db, province, year, listed.get(province, ()), discovered) for year in years]
        writes = [ReplaceOne({"_id": one["_id"]}, one, upsert=True) for one in counted]
        for some in slices(writes, MAX_OPERATIONS):
            db["coverage_counts"].bulk_write(list(some), ordered=False)
    upsert(db["stats"], {"_id": "coverage.counted", "at": now()})


def _every(db: Db, units: Units, today: date) -> Iterator[tuple[str, int]]:
    """Provinces and years of which more is known than the lists say, or was when they were counted last."""
    for one in walk(db["coverage"], projection={"province": 1, "year": 1}):
        yield one["province"], one["year"]
    known, years = provinces(db, units), counted_years(db, today)
    keys = [f"{province}/{year}" for province in known for year in years]
    for one in by_keys(db["coverage_counts"], "_id", keys, projection={"province": 1, "year": 1}):
        yield one["province"], one["year"]
    for province in known:
        for unit in units.discovered(province):
            yield from ((province, year) for year in years if year >= (unit["since"] or FIRST_YEAR))


def _counted(db: Db, province: str, year: int, listed: Iterable[Unit], discovered: Iterable[Doc]) -> Doc:
    levels: dict[str, dict[str, int]] = {}

    def count(level: str | None, what: str) -> None:
        cell = levels.setdefault(level or NO_LEVEL, {})
        cell[what] = cell.get(what, 0) + 1

    there = {unit.id: unit.level for unit in listed if unit.existed(year)}
    there |= {one["_id"]: one["level"] for one in discovered if (one["since"] or year) <= year}
    projection = {"organ_id": 1, "level": 1, "state": 1, "punctuality": 1}
    with db["coverage"].find({"province": province, "year": year}, projection) as cursor:
        for one in cursor:
            # An organ that published outside the years in which the lists have it was there all the same.
            there[one["organ_id"]] = one["level"]
            count(one["level"], one["state"])
            if one["punctuality"] in ("late", "early"):
                count(one["level"], one["punctuality"])
    for level in there.values():
        count(level, "expected")
    return {"_id": f"{province}/{year}", "province": province, "year": year, "levels": levels}


def overview(
    db: Db, provinces: Iterable[str], years: Iterable[int], today: date | None = None, units: Units | None = None
) -> dict[tuple[str, int], dict[str, Cell]]:
    """(province, year) -> level -> counts. Reads `coverage_counts` by key, and the lists where nothing was counted yet."""
    day = today or now().date()
    provinces, years = list(provinces), list(years)
    listed = _listed(units or Units(db))
    keys = [f"{province}/{year}" for province in provinces for year in years]
    held = {one["_id"]: one["levels"] for one in by_keys(db["coverage_counts"], "_id", keys)}
    found = {}
    for province in provinces:
        for year in years:
            levels: Mapping[str, Mapping[str, int]] | None = held.get(f"{province}/{year}")
            if levels is None:
                counted = Counter(u.level or NO_LEVEL for u in listed.get(province, ()) if u.existed(year))
                levels = {level: {"expected": number} for level, number in counted.items()}
            found[province, year] = {level: _cell(year, level, counts, day) for level, counts in levels.items()}
    return found


def _cell(year: int, level: str, counts: Mapping[str, int], today: date) -> Cell:
    states = Counter({state.value: counts[state] for state in CoverageState if counts.get(state)})
    expected = counts.get("expected", 0)
    rest = expected - states.total()
    if rest > 0:
        states[NOT_DUE if today <= due_on(year, level) else UNKNOWN] = rest
    return Cell(expected, states, counts.get("late", 0), counts.get("early", 0))


def total(levels: Mapping[str, Cell], wanted: str | None = None) -> Cell:
    """All levels together, or the one that is asked for."""
    found = Cell()
    for level, cell in levels.items():
        if wanted in (None, level):
            found.add(cell)
    return found


def provinces(db: Db, units: Units | None = None) -> list[str]:
    """All that occur: central bodies first, then by code, then what is in no list."""
    registry = (units or Units(db)).registry
    named = [unit.province or "" for unit in registry.units if unit.level == "province"]
    others = [one for one in Known(db, "provinces").values() if one not in (*named, CENTRAL, NOWHERE)]
    return [CENTRAL, *named, *others, NOWHERE]


def counted_years(db: Db, today: date) -> range:
    """The years that an overview has."""
    known = [int(year) for year in Known(db, "years").values()]
    return range(min([FIRST_YEAR, *known]), max([today.year - 1, *known]) + 1)


def _listed(units: Units) -> dict[str, list[Unit]]:
    found: dict[str, list[Unit]] = {}
    for unit in publishing(units.registry):
        found.setdefault(province_of(unit.province, unit.level), []).append(unit)
    return found
