"""Years that are missing between others: what a portal's own search is asked for, organ by organ (portals.md 8.3)."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from parsers.identity.due import due_on
from storage.base import Db
from storage.coverage.query import of_organs
from storage.coverage.records import CoverageState
from storage.query import Filters, find

ENOUGH = 3
"""Years of which an organ's reports stand on a portal before a missing one is looked for there."""


@dataclass(frozen=True)
class Gap:
    """An organ that has reports on a portal, and a year that is past its day and has none anywhere."""

    organ_id: str
    organ: str
    """Its name."""
    year: int


def gaps(db: Db, portal: str, today: date) -> list[Gap]:
    """The newest years first; within a year another order each month, so that every organ has its turn in time."""
    years: dict[str, set[int]] = defaultdict(set)
    names: dict[str, tuple[str, str | None]] = {}
    for entry in find(db, Filters(portal=portal), ("organ", "report_year")):
        organ = entry["organ"]
        years[organ["id"]].add(entry["report_year"])
        names.setdefault(organ["id"], (organ["name"], organ["level"]))
    known = {organ_id: found for organ_id, found in years.items() if len(found) >= ENOUGH}
    first = {organ_id: min(found) for organ_id, found in known.items()}
    for one in of_organs(db, known):
        if one["state"] == CoverageState.FOUND:
            known[one["organ_id"]].add(one["year"])
    missing = (
        Gap(organ_id, names[organ_id][0], year)
        for organ_id, found in known.items()
        for year in range(first[organ_id], today.year)
        if year not in found and due_on(year, names[organ_id][1]) < today
    )
    return sorted(missing, key=lambda gap: (-gap.year, _turn(gap, today)))


def _turn(gap: Gap, today: date) -> str:
    return hashlib.sha256(f"{today:%Y-%m} {gap.organ_id}".encode()).hexdigest()
