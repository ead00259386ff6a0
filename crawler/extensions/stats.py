"""What Scrapy counts by itself and a run's record should hold: retries, redirects, what robots.txt forbade, the browser."""

from __future__ import annotations

from typing import Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler

from crawler.services import Services

KEPT = {
    "retry/count": "retries",
    "downloader/response_status_count/301": "redirects",
    "downloader/response_status_count/302": "redirects",
    "downloader/response_status_count/304": "not_modified",
    "downloader/response_bytes": "bytes_received",
    "robotstxt/forbidden": "forbidden_by_robots",
    "playwright/page_count": "browser_pages",
}
"""Scrapy's name -> ours."""


class Stats:
    """Adds them to the run's counts when a portal is done."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        # Sent before the run's record is closed, which happens when the last portal is done.
        crawler.signals.connect(self.closed, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def closed(self, spider: Spider) -> None:
        services: Services = spider.services  # type: ignore[attr-defined]
        for theirs, ours in KEPT.items():
            number = self._crawler.stats.get_value(theirs)
            if number:
                services.counts[ours] += int(number)
