"""A browser for the few pages that are built by script: started when the first of them comes, an ordinary Chromium.

    Request(url, meta=in_browser("a[href]"))

Without a Chromium such a request ends in NotFetched("needs_browser"), and the rest of the crawl goes on.
"""

from __future__ import annotations

import asyncio
import logging
import re
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.browser.contexts import Contexts
from crawler.browser.proxy import FLAGS, ScopeProxy
from crawler.errors import NotFetched, is_handshake
from crawler.manners.certificates import doubt
from crawler.manners.hosts import Hosts
from crawler.manners.old_tls import OldServers
from crawler.manners.resolver import reason, resolved
from crawler.middlewares.robots import RobotsMiddleware
from crawler.urls import Scope

logger = logging.getLogger(__name__)
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ADVICE = "install a Chromium (Debian and Ubuntu: apt-get install chromium) or name one with NIANBAO_CHROMIUM"
NEVER = {"image", "media", "font"}
QUIET_MS = 8_000
"""Longest wait for a list to appear; a page that shows none by then has none for us."""
CLICK_MS = 5_000
"""Longest wait for what a click brings. The click on the last page of a list brings nothing."""
NEXT = re.compile(r"^\s*(?:下一页|下页|后一页)\s*[>»›]*\s*$")


def find_chromium(named: Path | None = None) -> Path | None:
    """The Chromium that was named, one on PATH, or playwright's own; None where there is none."""
    if named is not None:
        return named if named.exists() else None
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return Path(found)
    cache = Path.home() / ".cache" / "ms-playwright"
    own = sorted(cache.glob("chromium-*/chrome-linux*/chrome")) + sorted(
        cache.glob("chromium-*/chrome-mac*/*/*/*/Chromium")
    )
    return own[-1] if own else None


def in_browser(selector: str, pages: int = 1) -> dict[str, object]:
    """The meta of a request that a browser answers once `selector` is there, or the network quiet.

    With `pages` it then clicks on 下一页 as a visitor would, as long as that brings something, up to so many pages.
    """
    from scrapy_playwright.page import PageMethod

    return {"playwright": True, "playwright_page_methods": [PageMethod(_settle, selector, pages)]}


def states(response: Response) -> list[Response]:
    """The pages of a list as the browser showed them, first to last; any other answer alone."""
    methods = response.meta.get("playwright_page_methods") or [] if response.request else []
    shown: list[str] = (methods[0].result if methods else None) or []
    if len(shown) < 2:
        return [response]
    return [response.replace(body=html.encode("utf-8"), encoding="utf-8") for html in shown]


