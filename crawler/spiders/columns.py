"""How a 年报 column is read, whatever way it was found: its lines, its pages, its years and organs, its reports."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from scrapy import Request
from scrapy.http import Response

from crawler import lists
from crawler.assembly import Assembly
from crawler.attachments import attached
from crawler.browser import in_browser
from crawler.items import Page, Trouble
from crawler.lists import Item, Part, Reading
from crawler.markup import LARGEST_LIST, Markup
from crawler.paging import declared, next_page
from crawler.scoring import LEADS, score
from crawler.skeleton import Skeleton, skeleton
from crawler.spiders.base import Output, PortalSpider
from crawler.tasks import Role, Task
from crawler.titles import Promise, years
from crawler.urls import canonical_url
from storage.records import CaptureRecord, Column, Found

ROWS = "li a[href], td a[href], dd a[href]"
"""What a list that a script builds is waited for by."""


@dataclass(frozen=True, eq=False)
class ListSeen:
    """The first page of a list, as this visit saw it."""

    page: Page
    skeleton: Skeleton
    lines: int
    """Reports, other lines, and parts of the column."""


class ColumnSpider(PortalSpider):
    """Reads columns and details. Subclasses begin, and read what is neither (front pages and menus)."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.columns: dict[str, Column] = {}
        """The columns that were proven, by canonical address."""
        self.everywhere: frozenset[str] = frozenset()
        """Links of the front page: what stands on every page is no part of a column."""
        self.lists_seen: dict[str, ListSeen] = {}
        """By the canonical address of the column."""
        self.candidates = 0
        self._parts = 0
        self._listed: dict[str, set[str]] = {}
        """Lines seen so far, by list."""

    def read(self, response: Response, page: Page, task: Task) -> Output:
        if task.role is Role.FILE:
            yield from self.settle(task, page)
            return
        is_large = len(response.body) > LARGEST_LIST
        markup = None if is_large and task.role is Role.DETAIL else self.markup(response, page)
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
        reading = lists.read(markup, known=self.everywhere)
        is_list = not reading.is_report and reading.promised >= 2 and not markup.meta.get("articletitle")
        if is_list and task.depth < self.plan.limits.depth:
            yield from self.column(
                response, page, markup, task.but(role=Role.COLUMN, depth=task.depth + 1, expected=True)
            )
        else:
            yield from self.detail(page, markup, task)

    def column(self, response: Response, page: Page, markup: Markup, task: Task) -> Output:
        """A page that may be a 年报 column: its reports if it is one, and what leads on."""
        reading = lists.read(markup, expected=task.expected, known=self.everywhere, selectors=self.portal.profile.items)
        if reading.is_report:
            # A column of one page is the report (博达 VSB); a list that says so had better be believed.
            yield from self.detail(page, markup, task.but(promised=True, name=""))
            return
        if reading.proof is None:
            yield from self.details(reading, markup.url, task)
            yield from self.leads(markup, task)
            return
        page.capture = replace(page.capture, kind="list")
        if task.number == 1:
            self.note_column(markup, task)
            task = task.but(column=canonical_url(markup.url))
        lines = {canonical_url(url) for url in (*(item.url for item in reading.items), *reading.refused)}
        listed = self._listed.setdefault(task.column, set())
        fresh = lines - listed
        listed |= lines
        if task.number == 1:
            self.lists_seen[task.column] = ListSeen(page, skeleton(markup), len(lines) + len(reading.parts))
        yield from self.details(reading, markup.url, task)
        yield from self.parts(reading, markup.url, task)
        if self._is_built_by_script(markup, reading, task):
            yield from self.render(markup, task)
        elif not lines and not reading.parts and task.number == 1:
            # Nothing where something was expected is no success: an emptied column, or a list that we cannot read.
            told = f"{task.name or markup.title}: called a 年报 column, and not one line of it was seen"
            yield Trouble("empty_column", task.column, told, page)
        elif not self.is_enough:
            # Where the newest stand first, a nightly visit may stop at a page that has nothing new (middlewares/enough).
            stop = frozenset(lines) if lists.is_newest_first(reading) else frozenset[str]()
            yield from self.next(markup, task, is_fresh=bool(fresh), lines=stop)

    def next(self, markup: Markup, task: Task, *, is_fresh: bool, lines: frozenset[str] = frozenset()) -> Output:
        """The list's next page. A page that brought nothing new is the last, whatever it says of more.

        A list that says it is longer than what was seen is paged in the browser, and where that does not help it is a
        problem: part of a list must not pass for all of it.
        """
        if task.more:
            return
        url = next_page(markup) if is_fresh or task.number == 1 else None
        if url and task.number < self.plan.limits.pages:
            following = task.but(number=task.number + 1, needed=False, expected=True)
            yield from self.maybe(self.ask(url, following, lines=lines))
            return
        says, seen = declared(markup), len(self._listed[task.column])
        is_short = url is not None or (says.items or 0) > seen or (says.pages or 0) > task.number
        if not is_short or not (is_fresh or task.rendered or task.number == 1):
            return
        if not task.rendered and url is None:
            yield from self.render(markup, task)
            return
        length = f"{says.items} lines" if says.items else f"{says.pages or 'more'} pages"
        told = f"{task.name}: the list says {length}; {seen} lines on {task.number} pages were seen"
        yield Trouble("list_incomplete", task.column, told)

    def render(self, markup: Markup, task: Task) -> Output:
        """The same page in a browser: once, and with its next pages as far as a click reaches them."""
        meta = in_browser(ROWS, self.plan.limits.clicks)
        yield from self.maybe(self.ask(markup.url, task.but(rendered=True, needed=True), **meta))

    def leads(self, markup: Markup, task: Task) -> Output:
        """An organ's page that is no column itself: its links that are called 年报."""
        if task.depth >= self.plan.limits.depth:
            return
        around = f"{markup.title} {' '.join(markup.crumbs)}"
        for link in markup.links:
            if score(link, around) >= LEADS and canonical_url(link.url) not in self.everywhere and not years(link.name):
                yield from self.part(link.url, Task(Role.COLUMN, link.name, depth=task.depth + 1, needed=False))

    def details(self, reading: Reading, list_url: str, task: Task) -> Output:
        for item in reading.items:
            if self.is_enough:
                return
            if self.was_asked(item.url) or not self.scope.allows(item.url):
                continue
            if self.plan.wants(item.title, item.date.year if item.date else None):
                yield from self.item(item, list_url, task)

    def item(self, item: Item, list_url: str, task: Task) -> Output:
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
                    year=max(years(item.title), default=item.date.year - 1 if item.date else 0),
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

    def note_column(self, markup: Markup, task: Task) -> None:
        key = canonical_url(markup.url)
        if key not in self.columns:
            self.columns[key] = Column(markup.url, task.name or markup.title, self.portal.vendor)
            self.services.counts["columns"] += 1

    # Details

    def detail(self, page: Page, markup: Markup | None, task: Task) -> Output:
        """A page that may be a report: first its files and pictures, then it is a candidate."""
        if self.plan.dry_run:
            self.services.seen(page.capture.url, task.name or (markup.title if markup else ""), task.promised)
            return
        assembly = Assembly(page, task, self.context)
        if markup is not None:
            assembly.skeleton = skeleton(markup, body=self.portal.profile.body, detail=True)
            files = tuple(f for f in attached(markup, self.portal.profile.body) if self.scope.allows(f.url))
            assembly.expect(files)
        if assembly.complete:
            yield assembly.candidate()
        for key, file in assembly.wanted.items():
            its_task = Task(Role.FILE, file.name, needed=not file.is_picture, assembly=assembly, key=key)
            request = self.ask(file.url, its_task)
            if request is None:
                yield from self.settle(its_task, None)
            else:
                yield request

    def settle(self, task: Task, page: Page | None) -> Output:
        """A file has come (`page`) or will not come (None). With the last one the candidate is complete."""
        assembly = task.assembly
        assert assembly is not None
        if page is None:
            assembly.failed(task.key)
        else:
            assembly.arrived(task.key, page)
        if assembly.complete:
            yield assembly.candidate()

    def missed(self, task: Task) -> Output:
        if task.role is Role.FILE:
            yield from self.settle(task, None)

    def revisit(self, known: CaptureRecord) -> Request | None:
        """A report that the archive has and this visit's lists did not name: is it still there, and the same?"""
        found = known.found or Found()
        published = date.fromisoformat(found.published) if found.published else None
        task = Task(Role.DETAIL, found.title or "", published, list_url=found.list_url, promised=True, needed=False)
        return self.ask(known.url, task)

    # Small things

    @property
    def is_enough(self) -> bool:
        return self.plan.sample is not None and self.candidates >= self.plan.sample

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

    @staticmethod
    def maybe(request: Request | None) -> Output:
        if request is not None:
            yield request
