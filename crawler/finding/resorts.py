"""Where to look when no menu led to a 年报 column: the portal's own search, its 网站地图, its sitemap.xml, usual addresses."""

from __future__ import annotations

import re
from urllib.parse import urlencode, urljoin

from crawler.finding.frontier import Lead
from crawler.finding.scoring import LEADS, SLUG
from crawler.finding.titles import tidy
from crawler.pages.markup import Markup
from crawler.urls import absolute
from crawler.vendors.vendor import WORDS

MAP = re.compile(r"^(?:网站|站点)(?:地图|导航)$")
LOCATION = re.compile(r"<loc>\s*(?:<!\[CDATA\[)?\s*([^<\]\s]+)")
COLUMN_FOLDER = re.compile(r"(?:/|/index\.s?html?|_list\.s?html?)$")
TYPED = ("", "text", "search")
MOST = 20
PROBES = (
    "/gkmlpt/index",
    "/zwgk/zfxxgk/zfxxgknb/",
    "/zwgk/zfxxgkzl/zfxxgknb/",
    "/zfxxgk/zfxxgknb/",
    "/zwgk/zfxxgknb/",
    "/zwgk/xxgknb/",
    "/zfxxgk/xxgknb/",
    "/xxgk/xxgknb/",
)
"""Addresses that many portals have in common (portals.md 2.0, 3.2, 3.5). What stands there must prove itself a column."""


def searches(markup: Markup, words: str = WORDS) -> tuple[str, ...]:
    """Addresses that the page's search forms would open for these words; only forms that use GET."""
    found: dict[str, None] = {}
    for form in markup.root.iter("form"):
        inputs = [
            (field.get("name") or "", field.get("type") or "", field.get("value") or "") for field in form.iter("input")
        ]
        typed = [name for name, kind, _ in inputs if name and kind.lower() in TYPED]
        if (form.get("method") or "get").lower() != "get" or len(typed) != 1:
            continue
        hidden = [(name, value) for name, kind, value in inputs if name and kind.lower() == "hidden"]
        action = urljoin(markup.base, form.get("action") or "").partition("#")[0]
        query = urlencode([*hidden, (typed[0], words)], encoding=markup.encoding, errors="replace")
        url = absolute(markup.base, f"{action}{'&' if '?' in action else '?'}{query}", markup.encoding)
        if url:
            found[url] = None
    return tuple(found)


def maps(markup: Markup) -> tuple[str, ...]:
    """The portal's page 网站地图, which has its whole menu on one page."""
    return tuple(dict.fromkeys(link.url for link in markup.links if MAP.fullmatch(tidy(link.text))))


def in_sitemap(text: str, base: str) -> tuple[Lead, ...]:
    """Of a sitemap.xml the addresses that are named like a 年报 column; what they hold is for their pages to prove."""
    addresses = (absolute(base, url) or "" for url in LOCATION.findall(text))
    found = (url for url in addresses if SLUG.search(url.split("/", 3)[-1]) and COLUMN_FOLDER.search(url))
    return tuple(Lead(url, "sitemap", 1, LEADS) for url in list(dict.fromkeys(found))[:MOST])
