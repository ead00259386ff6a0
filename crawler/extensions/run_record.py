"""The run's record in the database: its counts while it goes on, what became of each portal, faults of our own."""

from __future__ import annotations

import asyncio
import logging
from typing import Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.services import Met, Services
from crawler.spiders.columns import ColumnSpider
from storage.problems import Problem

logger = logging.getLogger(__name__)
EVERY = 5.0
"""Seconds between two signs of life."""


class RunRecord:
    """A run that is killed keeps its last counts; the next run finds that its process is gone."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._beating: asyncio.Task[None] | None = None
        self._writing: list[asyncio.Task[None]] = []
        crawler.signals.connect(self.opened, signals.spider_opened)
        crawler.signals.connect(self.closed, signals.spider_closed)
        crawler.signals.connect(self.spider_fault, signals.spider_error)
        crawler.signals.connect(self.item_fault, signals.item_error)
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
            except Exception:  # a sign of life less; where the database is gone, the pipelines end the crawl
                logger.warning("the run's counts could not be written", exc_info=True)

    def spider_fault(self, failure: Failure, response: Response | Failure | None) -> None:
        request = getattr(response, "request", None)
        self._fault(failure, str(getattr(response, "url", None) or getattr(request, "url", "?")))

    def item_fault(self, item: object, failure: Failure) -> None:
        self._fault(failure, str(getattr(getattr(item, "capture", None), "url", None) or type(item).__name__))

    def _fault(self, failure: Failure, where: str) -> None:
        """A fault of our own that no one caught: a problem like every other, written past the pipelines."""
        services, spider = self._services, self._crawler.spider
        error = failure.value
        met = Met(spider.portal.id, "crawler_failed", where, f"{type(error).__name__}: {error}")  # type: ignore[union-attr]
        services.met.append(met)
        services.counts["problems"] += 1
        services.counts["problems_crawler_failed"] += 1
        if services.archive is not None:
            problem = Problem(met.kind, met.where, met.message, "crawl", met.portal, run_id=services.run_id)
            writing = services.read(services.problems.record_all, [problem])
            self._writing.append(asyncio.get_running_loop().create_task(writing))

    async def closed(self, spider: ColumnSpider, reason: str) -> None:
        if self._beating is not None:
            self._beating.cancel()
        await asyncio.gather(*self._writing, return_exceptions=True)
        services = self._services
        services.ended_early |= reason == "shutdown"
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
