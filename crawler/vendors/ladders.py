"""Addresses that hold one organ's report of one year, so that the year can be turned like a rung of a ladder.

Each was seen in public pages (portals.md 2.2, 2.11). A ladder is climbed only where the portal itself links to one of
its rungs, or to a page of the organ's that has its code in the address; no code is ever invented.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urljoin

from crawler.pages.markup import Link

RUNGS = (
    # 大汉 xxgk, 山东 and 浙江: organ by area code
    re.compile(r"/module/xxgk/xxgkAnnualReport\.jsp\?(?:[^#]*&)?fbtime=(?P<year>20\d\d)"),
    # 资阳: one platform of a city, organ by dept
    re.compile(r"/year_details\.aspx\?(?:[^#]*&)?year=(?P<year>20\d\d)"),
    # 北京西城: organ by pnid
    re.compile(r"/pnidpv\d+pntypepvnbpnnfpv(?P<year>20\d\d)\.html"),
)
BARE = re.compile(r"20\d\d\s*年?(?:度)?(?:年?报)?")
AREA = re.compile(r"[?&]vc_xxgkarea=([\w-]{6,40})(?:[&#]|$)")
FIRST = 2008
"""The first year that had to be reported on (条例, 2007)."""
MISSES = 2
"""So many years in a row without a report end the search downwards: who did not report then did not before."""


@dataclass(frozen=True)
class Ladder:
    """One organ's addresses."""

    before: str
    after: str
    organ: str
    year: int
    misses: int = 0
    last: int = FIRST
    """The year at which it ends."""

    @property
    def url(self) -> str:
        return f"{self.before}{self.year}{self.after}"

    def next(self, *, found: bool) -> Ladder | None:
        """The year before; None where the ladder ends."""
        misses = 0 if found else self.misses + 1
        if misses >= MISSES or self.year <= self.last:
            return None
        return replace(self, year=self.year - 1, misses=misses)


def is_rung(url: str) -> bool:
    """Whether an address holds one report: whatever a link calls it, it is no part of a list."""
    return any(rung.search(url) for rung in RUNGS)


def by_area(url: str, organ: str, today: date | None = None) -> Ladder | None:
    """大汉's ladder of the organ that a page is about (`/col/col315154/index.html?vc_xxgkarea=113700000045022274`)."""
    area = AREA.search(url)
    if area is None:
        return None
    before = urljoin(url, f"/module/xxgk/xxgkAnnualReport.jsp?area={area[1]}&fbtime=")
    return Ladder(before, "", organ, (today or date.today()).year - 1)


def ladders(links: Iterable[Link], today: date | None = None, *, below: bool = True) -> tuple[Ladder, ...]:
    """Of every organ that the page links to by one year, the ladder from last year's report downwards.

    Where a page links to several years of an organ it is a list: its bare years (邹城: 2023年, 2022年) are a rung each,
    and unless `below` is false the years before them are climbed as well. Lines with a title are left to the list.
    """
    found: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for link in links:
        for rung in RUNGS:
            match = rung.search(link.url)
            if match:
                key = link.url[: match.start("year")], link.url[match.end("year") :]
                found.setdefault(key, []).append((int(match["year"]), link.name))
    top = (today or date.today()).year - 1
    made: list[Ladder] = []
    for (before, after), named in found.items():
        years = {year for year, _ in named}
        organ = named[0][1]
        if len(years) == 1:
            made.append(Ladder(before, after, organ, max(top, *years)))
            continue
        bare = {year for year, name in named if BARE.fullmatch(name.strip())}
        made += [Ladder(before, after, organ, year, last=year) for year in sorted(bare, reverse=True)]
        if below and min(years) > FIRST:
            made.append(Ladder(before, after, organ, min(years) - 1))
    return tuple(made)
