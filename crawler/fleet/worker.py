"""A process that visits portals: orders in on standard input, what became of them out, a line of JSON each.

    python -m crawler.fleet.worker

It opens the database and the parsers once and goes on until its input ends: then it stops in good order, so that no
worker outlives whoever started it. `crawler.fleet.crew` starts and watches it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import IO

# First of all: it looks through every frame above it three times, and each import adds five of them (0.2 s).
import scrapy.core.downloader.contextfactory  # noqa: F401
from scrapy.crawler import Crawler

from crawler.configure import crawl_process, delay_of, pace
from crawler.errors import Busy
from crawler.fleet.order import Ended, Order, Visited
from crawler.manners.resolver import NAMED
from crawler.manners.turns import RENEW, Turn, take_turn
from crawler.plan import Plan
from crawler.result import ProblemLine
from crawler.services import Services
from crawler.spiders.home import HomeSpider
from parsers.errors import ParseError
from parsers.workers import settle_down
from storage.errors import StorageError
from storage.leases import LeaseLost, Leases
from storage.settings import Settings, load
from storage.shape.records import Health

TELL = 1.0
"""Seconds between two reports of progress."""
STOPPED = "the run was stopped"
MOST_PROBLEMS = 200
"""Of one portal that are sent back; all of them are in the database."""


class Worker:
    """Runs orders side by side in one reactor."""

    def __init__(self, settings: Settings, out: IO[str]) -> None:
        self._settings = settings
        self._out = out
        self._process = crawl_process(settings)
        self._lender = Services(settings)
        assert self._lender.database is not None
        self._leases = Leases(self._lender.database)
        self._visits: set[asyncio.Task[None]] = set()
        self._crawlers: set[Crawler] = set()
        self._closing: list[asyncio.Task[None]] = []
        self._stopping = False

    def run(self) -> None:
        """Until standard input ends."""
        loop = asyncio.get_event_loop()
        reading = loop.create_task(self._read())
        try:
            # The terminal's Ctrl-C is for who started us, who then closes our input.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            loop.add_signal_handler(signal.SIGTERM, lambda: self._closing.append(loop.create_task(self._stop())))
            settle_down()
            self._process.start(stop_after_crawl=False, install_signal_handlers=False)
        finally:
            reading.cancel()
            self._lender.__exit__(KeyboardInterrupt if self._crawlers else None, None, None)

    async def _read(self) -> None:
        loop = asyncio.get_running_loop()
        stream = asyncio.StreamReader(limit=2**24)
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(stream), sys.stdin)
        self._say(ready=os.getpid())
        while line := await stream.readline():
            order = Order.of_json(line.decode("utf-8"))
            visit = loop.create_task(self._visit(order))
            self._visits.add(visit)
            visit.add_done_callback(self._visits.discard)
        await self._stop()

    async def _stop(self) -> None:
        self._stopping = True
        # One that does not run yet would never end: Scrapy forgets then that it is to stop. Its watch sees to it.
        running = [crawler.stop_async() for crawler in self._crawlers if _is_running(crawler)]
        await asyncio.gather(*running, return_exceptions=True)
        await asyncio.gather(*self._visits, return_exceptions=True)
        from twisted.internet import reactor

        getattr(reactor, "stop")()  # noqa: B009 - installed at run time, which its types do not know

    async def _visit(self, order: Order) -> None:
        began = monotonic()
        try:
            visited = await self._visited(order)
        except (StorageError, ParseError) as error:
            visited = Visited(order.portal, Ended.FAILED, str(error))
        except Exception as error:  # a fault of ours at one portal must not cost the others
            visited = Visited(order.portal, Ended.FAILED, f"{type(error).__name__}: {error}")
        visited = replace(visited, seconds=round(monotonic() - began, 3))
        self._say(done=json.loads(visited.to_json()))

    async def _visited(self, order: Order) -> Visited:
        plan = order.plan()
        with ExitStack() as stack:
            try:
                turn = stack.enter_context(await self._lender.read(take_turn, self._leases, plan.portal, order.run_id))
            except Busy as busy:
                return Visited(order.portal, Ended.BUSY, str(busy))
            if self._stopping:
                return Visited(order.portal, Ended.STOPPED, STOPPED)
            services = stack.enter_context(Services(self._settings, lender=self._lender))
            services.run_id = order.run_id
            return await self._crawl(order, plan, services, turn)

    async def _crawl(self, order: Order, plan: Plan, services: Services, turn: Turn) -> Visited:
        NAMED.update(plan.scope.named_hosts)
        crawler = self._process.create_crawler(HomeSpider)
        crawler.settings.setdict(pace(delay_of(plan, self._settings, order.delay)), priority="cmdline")
        watch = Watch(crawler, services, turn, order)
        self._crawlers.add(crawler)
        watching = asyncio.get_running_loop().create_task(self._watch(watch))
        try:
            await self._process.crawl(crawler, plan=plan, services=services)
        finally:
            watching.cancel()
            self._crawlers.discard(crawler)
        if services.failure is not None:
            return _result(order, services, Ended.FAILED, str(services.failure))
        if watch.why or self._stopping:
            return _result(order, services, Ended.STOPPED, watch.why or STOPPED)
        return _result(order, services, Ended.DONE, "")

    async def _watch(self, watch: Watch) -> None:
        """Keep the turn, tell of the progress, and end a visit whose time is up."""
        began = renewed = monotonic()
        told: dict[str, int] = {}
        while True:
            await asyncio.sleep(TELL)
            counts = dict(watch.services.counts)
            if counts != told:
                told = counts
                self._say(progress={"portal": watch.order.portal, "counts": counts})
            if monotonic() - renewed >= RENEW:
                renewed = monotonic()
                try:
                    await watch.services.read(watch.turn.renew)
                except LeaseLost as lost:
                    await watch.end("lost", str(lost))
            if self._stopping:  # it had not begun to crawl when all were told to stop
                await watch.end("shutdown", STOPPED)
            if monotonic() - began >= watch.order.seconds:
                await watch.end("time", f"its {watch.order.seconds:g} seconds were up")

    def _say(self, **message: object) -> None:
        self._out.write(json.dumps(message, ensure_ascii=False) + "\n")
        self._out.flush()


class Watch:
    """One visit under way."""

    def __init__(self, crawler: Crawler, services: Services, turn: Turn, order: Order) -> None:
        self.crawler, self.services, self.turn, self.order = crawler, services, turn, order
        self.why = ""
        """Why it was ended before its end."""

    async def end(self, reason: str, why: str) -> None:
        if not self.why and _is_running(self.crawler):  # else a later look ends it
            self.why = why
            await self.crawler.engine.close_spider_async(reason=reason)


def _is_running(crawler: Crawler) -> bool:
    engine = crawler._engine  # the public name raises as long as its spider is not made
    return engine is not None and engine.running


def _result(order: Order, services: Services, ended: Ended, message: str) -> Visited:
    found = services.health.get(order.portal)
    return Visited(
        order.portal,
        ended,
        message,
        counts=dict(services.counts),
        problems=tuple(ProblemLine(met.kind, met.where, met.message) for met in services.met[:MOST_PROBLEMS]),
        reports=dict(services.reports_met),
        labels=dict(services.labels),
        health=found.health if found else Health.UNKNOWN,
        detail=found.detail if found else "",
    )


@contextmanager
def _own_output(log: Path) -> Iterator[IO[str]]:
    """Standard output for us alone: what a library prints goes where errors go, into the log."""
    log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as out, log.open("ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
        yield out


def main() -> None:
    parser = argparse.ArgumentParser(prog="crawler.fleet.worker")
    parser.add_argument("--parsers", type=int, default=1)
    given = parser.parse_args()
    settings = load()
    settings = replace(settings, parse=replace(settings.parse, workers=given.parsers))
    with _own_output(settings.home / "log" / "worker.log") as out:
        try:
            Worker(settings, out).run()
        except StorageError as error:
            out.write(json.dumps({"broken": str(error)}, ensure_ascii=False) + "\n")
            sys.exit(1)


if __name__ == "__main__":
    main()
