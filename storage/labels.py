"""Which labels of the archive's tables no template knows: a new national form shows itself here on its first day. And what
sentences count in words that no pattern knows: a new wording shows itself in the same way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from parsers.prose.unread import FLAG as UNREAD
from parsers.prose.unread import Counted, wording
from parsers.template import load_templates
from storage.access.reads import KEYS_AT_ONCE, by_keys
from storage.base import Db, batches
from storage.query import Filters, find

FLAG = "unknown_label:"
TABLE_FLAG = "unknown_table"
_WANTED = {"unknown_labels": 1, "unread.text": 1, "flags": 1, "report_year": 1, "figures.local_tables.title": 1}


@dataclass
class Unknown:
    """One label, the title of a table, or a wording of sentences, and where it stands."""

    label: str
    kind: str
    """label, table or wording."""
    tables: set[str] = field(default_factory=set)
    """Of a label: heads of the figures of the tables in which it may stand (`requests`)."""
    years: Counter[int] = field(default_factory=Counter)
    reports: list[str] = field(default_factory=list)
    """Ids, newest year first."""

    @property
    def count(self) -> int:
        return len(self.reports)


def unknown(db: Db, years: Iterable[int] = ()) -> list[Unknown]:
    """Labels, tables and wordings that no template knows, the most frequent first. `years`: of these report years only.

    A wording is a clause without its years and figures (共编发简报N期): what is the same in many reports.

    One walk through the catalogue; only reports that carry a flag are read.
    """
    counted = next(fact.counted for template in load_templates() for fact in template.facts)
    found: dict[tuple[str, str], Unknown] = {}
    for report in _flagged(db, tuple(years)):
        tables = {flag.removeprefix(FLAG) for flag in report["flags"] if flag.startswith(FLAG)}
        for kind, label in _labels(report, counted):
            one = found.setdefault((kind, label), Unknown(label, kind))
            one.tables |= tables if kind == "label" else set()
            one.years[report["report_year"]] += 1
            one.reports.append(report["_id"])
    return sorted(found.values(), key=lambda one: (-one.count, one.kind, one.label))


def _flagged(db: Db, years: tuple[int, ...]) -> Iterator[Mapping[str, Any]]:
    entries = find(db, Filters(years=years), ("flags",))
    ids = (
        entry["_id"] for entry in entries if any(flag.startswith((FLAG, TABLE_FLAG, UNREAD)) for flag in entry["flags"])
    )
    for some in batches(ids, KEYS_AT_ONCE):
        reports = {report["_id"]: report for report in by_keys(db["reports"], "_id", some, projection=_WANTED)}
        yield from (reports[one] for one in some if one in reports)


def _labels(report: Mapping[str, Any], counted: Counted) -> Iterator[tuple[str, str]]:
    for label in dict.fromkeys(report.get("unknown_labels", ())):
        yield "label", label
    if TABLE_FLAG in report["flags"]:
        titles = (table["title"] for table in report["figures"].get("local_tables", ()))
        yield from (("table", title or "–") for title in dict.fromkeys(titles))
    clauses = (wording(counted, clause["text"]) for clause in report.get("unread", ()))
    yield from (("wording", clause) for clause in dict.fromkeys(clauses))
