"""Conditional requests: what the archive has is asked for as `only if it changed`; a 304 is answered from the archive.

What it has and cannot read any more (`nianbao verify`) is asked for as if it had never been seen."""

from __future__ import annotations

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes

from crawler.urls import canonical_url
from storage.archive import CaptureRecord, DamagedRaw

COPIED = ("content-type", "content-disposition", "etag", "last-modified")
VALIDATORS = (("etag", "If-None-Match"), ("last-modified", "If-Modified-Since"))


class ConditionalMiddleware:
    """Adds If-None-Match and If-Modified-Since from the latest capture; sets meta["kept"] on what is unchanged."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        services = self._crawler.spider.services  # type: ignore[union-attr]
        # A redirected request is a copy of the first one, with what was known of that one's address.
        request.meta.pop("latest", None)
        for _, header in VALIDATORS:
            request.headers.pop(header, None)
        if services.archive is None or request.meta.get("playwright") or request.method != "GET":
            return
        key = canonical_url(request.url)
        latest: CaptureRecord | None = await services.latest.get(key)
        if latest is None or latest.status != 200:
            return
        request.meta["latest"] = latest
        for name, header in VALIDATORS:
            if latest.headers.get(name):
                request.headers[header] = latest.headers[name]

    async def process_response(self, request: Request, response: Response) -> Request | Response:
        latest: CaptureRecord | None = request.meta.get("latest")
        if latest is None:
            return response
        services = self._crawler.spider.services  # type: ignore[union-attr]
        if response.status != 304:
            services.kept.forget(latest)
            return response
        content = await services.kept.of(latest)
        if isinstance(content, DamagedRaw):
            # The portal has what the archive has lost: ask once more, for the page itself.
            await services.read(services.archive.raw.mark, content)
            return request.replace(dont_filter=True)
        headers = Headers({name: latest.headers[name] for name in COPIED if name in latest.headers})
        request.meta["kept"] = latest
        kind = responsetypes.from_args(headers=headers, url=response.url, body=content)
        return kind(url=response.url, status=200, headers=headers, body=content, request=request)
