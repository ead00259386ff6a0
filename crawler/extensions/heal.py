"""Pages of the portal that `nianbao verify` found damaged are asked for again, when the visit itself has not come by them."""

from __future__ import annotations

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from crawler.extensions.afterwards import Remembered, services_of
from crawler.spiders.columns import ColumnSpider
from crawler.tasks import Role, Task
from storage.shape.records import CaptureRecord

MOST = 50
"""Of one visit: what is damaged by the thousand is a broken disk, and a matter for a backup."""


class Heal(Remembered):
    """The archive puts bytes that have the right SHA-256 in the place of damaged ones, whatever they were asked for."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if services_of(crawler).archive is None:
            raise NotConfigured
        return cls(crawler)

    def known(self, spider: ColumnSpider) -> list[CaptureRecord]:
        archive = spider.services.archive
        assert archive is not None
        ids = [capture for mark in archive.raw.marks() for capture in mark.captures]
        found = sorted(archive.captures(ids), key=lambda one: one.id)
        return [one for one in found if one.portal == spider.portal.id and not one.rendered][:MOST]

    def again(self, spider: ColumnSpider, one: CaptureRecord) -> Request | None:
        """A report is read again as well: it may have changed since."""
        return spider.revisit(one) if one.kind == "report" else spider.ask(one.url, Task(Role.AGAIN, needed=False))
