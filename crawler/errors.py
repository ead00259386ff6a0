"""Why a page was not got. One type with a stable word for programs and one sentence for people."""

from __future__ import annotations

from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response


class NotFetched(IgnoreRequest):
    """A request that was not made, or whose answer is not what was asked for.

    `kind`: blocked, not_found, outside, robots, too_large, needs_browser, left_alone, rate_limited, budget.
    `response` is the answer where there was one: it is archived all the same.
    """

    def __init__(self, kind: str, detail: str, response: Response | None = None) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.response = response


class BlockedPage(NotFetched):
    """The portal refuses. Recorded with its reason, never retried, never disguised."""

    def __init__(self, how: str, detail: str, response: Response | None = None) -> None:
        super().__init__("blocked", detail, response)
        self.how = how
        """challenge, captcha, firewall, forbidden: which kind of refusal."""


class CrawlFailed(Exception):
    """The crawl as a whole cannot go on: the database is gone, the disk is full. Its text is for the user."""
