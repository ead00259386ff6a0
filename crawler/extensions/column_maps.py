"""When a spider closes, what it found of its portal is kept with the run: for `nianbao portals` and the database."""

from __future__ import annotations

from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler

from crawler.finding.column_map import column_map
from crawler.services import Services
from crawler.spiders.columns import ColumnSpider


class ColumnMaps:
    """Fills `services.maps`."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls()
        crawler.signals.connect(extension.closed, signals.spider_closed)
        return extension

    def closed(self, spider: ColumnSpider) -> None:
        services: Services = spider.services
        services.maps[spider.portal.id] = column_map(spider, services.met)
