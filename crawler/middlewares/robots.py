"""robots.txt: obeyed, archived, and its Crawl-delay kept (portals.md section 7)."""

from __future__ import annotations

from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.robotstxt import RobotParser

from crawler.errors import UNANSWERED, UNREAD_RULES, BlockedPage, NotFetched, explain, is_endless

LONGEST_DELAY = 60.0
"""Seconds. A Crawl-delay of an hour would be a refusal; we come once a night and keep a minute."""


LONGEST_RULES = 500 * 1024
"""Bytes of a robots.txt that are read (RFC 9309: at least 500 KiB). Thirty megabytes took twenty seconds and half a gigabyte."""
NO_RULES = ("not_found", "elsewhere")
"""Kinds of a bad end that say as little of rules as a 404: an error page of status 200, or a redirect to the front page or
to another host's page that is no robots.txt. A circle of redirects as well (RFC 9309, 2.3.1.2)."""


class RobotsMiddleware(RobotsTxtMiddleware):
    """Scrapy's middleware with what it leaves open.

    404 allows everything, and so does an error page or the front page in its place; 401 and 403 forbid everything; an
    error of the server (5xx), a 429 or no answer at all means that nobody knows, and nothing is fetched in this run. Another refusal of a firewall (412, 521) says nothing of robots:
    the pages meet it as well, and there it is recorded.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._closed: dict[str, NotFetched] = {}
        """Host and port -> why nothing of it may be fetched."""
        self._delays: dict[str, float] = {}
        """Host and port -> its Crawl-delay in seconds."""

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest:
            raise NotFetched("robots", "robots.txt does not allow it") from None
        place = urlsplit(request.url).netloc
        if place in self._closed:
            raise NotFetched(self._closed[place].kind, self._closed[place].detail)
        if place in self._delays:
            # Set with every request: AutoThrottle lowers a slot's delay whenever the host is quick.
            downloader = self.crawler.engine.downloader
            slot = downloader.slots.get(downloader.get_slot_key(request))
            if slot is not None:
                slot.delay = max(slot.delay, self._delays[place])

    def permits(self, url: str) -> bool:
        """Whether the rules that were fetched so far allow an address: for what a page in the browser asks for."""
        place = urlsplit(url).netloc
        parser = self._parsers.get(place)
        return place not in self._closed and not (
            isinstance(parser, RobotParser) and not parser.allowed(url, self._agent)
        )

    def unanswered(self, place: str, told: str) -> None:
        """Neither scheme brought its rules: what is asked of it from now on says so with the words of both."""
        if place in self._closed:
            self._closed[place] = NotFetched(self._closed[place].kind, told)

    def forget(self, place: str) -> None:
        """Ask anew: the host is tried over its other scheme."""
        self._parsers.pop(place, None)
        self._closed.pop(place, None)

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        page = self.crawler.spider.page(response, "robots")  # type: ignore[union-attr]
        await self.crawler.engine.scraper.start_itemproc_async(page, response=response)
        if response.status == 401:
            self._closed[netloc] = NotFetched("robots", "robots.txt answers 401: the portal does not want to be read")
        elif response.status >= 500 or response.status == 429:
            told = f"robots.txt answers {response.status}: nothing is fetched without it, and the next run asks again"
            self._closed[netloc] = NotFetched(UNREAD_RULES, told)
        if response.status >= 300:
            response = response.replace(body=b"")  # an error page is no set of rules
        elif len(response.body) > LONGEST_RULES:
            response = response.replace(body=response.body[:LONGEST_RULES])
        await super()._parse_robots(response, netloc, request)
        parser = self._parsers[netloc]
        delay = parser.crawl_delay(self._agent) if isinstance(parser, RobotParser) else None
        if delay:
            self._delays[netloc] = min(delay, LONGEST_DELAY)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        if isinstance(exc, BlockedPage):
            if exc.response is not None and exc.response.status == 403:
                told = "robots.txt answers 403: the portal does not want to be read"
                self._closed[netloc] = NotFetched("robots", told)
        else:
            kind, why = explain(exc)
            if kind in NO_RULES or is_endless(exc):
                super()._robots_error(exc, netloc)
                return
            told = f"{why} (asked for robots.txt, and nothing is fetched without it)"
            # A host that says nothing at all has no rules that it could mean: it is unreachable, and refuses nothing.
            self._closed[netloc] = NotFetched(kind if kind in UNANSWERED else UNREAD_RULES, told)
        super()._robots_error(exc, netloc)

    @property
    def _agent(self) -> str:
        return self._robotstxt_useragent or self._default_useragent
