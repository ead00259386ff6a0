"""What a vendor of portal systems is to the crawler: how its pages are known, and where its lists really stand.

A list that is plain HTML needs no vendor: `crawler.finding.lists` and `crawler.finding.paging` read it. A vendor says what those two
cannot see: lines in a page's script, the address that the script would ask, the endpoint that holds an organ's reports.
Whatever form the lines come in, they leave here as HTML, `<li><a href>title</a><span>date</span></li>`, so that there
is one way to read a list. Everything here is a pure function of a page; `crawler.spiders.columns` does the asking.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from typing import ClassVar

from crawler.finding.paging import next_page
from crawler.pages.markup import Markup

FORM = (("Content-Type", "application/x-www-form-urlencoded"),)
WORDS = "政府信息公开工作年度报告"
"""What a portal's search is asked for."""


@dataclass(frozen=True)
class Ask:
    """A request that a page's script would make: for more of a list, or for what a shell of a page shows."""

    url: str
    method: str = "GET"
    body: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    page: int = 1
    """Of the list, as the vendor counts."""
    what: str = "list"
    """list, or detail: the text of one report."""
    until: str = ""
    """The oldest day of the lines that came before: from there a list is asked for that the interface does not give whole."""


@dataclass(frozen=True)
class Rows:
    """What a page's script, or the answer to an Ask, holds of a list."""

    html: str = ""
    total: int | None = None
    """Lines of the whole list, where the vendor says; it may lie."""
    following: Ask | None = None
    """What to ask for more. A page that brings nothing new is the last, whatever this says."""
    proof: str | None = None
    """Why this is a 年报 column, where the vendor itself says so."""
    ends: bool = False
    """The vendor says that nothing follows: `following` is then for a list that is shorter than its `total`."""


@dataclass(frozen=True)
class Lead:
    """An address that a vendor's rules give, which no link of the page has to show."""

    url: str
    name: str


class Vendor:
    """The general system, and the base of all others: everything stands in the page."""

    name: ClassVar[str] = "generic"

    def recognise(self, markup: Markup) -> str | None:
        """What on this page shows that it is the vendor's, in a few words; None where nothing does."""
        return None

    def entry(self, url: str) -> Ask | None:
        """What to ask where the registry names an interface instead of a page; None for a page."""
        return None

    def rows(self, markup: Markup) -> Rows | None:
        """The list that a page's script holds or would ask for; None where the list stands in the page."""
        return None

    def answer(self, text: str, ask: Ask) -> Rows | None:
        """The lines in the answer to `ask`; None where it is none."""
        return None

    def otherwise(self, ask: Ask, seen: int) -> Ask | None:
        """Another way to ask for the same, where the answer to `ask` held no line that is new; None where there is none."""
        return None

    def next_page(self, markup: Markup) -> str | None:
        """The address of the list's next page."""
        return next_page(markup)

    def search(self, markup: Markup, words: str = WORDS) -> Ask | None:
        """What to ask the search of the portal for these words, where a script does the asking; None without one.

        A search that is a plain form needs no vendor (`crawler.finding.resorts`).
        """
        return None

    def leads(self, markup: Markup) -> tuple[Lead, ...]:
        """年报 columns of the portal's organs that the vendor's rules give."""
        return ()

    def shell(self, markup: Markup) -> Ask | None:
        """What to ask for the text of a detail page that is built by script; None where the text is there."""
        return None


def lines(found: Iterable[tuple[str, str, str]]) -> str:
    """(address, title, date) as the HTML of a list."""
    return f"<ul class='rows'>{''.join(_line(*one) for one in found)}</ul>"


def _line(url: str, title: str, date: str) -> str:
    return f"<li><a href='{escape(url)}' title='{escape(title)}'>{escape(title)}</a><span>{escape(date)}</span></li>"


def texts(value: object) -> Iterator[dict[str, object]]:
    """Every mapping in a JSON document, outermost first."""
    if isinstance(value, dict):
        yield value
        for one in value.values():
            yield from texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts(one)


def listing(value: object, key: str) -> tuple[dict[str, object], list[dict[str, object]]] | None:
    """The outermost mapping in a JSON document whose `key` is a list, and that list's mappings; None without one."""
    for one in texts(value):
        if isinstance(held := one.get(key), list):
            return one, [row for row in held if isinstance(row, dict)]
    return None
