"""新点 Epoint WebBuilder (portals.md 2.8): lists and texts come as JSON from interfaces that the page's script asks."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from urllib.parse import parse_qs, parse_qsl, urlencode, urljoin, urlsplit

from crawler.pages.markup import Markup
from crawler.vendors.vendor import FORM, WORDS, Ask, Rows, Vendor, lines, listing, texts

MARKS = re.compile(
    r"getFullTextDataNew|showinfo\.html\?infoGuid|EpointWebBuilder|webBuilderCommon|EWB-FRONT|/govxxgk/|siteGuid|/searchindb/get",
    re.I,
)
SEARCH = re.compile(r"[\"']([^\"'\s]*/getFullTextDataNew)[\"']")
IN_DATABASE = re.compile(r"[\"']([^\"'\s]*/searchindb/get)[\"']")
"""The other search, in the database: what such a script asks beyond its fortieth page (2.8)."""
SERVICE = "/inteligentsearch/"
USUAL = "/inteligentsearch/rest/esinteligentsearch/getFullTextDataNew"
"""Where the search lies that a script of this service asks, when the page names the script alone."""
CATEGORY = re.compile(r"categorynum[\"']?\s*[:=]\s*[\"'](\w+)", re.I)
DETAIL = re.compile(r"[\"']([^\"'\s]*/getGovInfoDetail)[\"']")
SITE = re.compile(r"\bsiteInfo\s*=\s*\{([^{}]*)\}")
FIELD = r"[\"']?{name}[\"']?\s*:\s*[\"']([^\"']*)[\"']"
COMMON = "/js/webBuilderCommon.js"
"""Says which site this is, on portals whose pages do not."""
CATALOGUE = "/rest/lightfrontaction/getgovinfolist"
ARTICLE = re.compile(r"/art/info/[^/]+/([\w-]+)/?$")
JSON = (("Content-Type", "application/json"),)
PER_PAGE = 50
MOST_PAGES = 40


class Epoint(Vendor):
    """`/govxxgk/<organ>/<date>/<uuid>.html`, or a shell `showinfo.html?infoGuid=<uuid>` that asks for its text."""

    name = "epoint"

    def recognise(self, markup: Markup) -> str | None:
        found = MARKS.search(markup.text)
        return f"the page says {found[0]}" if found else None

    def rows(self, markup: Markup) -> Rows | None:
        search, category = SEARCH.search(markup.text), CATEGORY.search(markup.text)
        other = IN_DATABASE.search(markup.text)
        if category is not None and search is None and other is not None:
            return Rows(following=_in_database(urljoin(markup.base, other[1]), category[1], 0))
        if category is None or (search is None and SERVICE not in markup.text):
            return _catalogue(markup)
        return Rows(following=_page(urljoin(markup.base, search[1] if search else USUAL), 0, category=category[1]))

    def search(self, markup: Markup, words: str = WORDS) -> Ask | None:
        found = SEARCH.search(markup.text)
        return _page(urljoin(markup.base, found[1]), 0, words=words) if found else None

    def answer(self, text: str, ask: Ask) -> Rows | None:
        if COMMON in ask.url:
            site = SITE.search(text)
            query = dict(parse_qsl(urlsplit(ask.url).query))
            return Rows(following=_listed(urljoin(ask.url, "/"), site[1], query, 1)) if site else None
        try:
            data = json.loads(text)
        except (ValueError, RecursionError):
            return None
        if CATALOGUE in ask.url:
            return _of_catalogue(data, ask)
        if ask.url.endswith("/searchindb/get"):
            return _of_database(data, ask)
        answered = listing(data, "records")
        if answered is None:
            return None
        held, records = answered
        days = [str(one.get("infodate") or "")[:10] for one in records]
        named = ((str(one.get("linkurl") or ""), str(one.get("title") or "")) for one in records)
        html = lines((*one, day) for one, day in zip(named, days, strict=True)) if records else ""
        total = int(str(held.get("totalcount") or 0)) or None
        return Rows(html, total, _following(ask, len(records), total, min(filter(None, days), default="")))

    def otherwise(self, ask: Ask, seen: int) -> Ask | None:
        """One site counts the pages of its database from 0, another from 1, and its page 0 may be empty."""
        if not ask.url.endswith("/searchindb/get") or ask.page:
            return None
        return _in_database(ask.url, dict(parse_qsl(ask.body))["categorynum"], 1)

    def shell(self, markup: Markup) -> Ask | None:
        article = ARTICLE.search(urlsplit(markup.url).path)
        if article and not markup.meta.get("articletitle"):
            # 奉贤: /art/info/<column>/<article> is a page of script
            return Ask(urljoin(markup.url, "/html/info/detail"), "POST", f"id={article[1]}", FORM, what="detail")
        asked = parse_qs(urlsplit(markup.url).query)
        guid = asked.get("infoGuid") or asked.get("infoid")
        detail = DETAIL.search(markup.text) if guid else None
        if not guid or detail is None:
            return None
        body = f"params={json.dumps({'infoid': guid[0]}, separators=(',', ':'))}"
        return Ask(urljoin(markup.base, detail[1]), "POST", body, FORM, what="detail")


def _catalogue(markup: Markup) -> Rows | None:
    """The catalogue of an organ (江苏, 上海): its address says whose and which, the site's own script which site."""
    query = dict(parse_qsl(urlsplit(markup.url).query))
    if "categorynum" not in query or not re.search(r"webBuilderCommon|EWB-FRONT|govInfoPub", markup.text + markup.url):
        return None
    asked = {name: query.get(name, "") for name in ("deptcode", "categorynum")}
    site = SITE.search(markup.text)
    if site is not None:
        return Rows(following=_listed(markup.base, site[1], asked, 1))
    return Rows(following=Ask(urljoin(markup.base, f"{COMMON}?{urlencode(asked)}")))