async def _settle(page: Any, selector: str, pages: int) -> list[str]:
    """Wait for the list and for its script to finish, then page on. Returns the HTML of each page that was shown.

    A wait that runs out is no error: what is there is read.
    """
    from playwright.async_api import Error

    with suppress(Error):
        await page.wait_for_selector(selector, state="attached", timeout=QUIET_MS)
        await page.wait_for_load_state("networkidle", timeout=QUIET_MS // 2)
    shown = [await page.content()]
    address = page.url
    with suppress(Error):
        while len(shown) < pages:
            following = page.locator("a, button, li, span").filter(has_text=NEXT).last
            before = await page.inner_text("body")
            await following.click(timeout=CLICK_MS)
            await page.wait_for_function("before => document.body.innerText !== before", arg=before, timeout=CLICK_MS)
            if page.url.partition("#")[0] != address.partition("#")[0]:
                break  # an address of its own: the list is paged by links after all
            shown.append(await page.content())
    return shown


class BrowserWhereNeeded(HTTP11DownloadHandler):
    """Scrapy's own handler for everything; scrapy-playwright's behind it, made when a request asks for it.

    Its driver is a process of 100 MB: most crawls never need it. Every request is admitted by `crawler.manners.hosts` first.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._starting = asyncio.Lock()
        self._browser: Any = None
        self._proxy: ScopeProxy | None = None
        self._contexts = Contexts()
        self._old_servers = OldServers(crawler)
        self._certified: set[str] = set()
        """Hosts whose certificate was looked at."""
        # Twisted would ask again at once, past the pause, where a connection that was kept open is gone.
        self._pool.retryAutomatically = False

    async def download_request(self, request: Request) -> Response:
        hosts: Hosts = self._crawler.spider.hosts  # type: ignore[union-attr]
        downloader = self._crawler.engine.downloader  # type: ignore[union-attr]
        key = downloader.get_slot_key(request)
        async with hosts.alone(key):
            await hosts.admit(request.url)
            slot = downloader.slots.get(key)
            if slot is not None:
                # Scrapy counts a host's delay from when it let this request go. It leaves only now: after a pause that was
                # asked for, or on a busy machine, the next one would follow too soon, or has been let go as well.
                slot.lastseen = await hosts.pause(key, slot.delay)
            response = await self._answer(request)
            self._look_at(response)
            hosts.heard(response)
        return response

    def _look_at(self, response: Response) -> None:
        """Tell of a doubtful certificate, once a host."""
        parts = urlsplit(response.url)
        if response.certificate is None or parts.netloc in self._certified:
            return
        self._certified.add(parts.netloc)
        why = doubt(response.certificate.original.to_cryptography(), parts.hostname or "")
        if why is not None:
            self._crawler.spider.services.counts["doubtful_certificates"] += 1  # type: ignore[union-attr]
            logger.warning("%s has a certificate that is %s", parts.netloc, why)

    async def _answer(self, request: Request) -> Response:
        if not request.meta.get("playwright"):
            return await self._plain(request)
        async with self._starting:
            if self._browser is None:
                self._browser = await self._start()
        shown_in = self._contexts.take()
        request.meta.update(shown_in)
        try:
            response: Response = await self._browser.download_request(request)
        finally:
            await self._contexts.give_back(str(shown_in["playwright_context"]), self._browser)
        if not self._crawler.spider.scope.allows(response.url):  # type: ignore[union-attr]
            # What came is the browser's own page that says so.
            raise NotFetched(
                "outside", "a script of the page leads the browser on to an address that is not the portal's"
            )
        return response

    async def _plain(self, request: Request) -> Response:
        if self._old_servers.knows(request.url):
            return await self._old_servers.download(request)
        try:
            return await super().download_request(request)
        except Exception as error:
            why = reason(urlsplit(request.url).hostname or "", error)
            if why is not None:
                raise NotFetched("unreachable", why) from error
            if not is_handshake(error):
                raise
        return await self._old_servers.download(request)

    async def close(self) -> None:
        await self._old_servers.close()
        if self._browser is not None:
            await self._browser.close()
        if self._proxy is not None:
            await self._proxy.close()
        await super().close()

    async def _start(self) -> Any:
        if not self._crawler.settings["PLAYWRIGHT_LAUNCH_OPTIONS"]:
            raise NotFetched("needs_browser", f"its list is built by script, and there is no browser: {ADVICE}")
        from playwright.async_api import Error
        from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

        handler = ScrapyPlaywrightDownloadHandler.from_crawler(self._crawler)
        # Not crawler.settings: the rule needs the spider's scope.
        handler.abort_request = self._is_unwanted
        self._proxy = ScopeProxy(self._crawler.spider.scope, resolved)  # type: ignore[union-attr]
        options = handler.config.launch_options
        door = f"--proxy-server={await self._proxy.start()}"
        options["args"] = [*options.get("args", ()), *FLAGS, door]
        try:
            # What the handler does by itself when Scrapy makes it at the start, before the engine runs.
            await handler._launch()
        except (Error, OSError) as error:
            await handler.close()
            line = " ".join(str(error).split())[:200]
            raise NotFetched("needs_browser", f"the browser does not start ({line}): {ADVICE}") from None
        return handler

    def _is_unwanted(self, request: Any) -> bool:
        """What the page asks for in the browser and we do not: pictures, what is not this portal's, what robots.txt forbids.

        A library from elsewhere, without which a list is not built, is a line in the registry's `hosts`. What cannot be
        intercepted here (WebSockets, workers) ends at the proxy.
        """
        if request.resource_type in NEVER:
            return True
        scope: Scope = self._crawler.spider.scope  # type: ignore[union-attr]
        robots = self._crawler.get_downloader_middleware(RobotsMiddleware)
        return not scope.allows(request.url) or (robots is not None and not robots.permits(request.url))
