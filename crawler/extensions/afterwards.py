"""What is asked for when nothing else of a visit is under way: the shared half of `look_again`, `revisit` and `heal`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider

from crawler.services import Services
from crawler.spiders.columns import ColumnSpider
from storage.shape.records import CaptureRecord


class Afterwards(ABC):
    """Asked each time the spider is idle; the visit goes on as long as there is something."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        crawler.signals.connect(self.idle, signals.spider_idle)

    @abstractmethod
    def more(self, spider: ColumnSpider) -> Iterable[Request]:
        """The requests that are left; none where there is nothing to do any more."""

    def idle(self, spider: Spider) -> None:
        assert isinstance(spider, ColumnSpider)
        requests = list(self.more(spider))
        for request in requests:
            self._crawler.engine.crawl(request)  # type: ignore[union-attr]
        if requests:
            raise DontCloseSpider


class Remembered(Afterwards):
    """Captures that are looked up when the visit begins, and asked for once, when its lists are done."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._waiting: list[CaptureRecord] = []
        crawler.signals.connect(self.opened, signals.spider_opened)

    async def opened(self, spider: ColumnSpider) -> None:
        self._waiting = await spider.services.read(self.known, spider)

    @abstractmethod
    def known(self, spider: ColumnSpider) -> list[CaptureRecord]:
        """Which captures. Asked of the database in a thread."""

    @abstractmethod
    def again(self, spider: ColumnSpider, one: CaptureRecord) -> Request | None:
        """The request for one of them; None where this visit has asked for it already."""

    def more(self, spider: ColumnSpider) -> list[Request]:
        waiting, self._waiting = self._waiting, []
        return [request for one in waiting if (request := self.again(spider, one)) is not None]


def services_of(crawler: Crawler) -> Services:
    services: Services = crawler.spider.services  # type: ignore[union-attr]
    return services
