"""新点 Epoint WebBuilder (portals.md 2.8): lists and texts come as JSON from interfaces that the page's script asks."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qs, urljoin, urlsplit

from crawler.markup import Markup
from crawler.vendors.vendor import FORM, WORDS, Ask, Rows, Vendor, lines, texts

MARKS = re.compile(r"getFullTextDataNew|showinfo\.html\?infoGuid|EpointWebBuilder|/govxxgk/|siteGuid", re.I)
SEARCH = re.compile(r"[\"']([^\"'\s]*/getFullTextDataNew)[\"']")
CATEGORY = re.compile(r"categorynum[\"']?\s*[:=]\s*[\"'](\w+)", re.I)
DETAIL = re.compile(r"[\"']([^\"'\s]*/getGovInfoDetail)[\"']")
JSON = (("Content-Type", "application/json"),)
PER_PAGE = 50


class Epoint(Vendor):
    """`/govxxgk/<organ>/<date>/<uuid>.html`, or a shell `showinfo.html?infoGuid=<uuid>` that asks for its text."""

    name = "epoint"

    def recognise(self, markup: Markup) -> str | None:
        found = MARKS.search(markup.text)
        return f"the page says {found[0]}" if found else None

    def rows(self, markup: Markup) -> Rows | None:
        search, category = SEARCH.search(markup.text), CATEGORY.search(markup.text)
        if search is None or category is None:
            return None
        return Rows(following=_page(urljoin(markup.base, search[1]), 0, category=category[1]))

    def search(self, markup: Markup) -> Ask | None:
        found = SEARCH.search(markup.text)
        return _page(urljoin(markup.base, found[1]), 0, words=WORDS) if found else None

    def answer(self, text: str, ask: Ask) -> Rows | None:
        try:
            data = json.loads(text)
        except (ValueError, RecursionError):
            return None
        held = next((one for one in texts(data) if isinstance(one.get("records"), list)), None)
        if held is None:
            return None
        records = [one for one in held["records"] if isinstance(one, dict)]  # type: ignore[attr-defined]
        html = lines(
            (str(one.get("linkurl") or ""), str(one.get("title") or ""), str(one.get("infodate") or "")[:10])
            for one in records
        )
        total = int(str(held.get("totalcount") or 0)) or None
        is_more = bool(records) and (total is None or ask.page + len(records) < total)
        return Rows(html, total, _after(ask, ask.page + len(records)) if is_more else None)

    def shell(self, markup: Markup) -> Ask | None:
        asked = parse_qs(urlsplit(markup.url).query)
        guid = asked.get("infoGuid") or asked.get("infoid")
        detail = DETAIL.search(markup.text) if guid else None
        if not guid or detail is None:
            return None
        body = f"params={json.dumps({'infoid': guid[0]}, separators=(',', ':'))}"
        return Ask(urljoin(markup.base, detail[1]), "POST", body, FORM, what="detail")


def _page(url: str, first: int, *, category: str = "", words: str = "") -> Ask:
    condition = [{"fieldName": "categorynum", "equal": category, "isLike": True}] if category else []
    asked = {
        "token": "", "pn": first, "rn": PER_PAGE, "sdt": "", "edt": "", "wd": words, "inc_wd": "", "cnum": "001",
        "sort": '{"infodate":0}', "condition": condition,
    }  # fmt: skip
    return Ask(url, "POST", json.dumps(asked, separators=(",", ":")), JSON, page=first)


def _after(ask: Ask, first: int) -> Ask:
    """The same question for the records from `first` on."""
    body = json.dumps({**json.loads(ask.body), "pn": first}, separators=(",", ":"))
    return Ask(ask.url, "POST", body, JSON, page=first)
