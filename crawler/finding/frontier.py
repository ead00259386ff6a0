"""What to look at next on the way to the 年报 columns: the best link first, within a budget."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable
from dataclasses import dataclass

from crawler.finding.scoring import LEADS, SURE, score
from crawler.finding.titles import Promise, promise, years
from crawler.pages.markup import Link
from crawler.urls import canonical_url

DEEPEST = 4
"""Clicks from the front page (portals.md 8.3)."""
BUDGET = 60
"""Pages that are looked at to find the columns; what a column leads to does not count."""


@dataclass(frozen=True, slots=True)
class Lead:
    """A link worth following."""

    url: str
    name: str
    depth: int
    score: int
    framed: bool = False
    """A frame of a menu's page, which no link has named."""

    @property
    def names_a_column(self) -> bool:
        return self.score >= LEADS

    @property
    def is_sure(self) -> bool:
        """A page behind such a name is a 年报 column even where it proves nothing itself."""
        return self.score >= SURE


class Frontier:
    """Links by score, less half a point for each click.

    Every address comes once, by the best of its links; once more where only a later link says what it is: a page that was
    looked at as a menu proves less than one that a link calls 政府信息公开年报.
    """

    def __init__(self, budget: int = BUDGET) -> None:
        self.left = budget
        self._heap: list[tuple[float, int, Lead]] = []
        self._best: dict[str, float] = {}
        """Address -> the score of its best link."""
        self._taken: dict[str, int] = {}
        """Address -> the score of the link by which it was looked at."""
        self._pushed = 0
        self._found = False

    def add(self, links: Iterable[Link], depth: int, around: str = "") -> None:
        """Score the links of a page that is `depth` clicks away; `around` is its column and breadcrumb."""
        if depth > DEEPEST:
            return
        for link in links:
            if (promise(link.name) is Promise.REPORT and years(link.name)) or not canonical_url(link.url).partition(
                "/"
            )[2]:
                continue  # a report of its own, or the front page: no menu
            points = score(link, around)
            if points > 0:
                self.push(Lead(link.url, link.name, depth, points))

    def push(self, lead: Lead) -> None:
        key = canonical_url(lead.url)
        if lead.score > self._best.get(key, -math.inf):
            self._best[key] = lead.score
            self._pushed += 1
            heapq.heappush(self._heap, (lead.depth / 2 - lead.score, self._pushed, lead))

    def forget(self, url: str) -> None:
        """This address is taken care of elsewhere."""
        self._best[canonical_url(url)] = math.inf

    def found(self) -> None:
        """A column is proven: from now on only links that name one are followed, no menus."""
        self._found = True

    def next(self) -> Lead | None:
        while self._heap and self.left > 0:
            _, _, lead = heapq.heappop(self._heap)
            if self._found and not lead.names_a_column:
                continue
            key = canonical_url(lead.url)
            if key in self._taken and (not lead.is_sure or self._taken[key] >= SURE):
                continue
            self._taken[key] = lead.score
            self.left -= 1
            return lead
        return None
