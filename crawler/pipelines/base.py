"""What the pipelines share: the run's services, and what happens when the database is gone."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Self, TypeVar

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from crawler.services import Services

T = TypeVar("T")


class Pipeline:
    """One step on the way of an item."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.services: Services = crawler.spider.services  # type: ignore[union-attr]
        self._closing: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def or_end(self, writing: Awaitable[T]) -> T:
        """The result of a write. When the database fails the crawl ends: what cannot be kept must not be fetched."""
        try:
            return await writing
        except Exception as error:
            self.services.fail(error)
            if self._closing is None:
                # Not awaited: the spider closes when its items are done, and this is one of them.
                closing = self.crawler.engine.close_spider_async(reason="failed")
                self._closing = asyncio.get_running_loop().create_task(closing)
            raise DropItem(f"the database failed: {error}") from error
