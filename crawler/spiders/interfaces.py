"""Lists that do not stand in a page: what a page's script asks of an interface, page by page."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace

from scrapy import Request
from scrapy.http import Response

from crawler import vendors
from crawler.finding import lists
from crawler.finding.lists import Reading
from crawler.items import Page, Trouble
from crawler.pages.markup import Markup
from crawler.result import many
from crawler.spiders.base import Output
from crawler.spiders.details import DetailSpider
from crawler.tasks import Task
from crawler.urls import canonical_url
from crawler.vendors import Ask, named
from crawler.vendors.ladders import by_area
from parsers.documents.charset import decode
from storage.shape.records import Column

MANY = 15
"""Lines of a full page, as most systems have them."""


class InterfaceSpider(DetailSpider):
    """Asks and reads answers. Subclasses read the pages, and say what becomes of a list's lines."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.columns: dict[str, Column] = {}
        """The columns that were proven, by canonical address; as `found_columns` they have their names."""
        self.everywhere: frozenset[str] = frozenset()
        """Links of the front page: what stands on every page is no part of a column."""
        self._listed: dict[str, set[str]] = {}
        """Lines seen so far, by list."""
        self._entries: dict[str, str] = {}
        """Interfaces that were begun at, by the canonical address of the column: what they are asked with."""

    @abstractmethod
    def details(self, reading: Reading, list_url: str, task: Task) -> Output:
        """The reports that a list's lines promise."""

    def begin(self, url: str, task: Task) -> Request | None:
        """The first request of a column, where the address may be that of an interface (税务总局)."""
        found = vendors.entry(url)
        if found is None:
            return self.ask(url, task)
        vendor, ask = found
        self._entries[canonical_url(url)] = url
        asked = task.but(ask=ask, vendor=vendor.name, column=canonical_url(url), list_url=self.portal.home or url)
        return self.ask(ask.url, asked)

    def answered(self, response: Response, page: Page, task: Task) -> Output:
        """More lines of a list, from the address that its script asks."""
        assert task.ask is not None
        text, encoding = decode(response.body, (response.headers.get("Content-Type") or b"").decode("latin-1"))
        rows = named(task.vendor).answer(text, task.ask)
        page.capture = replace(page.capture, kind="list")
        if rows is None:
            told = f"{task.name}: what {task.vendor}'s interface answers holds no list"
            yield Trouble("no_list", task.column, told, page)
            return
        markup = Markup(f"<html><body>{rows.html}</body></html>", task.list_url or response.url, encoding)
        reading = self.reading(markup, task, expected=True)
        lines, fresh = self.note_lines(reading, task)
        if fresh and task.column in self._entries and task.column not in self.columns:
            why = ("the registry names its interface", f"{task.vendor}: it answers with lines")
            self.columns[task.column] = Column(self._entries[task.column], task.name, task.vendor, why, task.depth)
            self.services.counts["columns"] += 1
        yield from self.details(reading, markup.url, task)
        is_step = not rows.html and rows.following is not None  # to the interface that has the lines
        if not fresh and not is_step and task.number == 1:
            other = self.otherwise(task)
            if other is not None:
                yield other
                return
        if (
            task.number == 2
            and not fresh
            and rows.total is None
            and MANY <= len(lines) == len(self._listed[task.column])
        ):
            # 大汉's JPaaS, asked from abroad: whatever page is asked for, the first one comes.
            told = f"{task.name}: page 2 is page 1 again, {len(lines)} lines were seen; whether there are more is not known"
            yield Trouble("list_incomplete", task.column, told)
            return
        # The first answer may be what stands in the page already: 龙讯 fills page one before its script asks for it.
        leads_on = fresh or is_step or (task.number == 1 and bool(lines))
        is_whole = rows.ends and rows.total is not None and len(self._listed[task.column]) >= rows.total
        following = None if is_whole else rows.following
        yield from self.following(following, task, fresh=leads_on, total=rows.total)
        if rows.following is None and task.expected and not self._listed[task.column]:
            told = f"{task.name}: called a 年报 column, and {task.vendor}'s interface has not one line of it"
            yield Trouble("empty_column", task.column, told, page)
            yield from self.by_year(task.list_url or "", task)

    def otherwise(self, task: Task) -> Request | None:
        """What to try where a list's interface has nothing: the system's other way, then its pages (山东's bureaus)."""
        assert task.ask is not None
        other = named(task.vendor).otherwise(task.ask, len(self._listed[task.column]))
        if other is not None:
            return self.ask(other.url, task.but(ask=other))
        page_two = task.but(ask=None, fallback="", number=2, needed=False, expected=True)
        return self.ask(task.fallback, page_two) if task.fallback else None

    def following(self, ask: Ask | None, task: Task, *, fresh: bool, total: int | None) -> Output:
        """Ask for the rest of a list; say so where it ends before the number of lines that it claims."""
        if self.is_enough:
            return
        if ask is not None and fresh and task.number < self.plan.limits.pages:
            number = task.number + (1 if task.ask is not None else 0)
            base = self.columns[task.column].url if task.column in self.columns else ask.url
            asked = task.but(
                ask=ask, number=number, needed=True, list_url=task.list_url or base, lines=total or task.lines
            )
            yield from self.maybe(self.ask(ask.url, asked))
            return
        seen = len(self._listed[task.column])
        if (total or 0) > seen or (ask is not None and task.number >= self.plan.limits.pages):
            yield self.incomplete(task, f"{total or 'more'} lines", task.number)

    def ends_before(self, task: Task) -> Output:
        """The last page that a list names is often not there (上海); less than its lines, or a page between, is missed."""
        other = self.ask(task.fallback, task.but(fallback="")) if task.number == 2 and task.fallback else None
        if other is not None:
            yield other
            return
        if task.lines > len(self._listed.get(task.column, ())) or task.pages > task.number:
            says = f"{task.lines} lines" if task.lines else f"{task.pages} pages"
            yield self.incomplete(task, says, task.number - 1)

    def incomplete(self, task: Task, says: str, pages: int) -> Trouble:
        """Part of a list must not pass for all of it."""
        seen = f"{len(self._listed.get(task.column, ()))} lines on {many(pages, 'page')} were seen"
        return Trouble("list_incomplete", task.column, f"{task.name}: the list says {says}; {seen}")

    def reading(self, markup: Markup, task: Task, *, expected: bool) -> Reading:
        return lists.read(markup, expected=expected, known=self.everywhere, selectors=self.portal.profile.items)

    def note_lines(self, reading: Reading, task: Task) -> tuple[frozenset[str], bool]:
        """Remember the lines of a list's page: which they are, and whether any of them is new."""
        found = frozenset(canonical_url(url) for url in (*(item.url for item in reading.items), *reading.refused))
        listed = self._listed.setdefault(task.column, set())
        fresh = bool(found - listed)
        listed |= found
        return found, fresh

    def by_year(self, url: str, task: Task) -> Output:
        """An organ's page that lists no report, of a system that may hold them at an address a year all the same."""
        yield from self.climb(by_area(url, task.name))

    @property
    def is_enough(self) -> bool:
        return self.plan.sample is not None and self.candidates >= self.plan.sample
