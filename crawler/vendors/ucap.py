"""开普云 UCAP: static lists, and behind many of them a search that answers in JSON (portals.md 2.5)."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from crawler.pages.markup import Markup
from crawler.vendors.vendor import FORM, Ask, Rows, Vendor, lines, listing, texts

MARKS = re.compile(
    r"UCAP(?:TITLE|CONTENT)|UCAP-CONTENT|ucapcontent|/common/search/|/getLocalList\?|getFileListByCodeId", re.I
)
ARTICLE = re.compile(
    r"/c[0-9a-z]+/(?:\d{6}/(?:c01_)?[0-9a-f]{5,32}|\d{4}/\d{1,2}/\d{1,2}/[0-9a-f]{32})\.s?html?$"
    r"|/n\d+/(?:n\d+/)*c\d+/content\.s?html?$"  # the older generation: 国资委, 审计署, 移民局
)
SEARCH = re.compile(r"[\"'(]([^\"'()\s]*/(?:common/search|searchList)/[0-9a-zA-Z]+)(\?[^\"'()\s]*)?[\"')]")
LOCAL = re.compile(r"[\"']([^\"'\s]*/getLocalList\?[^\"'\s]+)[\"']")
FILES = re.compile(r"[\"']([^\"'\s]*/getFileListByCodeId)[\"']")
CHANNEL = re.compile(r"channelId[\"']?\s*[:=]\s*[\"']([0-9a-zA-Z]{6,})[\"']")
PAGE_SIZE = 15


class Ucap(Vendor):
    """`/site/c100009/202201/<32 hex>.shtml`; a channel a year in some provinces, so that years are looked for anew."""

    name = "ucap"

    def recognise(self, markup: Markup) -> str | None:
        found = MARKS.search(markup.text)
        if found:
            return f"the page says {found[0]}"
        return (
            "articles are /c<channel>/<month>/<id>.shtml"
            if any(ARTICLE.search(link.url) for link in markup.links)
            else None
        )

    def entry(self, url: str) -> Ask | None:
        """税务总局: no page shows its list, the interface and the channel are all there is."""
        parts = urlsplit(url)
        channel = dict(parse_qsl(parts.query)).get("channelId")
        if not channel or not parts.path.endswith("/getFileListByCodeId"):
            return None
        return _posted(parts._replace(query="").geturl(), channel, 1)

    def rows(self, markup: Markup) -> Rows | None:
        if any(ARTICLE.search(link.url) and link.date for link in markup.links):
            return None  # the list is in the page, and its paging too
        found = SEARCH.search(markup.scripts)
        if found:
            return Rows(following=_page(urljoin(markup.base, found[1]), dict(parse_qsl((found[2] or "")[1:])), 1))
        files, channel = FILES.search(markup.scripts), CHANNEL.search(markup.scripts)
        if files and channel:
            return Rows(following=_posted(urljoin(markup.base, files[1]), channel[1], 1))
        local = LOCAL.search(markup.scripts)
        return Rows(following=Ask(urljoin(markup.base, local[1]))) if local else None

    def answer(self, text: str, ask: Ask) -> Rows | None:
        try:
            data = json.loads(text)
        except (ValueError, RecursionError):
            return None
        if "/getLocalList" in ask.url:
            channel = next((one["channelId"] for one in texts(data) if one.get("channelId")), None)
            return Rows(following=_page(urljoin(ask.url, f"/searchList/{channel}"), {}, 1)) if channel else None
        answered = listing(data, "results")
        if answered is None:
            return None
        held, results = answered
        html = lines((str(one.get("url") or ""), str(one.get("title") or ""), _day(one)) for one in results)
        total = held.get("total")
        if "/getFileListByCodeId" in ask.url:
            channel = dict(parse_qsl(ask.body)).get("channelId", "")
            following = _posted(ask.url, channel, ask.page + 1) if results else None
            return Rows(html, total if isinstance(total, int) else None, following)
        parts = urlsplit(ask.url)
        following = _page(parts._replace(query="").geturl(), dict(parse_qsl(parts.query)), ask.page + 1)
        return Rows(html, total if isinstance(total, int) else None, following if results else None)


def _page(url: str, query: dict[str, str], number: int) -> Ask:
    needed = {"_isAgg": "true", "_isJson": "true", "_pageSize": str(PAGE_SIZE), "_template": "index"}
    return Ask(f"{url}?{urlencode({**needed, **query, 'page': str(number)})}", page=number)


def _posted(url: str, channel: str, number: int) -> Ask:
    """税务总局: the same list by POST."""
    asked = {"codeId": "", "channelId": channel, "page": str(number), "size": str(PAGE_SIZE)}
    return Ask(url, "POST", urlencode(asked), FORM, page=number)


def _day(result: dict[str, object]) -> str:
    return str(result.get("publishedTimeStr") or result.get("publishedTime") or "")[:10]
