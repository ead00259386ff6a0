"""Pages of the portal that `nianbao verify` found damaged are asked for again, when the visit itself has not come by them."""

from __future__ import annotations

from typing import Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider, NotConfigured

from crawler.services import Services
from crawler.spiders.columns import ColumnSpider
from crawler.tasks import Role, Task
from storage.records import CaptureRecord

MOST = 50
"""Of one visit: what is damaged by the thousand is a broken disk, and a matter for a backup."""


class Heal:
    """The archive puts bytes that have the right SHA-256 in the place of damaged ones, whatever they were asked for."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._damaged: list[CaptureRecord] = []
        crawler.signals.connect(self.opened, signals.spider_opened)
        crawler.signals.connect(self.idle, signals.spider_idle)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        services: Services = crawler.spider.services  # type: ignore[union-attr]
        if services.archive is None:
            raise NotConfigured
        return cls(crawler)

    async def opened(self, spider: ColumnSpider) -> None:
        self._damaged = await spider.services.read(_damaged, spider.services, spider.portal.id)

    def idle(self, spider: Spider) -> None:
        assert isinstance(spider, ColumnSpider)
        waiting, self._damaged = self._damaged, []
        asked = 0
        for one in waiting:
            # A report is read again as well: it may have changed since.
            again = Task(Role.AGAIN, needed=False)
            request = spider.revisit(one) if one.kind == "report" else spider.ask(one.url, again)
            if request is not None:
                self._crawler.engine.crawl(request)
                asked += 1
        if asked:
            raise DontCloseSpider


def _damaged(services: Services, portal: str) -> list[CaptureRecord]:
    assert services.archive is not None
    ids = [capture for mark in services.archive.raw.marks() for capture in mark.captures]
    found = sorted(services.archive.captures(ids), key=lambda one: one.id)
    return [one for one in found if one.portal == portal and not one.rendered][:MOST]
