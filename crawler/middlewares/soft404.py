"""Pages that say 200 and mean 404: 您访问的页面不存在, or the front page in the place of an article."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse, Response

from crawler.errors import NotFetched
from crawler.middlewares.words import in_utf8
from crawler.tasks import Role, Task
from crawler.urls import canonical_url

if TYPE_CHECKING:
    from crawler.services import Services

NONE = (-1, "")
SHORT = 12_000
"""Bytes. The error page of a portal is short; a long page that says 页面不存在 says it about something else."""
TITLE = re.compile(
    r"<title>\s*(?:404\b|[^<]{0,40}(?:页面不存在|找不到页面|页面找不到|错误页|网站维护|Not Found|站点已关闭|404\s*错误))".encode(),
    re.IGNORECASE,
)
# Not 信息不存在: that is a result in table three of every report.
WORDS = re.compile(
    "(?:您|你)(?:所)?(?:访问|浏览|查找|请求)的(?:页面|内容|网页|信息|文章|栏目)(?:不存在|已(?:被)?删除|找不到|已(?:被)?移除|没有找到)|"
    "(?:页面|网页|文章)(?:不存在|已(?:被)?删除)|抱歉.{0,30}(?:不存在|找不到)|网站已(?:迁移|关闭|下线)".encode()
)
ARTICLE = re.compile(rb"""name=["']ArticleTitle["'][^>]*content=["'][^"']""", re.IGNORECASE)
"""An article with a title of its own is there, whatever it speaks of."""


class SoftNotFoundMiddleware:
    """Turns such an answer into NotFetched("not_found"), with the page for the archive."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._front: tuple[int, str] | None = None
        """Length and SHA-256 of the front page, as it came or as the archive has it; None until it is asked for."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_response(self, request: Request, response: Response) -> Response:
        if response.status == 200 and isinstance(response, HtmlResponse):
            reason = classify(response.body) or _sent_home(request, response)
            if reason is None and await self._is_front_page(request, response):
                reason = "the front page comes in its place (status 200)"
            if reason:
                raise NotFetched("not_found", reason, response)
        return response

    async def _is_front_page(self, request: Request, response: Response) -> bool:
        """Byte for byte: static portals serve their index file for whatever they do not have."""
        task: Task | None = request.meta.get("task")
        if task is None:
            return False
        if task.role is Role.FRONT:
            self._front = (len(response.body), sha256(response.body).hexdigest())
            return False
        home: str | None = self._crawler.spider.portal.home  # type: ignore[union-attr]
        is_other = home is not None and canonical_url(home) not in map(canonical_url, (request.url, response.url))
        if not is_other or task.role not in (Role.DETAIL, Role.COLUMN) or request.meta.get("playwright"):
            return False
        if self._front is None:
            self._front = await self._archived(str(home))
        length, digest = self._front
        return len(response.body) == length and sha256(response.body).hexdigest() == digest

    async def _archived(self, home: str) -> tuple[int, str]:
        services: Services = self._crawler.spider.services  # type: ignore[union-attr]
        if services.archive is None:
            return NONE
        found = await services.read(services.archive.latest, canonical_url(home))
        return (found.size, found.raw_sha256) if found is not None else NONE


def classify(body: bytes) -> str | None:
    """Why a page of status 200 is an error page; None where it is none."""
    if len(body) > SHORT or ARTICLE.search(body):
        return None
    body = in_utf8(body)
    if TITLE.search(body) or (WORDS.search(body) and body.count(b"<a") < 40):
        return "the page says that it does not exist (status 200)"
    return None


def _sent_home(request: Request, response: Response) -> str | None:
    """A page that is gone and redirects to the front page, as many portals do."""
    came_from = request.meta.get("redirect_urls")
    if not came_from:
        return None
    asked, *way = (canonical_url(url).partition("/")[2] for url in (*came_from, response.url))
    # Front pages send on as well, to where the portal really begins; who is sent back has only been given a cookie.
    return "it redirects to the front page" if "" in way and asked not in ("", way[-1]) else None
