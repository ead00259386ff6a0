"""国家金融监督管理总局 and its predecessors (portals.md 2.11): pages of script over JSON files that stand on the server.

The list is a file a page for the first three pages, and an interface of the same name behind them; a report is a file too.
"""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qs, urljoin, urlsplit

from crawler.pages.markup import Markup
from crawler.vendors.vendor import Ask, Rows, Vendor, lines, listing

PAGE = re.compile(r"/view/pages/(?:\w+/)*\w+\.html$")
MARKS = re.compile(r"/static/data/DocInfo/|cbircweb/DocInfo|SelectDocByItemIdAndChild")
LIST, TEXT = "SelectDocByItemIdAndChild", "SelectByDocId"
ITEM = re.compile(r"itemId=(\d+)")
FILES = 3
"""Pages of a list that stand as files."""
PER_PAGE = 18


class Nfra(Vendor):
    """`/cn/view/pages/ItemList.html?itemId=954` and `/cn/view/pages/ItemDetail.html?docId=1192308`."""

    name = "nfra"

    def recognise(self, markup: Markup) -> str | None:
        found = MARKS.search(markup.text)
        if found:
            return f"the page says {found[0]}"
        return "its address is /view/pages/….html?itemId=" if _asked(markup.url, "itemId") else None

    def rows(self, markup: Markup) -> Rows | None:
        item = _asked(markup.url, "itemId")
        return Rows(following=_page(markup.url, item, 1)) if item and not _asked(markup.url, "docId") else None

    def answer(self, text: str, ask: Ask) -> Rows | None:
        try:
            data = json.loads(text)
        except (ValueError, RecursionError):
            return None
        answered, item = listing(data, "rows"), ITEM.search(ask.url)
        if answered is None or item is None:
            return None
        held, rows = answered
        html = lines(
            (
                f"/cn/view/pages/ItemDetail.html?docId={one.get('docId')}&itemId={item[1]}",
                str(one.get("docTitle") or one.get("docSubtitle") or ""),
                str(one.get("publishDate") or "")[:10],
            )
            for one in rows
        )
        total = held.get("total")
        is_more = bool(rows) and not (isinstance(total, int) and ask.page * PER_PAGE >= total)
        following = _page(ask.url, item[1], ask.page + 1) if is_more else None
        return Rows(html, total if isinstance(total, int) else None, following)

    def shell(self, markup: Markup) -> Ask | None:
        document = _asked(markup.url, "docId")
        if not document:
            return None
        return Ask(urljoin(markup.url, f"/cn/static/data/DocInfo/{TEXT}/data_docId={document}.json"), what="detail")


def _asked(url: str, name: str) -> str | None:
    """A number in the address of one of its pages."""
    parts = urlsplit(url)
    value = parse_qs(parts.query).get(name, [""])[0]
    return value if PAGE.search(parts.path) and value.isdigit() else None


def _page(url: str, item: str, number: int) -> Ask:
    if number <= FILES:
        path = f"/cn/static/data/DocInfo/{LIST}/data_itemId={item},pageIndex={number},pageSize={PER_PAGE}.json"
    else:
        path = f"/cbircweb/DocInfo/{LIST}?itemId={item}&pageSize={PER_PAGE}&pageIndex={number}"
    return Ask(urljoin(url, path), page=number)