def _listed(base: str, site: str, asked: Mapping[str, object], number: int) -> Ask:
    """One page of a catalogue; `site` is what stands between the braces of siteInfo."""
    project, guid = (re.search(FIELD.format(name=name), site) for name in ("projectName", "siteGuid"))
    body = {**asked, "siteGuid": guid[1] if guid else "", "pageIndex": number, "pageSize": PER_PAGE}
    url = urljoin(base, f"/{(project[1] if project else '').strip('/')}{CATALOGUE}")
    return Ask(url, "POST", json.dumps(body, separators=(",", ":")), JSON, page=number)


def _of_catalogue(data: object, ask: Ask) -> Rows | None:
    held = next((one["data"] for one in texts(data) if isinstance(one.get("data"), list)), None)
    if not isinstance(held, list):
        return None
    records = [one for one in held if isinstance(one, dict)]
    html = lines(
        (
            str(one.get("infourl") or ""),
            str(one.get("realtitle") or one.get("title") or ""),
            str(one.get("infodate") or "")[:10],
        )
        for one in records
    )
    body = {**json.loads(ask.body), "pageIndex": ask.page + 1}
    more = Ask(ask.url, "POST", json.dumps(body, separators=(",", ":")), JSON, page=ask.page + 1)
    return Rows(html, following=more if len(records) >= PER_PAGE else None)


def _in_database(url: str, category: str, number: int) -> Ask:
    """One page, as the trading centre of 四川 asks it; whatever else a site adds to the question chooses among trades."""
    asked = {"fuTitle": "", "pageIndex": number, "strDate": "2000-01-01 00:00:00", "endDate": "2099-12-31 23:59:59"}
    return Ask(url, "POST", urlencode({**asked, "categorynum": category}), FORM, page=number)


def _of_database(data: object, ask: Ask) -> Rows | None:
    answered = listing(data, "infodata")
    if answered is None:
        return None
    held, records = answered
    html = lines(
        (
            str(one.get("visiturl") or one.get("linkurl") or ""),
            str(one.get("title") or ""),
            str(one.get("infodate") or "")[:10],
        )
        for one in records
    )
    category = dict(parse_qsl(ask.body))["categorynum"]
    total = int(str(held.get("totalcount") or 0)) or None
    return Rows(html if records else "", total, _in_database(ask.url, category, ask.page + 1) if records else None)


def _page(url: str, first: int, *, category: str = "", words: str = "") -> Ask:
    condition = [{"fieldName": "categorynum", "equal": category, "isLike": True}] if category else []
    asked = {
        "token": "", "pn": first, "rn": PER_PAGE, "sdt": "", "edt": "", "wd": words, "inc_wd": "", "cnum": "001",
        "sort": '{"infodate":0}', "condition": condition,
    }  # fmt: skip
    return Ask(url, "POST", json.dumps(asked, separators=(",", ":")), JSON, page=first)


def _following(ask: Ask, number: int, total: int | None, oldest: str) -> Ask | None:
    """The same question for what comes after the `number` records of this answer; None where that was the last of them.

    Some sites answer forty pages and no more, whatever their total says (2.8). The newest come first: the rest is asked for
    as what was published until the oldest day that was seen. (The site's own way there, `searchindb`, gives twelve lines a
    page: it is asked where a page's script names nothing else.)
    """
    first, oldest = ask.page + number, oldest or ask.until
    if total is not None and first >= total:
        return None
    asked = json.loads(ask.body)
    if number and first < MOST_PAGES * PER_PAGE:
        return _asked(ask, {**asked, "pn": first}, first, oldest)
    until = f"{oldest} 23:59:59"
    if total is None or not oldest or asked["edt"] == until:
        return None
    return _asked(ask, {**asked, "pn": 0, "edt": until}, 0, oldest)


def _asked(ask: Ask, body: Mapping[str, object], first: int, oldest: str) -> Ask:
    return Ask(ask.url, "POST", json.dumps(body, separators=(",", ":")), JSON, page=first, until=oldest)
