"""Pages that only send a browser on: meta refresh, `location.href = …`, `window.open(…, "_self")`."""

from __future__ import annotations

import re
from dataclasses import replace

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse, Response
from w3lib.url import canonicalize_url

from crawler.errors import NotFetched
from crawler.urls import absolute, canonical_url

MOST_HOPS = 3
STUB = 4_000
"""Bytes. 585 to 1,334 were seen (portals.md section 5); a page with something to read is longer or has links."""
REFRESH = re.compile(
    rb"""<meta(?=[^>]+http-equiv\s*=\s*["']?refresh\b)[^>]*?content\s*=\s*["']?\s*(\d+)[^"'>]*?url\s*=\s*['"]?([^"'>\s]+)""",
    re.IGNORECASE,
)
"""Its attributes stand in either order."""
UNSCRIPTED = re.compile(rb"<noscript\b.*?</noscript\s*>", re.IGNORECASE | re.DOTALL)
"""Sends those on who run no script, and nobody else: the page around it is the page."""
SCRIPT = re.compile(
    rb"""(?:(?:window|top|self|document|parent)\s*\.\s*)*location(?:\s*\.\s*href)?\s*=\s*["']([^"'\s]+)["']"""
    rb"""|location\s*\.\s*(?:replace|assign)\s*\(\s*["']([^"'\s]+)["']"""
    rb"""|window\s*\.\s*open\s*\(\s*["']([^"'\s]+)["']\s*,\s*["']_self["']""",
    re.IGNORECASE,
)
# 四川教育厅: the address stands in an element, and a script opens what it finds there.
ELEMENT = re.compile(rb"""<(\w+)\s+id=["']url["'][^>]*>\s*([^<\s]+)\s*</\1>""", re.IGNORECASE)
OPENS_ELEMENT = re.compile(rb"""window\.open\s*\(\s*url\s*,\s*["']_self["']|location(?:\.href)?\s*=\s*url\b""")
VARIABLE = re.compile(rb"""location(?:\s*\.\s*href)?\s*=\s*([A-Za-z_$][\w$]*)\s*[;\n}<]""")
HANDLER = re.compile(rb"""\bon(?!load\b)[a-z]+\s*=\s*(?:"[^"]*"|'[^']*')""", re.IGNORECASE)
"""What waits for a click sends nobody on by itself: tabs of a short page."""
COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
BLOCK = re.compile(rb"<script\b.*?</script\s*>", re.IGNORECASE | re.DOTALL)
ASKS_WHO = re.compile(
    rb"userAgent|navigator\s*\.\s*platform|(?:screen\s*\.\s*|inner|client|offset)width|is_?(?:mobile|phone|wap)|android|iphone",
    re.IGNORECASE,
)
"""A script that sends telephones elsewhere: what it says after its last `else` is meant for us."""
LONGEST_WAIT = 10
"""Seconds of a meta refresh that is a redirect; a page that renews itself every minute is a page."""


class JumpsMiddleware:
    """Follows a jump as a redirect, three at most. The page that jumps is archived like every other."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> JumpsMiddleware:
        return cls(crawler)

    async def process_response(self, request: Request, response: Response) -> Response | Request:
        if response.status != 200 or not isinstance(response, HtmlResponse) or request.meta.get("playwright"):
            return response
        target = jump(response.body)
        url = absolute(response.url, target, response.encoding) if target else None
        if url is None or canonicalize_url(url) == canonicalize_url(response.url):
            return response
        hops = request.meta.get("jumps", 0) + 1
        if hops > MOST_HOPS:
            raise NotFetched("not_found", f"it jumps from page to page more than {MOST_HOPS} times", response)
        page = self._crawler.spider.page(response, "page")  # type: ignore[union-attr]
        if canonical_url(url) == canonical_url(response.url):
            # From / to /index.html, from http to https: one page by its key, which is that of what is found there.
            page.capture = replace(page.capture, canonical_url=f"{page.capture.canonical_url}#jump")
        await self._crawler.engine.scraper.start_itemproc_async(page, response=response)
        came_from = [*request.meta.get("redirect_urls", []), request.url]
        return request.replace(
            url=url, meta={**request.meta, "jumps": hops, "redirect_urls": came_from}, dont_filter=True
        )


def jump(body: bytes) -> str | None:
    """Where a page sends its visitor at once; None where it is a page to read."""
    refresh = REFRESH.search(UNSCRIPTED.sub(b"", body[:STUB]))
    if refresh and int(refresh[1]) <= LONGEST_WAIT:
        return refresh[2].decode("utf-8", "replace")
    bare = HANDLER.sub(b"", COMMENT.sub(b"", body))
    if len(bare) > STUB or bare.lower().count(b"<a ") > 3:
        return None
    bare = BLOCK.sub(lambda script: _for_us(script[0]), bare)
    found = SCRIPT.search(bare)
    if found:
        return (found[1] or found[2] or found[3]).decode("utf-8", "replace")
    named = ELEMENT.search(bare)
    if named and OPENS_ELEMENT.search(bare):
        return named[2].decode("utf-8", "replace")
    kept = VARIABLE.search(bare)
    held = re.search(rb"""\b%s\s*=\s*["']([^"'\s]+)["']""" % re.escape(kept[1]), bare) if kept else None
    return held[1].decode("utf-8", "replace") if held else None


def _for_us(script: bytes) -> bytes:
    """A script without what it does for telephones alone."""
    if not ASKS_WHO.search(script):
        return script
    _, otherwise, rest = script.rpartition(b"else")
    return rest if otherwise and not ASKS_WHO.search(rest) else b""
