"""What is done when the lists are read: search for what stands outside of them, and for columns that are new.

3.4 of portals.md: reports stand among news, in catalogues, at a bureau's 最新文件; the first pages of the portal's news and its
own search find them. And in some provinces each year has a column of its own, which only a menu leads to.
"""

from __future__ import annotations

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from crawler.extensions.afterwards import Afterwards
from crawler.plan import Plan, Visit
from crawler.spiders.columns import ColumnSpider


class LookAgain(Afterwards):
    """Each step once."""

    def __init__(self, crawler: Crawler, plan: Plan) -> None:
        super().__init__(crawler)
        self._plan = plan
        self._has_looked = self._has_read_news = self._has_searched = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        plan: Plan = crawler.spider.plan  # type: ignore[union-attr]
        if plan.is_partial or plan.dry_run:
            raise NotConfigured
        return cls(crawler, plan)

    def more(self, spider: ColumnSpider) -> list[Request]:
        requests: list[Request] = []
        if not self._has_looked:
            self._has_looked = True
            is_overdue = bool(self._plan.newest) and spider.newest < self._plan.newest
            # An ordinary night reads no news: a sweep comes once a quarter, and reports come once a year.
            self._has_read_news = not is_overdue and self._plan.visit is Visit.NIGHTLY
            if spider.columns and (is_overdue or self._plan.visit is Visit.SWEEP):
                requests = list(spider.look_again())
                spider.services.counts["looked_again"] += bool(requests)
        if not requests and not self._has_read_news:
            self._has_read_news = True
            requests = list(spider.news())
        if not requests and not self._has_searched:
            self._has_searched = True
            requests = list(spider.search())
            spider.has_searched = not requests
        elif not requests:
            spider.has_searched = True
        return requests
