"""Nothing is asked of a host that is not the portal's: not by a link, not by a redirect, not by a frame."""

from __future__ import annotations

from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler

from crawler.errors import NotFetched
from crawler.tasks import Role, Task
from crawler.urls import Scope, is_private

ROBOTS = "/robots.txt"


class GuardMiddleware:
    """Stands first, so that every request passes it, those for robots.txt and those that follow a redirect too."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        scope: Scope = self._crawler.spider.scope  # type: ignore[union-attr]
        refusal = scope.refusal(request.url)
        if refusal:
            came_from = request.meta.get("redirect_urls")
            how = f"{came_from[0]} sends on to {request.url}: " if came_from else ""
            task: Task | None = request.meta.get("task")
            is_moved = came_from and task is not None and task.role in (Role.FRONT, Role.COLUMN) and task.number == 1
            is_other = came_from and came_from[0].endswith(ROBOTS) and not request.url.endswith(ROBOTS)
            kind = "moved" if is_moved else "elsewhere" if is_other else "outside"
            raise NotFetched(kind, f"{how}{refusal}")
        platform = self._crawler.spider.portal.platform  # type: ignore[union-attr]
        host = urlsplit(request.url).hostname or ""
        # Hosts that stand on one machine share one pause and one connection. Set anew each time: a redirect to another
        # host brings the slot of the first one along, and would be asked beside what waits for its own.
        request.meta["download_slot"] = f"platform:{platform}" if platform else host
        if is_private(host):
            request.meta["proxy"] = None  # a proxy of the environment does not reach this machine
