"""What a list shows beside a report, or its page links to, and belongs to it: the statistics table on a page of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from crawler.finding.lists import FILE, Item
from crawler.pages.around import one_line
from crawler.pages.attachments import Attached, body_of
from crawler.pages.markup import Markup, attribute
from crawler.urls import absolute, canonical_url
from parsers.identity.titles import read_title

MOST_LINKED = 3


def companions(items: Iterable[Item]) -> dict[str, tuple[Attached, ...]]:
    """Address of a report -> its companion pages.

    A table belongs to the one report of its year and organ in the same list; where there are two or none, it stays a
    page of its own. 图解, videos and the like are no companions: their titles are refused by `crawler.finding.lists`.
    """
    titles = [(item, read_title(item.title)) for item in items]
    reports: dict[tuple[int, str], list[Item]] = {}
    for item, title in titles:
        if title.kind in ("report", "cut") and title.year is not None:
            reports.setdefault((title.year, title.organ or ""), []).append(item)
    found: dict[str, tuple[Attached, ...]] = {}
    for item, title in titles:
        if title.kind == "statistics" and title.year is not None:
            of = reports.get((title.year, title.organ or ""), [])
            if len(of) == 1:
                found[of[0].url] = (*found.get(of[0].url, ()), Attached(item.url, item.title, is_picture=False))
    return found


def linked(markup: Markup, title: str, selectors: Sequence[str] = ()) -> tuple[Attached, ...]:
    """The companion pages that a report's own text links to: 附件：政府信息公开情况统计表. Files are `crawler.pages.attachments`'.

    Only within a body that is known as one: in the menus around it stand other years' and other organs' tables.
    """
    own = read_title(title)
    found: dict[str, Attached] = {}
    body = body_of(markup, selectors)
    for link in body.css("a[href]") if body is not None and body.tag != "body" else ():
        name = one_line(link.text())[:200]
        said = read_title(name)
        url = absolute(markup.base, attribute(link, "href"), markup.encoding)
        if said.kind != "statistics" or said.year not in (None, own.year) or not url or FILE.search(url):
            continue
        if canonical_url(url) != canonical_url(markup.url):
            found.setdefault(canonical_url(url), Attached(url, name, is_picture=False))
    return tuple(found.values())[:MOST_LINKED]
