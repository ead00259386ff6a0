"""Who is asked again, and when.

429 and 503 with Retry-After: the whole host waits as long as it asks (`crawler.manners.hosts`), within reason. A host that
has not answered for a while is not asked again at all.
"""

from __future__ import annotations

from scrapy import Request
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.http import Response

from crawler.errors import NotFetched
from crawler.manners.hosts import LONGEST, Hosts, pause_asked


class RetryAfterMiddleware(RetryMiddleware):
    """Scrapy's retries; who asks for more than two minutes is not asked again in this run."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        if response.status in (429, 503):
            wait = pause_asked(response)
            if wait is not None and wait > LONGEST:
                raise NotFetched(
                    "rate_limited", f"the host asks to come back after {wait:.0f} seconds: in the next run", response
                )
        return super().process_response(request, response)

    def _retry(self, request: Request, reason: str | Exception | type[Exception]) -> Request | None:
        hosts: Hosts = self.crawler.spider.hosts  # type: ignore[union-attr]
        return super()._retry(request, reason) if hosts.unheard(request.url) else None
