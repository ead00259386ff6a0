"""What a crawl did, for the command line and for tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from crawler.finding.column_map import ColumnMap


class ExitState(StrEnum):
    DONE = "done"
    NOTHING_FOUND = "nothing_found"
    """The portals answered, and no 年报 column and no report was found."""
    FAILED = "failed"
    """No portal could be reached, or the database went away; `message` says which."""
    INTERRUPTED = "interrupted"


@dataclass(frozen=True)
class ProblemLine:
    kind: str
    where: str
    message: str


@dataclass(frozen=True)
class SeenLine:
    """What a dry run would have fetched."""

    url: str
    title: str


@dataclass(frozen=True)
class RunResult:
    """The outcome of `crawler.run.crawl`."""

    run_id: str | None
    """None for a dry run, which writes nothing."""
    exit_state: ExitState
    message: str
    """One sentence where something failed, else empty."""
    advice: str
    """What to do then, where the sentence does not say it."""
    counts: Mapping[str, int]
    """requests, pages, bytes, columns, candidates, captures_new, captures_changed, captures_unchanged, reports_new,
    reports_changed, reports_unchanged, reports_refused, not_reports, problems, problems_<kind>, and Scrapy's own of `extensions/stats.py`; absent means 0."""
    problems: tuple[ProblemLine, ...]
    reports: Mapping[str, str]
    """Report id -> new, changed or unchanged; pages that did not change since the last crawl are only counted."""
    found: tuple[SeenLine, ...]
    """Of a dry run."""
    seconds: float
    """Of all; of these, since the last page was stored:"""
    seconds_after: float = 0.0
    """Coverage and checks over several reports, brought up to date."""
    maps: tuple[ColumnMap, ...] = ()
    """Of each portal: its system and its 年报 columns."""

    @property
    def is_unchanged(self) -> bool:
        """Nothing was added to the archive."""
        return not any(
            self.counts.get(name, 0) for name in ("captures_new", "captures_changed", "reports_new", "reports_changed")
        )

    def sentence(self) -> str:
        """`31 pages, 9 reports (9 new), 3 problems`, or that everything is unchanged."""
        if self.run_id is None:
            return f"{self.counts.get('pages', 0)} pages looked at, {len(self.found)} pages would be fetched"
        return sentence(self.counts)


def sentence(counts: Mapping[str, int]) -> str:
    """The counts of a crawl in one line."""
    states = {state: counts.get(f"reports_{state}", 0) for state in ("new", "changed", "unchanged")}
    told = ", ".join(f"{number} {state}" for state, number in states.items() if number)
    total = sum(states.values())
    parts = [
        many(counts.get("pages", 0), "page"),
        many(total, "report") + (f" ({told})" if told else ""),
        many(counts.get("problems", 0), "problem"),
    ]
    return ", ".join(parts)


def many(number: int, name: str) -> str:
    """`1 page`, `2 pages`."""
    return f"{number} {name}" if number == 1 else f"{number} {name}s"
