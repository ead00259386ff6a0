"""住房和城乡建设部 (portals.md A.1): its lists are answers of `/dynamic/document/search`, which a script asks by POST.

Which list it is say three numbers: oc, bt and lt. A page names them in its script, the registry in the query of the address.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from crawler.pages.markup import Markup
from crawler.vendors.vendor import FORM, Ask, Rows, Vendor, lines, listing

INTERFACE = "/dynamic/document/search"
NUMBERS = ("oc", "bt", "lt")
DAY = re.compile(r"(20\d\d)[-/.](\d{1,2})[-/.](\d{1,2})")
PER_PAGE = 30


class Mohurd(Vendor):
    """`/zhengcefabu/index.html`, with `search({oc: 7, bt: 2, lt: 1})` in a script of the page."""

    name = "mohurd"

    def recognise(self, markup: Markup) -> str | None:
        return f"the page says {INTERFACE}" if INTERFACE in markup.text else None

    def entry(self, url: str) -> Ask | None:
        parts = urlsplit(url)
        if not parts.path.endswith(INTERFACE):
            return None
        return _page(parts._replace(query="").geturl(), dict(parse_qsl(parts.query)), 1)

    def rows(self, markup: Markup) -> Rows | None:
        if INTERFACE not in markup.scripts:
            return None
        found = {name: re.search(rf"\b{name}[\"']?\s*[:=]\s*[\"']?(\d+)", markup.scripts) for name in NUMBERS}
        asked = {name: number[1] for name, number in found.items() if number}
        return Rows(following=_page(urljoin(markup.base, INTERFACE), asked, 1)) if asked else None

    def answer(self, text: str, ask: Ask) -> Rows | None:
        try:
            data = json.loads(text)
        except (ValueError, RecursionError):
            return None
        answered = listing(data, "list")
        if answered is None:
            return None
        held, found = answered
        html = lines((str(one.get("url") or ""), str(one.get("title") or ""), _day(one)) for one in found)
        total = held.get("total")
        following = _page(ask.url, dict(parse_qsl(ask.body)), ask.page + 1) if found else None
        return Rows(html, total if isinstance(total, int) else None, following)


def _page(url: str, asked: Mapping[str, str], number: int) -> Ask:
    chosen = {name: asked[name] for name in NUMBERS if name in asked}
    body = urlencode({**chosen, "pageSize": str(PER_PAGE), "currentPageNum": str(number)})
    return Ask(url, "POST", body, FORM, page=number)


def _day(one: Mapping[str, object]) -> str:
    """The first value that is nothing but a date and perhaps a time: what the field is called is not in the evidence."""
    for value in one.values():
        found = DAY.match(value) if isinstance(value, str) and len(value) < 25 else None
        if found:
            return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}"
    return ""
