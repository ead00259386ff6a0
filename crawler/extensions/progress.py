"""What the user sees while a crawl runs: one line that renews itself, on a terminal only."""

from __future__ import annotations

import asyncio
from typing import Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from crawler.result import sentence
from crawler.services import Services

EVERY = 0.3


class Progress:
    """Writes to the run's display, which `crawler.run` makes where there is a terminal."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._writing: asyncio.Task[None] | None = None
        crawler.signals.connect(self.opened, signals.spider_opened)
        crawler.signals.connect(self.closed, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        services: Services = crawler.spider.services  # type: ignore[union-attr]
        if services.display is None:
            raise NotConfigured
        return cls(crawler)

    def opened(self, spider: Spider) -> None:
        self._writing = asyncio.get_running_loop().create_task(self._write())

    def closed(self, spider: Spider, reason: str) -> None:
        if self._writing is not None:
            self._writing.cancel()

    async def _write(self) -> None:
        spider = self._crawler.spider
        services: Services = spider.services  # type: ignore[union-attr]
        while services.display is not None:
            services.display.update(f"{spider.portal.id}: {sentence(services.counts)}")  # type: ignore[union-attr]
            await asyncio.sleep(EVERY)
