"""The run's record in the database: its counts while it goes on, what became of each portal, faults of our own."""

from __future__ import annotations

import asyncio
from typing import Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.errors import CrawlFailed
from crawler.items import Trouble
from crawler.services import Services
from crawler.spiders.columns import ColumnSpider
from crawler.urls import canonical_url

EVERY = 5.0
"""Seconds between two signs of life."""


class RunRecord:
    """A run that is killed keeps its last counts; the next run finds that its process is gone."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._beating: asyncio.Task[None] | None = None
        crawler.signals.connect(self.opened, signals.spider_opened)
        crawler.signals.connect(self.closed, signals.spider_closed)
        crawler.signals.connect(self.fault, signals.spider_error)
        crawler.signals.connect(self.request_left, signals.request_left_downloader)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    @property
    def _services(self) -> Services:
        services: Services = self._crawler.spider.services  # type: ignore[union-attr]
        return services

    def opened(self, spider: Spider) -> None:
        if self._services.archive is not None:
            self._beating = asyncio.get_running_loop().create_task(self._beat())

    def request_left(self) -> None:
        self._services.counts["requests"] += 1

    async def _beat(self) -> None:
        services = self._services
        while True:
            await asyncio.sleep(EVERY)
            try:
                await services.read(services.runs.update, services.run_id, dict(services.counts))
            except Exception as error:  # the pipelines meet it too, and end the crawl
                services.fail(error)
                return

    async def fault(self, failure: Failure, response: Response | Failure | None, spider: Spider) -> None:
        """A spider's callback failed: our own fault, and still no reason to lose the page silently."""
        error = failure.value
        if isinstance(error, CrawlFailed):
            return
        url = getattr(response, "url", None) or getattr(getattr(response, "request", None), "url", "?")
        trouble = Trouble("crawler_failed", canonical_url(url), f"{type(error).__name__}: {error}", stage="crawl")
        await self._crawler.engine.scraper.start_itemproc_async(trouble, response=None)

    async def closed(self, spider: ColumnSpider, reason: str) -> None:
        if self._beating is not None:
            self._beating.cancel()
        services = self._services
        services.ended[spider.portal.id] = reason
        if services.archive is None or services.failure is not None or reason != "finished":
            return
        health, detail = self._health(spider)
        assert services.run_id is not None
        if health == "ok":
            columns = tuple(spider.columns.values())
            counts = {"candidates": spider.candidates, "columns": len(columns), "requests": spider.made}
            await services.read(
                lambda: services.portals.succeeded(
                    spider.portal.id, str(services.run_id), columns=columns, counts=counts
                )
            )
        else:
            await services.read(services.portals.failed, spider.portal.id, services.run_id, health, detail)

    def _health(self, spider: ColumnSpider) -> tuple[str, str]:
        """What this run says of the portal: ok, or why it gave nothing."""
        if spider.candidates or spider.columns:
            return "ok", ""
        met = {met.kind: met.message for met in self._services.met if met.portal == spider.portal.id}
        if "blocked" in met:
            return "blocked", met["blocked"]
        for kind in ("unreachable", "timeout", "robots"):
            if kind in met:
                return "unreachable", met[kind]
        return "empty", "no 年报 column was found from the front page"
