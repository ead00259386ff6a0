"""安徽龙讯 LonSun (portals.md 2.7): `/public/column/<organ>?type=3&action=list` is the list of an organ's annual reports."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from crawler.pages.markup import Markup
from crawler.vendors.vendor import Ask, Lead, Rows, Vendor

MARKS = re.compile(r"/site/label/8888|Ls\.pagination|/public/column/\d+|cn\.lonsun")
COLUMN = re.compile(r"^(.*?/public/column/)(\d+)(?:[?#]|$)")
LABEL = re.compile(r"[\"']([^\"'\s]*/site/label/8888\?[^\"'\s]*labelName=publicInfoList[^\"'\s]*)[\"']")
CALL = re.compile(r"[\"']([^\"'\s?]*/site/label/8888)[\"'][^{}]{0,200}\{([^{}]*labelName[^{}]*publicInfoList[^{}]*)\}")
"""The same with its questions in an object: `data: {labelName: 'publicInfoList', organId: '6617355', …}`."""
ASKED = re.compile(r"[\"']?(\w+)[\"']?\s*:\s*(?:[\"']([^\"']*)[\"']|(\d+|true|false)\b)")
PAGES = re.compile(r"Ls\.pagination\s*\(.*?pageCount[\"']?\s*[:=]\s*[\"']?(\d+)", re.DOTALL)
PUBLIC_TYPES = {"1", "2", "3", "4", "5"}
"""制度, 指南, 年报, 目录, 依申请公开: 3 is ours."""


class Lonsun(Vendor):
    """Lists are HTML fragments of `/site/label/8888`; the page around them may hold only the first one, or none."""

    name = "lonsun"

    def recognise(self, markup: Markup) -> str | None:
        found = MARKS.search(markup.text)
        return f"the page says {found[0]}" if found else None

    def rows(self, markup: Markup) -> Rows | None:
        label = _label(markup.text)
        is_ours = "type=3" in urlsplit(markup.url).query
        proof = "type=3 is 年报 on this system" if is_ours else None
        if label is None:
            return Rows(proof=proof) if is_ours else None
        return Rows(following=_page(urljoin(markup.base, label), 1), proof=proof)

    def answer(self, text: str, ask: Ask) -> Rows | None:
        if "href" not in text:
            return None
        pages = PAGES.search(text)
        is_last = pages is not None and int(pages[1]) <= ask.page
        return Rows(text, following=None if is_last else _page(ask.url, ask.page + 1))

    def next_page(self, markup: Markup) -> str | None:
        """A front column is paged by its address: `/content/column/6795?pageIndex=2`."""
        found = super().next_page(markup)
        pages = PAGES.search(markup.scripts)
        if found or pages is None or "/content/column/" not in markup.url:
            return found
        query = dict(parse_qsl(urlsplit(markup.url).query))
        number = int(query.get("pageIndex", "1") or "1")
        return _page(markup.url, number + 1).url if number < int(pages[1]) else None

    def leads(self, markup: Markup) -> tuple[Lead, ...]:
        """Of every organ that a page links to, its list of annual reports."""
        found: dict[str, Lead] = {}
        for link in markup.links:
            column = COLUMN.match(link.url)
            query = dict(parse_qsl(urlsplit(link.url).query))
            if column and query.get("type", "4") in PUBLIC_TYPES - {"3"} and query.get("action") != "rel":
                found.setdefault(column[2], Lead(f"{column[1]}{column[2]}?type=3&action=list", link.name))
        return tuple(found.values())


def _label(text: str) -> str | None:
    """What the page's script asks for its list; None where it does not."""
    label = LABEL.search(text.replace("&amp;", "&"))
    if label is not None:
        return label[1]
    call = CALL.search(text)
    return (
        f"{call[1]}?{urlencode([(name, said or plain) for name, said, plain in ASKED.findall(call[2])])}"
        if call
        else None
    )


def _page(url: str, number: int) -> Ask:
    parts = urlsplit(url)
    query = {**dict(parse_qsl(parts.query, keep_blank_values=True)), "pageIndex": str(number)}
    return Ask(parts._replace(query=urlencode(query)).geturl(), page=number)
