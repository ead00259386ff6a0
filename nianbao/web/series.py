"""An organ over the years: every measure as a series, with the breaks in it and the chains between reports that fail."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from nianbao.web.words import Pair
from storage.base import Doc
from storage.export import panel
from storage.export.columns import dig
from storage.export.measures import Measure, load_measures

SCOPES = ("own", "consolidated", "joint")
FORMS = {
    "e2008_freeform": "2008",
    "e2014_narrative": "2014",
    "e2014_stats": "2014",
    "e2019_v60": "2019",
    "e2021_v30": "2021",
    "mixed": "混用",
}


@dataclass(frozen=True)
class Point:
    year: int
    value: int | float | None
    quality: str
    """verified, consistent, doubtful, missing."""
    report_id: str


@dataclass(frozen=True)
class Series:
    measure: Measure
    points: Sequence[Point]

    @property
    def by_year(self) -> dict[int, Point]:
        return {point.year: point for point in self.points}

    @property
    def has_numbers(self) -> bool:
        return any(point.value is not None for point in self.points)


@dataclass(frozen=True)
class Chain:
    """A sum between two years' reports that does not hold."""

    rule: str
    words: Pair
    before: int
    after: int
    left: int | float
    right: int | float
    measures: tuple[str, ...]
    """On whose charts it is marked, at the later year."""


@dataclass(frozen=True)
class Break:
    """Between two years something changed that makes figures hard to compare, or a year is missing."""

    year: int
    words: Pair


# (rule, its words, what the later year says, what it should say: this year's or the year before's figures with a sign)
_STOCK = Pair(
    "现行有效件数等于上年现行有效加制发减废止", "in force is last year's in force, plus issued, less repealed"
)
_CHAINS: Sequence[tuple[str, Pair, str, tuple[tuple[int, str, int], ...], tuple[str, ...]]] = (
    (
        "T3-CHAIN",
        Pair("上年结转等于上一年度报告的结转下年度", "carried over is what the year before carried forward"),
        "requests.carried_over.total",
        ((-1, "requests.carried_forward.total", 1),),
        ("requests_carried_over", "requests_carried_forward", "requests_received"),
    ),
    *(
        (
            "T2-STOCK",
            _STOCK,
            f"proactive.{kind}.in_force",
            ((-1, f"proactive.{kind}.in_force", 1), (0, f"proactive.{kind}.issued", 1), (0, f"proactive.{kind}.repealed", -1)),
            (f"{kind}_in_force", f"{kind}_issued"),
        )
        for kind in ("normative_documents", "rules")
    ),
    *(
        (
            "T2A-CHAIN",
            Pair("上一年项目数量等于上年报告的项目数量加增减", "last year's items are those of the report before, plus its change"),
            f"proactive.{kind}.items_prev_year",
            ((-1, f"proactive.{kind}.items_prev_year", 1), (-1, f"proactive.{kind}.items_change", 1)),
            (),
        )
        for kind in ("administrative_licensing", "administrative_penalty", "administrative_coercion")
    ),
)  # fmt: skip


def one_a_year(reports: Sequence[Doc]) -> list[Doc]:
    """The organ's own report of each year, where there is none the consolidated or joint one; oldest first."""
    best: dict[int, Doc] = {}
    for report in sorted(reports, key=lambda report: SCOPES.index(report["scope"])):
        best.setdefault(report["report_year"], report)
    return [best[year] for year in sorted(best)]


def series(reports: Sequence[Doc]) -> list[Series]:
    """Every measure over the years of `reports` (`one_a_year`), those without any number left out."""
    measures = load_measures()
    names = [column.key for column in panel.columns(measures)]
    rows = [dict(zip(names, values, strict=True)) for report in reports for values in panel.rows(report, measures)]
    found = []
    for measure in measures.all:
        points = []
        for report, row in zip(reports, rows, strict=True):
            value: Any = row[measure.key]
            points.append(Point(report["report_year"], value, str(row[measure.key + panel.QUALITY]), report["_id"]))
        found.append(Series(measure, points))
    return [one for one in found if one.has_numbers]


def by_tables(entries: Sequence[Doc], wanted: Measure) -> Series:
    """One measure over the years from the catalogue's entries, each figure as good as the tables that it stands in.

    Coarser than `series`, which judges figure by figure, and ten times as fast: the reports are not read.
    """
    reports = [{**entry, "cells": [], "checks": []} for entry in entries]
    found = next((one for one in series(reports) if one.measure.key == wanted.key), Series(wanted, ()))
    points = []
    for point, entry in zip(found.points, entries, strict=False):
        paths = {path for form in panel.forms_of(entry) for path in wanted.sources.get(form, ())}
        trusts = {(entry.get("trust") or {}).get(path.partition(".")[0]) for path in paths}
        quality = point.quality
        if quality == "consistent":
            quality = "doubtful" if trusts & {"doubtful", "unreadable"} else quality
            quality = "verified" if trusts == {"verified"} else quality
        points.append(replace(point, quality=quality))
    return Series(wanted, points)


def broken_chains(reports: Sequence[Doc]) -> list[Chain]:
    """The sums between neighbouring years that do not hold, oldest first; where a figure is missing, none is judged."""
    found = []
    for before, after in pairwise(reports):
        if after["report_year"] != before["report_year"] + 1 or before["scope"] != after["scope"]:
            continue
        for rule, words, path, parts, measures in _CHAINS:
            said = dig(after["figures"], path)
            values = [(dig((before if back else after)["figures"], part), sign) for back, part, sign in parts]
            if _is_number(said) and all(_is_number(value) for value, _ in values):
                expected = sum(value * sign for value, sign in values)
                if said != expected:
                    years = before["report_year"], after["report_year"]
                    found.append(Chain(rule, words, *years, said, expected, measures))
    return found


def breaks(reports: Sequence[Doc]) -> list[Break]:
    """Years that are missing, other forms, other scopes."""
    found = []
    for before, after in pairwise(reports):
        year = after["report_year"]
        missing = list(range(before["report_year"] + 1, year))
        if missing:
            span = str(missing[0]) if len(missing) == 1 else f"{missing[0]}–{missing[-1]}"
            found.append(Break(year, Pair(f"缺 {span} 年", f"{span} missing")))
        found += _other_form(before, after)
        if before["scope"] != after["scope"]:
            found.append(Break(year, Pair("范围改变", "another scope")))
    return found


def other_forms(organs: Iterable[Sequence[Doc]]) -> list[Break]:
    """The years from which reports of one of the organs have another form, oldest first, each form once.

    Of each organ what `one_a_year` gives, reports or their entries of the catalogue.
    """
    found = (one for reports in organs for pair in pairwise(reports) for one in _other_form(*pair))
    return sorted(dict.fromkeys(found), key=lambda one: one.year)


def _other_form(before: Doc, after: Doc) -> list[Break]:
    old, new = (FORMS.get(one["template"]["id"], one["template"]["id"]) for one in (before, after))
    if old == new:
        return []
    words = Pair(f"{new} 年表式", f"{new} form") if new.isdigit() else Pair("混用表式", "mixed forms")
    return [Break(after["report_year"], words)]


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
