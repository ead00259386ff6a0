"""Which labels of the archive's tables no template knows: a new national form shows itself here on its first day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from storage.access.reads import KEYS_AT_ONCE, by_keys
from storage.base import Db, batches
from storage.query import Filters, find

FLAG = "unknown_label:"
TABLE_FLAG = "unknown_table"
_WANTED = {"unknown_labels": 1, "flags": 1, "report_year": 1, "figures.local_tables.title": 1}


@dataclass
class Unknown:
    """One label, or the title of a table, and where it stands."""

    label: str
    kind: str
    """label or table."""
    tables: set[str] = field(default_factory=set)
    """Of a label: heads of the figures of the tables in which it may stand (`requests`)."""
    years: Counter[int] = field(default_factory=Counter)
    reports: list[str] = field(default_factory=list)
    """Ids, newest year first."""

    @property
    def count(self) -> int:
        return len(self.reports)


def unknown(db: Db, years: Iterable[int] = ()) -> list[Unknown]:
    """Labels and tables that no template knows, the most frequent first. `years`: of these report years only.

    One walk through the catalogue; only reports that carry a flag are read.
    """
    found: dict[tuple[str, str], Unknown] = {}
    for report in _flagged(db, tuple(years)):
        tables = {flag.removeprefix(FLAG) for flag in report["flags"] if flag.startswith(FLAG)}
        for kind, label in _labels(report):
            one = found.setdefault((kind, label), Unknown(label, kind))
            one.tables |= tables if kind == "label" else set()
            one.years[report["report_year"]] += 1
            one.reports.append(report["_id"])
    return sorted(found.values(), key=lambda one: (-one.count, one.kind, one.label))


def _flagged(db: Db, years: tuple[int, ...]) -> Iterator[Mapping[str, Any]]:
    entries = find(db, Filters(years=years), ("flags",))
    ids = (entry["_id"] for entry in entries if any(flag.startswith((FLAG, TABLE_FLAG)) for flag in entry["flags"]))
    for some in batches(ids, KEYS_AT_ONCE):
        reports = {report["_id"]: report for report in by_keys(db["reports"], "_id", some, projection=_WANTED)}
        yield from (reports[one] for one in some if one in reports)


def _labels(report: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for label in dict.fromkeys(report.get("unknown_labels", ())):
        yield "label", label
    if TABLE_FLAG in report["flags"]:
        titles = (table["title"] for table in report["figures"].get("local_tables", ()))
        yield from (("table", title or "–") for title in dict.fromkeys(titles))
