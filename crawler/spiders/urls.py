"""The addresses that a user named: list pages, report pages or files."""

from __future__ import annotations

from collections.abc import AsyncIterator

from scrapy import Request

from crawler.spiders.columns import ColumnSpider
from crawler.tasks import Role, Task


class UrlsSpider(ColumnSpider):
    """
    Domain
      Addresses that somebody named, and what their lists lead to on the same portal
    Begins at
      Each of them
    """

    name = "urls"

    async def start(self) -> AsyncIterator[Request]:
        for url in self.plan.urls:
            for request in self.maybe(self.begin(url, Task(Role.NAMED))):
                yield request  # type: ignore[misc]
