"""大汉's module 信息公开 (portals.md 2.2): an organ's documents from `/module/xxgk/search.jsp`, its annual reports by year.

The page of a column is a shell: its script posts what the column is (infotypeId) and whose (area), and gets a table back.
An address that names the column has it as `number=`, and the organ as `vc_xxgkarea=`.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qs, parse_qsl, urlencode, urljoin, urlsplit

from crawler.pages.markup import Markup
from crawler.vendors.vendor import FORM, Ask, Rows

INTERFACE = "/module/xxgk/search.jsp"
CALL = re.compile(rf"[\"']([^\"'\s]*{re.escape(INTERFACE)})[\"'?]")
TYPE, AREA = re.compile(r"infotypeId[\"']?\s*[:=]\s*[\"']?(\w+)"), re.compile(r"\barea[\"']?\s*[:=]\s*[\"']?([\w-]+)")
NODE = re.compile(r"\bjdid[\"']?\s*[:=]\s*[\"']?(\d+)")
WHERE = re.compile(r"[\"'](div\w+)[\"']|\bdivid[\"']?\s*[:=]\s*[\"']?(div\w+)")
PAGES = re.compile(r"共\s*(\d{1,4})\s*页")
ITEMS = re.compile(r"共\s*(\d{1,6})\s*条")
NEAR = 600
"""Characters behind the interface's name in which its call ends."""
TITLED = "信息公开"
"""What titles must hold where the column does not say what it is: an organ's whole catalogue has thousands of lines."""


def rows(markup: Markup) -> Rows | None:
    """The list that the shell would show; None where the page does not ask the interface."""
    call = CALL.search(markup.text)
    if call is None:
        return None
    near = markup.text[call.start() : call.end() + NEAR].replace("&amp;", "&")
    address = parse_qs(urlsplit(markup.url).query)
    kind = _first(TYPE, near) or address.get("number", [""])[0]
    asked = {
        "infotypeId": kind,
        "jdid": _first(NODE, markup.text),
        "area": _first(AREA, near) or address.get("vc_xxgkarea", [""])[0] or _first(AREA, markup.text),
        "divid": _first(WHERE, near),
        "vc_title": "" if kind else TITLED,
        "vc_number": "",
    }
    return Rows(following=_page(urljoin(markup.base, call[1]), asked, 1))


def answer(text: str, ask: Ask) -> Rows:
    """A page of the table. One without a line is the end, or a column that holds nothing."""
    if "href" not in text:
        return Rows()
    pages, items = PAGES.search(text), ITEMS.search(text)
    is_last = pages is not None and int(pages[1]) <= ask.page
    following = None if is_last else _page(ask.url, dict(parse_qsl(ask.body, keep_blank_values=True)), ask.page + 1)
    # Rows of a table are none without one around them.
    html = text if "<table" in text.lower() else f"<table>{text}</table>"
    return Rows(html, int(items[1]) if items else None, following)


def _page(url: str, asked: dict[str, str], number: int) -> Ask:
    return Ask(url, "POST", urlencode({**asked, "currpage": str(number)}), FORM, page=number)


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return next((group for group in found.groups() if group), "") if found else ""
