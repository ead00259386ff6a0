"""The run's record in the database: its counts while it goes on, what became of each portal, faults of our own."""

from __future__ import annotations

import asyncio
import logging
from time import monotonic
from typing import Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.extensions.layout_watch import LayoutWatch
from crawler.plan import LISTS_CUT, LOOKED_AGAIN, Visit, backfilled
from crawler.pulse import pause_after
from crawler.services import Found, Met, Services
from crawler.spiders.columns import ColumnSpider
from crawler.urls import canonical_url
from storage.base import now
from storage.problems import Problem
from storage.shape.records import Health, LayoutChange

logger = logging.getLogger(__name__)
ENDS = ("finished", "time")
"""How a portal's crawl ends by itself: done, or its time is up."""
REASONS = (
    ("blocked", Health.BLOCKED),
    ("robots", Health.BLOCKED),
    ("moved", Health.MOVED),
    ("unreachable", Health.FAILING),
    ("timeout", Health.FAILING),
    ("robots_unread", Health.FAILING),
    ("rate_limited", Health.FAILING),
    ("http_error", Health.FAILING),
    ("cut_off", Health.FAILING),
    ("needs_browser", Health.FAILING),
    ("left_alone", Health.FAILING),
)
"""Kinds of problems by which a portal that gave nothing is judged, the telling ones first."""


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
        if self._services.archive is not None and self._services.owns_run:
            self._beating = asyncio.get_running_loop().create_task(self._beat())

    def request_left(self) -> None:
        self._services.counts["requests"] += 1

    async def _beat(self) -> None:
        services, began = self._services, monotonic()
        while True:
            await asyncio.sleep(pause_after(monotonic() - began))
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
        error = failure.value
        portal = self._crawler.spider.portal.id  # type: ignore[union-attr]
        self._note(Met(portal, "crawler_failed", where, f"{type(error).__name__}: {error}"), "crawl")

    def _note(self, met: Met, stage: str) -> None:
        services = self._services
        services.met.append(met)
        services.counts["problems"] += 1
        services.counts[f"problems_{met.kind}"] += 1
        if services.archive is not None:
            problem = Problem(met.kind, met.where, met.message, stage, met.portal, run_id=services.run_id)
            writing = services.read(services.problems.record_all, [problem])
            self._writing.append(asyncio.get_running_loop().create_task(writing))

    async def closed(self, spider: ColumnSpider, reason: str) -> None:
        if self._beating is not None:
            self._beating.cancel()
        services = self._services
        if spider.over_budget:
            told = f"{spider.plan.limits.requests} requests are the budget of one run: the rest is for the next"
            self._note(Met(spider.portal.id, "budget", spider.portal.home or spider.portal.id, told), "crawl")
        await asyncio.gather(*self._writing, return_exceptions=True)
        services.ended_early |= reason == "shutdown"
        if services.archive is None or services.failure is not None or reason not in ENDS:
            return
        assert services.run_id is not None
        services.counts.update(_lines(spider))
        if spider.plan.is_beside:
            return
        found = await self._outcome(spider)
        services.health[spider.portal.id] = found
        if found.health is Health.FRESH and reason == "finished":
            await services.read(self._succeeded, spider)
        elif reason != "finished":
            swept = spider.plan.visit is Visit.SWEEP
            await services.read(lambda: services.portals.stopped(spider.portal.id, str(services.run_id), swept=swept))
        elif found.health is not Health.FRESH:
            await services.read(
                services.portals.failed, spider.portal.id, services.run_id, found.health, found.detail, found.change
            )

    def _succeeded(self, spider: ColumnSpider) -> None:
        services, plan = self._services, spider.plan
        columns = spider.found_columns
        counts = {"candidates": spider.candidates, "columns": len(columns), "requests": spider.made}
        counts.update(_lines(spider))
        is_through = plan.visit is Visit.BACKFILL and not spider.over_budget and not spider.lists_cut
        years = plan.years if is_through else frozenset[int]()
        before = services.portals.get(spider.portal.id)
        # A list that breaks off at every visit is read to its end only once in a season, like all lists.
        is_second_try = plan.visit is Visit.SWEEP and before is not None and before.last_success_at is not None
        counts[LISTS_CUT] = 0 if is_second_try else spider.lists_cut
        is_whole = plan.visit is not Visit.NIGHTLY and not plan.is_partial and not counts[LISTS_CUT]
        watch = self._crawler.get_extension(LayoutWatch)
        services.portals.succeeded(
            spider.portal.id,
            str(services.run_id),
            columns=columns,
            counts=counts,
            cursor=_cursor(years, looked_again=spider.has_looked_again),
            # A portal that is larger than its budget would be swept night after night.
            swept=is_whole and (plan.visit is Visit.SWEEP or not spider.over_budget),
            golden=watch.golden if watch is not None else None,
        )

    async def _outcome(self, spider: ColumnSpider) -> Found:
        """What this run says of the portal: fresh, or what is wrong with it."""
        watch = self._crawler.get_extension(LayoutWatch)
        change = await watch.judge(spider) if watch is not None else None
        if change is not None:
            return Found(Health.TEMPLATE_CHANGED, told(change), change)
        met = {met.kind: met.message for met in self._services.met if met.portal == spider.portal.id}
        if (spider.candidates or spider.columns) and not self._gave_lists_alone(spider):
            return Found(Health.FRESH)
        for kind, health in REASONS:
            if kind in met:
                return Found(health, met[kind])
        return Found(Health.FAILING, "no 年报 column was found from the front page")

    def _gave_lists_alone(self, spider: ColumnSpider) -> bool:
        """Was its own host left alone before a page of a report had come? Its lists may be read all the same."""
        own = canonical_url(spider.portal.home or "").partition("/")[0]
        alone = (met for met in self._services.met if met.kind == "left_alone" and met.portal == spider.portal.id)
        return not spider.reports_got and any(met.where.partition("/")[0] == own for met in alone)


def _lines(spider: ColumnSpider) -> dict[str, int]:
    """Of the first pages of its lists: how many lines they have, and how many of these are called reports."""
    seen = spider.lists_seen.values()
    return {"lines": sum(one.lines for one in seen), "promised": sum(one.promised for one in seen)}


def _cursor(years: frozenset[int], *, looked_again: bool) -> dict[str, str] | None:
    """What the portal's state is to remember: years that were gone through, and that it was looked through again."""
    names = [*map(backfilled, sorted(years)), *([LOOKED_AGAIN] if looked_again else [])]
    return dict.fromkeys(names, now().isoformat()) or None


def told(change: LayoutChange) -> str:
    """A change of layout in one sentence."""
    what = {"list": "the list", "golden": "a report page that is read again with every visit"}.get(change.role)
    lost = f"no longer read: {', '.join(change.stopped)}" if change.stopped else "everything is still read"
    changed = f"{what} of {change.column} changed its" if what else f"report pages of {change.column} changed their"
    return f"{changed} layout; {lost}"
