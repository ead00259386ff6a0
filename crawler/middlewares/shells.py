"""The text of a report at once, where the page that shows it is a shell and a rule says what its script would ask for."""

from __future__ import annotations

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler

from crawler.spiders.base import PortalSpider
from crawler.tasks import Role, Task, sent
from crawler.urls import address_key

BY_ITSELF = "by_itself"
"""In a request's meta: the page itself is wanted, because the rule led to nothing."""


class ShellsMiddleware:
    """Where a request is about to go out: when the list was read nobody had seen one of its pages.

    The request for the text takes the way from the beginning, past the guard and robots.txt.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> Request | None:
        task: Task | None = request.meta.get("task")
        if task is None or task.role is not Role.DETAIL or task.ask is not None or task.ladder is not None:
            return None
        if BY_ITSELF in request.meta or "redirect_urls" in request.meta:
            return None
        spider = self._crawler.spider
        assert isinstance(spider, PortalSpider)
        ask = spider.shells.ask(request.url)
        if ask is None or not spider.scope.allows(ask.url):
            return None
        asked = task.but(ask=ask, page_url=request.url, by_rule=True)
        if not spider.claim(address_key(ask.url) + sent(asked)):
            return None
        spider.services.counts["shells_passed"] += 1
        return request.replace(
            url=ask.url,
            method=ask.method,
            body=ask.body,
            headers=dict(ask.headers),
            meta={**request.meta, "task": asked},
        )
