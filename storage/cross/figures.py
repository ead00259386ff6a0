"""A report as the cross checks look at it: its figures, and which of them say nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from parsers.report import Level, Status
from storage.base import Doc

Number = int | float
_NOTHING = {"unreadable", "text"}
WANTED = {
    "organ": 1,
    "report_year": 1,
    "scope": 1,
    "figures": 1,
    "cells.path": 1,
    "cells.semantic": 1,
    "sections.text": 1,
}


@dataclass(frozen=True)
class Sheet:
    """One report."""

    document: Mapping[str, Any]

    @property
    def id(self) -> str:
        return str(self.document["_id"])

    @property
    def year(self) -> int:
        return int(self.document["report_year"])

    @property
    def scope(self) -> str:
        return str(self.document["scope"])

    @cached_property
    def _semantics(self) -> dict[str, str]:
        return {cell["path"]: cell["semantic"] for cell in self.document["cells"]}

    def value(self, path: str) -> Number | None:
        """The figure; a blank or "/" in a table that is there counts as 0, for a check only. None: it cannot be said."""
        semantic = self._semantics.get(path)
        if semantic is None or semantic in _NOTHING:
            return None
        node: Any = self.document["figures"]
        for key in path.split("."):
            node = node.get(key) if isinstance(node, Mapping) else None
        return node if node is not None else 0

    def has(self, path: str) -> bool:
        return path in self._semantics

    @cached_property
    def text(self) -> str:
        return "\n".join(section["text"] for section in self.document["sections"])


@dataclass(frozen=True)
class Item:
    """One comparison of a check."""

    where: str
    """The figure, by the path in the later report."""
    status: Status
    left: Number | None
    right: Number | None


@dataclass(frozen=True)
class CrossCheck:
    """Collection `cross_checks`: one rule on two reports or more."""

    rule: str
    level: Level
    status: Status
    """fail where one of its items does; else pass where one does; else not_assessable. Where the rule has no meaning
    for a report there is no document.
    """
    organ_id: str
    year: int
    """Of the later report."""
    reports: tuple[str, ...]
    items: tuple[Item, ...]
    note: str = ""

    @property
    def id(self) -> str:
        """The same rule on the same reports has one id; parts of a whole may come and go, so the whole names it."""
        named = self.reports if self.rule != "H-HIER" else self.reports[:1]
        return f"{self.rule}|{'|'.join(named)}"

    def document(self, bucket: int) -> Doc:
        items = [{**vars(item), "status": item.status.value} for item in self.items]
        return {
            "_id": self.id,
            "bucket": bucket,
            "writes": 1,
            "rule": self.rule,
            "level": self.level.value,
            "status": self.status.value,
            "organ_id": self.organ_id,
            "year": self.year,
            "reports": list(self.reports),
            "items": items,
            "note": self.note,
        }


def compared(where: str, left: Number | None, right: Number | None, *, holds: bool | None = None) -> Item:
    """`left` against `right`: equal unless `holds` says otherwise; a side that cannot be said leaves it open."""
    if left is None or right is None:
        return Item(where, Status.NOT_ASSESSABLE, left, right)
    good = left == right if holds is None else holds
    return Item(where, Status.PASS if good else Status.FAIL, left, right)


def check(
    rule: str, level: Level, organ_id: str, sheets: Sequence[Sheet], items: Iterable[Item], note: str = ""
) -> CrossCheck | None:
    """None where there is nothing to compare."""
    found = tuple(items)
    if not found:
        return None
    states = {item.status for item in found}
    order = (Status.FAIL, Status.PASS, Status.NOT_ASSESSABLE)
    status = next(one for one in order if one in states)
    year = max(sheet.year for sheet in sheets)
    return CrossCheck(rule, level, status, organ_id, year, tuple(sheet.id for sheet in sheets), found, note)
