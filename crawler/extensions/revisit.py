"""Known reports that the lists of this visit did not name are looked at again when the lists are done."""

from __future__ import annotations

from typing import Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider, NotConfigured

from crawler.plan import Plan, Visit
from crawler.services import Services
from crawler.spiders.columns import ColumnSpider
from storage.query import Filters, find
from storage.records import CaptureRecord


class Revisit:
    """Of a nightly visit the reports of the last years and the golden page; of a sweep every report."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._known: list[CaptureRecord] = []
        crawler.signals.connect(self.opened, signals.spider_opened)
        crawler.signals.connect(self.idle, signals.spider_idle)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        plan: Plan = crawler.spider.plan  # type: ignore[union-attr]
        services: Services = crawler.spider.services  # type: ignore[union-attr]
        if not plan.visit.revisits or services.archive is None:
            raise NotConfigured
        return cls(crawler)

    async def opened(self, spider: ColumnSpider) -> None:
        self._known = await spider.services.read(_known, spider.services, spider.plan)

    def idle(self, spider: Spider) -> None:
        """Lists first: what they say of a page is newer than what we remember."""
        assert isinstance(spider, ColumnSpider)
        waiting, self._known = self._known, []
        asked = 0
        for known in waiting:
            request = spider.revisit(known)
            if request is not None:
                self._crawler.engine.crawl(request)
                asked += 1
        if asked:
            spider.services.counts["revisited"] += asked
            raise DontCloseSpider


def _known(services: Services, plan: Plan) -> list[CaptureRecord]:
    """The pages that reports of this portal were read from, the newest years first."""
    assert services.archive is not None and services.database is not None
    years = () if plan.visit is Visit.SWEEP else tuple(plan.recheck)
    ids: dict[str, None] = {}
    if plan.visit is Visit.SWEEP or years:
        for entry in find(services.database, Filters(portal=plan.portal.id, years=years), ("captures",)):
            ids.update(dict.fromkeys(entry["captures"]))
    records = {record.id: record for record in services.archive.captures(ids)}
    known = [records[key] for key in ids if key in records and records[key].portal == plan.portal.id]
    state = services.portals.get(plan.portal.id)
    golden = services.archive.latest(state.golden) if state is not None and state.golden else None
    return [*([golden] if golden else []), *known]
