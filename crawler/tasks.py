"""What a request is for. Travels in `request.meta["task"]`, so that success and failure both know it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING

from crawler.vendors.ladders import Ladder
from crawler.vendors.vendor import Ask

if TYPE_CHECKING:
    from crawler.pages.assembly import Assembly
    from crawler.pages.attachments import Attached


class Role(StrEnum):
    """What is expected behind an address."""

    FRONT = "front"
    MENU = "menu"
    """On the way to a column: looked at, and not missed when it is not there."""
    COLUMN = "column"
    """A 年报 column or a part of one."""
    DETAIL = "detail"
    """A report, or what its list says may be one."""
    NAMED = "named"
    """The user named it: a list, a report page or a file."""
    FILE = "file"
    """A file or picture that belongs to a detail page."""
    AGAIN = "again"
    """What the archive holds damaged: asked for its bytes, and not read."""


PRIORITY = {
    Role.FILE: 40,
    Role.DETAIL: 30,
    Role.COLUMN: 20,
    Role.NAMED: 20,
    Role.FRONT: 10,
    Role.MENU: 0,
    Role.AGAIN: 0,
}
"""Finish a report before the next one is begun, and a column before the next one is looked for."""


@dataclass(frozen=True)
class Task:
    """One request's purpose and what its list knew."""

    role: Role
    name: str = ""
    """The link's words, in full where the list said them."""
    date: date | None = None
    depth: int = 0
    """Clicks from the front page, or parts of columns below the first one."""
    number: int = 1
    """Of a list's page, from 1."""
    list_url: str | None = None
    lines: int = 0
    """Of a list's later page: how many lines the list says that it has; 0 where it does not say."""
    pages: int = 0
    """The same of its pages, by what it says or by what its script counts with."""
    needed: bool = True
    """Not to get it is a problem. What was only guessed (a menu, the page after the last) is not missed."""
    promised: bool = False
    """Its title promised a report."""
    expected: bool = False
    """Somebody says that this is a column: the registry, or a list page before this one."""
    column: str = ""
    """Of a list's page and of its lines: the canonical address of the list's first page."""
    year: int = 0
    """Of a detail: the year that its title names, else the one before its date. A backfill asks the newest first."""
    rendered: bool = False
    """Read in a browser, because its HTML held no list."""
    more: bool = False
    """Of a rendered page: the browser has shown later ones, which come next."""
    ask: Ask | None = None
    """The answer is not a page but what a page's script would have asked for."""
    page_url: str | None = None
    """Of the text of a report: the address of the page that shows it, which is a shell without it."""
    by_rule: bool = False
    """Of the same: asked for without the shell, which a rule made unnecessary (`crawler.finding.shells`)."""
    fallback: str = ""
    """Of an interface's answer: the list's next page as a page, for where the interface has nothing. Of a list's second page
    whose address was worked out: the other one that it may have."""
    vendor: str = "generic"
    """Of the list's system, which says how an answer is read."""
    ladder: Ladder | None = None
    """One year of an address that holds a report a year: the next one is asked for after it."""
    companions: tuple[Attached, ...] = ()
    """Of a detail page: what its list shows beside it and belongs to it, such as its table on a page of its own."""
    assembly: Assembly | None = None
    """Of a file: the page that it belongs to."""
    key: str = ""
    """Of a file: its canonical address as the page has it, wherever redirects lead."""

    def but(self, **changes: object) -> Task:
        return replace(self, **changes)  # type: ignore[arg-type]


def sent(task: Task | None) -> str:
    """The part of a page's key that tells what was sent with a POST: one address gives a list's every page."""
    if task is None or task.ask is None or not task.ask.body:
        return ""
    return f"#post-{sha256(task.ask.body.encode()).hexdigest()[:12]}"
