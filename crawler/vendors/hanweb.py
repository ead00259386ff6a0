"""大汉版通 JCMS and its JPage lists (portals.md 2.2).

The first three display pages of a list stand in a script as XML; the rest comes from `dataproxy.jsp`. Its ids may be
encrypted, so that the address the page itself gives is followed rather than one built by rule. Beside it there are
truecms (南通: the same XML as JSONP from `getMessage.do`) and the module 信息公开 (`crawler.vendors.xxgk`).
"""

from __future__ import annotations

import json
import re
from html import unescape
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from crawler.pages.markup import Markup
from crawler.vendors import jsearch, xxgk
from crawler.vendors.ladders import AREA
from crawler.vendors.vendor import WORDS, Ask, Lead, Rows, Vendor

MARKS = re.compile(
    r"大汉(?:网络|版通)|<datastore>|/module/(?:web/|jslib/jquery/)?jpage/|/module/xxgk/|/messageController/"
)
ADDRESS = re.compile(r"/(?:col/col\d+/|art/\d{4}/\d{1,2}/\d{1,2}/art_\d+_\d+\.html)")
COLUMN_PAGE = re.compile(r"/col/col\d+/")
RECORD = re.compile(r"<record>\s*<!\[CDATA\[(.*?)\]\]>\s*</record>", re.DOTALL)
NEXT_GROUP = re.compile(r"<nextgroup>\s*<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
HREF = re.compile(r"href=\\?[\"']?([^\"'\\\s>]+)")
PROXY = re.compile(r"[\"']([^\"'\s]*/jpage/dataproxy\.jsp)[^\"']*[\"']")
TOTAL = re.compile(r"<total[Rr]ecord>(\d+)<|totalRecord[\"']?\s*[:=]\s*[\"']?(\d+)")
IDS = {
    name: re.compile(rf"[\"']?{name}[\"']?\s*[:=]\s*[\"']?(\w+(?:,\w+)*)")
    for name in ("columnid", "unitid", "webid", "webname", "permissiontype")
}
MESSAGES = re.compile(r"[\"']([^\"'\s]*/messageController/getMessage\.do)[^\"']*[\"']")
JSONP = re.compile(r"[\w.$]+\s*\((.*)\)\s*;?", re.DOTALL)
COLUMN = re.compile(r"columnId[\"']?\s*[:=]\s*[\"']?(\w+)")
PER_PAGE = 15
GROUP = 3
"""One answer holds three display pages."""
MESSAGES_A_PAGE = 20
"""南通 gives fifty, 如皋 answers 404 to more than twenty."""
BY_PAGE = 100
"""盐城 cuts off what is more than three hundred."""


class Hanweb(Vendor):
    """`/col/col7/index.html` and `/art/2023/1/19/art_7_71194.html`."""

    name = "hanweb"

    def recognise(self, markup: Markup) -> str | None:
        found = MARKS.search(markup.text)
        if found:
            return f"the page says {found[0]}"
        addresses = sum(bool(ADDRESS.search(link.url)) for link in markup.links)
        return "addresses are /col/col<id>/ and /art/<date>/" if addresses > 1 else None

    def rows(self, markup: Markup) -> Rows | None:
        held = RECORD.findall(markup.text)
        if not held and not PROXY.search(markup.text):
            return _messages(markup) or xxgk.rows(markup)
        return Rows("".join(held), _total(markup.text), _following(markup.text, markup.url, len(held)))

    def leads(self, markup: Markup) -> tuple[Lead, ...]:
        """Of every organ whose code stands in a link (`?vc_xxgkarea=`), that page: a column, or what its years hang on."""
        found: dict[str, Lead] = {}
        for link in markup.links:
            area = AREA.search(link.url)
            if area and COLUMN_PAGE.search(link.url):
                found.setdefault(area[1], Lead(link.url, link.name))
        return tuple(found.values())

    def search(self, markup: Markup, words: str = WORDS) -> Ask | None:
        return jsearch.ask_for_reports(markup, words)

    def answer(self, text: str, ask: Ask) -> Rows | None:
        if jsearch.INTERFACE in ask.url:
            return jsearch.answer(text, ask)
        if xxgk.INTERFACE in ask.url:
            return xxgk.answer(text, ask)
        text = _unwrapped(text)
        held = RECORD.findall(text)
        if not held:
            # 山东's bureaus: the interface is there and gives nothing, the list stands in the page.
            return Rows(total=_total(text)) if "<recordset" in text or "<datastore" in text else None
        given = _given(text, ask.url)
        ends = given is None and NEXT_GROUP.search(text) is not None
        return Rows("".join(held), _total(text), given or _counted(ask, len(held)), ends=ends)

    def otherwise(self, ask: Ask, seen: int) -> Ask | None:
        """An address that names no records: the span after those seen. 盐城, 阜宁, 东台: a span is not looked at, pages are."""
        parts = urlsplit(ask.url)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        if "dataproxy.jsp" not in parts.path:
            return None
        if "startrecord" not in query and {"columnid", "unitid"} <= query.keys():
            query.pop("page", None)
            return Ask(parts._replace(query=urlencode({**query, **_span(seen + 1)})).geturl())
        if "startrecord" not in query or "page" in query:
            return None
        query |= {"startrecord": "1", "endrecord": str(BY_PAGE), "perpage": str(BY_PAGE), "page": "1"}
        return Ask(parts._replace(query=urlencode(query)).geturl())


def _unwrapped(text: str) -> str:
    """南通 wraps the XML into a call, with its quotes escaped."""
    call = JSONP.fullmatch(text.strip())
    try:
        held = json.loads(call[1]) if call else None
    except (ValueError, RecursionError):
        held = None
    result = held.get("result") if isinstance(held, dict) else held
    return result if isinstance(result, str) else text.replace('\\"', '"').replace("\\/", "/")


def _total(text: str) -> int | None:
    found = TOTAL.search(text)
    return int(found[1] or found[2]) if found else None


def _given(text: str, url: str) -> Ask | None:
    """The address in <nextgroup>: an empty one means that this was the last."""
    group = NEXT_GROUP.search(text)
    href = HREF.search(group[1]) if group else None
    return Ask(urljoin(url, unescape(href[1]))) if href else None


def _following(text: str, url: str, held: int) -> Ask | None:
    given = _given(text, url)
    if given or NEXT_GROUP.search(text):
        return given
    proxy = PROXY.search(text)
    total = _total(text)
    ids = {name: found[1] for name, pattern in IDS.items() if (found := pattern.search(text))}
    if proxy is None or "columnid" not in ids or "unitid" not in ids or (total is not None and total <= held):
        return None
    query = {"col": "1", "appid": "1", "path": "/", "sourceContentType": "1", **ids}
    return Ask(urljoin(url, f"{proxy[1]}?{urlencode({**query, **_span(held + 1)})}"))


def _span(first: int) -> dict[str, str]:
    """What asks for the records of one answer."""
    return {"startrecord": str(first), "endrecord": str(first + GROUP * PER_PAGE - 1), "perpage": str(PER_PAGE)}


def _messages(markup: Markup) -> Rows | None:
    """truecms: the address and the column stand in the call of its script."""
    call, column = MESSAGES.search(markup.text), COLUMN.search(markup.text)
    if call is None or column is None:
        return None
    span = {"startrecord": "1", "endrecord": str(MESSAGES_A_PAGE), "perpage": str(MESSAGES_A_PAGE)}
    asked = {**span, "columnId": column[1], "callback": "cb"}
    return Rows(following=Ask(f"{urljoin(markup.base, call[1])}?{urlencode(asked)}"))


def _counted(ask: Ask, held: int) -> Ask | None:
    """The next page (盐城 pages by `page`), or the next span of records after one that was asked by number."""
    page = re.search(r"([?&]page=)(\d+)", ask.url)
    if page:
        return Ask(ask.url.replace(page[0], f"{page[1]}{int(page[2]) + 1}"))
    start = re.search(r"startrecord=(\d+)", ask.url)
    end = re.search(r"endrecord=(\d+)", ask.url)
    if start and end:
        # An answer may hold less than was asked for: three of the portal's own pages, whatever their length.
        first = int(start[1]) + held
        last = first + int(end[1]) - int(start[1])
        url = ask.url.replace(start[0], f"startrecord={first}").replace(end[0], f"endrecord={last}")
        return Ask(url)
    return None
