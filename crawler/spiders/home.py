"""From a portal's front page to its 年报 columns: menus scored by their words, best first (portals.md 8.3)."""

from __future__ import annotations

from collections.abc import AsyncIterator

from scrapy import Request
from scrapy.http import Response

from crawler import lists
from crawler.frontier import Frontier, Lead
from crawler.items import Page, Trouble
from crawler.markup import Markup
from crawler.scoring import LEADS
from crawler.spiders.base import Output
from crawler.spiders.columns import ColumnSpider
from crawler.tasks import Role, Task
from crawler.urls import canonical_url


class HomeSpider(ColumnSpider):
    """
    Domain
      A portal of which the front page is known, and perhaps some of its columns
    Begins at
      The registry's columns; where there are none, the front page
    """

    name = "home"

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.frontier = Frontier(self.plan.limits.discovery)
        self._looking = 0
        """Pages of the search that are under way: one at a time, or best first means nothing."""

    async def start(self) -> AsyncIterator[Request]:
        known = [Task(Role.COLUMN, expected=True) for _ in self.portal.columns]
        for column, task in zip(self.portal.columns, known, strict=True):
            for request in self.maybe(self.ask(column.url, task)):
                yield request  # type: ignore[misc]
        if not known and self.portal.home:
            self._looking += 1
            for request in self.maybe(self.ask(self.portal.home, Task(Role.FRONT, "front page"))):
                yield request  # type: ignore[misc]

    def read(self, response: Response, page: Page, task: Task) -> Output:
        if task.role not in (Role.FRONT, Role.MENU):
            yield from super().read(response, page, task)
            return
        self._looking -= 1
        markup = self.markup(response, page)
        if markup is not None:
            yield from (self.front if task.role is Role.FRONT else self.menu)(response, page, markup, task)
        yield from self.look()

    def missed(self, task: Task) -> Output:
        yield from super().missed(task)
        if task.role in (Role.FRONT, Role.MENU):
            self._looking -= 1
            yield from self.look()

    def front(self, response: Response, page: Page, markup: Markup, task: Task) -> Output:
        reading = lists.read(markup, front=True)
        self.everywhere = frozenset(canonical_url(link.url) for link in markup.links)
        yield from self.details(reading, markup.url, task)
        self.note_leads(markup, task)
        if not markup.links:
            yield Trouble(
                "needs_browser", page.capture.canonical_url, "the front page has no links: it is built by script", page
            )

    def menu(self, response: Response, page: Page, markup: Markup, task: Task) -> Output:
        reading = lists.read(markup, known=self.everywhere)
        self.note_leads(markup, task)
        if reading.proof or reading.is_report:
            self.frontier.found()
            yield from self.column(response, page, markup, task.but(role=Role.COLUMN, depth=0))
        else:
            # 3.4: reports stand outside of their column too
            yield from self.details(reading, markup.url, task)

    def note_leads(self, markup: Markup, task: Task) -> None:
        around = f"{markup.meta.get('columnname', '')} {' '.join(markup.crumbs)} {task.name}"
        self.frontier.add(markup.links, task.depth + 1, around)
        for frame in markup.frames:
            # A list in a frame is its page's list (应急管理部).
            self.frontier.push(Lead(frame, task.name, task.depth + 1, LEADS - 1))

    def look(self) -> Output:
        """Ask for the next best page of the search, when none is under way."""
        while self._looking == 0 and not self.is_enough:
            lead = self.frontier.next()
            if lead is None:
                return
            # A link that is called 年报 and leads nowhere is worth a note; a menu is not.
            request = self.ask(lead.url, Task(Role.MENU, lead.name, depth=lead.depth, needed=lead.names_a_column))
            if request is not None:
                self._looking += 1
                yield request
