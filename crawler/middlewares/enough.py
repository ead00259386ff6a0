"""What need not be asked: the rest of a list that has nothing new, and in a backfill what was read to its end.

Both are questions to the archive, so they are asked where a request is about to go out.
"""

from __future__ import annotations

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler

from crawler.errors import NotFetched
from crawler.plan import Visit
from crawler.tasks import Role, Task, sent
from crawler.urls import canonical_url
from parsers.made_of import UNREAD

READ = {"report", "not_a_report"}
"""What a page is called once it was read to its end, files and all."""
KNOWN = "known"
"""The kind of a request that was not made because the archive has what it would bring: no problem."""


class EnoughMiddleware:
    """Stops a nightly visit's lists (`meta["lines"]`: what the page before has) and a backfill's known pages."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        spider = self._crawler.spider
        services = spider.services  # type: ignore[union-attr]
        visit: Visit = spider.plan.visit  # type: ignore[union-attr]
        task: Task | None = request.meta.get("task")
        if services.archive is None or task is None or request.meta.get("redirect_urls"):
            return
        lines: frozenset[str] = request.meta.pop("lines", frozenset())
        if visit is Visit.NIGHTLY and lines:
            keys = frozenset(self._key(line) for line in lines)
            known = await services.read(services.archive.kinds, keys)
            if len(known) == len(keys) and UNREAD not in known.values():
                services.counts["lists_stopped"] += 1
                raise NotFetched(KNOWN, "the list names nothing new from here on")
        elif visit is Visit.BACKFILL and task.role is Role.DETAIL:
            # Of a shell the text that its script posts for: the shell itself is asked for again, and is not read.
            found = await services.read(services.archive.kinds, [canonical_url(request.url) + sent(task)])
            if not READ.isdisjoint(found.values()):
                services.counts["known"] += 1
                raise NotFetched(KNOWN, "read in an earlier run")

    def _key(self, line: str) -> str:
        """Under which the archive has what a list's line leads to: of a shell that is passed over, its text."""
        ask = self._crawler.spider.shells.ask(f"http://{line}")  # type: ignore[union-attr]
        return line if ask is None else canonical_url(ask.url) + sent(Task(Role.DETAIL, ask=ask))
