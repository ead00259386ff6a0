"""Known reports that the lists of this visit did not name are looked at again when the lists are done."""

from __future__ import annotations

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from crawler.extensions.afterwards import Remembered, services_of
from crawler.plan import Plan, Visit
from crawler.spiders.columns import ColumnSpider
from storage.query import Filters, find
from storage.shape.records import CaptureRecord


class Revisit(Remembered):
    """Of a nightly visit the reports of the last years and the golden page; of a sweep every report.

    Lists first: what they say of a page is newer than what we remember.
    """

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        plan: Plan = crawler.spider.plan  # type: ignore[union-attr]
        if not plan.visit.revisits or services_of(crawler).archive is None:
            raise NotConfigured
        return cls(crawler)

    def known(self, spider: ColumnSpider) -> list[CaptureRecord]:
        """The pages that reports of this portal were read from, the newest years first."""
        services, plan = spider.services, spider.plan
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

    def again(self, spider: ColumnSpider, one: CaptureRecord) -> Request | None:
        return spider.revisit(one)

    def more(self, spider: ColumnSpider) -> list[Request]:
        requests = super().more(spider)
        if requests:
            spider.services.counts["revisited"] += len(requests)
        return requests
