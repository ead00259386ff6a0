"""The portals of one `nianbao crawl`, a few at once in this process's reactor. (A nightly run has workers for that.)"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Sequence
from functools import partial

from scrapy.crawler import Crawler

from crawler.configure import crawl_process, delay_of, pace
from crawler.errors import Busy
from crawler.manners.turns import RENEW, Turn, take_turn
from crawler.plan import Plan
from crawler.services import Services
from crawler.spiders.columns import ColumnSpider
from crawler.spiders.home import HomeSpider
from crawler.spiders.urls import UrlsSpider
from parsers.workers import settle_down
from storage.errors import StorageError
from storage.leases import LeaseLost, Leases
from storage.settings import Settings


class Visits:
    """Runs plans once. Portals that share a platform have one pause between them: they come one after the other."""

    def __init__(self, plans: Sequence[Plan], services: Services, given: Settings, delay: float | None) -> None:
        self._waiting = list(plans)
        self._services, self._given, self._delay = services, given, delay
        named = [host for plan in plans for host in plan.scope.named_hosts]
        self._process = crawl_process(given, named, log=services.archive is not None)
        self._leases = Leases(services.database) if services.database is not None else None
        self._platforms: set[str] = set()
        self._turns: dict[Crawler, Turn] = {}
        self._watching: asyncio.Task[None] | None = None

    def run(self) -> None:
        """Return when the last portal is done, or the user has stopped it."""
        before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
        for _ in range(min(self._given.crawl.concurrency, len(self._waiting))):
            self._next()
        settle_down()  # Scrapy, the registry and the lists of organs stay; a page makes thousands of objects beside them
        try:
            if self._turns:
                self._process.start()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            for turn in self._turns.values():
                self._give_back(turn)

    def _next(self) -> None:
        """Begin the next portal that is nobody's turn."""
        while self._services.failure is None and not self._services.ended_early:
            plan = next((one for one in self._waiting if one.portal.platform not in self._platforms), None)
            if plan is None:
                return
            self._waiting.remove(plan)
            try:
                turn = self._turn(plan)
            except Busy as busy:
                self._services.busy.append(str(busy))
                continue
            self._begin(plan, turn)
            return

    def _turn(self, plan: Plan) -> Turn:
        """Asked in the reactor's thread: one document between two portals. A dry run has no database to ask."""
        if self._leases is None:
            return Turn(())
        leases, run_id = self._leases, self._services.run_id
        return self._services.patiently(lambda: take_turn(leases, plan.portal, run_id))

    def _begin(self, plan: Plan, turn: Turn) -> None:
        self._platforms.add(plan.portal.platform or plan.portal.id)
        spider: type[ColumnSpider] = UrlsSpider if plan.urls else HomeSpider
        crawler = self._process.create_crawler(spider)
        crawler.settings.setdict(pace(delay_of(plan, self._given, self._delay)), priority="cmdline")
        self._turns[crawler] = turn
        self._services.under_way += 1
        task = self._process.crawl(crawler, plan=plan, services=self._services)
        task.add_done_callback(partial(self._ended, plan=plan, crawler=crawler))
        if self._watching is None:
            self._watching = asyncio.get_event_loop().create_task(self._keep_turns())

    def _ended(self, task: asyncio.Task[None], plan: Plan, crawler: Crawler) -> None:
        self._services.under_way -= 1
        self._platforms.discard(plan.portal.platform or plan.portal.id)
        turn = self._turns.pop(crawler)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self._services.fail(error)
        self._give_back(turn)
        try:
            self._next()
        except StorageError as lost:
            self._services.fail(lost)
        if not self._turns and self._watching is not None:
            self._watching.cancel()
            self._watching = None

    def _give_back(self, turn: Turn) -> None:
        """Where the database is away for good, whoever comes next finds the turn of a process that is no more."""
        services = self._services
        try:
            if services.failure is None:
                services.patiently(lambda: turn.__exit__(None, None, None))
            elif services.patience is not None:
                services.patience.glance(lambda: turn.__exit__(None, None, None))
        except StorageError as lost:
            services.fail(lost)

    async def _keep_turns(self) -> None:
        while True:
            await asyncio.sleep(RENEW)
            for crawler, turn in list(self._turns.items()):
                try:
                    await self._services.read(turn.renew)
                except LeaseLost as lost:
                    self._services.busy.append(str(lost))
                    if crawler.engine is not None:
                        await crawler.engine.close_spider_async(reason="lost")
                except Exception as error:
                    self._services.fail(error)
