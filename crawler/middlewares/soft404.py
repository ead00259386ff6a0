"""Pages that say 200 and mean 404: 您访问的页面不存在, or the front page in the place of an article."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse, Response

from crawler.errors import NotFetched
from crawler.middlewares.words import in_utf8
from crawler.tasks import Role, Task
from crawler.urls import canonical_url
from storage.archive import DamagedRaw

if TYPE_CHECKING:
    from crawler.services import Services

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
NEAR = 0.05
"""By how much of its length a front page may differ from itself, a moment later."""
HIDDEN = re.compile(rb"<!--.*?-->|<(script|style|noscript)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
TAG = re.compile(rb"<[^>]*>")
NUMBERS = re.compile(rb"[0-9]+")
HREF = re.compile(rb"""\bhref\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
ARTICLE = re.compile(rb"""name=["']ArticleTitle["'][^>]*content=["'][^"']""", re.IGNORECASE)
"""An article with a title of its own is there, whatever it speaks of."""


class SoftNotFoundMiddleware:
    """Turns such an answer into NotFetched("not_found"), with the page for the archive."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._front: Front | None = None
        """As it came or as the archive has it; None until it is asked for."""

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
        """Portals serve their index file for whatever they do not have."""
        task: Task | None = request.meta.get("task")
        if task is None:
            return False
        if task.role is Role.FRONT:
            self._front = Front.of(response.body)
            return False
        home: str | None = self._crawler.spider.portal.home  # type: ignore[union-attr]
        is_other = home is not None and canonical_url(home) not in map(canonical_url, (request.url, response.url))
        if not is_other or task.role not in (Role.DETAIL, Role.COLUMN) or request.meta.get("playwright"):
            return False
        if self._front is None:
            self._front = await self._archived(str(home))
        if not self._front.is_near(response.body):
            return False
        if self._front.body is None:
            self._front.body = await self._content(self._front.digest)
        return self._front.is_same(response.body)

    async def _archived(self, home: str) -> Front:
        services: Services = self._crawler.spider.services  # type: ignore[union-attr]
        if services.archive is None:
            return Front(-1, "")
        found = await services.read(services.archive.latest, canonical_url(home))
        return Front(found.size, found.raw_sha256) if found is not None else Front(-1, "")

    async def _content(self, raw_sha256: str) -> bytes:
        services: Services = self._crawler.spider.services  # type: ignore[union-attr]
        assert services.archive is not None
        try:
            return await services.read(services.archive.content, raw_sha256)
        except DamagedRaw as damaged:
            await services.read(services.archive.raw.mark, damaged)
            return b""


@dataclass
class Front:
    """A portal's front page. Its bytes are taken from the archive when a page is met that has its size."""

    size: int
    """Bytes; -1 where there is none."""
    digest: str
    body: bytes | None = None

    @classmethod
    def of(cls, body: bytes) -> Front:
        return cls(len(body), sha256(body).hexdigest(), body)

    def is_near(self, body: bytes) -> bool:
        return abs(len(body) - self.size) <= max(self.size, 0) * NEAR

    def is_same(self, body: bytes) -> bool:
        """But for what its clock and its counter say."""
        if sha256(body).hexdigest() == self.digest:
            return True
        here = _look(body)
        return here is not None and here == _look(self.body or b"")


def _look(page: bytes) -> tuple[bytes, list[bytes]] | None:
    """A page's text without numbers, and where its links lead; None where it has neither: shells are all alike.

    The links with their numbers: the pages of a list differ in nothing else.
    """
    text = b"".join(NUMBERS.sub(b"", TAG.sub(b"", HIDDEN.sub(b"", page))).split())
    links = [found[1] for found in HREF.finditer(page)]
    return (text, links) if text and links else None


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
