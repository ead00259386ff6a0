"""How a 年报 column is read, whatever way it was found: whether it is one, and by what; what it has; what it has not."""

from __future__ import annotations

from dataclasses import dataclass, replace

from scrapy import Request
from scrapy.http import Response

from crawler.finding import lists
from crawler.finding.leads import Leads
from crawler.finding.lists import Reading
from crawler.items import Page, Trouble
from crawler.pages.markup import LARGEST_LIST, Markup
from crawler.pages.skeleton import Skeleton, skeleton
from crawler.spiders.base import Output
from crawler.spiders.onward import OnwardSpider
from crawler.tasks import Role, Task
from crawler.urls import canonical_url
from crawler.vendors import Rows, Sign, recognise
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


@dataclass(frozen=True, eq=False)
class ListSeen:
    """The first page of a list, as this visit saw it."""

    page: Page
    skeleton: Skeleton
    lines: int
    """What may be reports, and what surely is none; not the links to other parts of the column."""
    promised: int
    """Of these, the lines that are called reports."""


class ColumnSpider(OnwardSpider):
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
        self.has_looked_again = False
        self.has_searched = False
        """The portal's own search was asked for reports in general, or it has none."""

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
            yield from self.parts(reading, markup.url, task)
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
        frames = self._frames(markup, reading, rows) if task.number == 1 else ()
        if frames:
            for frame in frames:  # 应急管理部: the list stands in a frame of its page
                its_task = task.but(name=task.name or markup.title, depth=task.depth + 1, list_url=markup.url)
                yield from self.part(frame, its_task.but(expected=True))
            return
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

    def news(self) -> Output:
        """Look at what the portal publishes beside its columns."""
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

    def note_column(self, markup: Markup, task: Task, sign: Sign, proof: str | None) -> None:
        key = canonical_url(markup.url)
        if key not in self.columns:
            why = (proof or "", f"{sign.vendor.name}: {sign.why}")
            self.columns[key] = Column(markup.url, task.name or markup.title, sign.vendor.name, why, task.depth)
            self.services.counts["columns"] += 1

    # Small things

    def _frames(self, markup: Markup, reading: Reading, rows: Rows) -> tuple[str, ...]:
        """The portal's own frames in a page that has no line of a list itself."""
        holds = reading.items or reading.parts or reading.refused or rows.html or rows.following
        return () if holds else tuple(frame for frame in markup.frames if self.scope.allows(frame))

    def _is_built_by_script(self, markup: Markup, reading: Reading, task: Task) -> bool:
        if task.rendered or task.number > 1:
            return False
        holds = reading.items or any(part.kind != "column" for part in reading.parts)
        return self._is_to_render(markup.url) or (not holds and markup.script_count > 0)

    def _is_to_render(self, url: str) -> bool:
        return any(column.render and canonical_url(column.url) == canonical_url(url) for column in self.portal.columns)
