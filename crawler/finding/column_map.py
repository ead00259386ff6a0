"""What a look at a portal found: its system, its 年报 columns with reasons, and how it behaved."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.errors import UNREAD_RULES
from storage.shape.records import Column

if TYPE_CHECKING:
    from crawler.services import Met
    from crawler.spiders.columns import ColumnSpider

REFUSALS = ("blocked", "robots")
WAITS = (UNREAD_RULES, "rate_limited")
"""It may be read, but not now."""
SILENCES = ("unreachable", "timeout", "http_error", "cut_off")


@dataclass(frozen=True)
class ColumnMap:
    """One portal after a crawl that looked at its lists."""

    portal: str
    answered: bool
    """Its front page, or a column that was begun at, came."""
    vendor: str | None
    """Of the front page; where that shows nothing, of most of the columns."""
    why: str
    """What the vendor was known by."""
    columns: tuple[Column, ...]
    lines: int
    """What would have been fetched as reports."""
    trouble: str
    """The first thing that went wrong, in a sentence; "" where nothing did."""
    refuses: bool
    """It answers that it does not want to be read."""
    moved: bool = False
    """It sends its visitors to a site that is none of its hosts."""
    waits: bool = False
    """It asks to come back later, or its robots.txt cannot be read today."""


def column_map(spider: ColumnSpider, met: list[Met]) -> ColumnMap:
    """The map of a spider's portal. `met` are the run's problems, of which the portal's own count."""
    own = [one for one in met if one.portal == spider.portal.id]
    columns = spider.found_columns
    telling = next((one for one in own if one.kind in (*REFUSALS, *WAITS, *SILENCES)), own[0] if own else None)
    vendor, why = _vendor(spider, columns)
    return ColumnMap(
        portal=spider.portal.id,
        answered=spider.sign is not None or bool(columns),
        vendor=vendor,
        why=why,
        columns=columns,
        lines=spider.candidates,
        trouble=f"{telling.kind}: {telling.message}" if telling and not columns else "",
        refuses=any(one.kind in REFUSALS for one in own) and not columns,
        moved=telling is not None and telling.kind == "moved" and not columns,
        waits=telling is not None and telling.kind in WAITS and not columns,
    )


def _vendor(spider: ColumnSpider, columns: tuple[Column, ...]) -> tuple[str | None, str]:
    sign = spider.sign
    if sign is not None and sign.vendor.name != "generic":
        return sign.vendor.name, sign.why
    known = Counter(column.vendor for column in columns if column.vendor not in (None, "generic"))
    if not known:
        return (sign.vendor.name, sign.why) if sign is not None else (None, "")
    name = known.most_common(1)[0][0]
    return name, next(column.why[-1] for column in columns if column.vendor == name)
