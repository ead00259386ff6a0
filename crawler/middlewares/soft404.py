"""Pages that say 200 and mean 404: 您访问的页面不存在, or the front page in the place of an article."""

from __future__ import annotations

import re

from scrapy import Request
from scrapy.http import HtmlResponse, Response

from crawler.errors import NotFetched
from crawler.middlewares.words import in_utf8
from crawler.urls import canonical_url

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

    def process_response(self, request: Request, response: Response) -> Response:
        if response.status == 200 and isinstance(response, HtmlResponse):
            reason = classify(response.body) or _sent_home(request, response)
            if reason:
                raise NotFetched("not_found", reason, response)
        return response


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
    asked, got = (canonical_url(url).partition("/")[2] for url in (came_from[0], response.url))
    return "it redirects to the front page" if asked and not got else None
