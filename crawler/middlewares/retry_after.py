"""429 and 503 with Retry-After: the whole host waits as long as it asks, within reason."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from scrapy import Request
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.http import Response

from crawler.errors import NotFetched
from crawler.hosts import Hosts

LONGEST = 120.0
"""Seconds. Who asks for longer is asked again in the next run."""


class RetryAfterMiddleware(RetryMiddleware):
    """Scrapy's retries; requests to a host that asked for a pause wait until it is over (`crawler.hosts`)."""

    def process_response(self, request: Request, response: Response) -> Request | Response:
        if response.status in (429, 503):
            wait = seconds(response.headers.get("Retry-After", b"").decode("latin-1"))
            if wait is not None and wait > LONGEST:
                raise NotFetched(
                    "rate_limited", f"the host asks to come back after {wait:.0f} seconds: in the next run", response
                )
            if wait:
                hosts: Hosts = self.crawler.spider.hosts  # type: ignore[union-attr]
                hosts.pause(request.url, wait)
        return super().process_response(request, response)


def seconds(value: str) -> float | None:
    """A Retry-After header, `120` or a date, as seconds from now; None where it says nothing."""
    value = value.strip()
    if value.isdigit():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
