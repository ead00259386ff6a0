"""How a 年报 column is read, whatever way it was found: its lines, its pages, its years and organs, its reports."""

from __future__ import annotations

from dataclasses import dataclass, replace

from scrapy import Request
from scrapy.http import Response

from crawler.browser.chromium import in_browser
from crawler.finding import lists
from crawler.finding.leads import Leads
from crawler.finding.lists import Item, Part, Reading
from crawler.finding.paging import declared, is_unknown, pages_of
from crawler.finding.scoring import LEADS, score
from crawler.finding.titles import Promise, years
from crawler.items import Page, Trouble
from crawler.pages.attachments import Attached
from crawler.pages.companions import companions
from crawler.pages.markup import LARGEST_LIST, Markup
from crawler.pages.skeleton import Skeleton, skeleton
from crawler.plan import Visit
from crawler.spiders.base import Output
from crawler.spiders.interfaces import InterfaceSpider
from crawler.tasks import Role, Task
from crawler.urls import canonical_url
from crawler.vendors import Rows, Sign, leads, named, recognise
from crawler.vendors.ladders import ladders
from storage.shape.records import Column

NO_ROWS = Rows()
WHY = {
    "meta": "its ColumnName says so",
    "breadcrumb": "its breadcrumb ends in it",
    "titles": "its lines are called annual reports",
    "heading": "its title says so",
    "named": "a link or the registry calls it so",
}
"""Proofs of `crawler.finding.lists` in words."""
ROWS = "li a[href], td a[href], dd a[href]"
"""What a list that a script builds is waited for by."""


@dataclass(frozen=True, eq=False)
class ListSeen:
    """The first page of a list, as this visit saw it."""

    page: Page
    skeleton: Skeleton
    lines: int
    """What may be reports, and what surely is none; not the links to other parts of the column."""
    promised: int
    """Of these, the lines that are called reports."""


