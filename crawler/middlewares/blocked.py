"""Refusals: firewalls, script challenges, captchas. Recognised, archived, recorded, and left alone.

No captcha is solved, no challenge computed, no other address or browser used to get around one (portals.md, conduct).
"""

from __future__ import annotations

import re
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.errors import BlockedPage
from crawler.manners.hosts import STATUSES, Hosts
from crawler.middlewares.words import in_utf8

# In pages that are short: a report may well speak of 验证码.
SHORT = 20_000
MARKS = (
    (re.compile(rb"\$_ts\s*[=\[]|_\$[a-z]{2}\(\)"), "challenge", "a script challenge instead of the page (瑞数)"),
    (re.compile(rb"__jsl_clearance|__jsluid"), "challenge", "a script challenge instead of the page (加速乐)"),
    (re.compile(rb"yunsuo_session"), "firewall", "a firewall instead of the page (云锁)"),
    (
        re.compile(
            "滑动验证|拖动滑块|拖动下方滑块|请完成安全验证|访问验证|人机验证|nc_1_n1z|geetest|captcha-form".encode()
        ),
        "captcha",
        "a captcha instead of the page",
    ),
    (
        re.compile(
            "您的(?:访问|请求)(?:被|已被)(?:拦截|阻断|拒绝)|IP(?:已|被)(?:封|限制)|访问过于频繁|安全狗|创宇盾".encode()
        ),
        "firewall",
        "a firewall instead of the page",
    ),
)


class BlockedMiddleware:
    """Turns a refusal into BlockedPage, and notes how the host behaves."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        hosts: Hosts = self._crawler.spider.hosts  # type: ignore[union-attr]
        refusal = classify(response.status, response.body)
        if refusal is not None:
            hosts.refused(request.url)
            raise BlockedPage(*refusal, response)
        if response.status < 500:
            hosts.answered(request.url)
        return response


def classify(status: int, body: bytes) -> tuple[str, str] | None:
    """(kind, sentence) of a refusal; None where the answer is none. 404 and 5xx are answers, not refusals."""
    if status in STATUSES:
        return STATUSES[status]
    if len(body) <= SHORT and status < 500:
        body = in_utf8(body)
        for mark, how, detail in MARKS:
            if mark.search(body):
                return how, detail
    return None
