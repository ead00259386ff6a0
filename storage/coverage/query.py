"""Asking for coverage: organ × year of a province, and the state of one organ."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from parsers.identity.due import due_on
from storage.access.reads import by_keys
from storage.base import Db, Doc, now
from storage.coverage.counts import NOT_DUE, UNKNOWN
from storage.coverage.records import CoverageState
from storage.units import Units, province_of, publishing


@dataclass(frozen=True)
class OrganRow:
    """An organ, and its state in each year; a year in which it did not exist is missing."""

    id: str
    name: str
    level: str | None
    region_code: str | None
    years: dict[int, str]
    documents: dict[int, Doc]
    """The documents of `coverage` behind these states, where there are any."""


def organs(
    db: Db, province: str, years: Iterable[int], level: str | None = None, today: date | None = None
) -> list[OrganRow]:
    """The organs of a province (云南省; 中央 for central bodies), by level and code, with their states."""
    wanted = sorted(set(years))
    day = today or now().date()
    units = Units(db)
    people = {
        unit.id: (unit.name, unit.level, unit.region_code, unit.since, unit.until)
        for unit in publishing(units.registry)
        if province_of(unit.province, unit.level) == province
    }
    people |= {
        one["_id"]: (one["name"], one["level"], one["region_code"], one["since"], one["until"])
        for one in units.discovered(province)
    }
    documents: dict[str, dict[int, Doc]] = {}
    for year in wanted:
        with db["coverage"].find({"province": province, "year": year}) as cursor:
            for one in cursor:
                documents.setdefault(one["organ_id"], {})[year] = one
    rows = []
    for key, (name, own, code, since, until) in people.items():
        if level not in (None, own):
            continue
        mine = documents.get(key, {})
        states = {
            year: mine[year]["state"] if year in mine else _state(year, own, day)
            for year in wanted
            if year in mine or (since or year) <= year <= (until or year)
        }
        if states:
            rows.append(OrganRow(key, name, own, code, states, mine))
    order = ("national", "province", "city", "county", "department", "township", None)
    return sorted(rows, key=lambda row: (order.index(row.level), row.region_code or "9", row.name))


def of_organs(db: Db, organ_ids: Iterable[str]) -> list[Doc]:
    """Documents of `coverage`, by organ and year."""
    return sorted(by_keys(db["coverage"], "organ_id", organ_ids), key=lambda one: (one["organ_id"], one["year"]))


def against_last_year(db: Db, portal: str, year: int) -> tuple[int, int]:
    """Of the organs whose reports about `year - 1` stand on this portal: how many there are, and of how many the report
    about `year` is found too, wherever it stands.
    """
    with db["catalogue"].find({"report_year": year - 1, "source.portal": portal}, {"organ.id": 1}) as cursor:
        organ_ids = {one["organ"]["id"] for one in cursor}
    found = {
        one["organ_id"]
        for one in of_organs(db, organ_ids)
        if one["year"] == year and one["state"] == CoverageState.FOUND
    }
    return len(organ_ids), len(found)


def _state(year: int, level: str | None, today: date) -> str:
    return NOT_DUE if today <= due_on(year, level) else UNKNOWN
