"""The years that an organ's reports leave out, asked of the portal's own search: one question after the other, few a visit."""

from __future__ import annotations

from typing import Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from crawler.extensions.afterwards import Afterwards, services_of
from crawler.plan import Plan, Visit
from crawler.spiders.columns import ColumnSpider
from storage.base import now
from storage.coverage.gaps import Gap, gaps

MOST = 20
"""Questions of one visit; what is left is asked in the next one."""
IN_VAIN = 5
"""Questions in a row that brought nothing: this search does not find reports by organ and year."""


class Gaps(Afterwards):
    """Of visits that read every list to its end: only then is a year that is not there missing."""

    def __init__(self, crawler: Crawler, plan: Plan) -> None:
        super().__init__(crawler)
        self._portal = plan.portal.id
        self._waiting: list[Gap] = []
        self._candidates = self._in_vain = 0
        crawler.signals.connect(self.opened, signals.spider_opened)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        plan: Plan = crawler.spider.plan  # type: ignore[union-attr]
        reads_all = plan.visit in (Visit.WHOLE, Visit.SWEEP) and not plan.is_partial and not plan.dry_run
        if not reads_all or services_of(crawler).archive is None:
            raise NotConfigured
        return cls(crawler, plan)

    async def opened(self, spider: ColumnSpider) -> None:
        """As the archive is before the visit; what the visit finds is struck out when its turn comes."""
        database = spider.services.database
        assert database is not None
        self._waiting = (await spider.services.read(gaps, database, self._portal, now().date()))[:MOST]

    def more(self, spider: ColumnSpider) -> list[Request]:
        if not spider.has_searched:
            return []
        self._in_vain = 0 if spider.candidates > self._candidates else self._in_vain + 1
        self._candidates = spider.candidates
        found = {tuple(report.split("/")[:2]) for report in spider.services.reports_met}
        while self._waiting and self._in_vain <= IN_VAIN:
            gap = self._waiting.pop(0)
            if (gap.organ_id, str(gap.year)) in found:
                continue
            request = spider.search_for(gap.organ, gap.year)
            if request is not None:
                spider.services.counts["gaps_searched"] += 1
                return [request]
        return []