class ColumnSpider(InterfaceSpider):
    """Reads columns and details. Subclasses begin, and read what is neither (front pages and menus)."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.sign: Sign | None = None
        """The system that the front page is built with; its columns may be of another."""
        self._leads = Leads()
        self._ways: dict[str, set[str]] = {}
        """Column -> the addresses that were asked for and led to it."""
        self.lists_seen: dict[str, ListSeen] = {}
        """By the canonical address of the column."""
        self.newest = 0
        """The newest report year that a list's line named."""
        self.has_looked_again = False
        self.has_searched = False
        """The portal's own search was asked for reports in general, or it has none."""
        self._parts = 0

    @property
    def found_columns(self) -> tuple[Column, ...]:
        """The columns, each named by the best link to it: which of them was read first is chance."""
        found = []
        for key, column in self.columns.items():
            led = self._leads.best({key, *self._ways.get(key, ())})
            if led is not None:
                column = replace(column, title=led.name or column.title, depth=min(led.depth, column.depth))
            found.append(column)
        return tuple(sorted(found, key=lambda column: (column.depth, column.url)))

    def ask(self, url: str, task: Task, **meta: object) -> Request | None:
        self._leads.note(url, task)
        if self._leads.is_news(url, task):
            self.forget(url)  # the archive has it, so that the portal is asked only whether it changed
        return super().ask(url, task, **meta)

    def read(self, response: Response, page: Page, task: Task) -> Output:
        if task.role is Role.AGAIN:
            return
        if task.role is Role.FILE:
            yield from self.beside(response, page, task)
            return
        if task.ask is not None:
            yield from (self.answered_detail if task.ask.what == "detail" else self.answered)(response, page, task)
            return
        is_large = len(response.body) > LARGEST_LIST
        markup = None if is_large and task.role is Role.DETAIL else self.markup(response, page)
        if task.ladder is not None:
            yield from self.rung(page, markup, task)
            return
        if markup is None:
            # A file where a page was expected: lists link to PDFs as to pages.
            if task.role in (Role.DETAIL, Role.NAMED):
                yield from self.detail(page, None, task)
            elif task.needed:
                yield Trouble("no_list", page.capture.canonical_url, f"{task.name}: a file instead of a list", page)
            return
        if is_large:
            yield Trouble(
                "too_large", page.capture.canonical_url, "too large for a list; only its beginning was read", page
            )
        if task.role is Role.DETAIL:
            yield from self.detail_or_list(response, page, markup, task)
        elif task.role is Role.NAMED:
            yield from self.named(response, page, markup, task)
        else:
            yield from self.column(response, page, markup, task)

    # Lists

    def named(self, response: Response, page: Page, markup: Markup, task: Task) -> Output:
        """An address that the user gave: a report page, or a list."""
        reading = lists.read(markup)
        if reading.is_report or (not reading.items and (reading.is_titled or not reading.proof)):
            yield from self.detail(page, markup, task.but(promised=True))
        else:
            yield from self.column(response, page, markup, task.but(role=Role.COLUMN, expected=True))

    def detail_or_list(self, response: Response, page: Page, markup: Markup, task: Task) -> Output:
        """`2019年政府信息公开年报` may be a report or the list of a year's reports: the page itself tells."""
        if markup.meta.get("articletitle") or not lists.may_be(markup):
            yield from self.detail(page, markup, task)
            return
        reading = lists.read(markup, known=self.everywhere)
        is_list = not reading.is_report and reading.promised >= 2
        if is_list and task.depth < self.plan.limits.depth:
            yield from self.column(
                response, page, markup, task.but(role=Role.COLUMN, depth=task.depth + 1, expected=True)
            )
        else:
            yield from self.detail(page, markup, task)

    def column(self, response: Response, page: Page, markup: Markup, task: Task) -> Output:
        """A page that may be a 年报 column: its reports if it is one, and what leads on."""
        sign = recognise(markup)
        rows = sign.vendor.rows(markup) or NO_ROWS
        markup = markup.with_rows(rows.html)
        expected = task.expected or self._leads.expects(markup.url)
        reading = self.reading(markup, task, expected=expected or rows.proof is not None)
        if reading.is_report:
            # A column of one page is the report (博达 VSB); a list that says so had better be believed.
            yield from self.detail(page, markup, task.but(promised=True, name=""))
            return
        yield from self.rungs(markup)
        if reading.proof is None:
            self._leads.unproven(markup.url)
            yield from self.details(reading, markup.url, task)
            onwards = list(self.named_columns(markup, task))
            yield from onwards
            if not onwards and not reading.items:
                yield from self.by_year(markup.url, task)
            return
        page.capture = replace(page.capture, kind="list")
        if task.number == 1:
            why = rows.proof or reading.proof
            came_from = response.meta.get("redirect_urls", ()) if response.request else ()
            self._ways.setdefault(canonical_url(markup.url), set()).update(came_from)
            self.note_column(markup, task, sign, WHY.get(why, why))
            task = task.but(column=canonical_url(markup.url), vendor=sign.vendor.name)
        lines, fresh = self.note_lines(reading, task)
        if task.number == 1:
            self.lists_seen[task.column] = ListSeen(page, skeleton(markup), len(lines), reading.promised)
        yield from self.details(reading, markup.url, task)
        yield from self.parts(reading, markup.url, task)
        yield from self.vendor_leads(markup, task)
        if rows.following is not None:
            task = task.but(fallback=sign.vendor.next_page(markup) or "", expected=not rows.proof)
            yield from self.following(rows.following, task, fresh=fresh or task.number == 1, total=rows.total)
        elif self._is_built_by_script(markup, reading, task):
            yield from self.render(markup, task)
        elif not self._listed[task.column] and not reading.parts and task.number == 1 and not rows.proof:
            # Nothing where something was expected is no success: an emptied column, or a list that we cannot read.
            told = f"{task.name or markup.title}: called a 年报 column, and not one line of it was seen"
            yield Trouble("empty_column", task.column, told, page)
            yield from self.by_year(markup.url, task)
            yield from self.barren(task)
        elif not self.is_enough:
            if task.number == 1 and not reading.items and not reading.parts:
                yield from self.barren(task)
            # Where the newest stand first, a nightly visit may stop at a page that has nothing new (middlewares/enough).
            stop = lines if lists.is_newest_first(reading) else frozenset[str]()
            yield from self.next(markup, task, is_fresh=fresh, total=rows.total, lines=stop)

    def barren(self, task: Task) -> Output:
        """A column that was begun at has no report any more."""
        yield from ()

    def look_again(self) -> Output:
        """Look for columns although some are known."""
        yield from ()

    def search(self) -> Output:
        """Ask the portal's own search for reports that no column named."""
        yield from ()

    def search_for(self, organ: str, year: int) -> Request | None:
        """Ask the portal's own search for one report; None where it has no search that is known."""
        return None

    def next(
        self,
        markup: Markup,
        task: Task,
        *,
        is_fresh: bool,
        total: int | None = None,
        lines: frozenset[str] = frozenset(),
    ) -> Output:
        """The list's next page. A page that brought nothing new is the last, whatever it says of more.

        A list that says it is longer than what was seen is paged in the browser, and where that does not help it is a
        problem: part of a list must not pass for all of it.
        """
        if task.more:
            return
        url = named(task.vendor).next_page(markup) if is_fresh or task.number == 1 else None
        if url and task.number < self.plan.limits.pages:
            if task.number == 1:
                task = task.but(lines=total or declared(markup).items or 0, pages=pages_of(markup))
            following = task.but(number=task.number + 1, needed=True, expected=True)
            yield from self.maybe(self.ask(url, following, lines=lines))
            return
        says, seen = declared(markup), len(self._listed[task.column])
        is_short = url is not None or (total or says.items or 0) > seen or (says.pages or 0) > task.number
        if not is_short and task.number == 1 and not task.rendered and seen and is_unknown(markup):
            yield from self.render(markup, task)
            return
        if not is_short or not (is_fresh or task.rendered or task.number == 1):
            return
        if not task.rendered and url is None:
            yield from self.render(markup, task)
            return
        length = f"{says.items} lines" if says.items else f"{says.pages or 'more'} pages"
        yield self.incomplete(task, length, task.number)

    def render(self, markup: Markup, task: Task) -> Output:
        """The same page in a browser: once, and with its next pages as far as a click reaches them."""
        meta = in_browser(ROWS, self.plan.limits.clicks)
        yield from self.maybe(self.ask(markup.url, task.but(rendered=True, needed=True), **meta))

    def rungs(self, markup: Markup) -> Output:
        """Addresses on a page that hold a report a year."""
        for ladder in ladders(link for link in markup.links if self.scope.allows(link.url)):
            yield from self.climb(ladder)

    def vendor_leads(self, markup: Markup, task: Task) -> Output:
        """The columns of other organs that a system's own rules give."""
        if task.depth >= self.plan.limits.depth:
            return
        for lead in leads(markup):
            named_so = Task(Role.COLUMN, lead.name, depth=task.depth + 1, needed=False)
            yield from self.part(lead.url, named_so)

    def organs(self, markup: Markup, task: Task) -> Output:
        """A page of organs (部门信息公开): each may have a column of its own."""
        for part in lists.organs(markup, self.everywhere):
            yield from self.part(part.url, Task(Role.COLUMN, part.name, depth=task.depth + 1, needed=False))

    def named_columns(self, markup: Markup, task: Task) -> Output:
        """An organ's page that is no column itself: its links that are called 年报."""
        yield from self.vendor_leads(markup, task)
        if task.depth >= self.plan.limits.depth:
            return
        around = f"{markup.title} {' '.join(markup.crumbs)}"
        for link in markup.links:
            if score(link, around) >= LEADS and canonical_url(link.url) not in self.everywhere and not years(link.name):
                yield from self.part(link.url, Task(Role.COLUMN, link.name, depth=task.depth + 1, needed=False))

    def details(self, reading: Reading, list_url: str, task: Task) -> Output:
        beside = companions(reading.items)
        attached_to = {file.url for files in beside.values() for file in files}
        items = reading.items
        self.newest = max([self.newest, *map(_year, items)])
        if self.plan.visit is Visit.BACKFILL:
            items = tuple(sorted(items, key=_year, reverse=True))  # the first of them are on their way at once
        for item in items:
            if self.is_enough:
                return
            if self.was_asked(item.url) or not self.scope.allows(item.url) or item.url in attached_to:
                continue
            if self.plan.wants(item.title, item.date.year if item.date else None):
                yield from self.item(item, list_url, task, beside.get(item.url, ()))

    def item(self, item: Item, list_url: str, task: Task, companions: tuple[Attached, ...] = ()) -> Output:
        self.candidates += 1
        self.services.counts["candidates"] += 1
        promised = item.promise is Promise.REPORT
        if self.plan.dry_run:
            self._seen.add(canonical_url(item.url))
            self.services.seen(item.url, item.title, promised)
            return
        yield from self.maybe(
            self.ask(
                item.url,
                Task(
                    Role.DETAIL,
                    item.title,
                    item.date,
                    task.depth,
                    list_url=list_url,
                    promised=promised,
                    column=task.column,
                    year=_year(item),
                    companions=companions,
                ),
            )
        )

    def parts(self, reading: Reading, list_url: str, task: Task) -> Output:
        if task.depth >= self.plan.limits.depth:
            return
        for part in reading.parts:
            if self._wants(part):
                sure = part.kind != "organ"
                yield from self.part(
                    part.url,
                    Task(Role.COLUMN, part.name, depth=task.depth + 1, list_url=list_url, expected=sure, needed=sure),
                )

    def part(self, url: str, task: Task) -> Output:
        request = self.ask(url, task) if self._parts < self.plan.limits.parts else None
        if request is not None:
            self._parts += 1
            yield request

    def note_column(self, markup: Markup, task: Task, sign: Sign, proof: str | None) -> None:
        key = canonical_url(markup.url)
        if key not in self.columns:
            why = (proof or "", f"{sign.vendor.name}: {sign.why}")
            self.columns[key] = Column(markup.url, task.name or markup.title, sign.vendor.name, why, task.depth)
            self.services.counts["columns"] += 1

    # Small things

    def _wants(self, part: Part) -> bool:
        # A year's folder is re-used when somebody forgets to make the next one (3.3): one year of slack on both sides.
        return part.kind != "year" or any(
            self.plan.wants(part.name.replace(str(year), str(year + slack)), None)
            for year in years(part.name) or (0,)
            for slack in (-1, 0, 1)
        )

    def _is_built_by_script(self, markup: Markup, reading: Reading, task: Task) -> bool:
        if task.rendered or task.number > 1:
            return False
        holds = reading.items or any(part.kind != "column" for part in reading.parts)
        return self._is_to_render(markup.url) or (not holds and markup.script_count > 0)

    def _is_to_render(self, url: str) -> bool:
        return any(column.render and canonical_url(column.url) == canonical_url(url) for column in self.portal.columns)


def _year(item: Item) -> int:
    """The year that a line's title names, else the one before its date; 0 where nobody knows."""
    return max(years(item.title), default=item.date.year - 1 if item.date else 0)
