"""Rules over two years of one organ (domain.md 2.1 to 2.4): what was carried forward, stocks, items, cases."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from parsers.report import Level
from storage.cross.figures import CrossCheck, Item, Number, Sheet, check, compared

COLUMNS = (
    "natural_person",
    "business_enterprise",
    "research_institution",
    "public_welfare_org",
    "legal_service_org",
    "other_org",
    "total",
)
STOCKS = ("proactive.rules", "proactive.normative_documents")
ITEMS = (
    "proactive.administrative_licensing",
    "proactive.other_external_services",
    "proactive.administrative_penalty",
    "proactive.administrative_coercion",
    "proactive.administrative_fees",
)
BLOCKS = ("reconsideration", "litigation_direct", "litigation_after_reconsideration")
WITH_CARRIED = ("含上年度结转", "含上年结转", "包含上年度结转", "包括上年度结转", "含上一年度结转")
MANY_MORE, AT_LEAST = 2, 5
"""T4-REV: so many times what there can be, and so many more, is worth a look."""

Pair = tuple[Sheet, Sheet]


def over_years(organ_id: str, sheets: Sequence[Sheet]) -> Iterator[CrossCheck]:
    """All rules over the neighbouring years of each scope."""
    for scope in dict.fromkeys(sheet.scope for sheet in sheets):
        mine = sorted((sheet for sheet in sheets if sheet.scope == scope), key=lambda sheet: sheet.year)
        for earlier, later in pairwise(mine):
            if later.year == earlier.year + 1:
                for rule, level, items in RULES:
                    found = check(rule, level, organ_id, (earlier, later), items(earlier, later))
                    if found is not None:
                        yield found


def t3_chain(earlier: Sheet, later: Sheet) -> Iterator[Item]:
    """What is carried forward is carried over: `carried_forward(Y) = carried_over(Y+1)`, column by column."""
    for column in COLUMNS:
        left, right = f"requests.carried_forward.{column}", f"requests.carried_over.{column}"
        if earlier.has(left) and later.has(right):
            yield compared(right, earlier.value(left), later.value(right))


def t2_stock(earlier: Sheet, later: Sheet) -> Iterator[Item]:
    """`in_force(Y) = in_force(Y-1) + issued(Y) - repealed(Y)`. Soft: documents lapse, are revised, are cleaned up."""
    for stock in STOCKS:
        paths = [f"{stock}.{name}" for name in ("in_force", "issued", "repealed")]
        if earlier.has(paths[0]) and all(map(later.has, paths)):
            now, issued, repealed = map(later.value, paths)
            gone = None if repealed is None else -repealed
            yield compared(paths[0], now, _sum(earlier.value(paths[0]), issued, gone))


def t2a_chain(earlier: Sheet, later: Sheet) -> Iterator[Item]:
    """`items_prev_year(Y+1) = items_prev_year(Y) + items_change(Y)` of the 2019 form."""
    for item in ITEMS:
        stock, change = f"{item}.items_prev_year", f"{item}.items_change"
        if earlier.has(stock) and earlier.has(change) and later.has(stock):
            yield compared(stock, later.value(stock), _sum(earlier.value(stock), earlier.value(change)))


def t4_chain(earlier: Sheet, later: Sheet) -> Iterator[Item]:
    """Cases pending at the end of Y are among those of Y+1, where the organ counts them again; only some say so."""
    for block in BLOCKS:
        left, right = f"{block}.pending", f"{block}.total"
        if earlier.has(left) and later.has(right):
            pending, total = earlier.value(left), later.value(right)
            counted = any(words in later.text for words in WITH_CARRIED)
            if pending is not None and total is not None and pending > total and not counted:
                pending = None  # it may count new cases only: nothing can be said
            holds = None if pending is None or total is None else pending <= total
            yield compared(right, pending, total, holds=holds)


def t4_rev(earlier: Sheet, later: Sheet) -> Iterator[Item]:
    """A case after reconsideration had one, this year or the year before: far more of the first than of both is odd."""
    path = "litigation_after_reconsideration.total"
    totals = [(later, path), (later, "reconsideration.total"), (earlier, "reconsideration.total")]
    if all(sheet.has(name) for sheet, name in totals):
        cases, now, before = (sheet.value(name) for sheet, name in totals)
        reviews = _sum(now, before)
        holds = None
        if cases is not None and reviews is not None:
            holds = not (cases > MANY_MORE * reviews and cases - reviews >= AT_LEAST)
        yield compared(path, cases, reviews, holds=holds)


def _sum(*terms: Number | None) -> Number | None:
    """None as soon as one of them cannot be said."""
    known = [term for term in terms if term is not None]
    return sum(known) if len(known) == len(terms) else None


RULES: tuple[tuple[str, Level, Callable[[Sheet, Sheet], Iterator[Item]]], ...] = (
    ("T3-CHAIN", Level.CROSS, t3_chain),
    ("T2-STOCK", Level.SOFT, t2_stock),
    ("T2A-CHAIN", Level.SOFT, t2a_chain),
    ("T4-CHAIN", Level.SOFT, t4_chain),
    ("T4-REV", Level.SOFT, t4_rev),
)
