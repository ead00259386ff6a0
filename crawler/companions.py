"""What a list shows beside a report and belongs to it: the statistics table on a page of its own."""

from __future__ import annotations

from collections.abc import Iterable

from crawler.attachments import Attached
from crawler.lists import Item
from parsers.titles import read_title


def companions(items: Iterable[Item]) -> dict[str, tuple[Attached, ...]]:
    """Address of a report -> its companion pages.

    A table belongs to the one report of its year and organ in the same list; where there are two or none, it stays a
    page of its own. 图解, videos and the like are no companions: their titles are refused by `crawler.lists`.
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
