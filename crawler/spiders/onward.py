"""Where a list leads: to its lines' reports, its next page, its years and organs, and what a system's rules add."""

from __future__ import annotations

from crawler.browser.chromium import in_browser
from crawler.finding import lists
from crawler.finding.lists import Item, Part, Reading
from crawler.finding.paging import after, declared, file_of, is_unknown, pages_of
from crawler.finding.scoring import LEADS, score
from crawler.finding.titles import Promise, years
from crawler.pages.attachments import Attached
from crawler.pages.companions import companions
from crawler.pages.markup import Markup
from crawler.plan import Visit
from crawler.spiders.base import Output
from crawler.spiders.interfaces import InterfaceSpider
from crawler.tasks import Role, Task
from crawler.urls import canonical_url
from crawler.vendors import leads, named
from crawler.vendors.ladders import is_rung, ladders

ROWS = "li a[href], td a[href], dd a[href]"
"""What a list that a script builds is waited for by."""


class OnwardSpider(InterfaceSpider):
    """Asks for what a list leads to. Subclasses say what a page is."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.newest = 0
        """The newest report year that a list's line named."""
        self._parts = 0

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
            if self._wants(part) and not is_rung(part.url):
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
        if url is None and is_fresh and 1 < task.number < task.pages:
            url = after(markup.url)
        if url and task.number < self.plan.limits.pages:
            if task.number == 1:
                task = task.but(lines=total or declared(markup).items or 0, pages=pages_of(markup))
            # Of `var countPage = 3` nobody knows whether the second file is index_1 or index_2.
            other = (after(url) or "") if task.number == 1 and file_of(url)[1] == 1 else ""
            following = task.but(number=task.number + 1, needed=True, expected=True, fallback=other)
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
        links = (link for link in markup.links if self.scope.allows(link.url))
        for ladder in ladders(links, below=self.plan.visit is not Visit.NIGHTLY):
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

    def _wants(self, part: Part) -> bool:
        # A year's folder is re-used when somebody forgets to make the next one (3.3): one year of slack on both sides.
        return part.kind != "year" or any(
            self.plan.wants(part.name.replace(str(year), str(year + slack)), None)
            for year in years(part.name) or (0,)
            for slack in (-1, 0, 1)
        )


def _year(item: Item) -> int:
    """The year that a line's title names, else the one before its date; 0 where nobody knows."""
    return max(years(item.title), default=item.date.year - 1 if item.date else 0)
