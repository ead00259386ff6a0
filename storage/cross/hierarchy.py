"""H-HIER: a region's consolidated report holds at least what the reports of its own organs add up to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from parsers.identity.units import Registry
from parsers.report import Level
from storage.access.reads import by_keys, matching
from storage.base import Db, Doc
from storage.cross.figures import CrossCheck, Item, Sheet, check, compared

HIERARCHY = "H-HIER"
SUMS = (
    "requests.received_new.total",
    "requests.results.total.total",
    "reconsideration.total",
    "litigation_direct.total",
    "litigation_after_reconsideration.total",
)
PARTS = ("department", "township")
"""Whose own reports are parts. A government's own report may be its region's in disguise: it is left out."""
MOST_NAMED = 200
_FIELDS = {"organ": 1, "scope": 1, **{f"figures.{path.partition('.')[0]}": 1 for path in SUMS}}


def wholes(registry: Registry, parts: Iterable[tuple[str | None, int]]) -> set[str]:
    """Ids of the consolidated reports of which reports of organs in these regions about these years may be parts."""
    found: set[str] = set()
    for code, year in parts:
        while code is not None and (unit := registry.by_id.get(code)) is not None:
            found.add(f"{code}/{year}/consolidated")
            code = unit.parent
    return found


def against_parts(db: Db, report_ids: Iterable[str], wanted: Mapping[str, int]) -> Iterator[CrossCheck]:
    """One check for each of these consolidated reports that is there."""
    for whole in map(Sheet, by_keys(db["reports"], "_id", report_ids, projection=wanted)):
        organ = whole.document["organ"]
        parts = list(_parts(db, organ, whole.year))
        if parts:
            found = check(HIERARCHY, Level.SOFT, organ["id"], [whole], _items(whole, parts), _note(parts))
            if found is not None:
                yield found


def _parts(db: Db, organ: Mapping[str, Any], year: int) -> Iterator[Doc]:
    """Catalogue entries of own reports of departments and townships in the region of `organ`."""
    region = {f"organ.{name}": organ[name] for name in ("city", "county") if organ[name]}
    rest = {**region, "scope": "own", "organ.level": {"$in": list(PARTS)}}
    bound = {"report_year": year, "organ.province": organ["province"]}
    yield from matching(db["catalogue"], bound, rest, projection=_FIELDS)


def _items(whole: Sheet, parts: list[Doc]) -> Iterator[Item]:
    for path in SUMS:
        said = [value for part in parts if (value := _figure(part, path)) is not None]
        if whole.has(path) and said:
            left, right = whole.value(path), sum(said)
            yield compared(path, left, right, holds=None if left is None else left >= right)


def _figure(entry: Doc, path: str) -> int | float | None:
    node: Any = entry["figures"]
    for key in path.split("."):
        node = node.get(key) if isinstance(node, Mapping) else None
    return node if isinstance(node, (int, float)) else None


def _note(parts: list[Doc]) -> str:
    ids = sorted(part["_id"] for part in parts)
    more = f" and {len(ids) - MOST_NAMED} more" if len(ids) > MOST_NAMED else ""
    return f"{len(ids)} parts: {', '.join(ids[:MOST_NAMED])}{more}"
