"""How far a figure can be relied on: one word beside each number, so that nobody uses a doubtful one unknowingly."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from parsers.report import Level, Status
from storage.base import Doc


class Quality(StrEnum):
    """From good to bad; a sum has the worst of its parts."""

    VERIFIED = "verified"
    """Takes part in a hard sum (勾稽关系), and every hard sum it takes part in holds."""
    CONSISTENT = "consistent"
    """Nothing speaks against it, and no sum speaks for it."""
    DOUBTFUL = "doubtful"
    """A hard sum fails with it, its table is flagged or mostly unreadable, or it is money without a unit."""
    MISSING = "missing"
    """There is no number: blank, "/", unreadable, not in this form, or a part of the sum is missing."""


_ORDER = tuple(Quality)


def worst(qualities: Iterable[Quality]) -> Quality:
    return max(qualities, key=_ORDER.index, default=Quality.MISSING)


@dataclass(frozen=True)
class Judge:
    """Says of each path of one report how good its figure is."""

    doubted: frozenset[str]
    """Paths."""
    proven: frozenset[str]
    doubted_tables: frozenset[str]
    weak_tables: frozenset[str]
    """Tables in which some sum fails: figures outside of it are not doubtful, and not verified either."""

    @classmethod
    def of(cls, report: Doc, harmless_flags: Collection[str]) -> Judge:
        """Needs `cells`, `checks`, `flags` and `trust` of the report."""
        doubted: set[str] = set()
        proven: set[str] = set()
        for check in report["checks"]:
            if check["level"] != Level.HARD:
                continue
            if check["status"] == Status.FAIL:
                doubted.update(check["cells"])
            elif check["status"] == Status.PASS and check["right"] is not None:
                proven.update(check["cells"])
        doubted.update(cell["path"] for cell in report["cells"] if cell.get("unit_source") == "none" and cell["value"])
        flagged = (flag.partition(":") for flag in report["flags"])
        tables = {table for name, _, table in flagged if table and name not in harmless_flags}
        trust = report.get("trust") or {}
        tables |= {table for table, word in trust.items() if word == "unreadable"}
        weak = {table for table, word in trust.items() if word == "doubtful"}
        return cls(frozenset(doubted), frozenset(proven), frozenset(tables), frozenset(weak))

    def __call__(self, path: str, value: object) -> Quality:
        if value is None:
            return Quality.MISSING
        table = path.split(".")[0]
        if path in self.doubted or table in self.doubted_tables:
            return Quality.DOUBTFUL
        if path in self.proven and table not in self.weak_tables:
            return Quality.VERIFIED
        return Quality.CONSISTENT


def hard_failures(report: Doc) -> int:
    """How many hard sums of the report do not hold."""
    return sum(check["level"] == Level.HARD and check["status"] == Status.FAIL for check in report["checks"])
