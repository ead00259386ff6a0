"""What one portal's crawl was asked to do, and how far it may go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from crawler.finding.frontier import BUDGET
from crawler.finding.titles import years
from crawler.registry import Portal
from crawler.urls import Scope


class Visit(StrEnum):
    """How thorough a crawl of a portal is."""

    WHOLE = "whole"
    """Every list to its end; what the archive has is asked for only if it changed."""
    NIGHTLY = "nightly"
    """Lists from their beginning as long as they name something new, and the known reports of the last years."""
    SWEEP = "sweep"
    """As WHOLE, and every known report that no list names any more."""
    BACKFILL = "backfill"
    """Past years: what was read to its end is not asked again."""

    @property
    def revisits(self) -> bool:
        """Whether known reports are looked at beside those that the lists name."""
        return self in (Visit.NIGHTLY, Visit.SWEEP)


@dataclass(frozen=True)
class Limits:
    """Ends that every crawl comes to, whatever the portal does."""

    requests: int = 20_000
    """Of one portal in one run."""
    discovery: int = BUDGET
    """Pages looked at to find the columns."""
    pages: int = 200
    """Of one list."""
    clicks: int = 30
    """Pages of a list that can only be turned in a browser."""
    parts: int = 400
    """Years and organs of one column."""
    depth: int = 4
    """Parts of parts."""


@dataclass(frozen=True)
class Plan:
    """One portal, where to begin, and what to leave out."""

    portal: Portal
    urls: tuple[str, ...] = ()
    """Addresses that the user named; without any the crawl begins at the registry's columns or the front page."""
    years: frozenset[int] = frozenset()
    """Report years that are wanted; empty: all."""
    sample: int | None = None
    """At most so many candidates."""
    dry_run: bool = False
    """Look at lists, fetch no report, write nothing."""
    limits: Limits = field(default_factory=Limits)
    visit: Visit = Visit.WHOLE
    columns: Mapping[str, str] = field(default_factory=dict)
    """Columns that an earlier visit found, address -> name: begun at where the registry names none."""
    recheck: frozenset[int] = frozenset()
    """Years whose known reports a nightly visit looks at again."""
    discover: bool = False
    """Look at the front page although columns are known."""
    newest: int = 0
    """The report year that some list must name by now, or the portal is looked through again; 0 asks for none."""

    @property
    def scope(self) -> Scope:
        return Scope.of(
            [
                *self.urls,
                *(column.url for column in self.portal.columns),
                *self.columns,
                *([self.portal.home] if self.portal.home else []),
            ],
            self.portal.hosts,
            self.portal.shared_hosts,
        )

    @property
    def is_partial(self) -> bool:
        """Not everything of the portal was wanted."""
        return bool(self.urls or self.years or self.sample is not None)

    @property
    def is_beside(self) -> bool:
        """Pages of a portal of the registry were named: the reports are the portal's, and what is known of the portal itself
        (its columns, its health, its layout) is not for a page or two to say."""
        return bool(self.urls) and self.portal.is_registered

    def wants(self, title: str, published_year: int | None) -> bool:
        """Whether a list's line may be a report of the wanted years. What names no year may be one."""
        if not self.years:
            return True
        named = years(title)
        if named:
            return any(year in self.years for year in named)
        # A report of year Y comes out in Y+1, late ones in Y+2 (portals.md 3.8).
        return published_year is None or bool({published_year, published_year - 1, published_year - 2} & self.years)


LISTS_CUT = "lists_cut"
"""In the counts of a portal's state: lists that broke off at a later page, so that the next visit reads all of them."""
LOOKED_AGAIN = "looked_again"
"""Under this name a portal's cursor remembers when it was last looked through although its columns were known."""


def backfilled(year: int) -> str:
    """Under this name a portal's cursor remembers that a year was gone through to its end."""
    return f"backfill_{year}"
