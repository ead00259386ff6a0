"""From a portal's front page to its 年报 columns: menus scored by their words, best first (portals.md 8.3)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from urllib.parse import urljoin

from scrapy import Request
from scrapy.http import Response

from crawler import vendors
from crawler.finding import lists
from crawler.finding.entrance import entrance_of
from crawler.finding.frontier import Frontier, Lead
from crawler.finding.lists import Reading
from crawler.finding.own_page import stranger
from crawler.finding.resorts import PROBES, in_sitemap, maps, searches
from crawler.finding.scoring import LEADS, SURE, is_disclosure, is_news, is_organ_menu
from crawler.finding.titles import years
from crawler.items import Page, Trouble
from crawler.pages.markup import Markup
from crawler.spiders.base import Output
from crawler.spiders.columns import NO_ROWS, ColumnSpider
from crawler.tasks import Role, Task
from crawler.urls import canonical_url
from crawler.vendors import recognise
from crawler.vendors.vendor import WORDS
from parsers.documents.charset import decode

SITEMAP = "sitemap.xml"
SEARCH = "search"
PROBE = "usual address"
NEWS = "news"
PAGES = {SEARCH: 10, NEWS: 3}
"""Of search results, and of a list of news: what is older has left its first pages."""
NEWS_LISTS = 8


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
        self._resorts: list[tuple[str, Task]] = []
        self._front: Markup | None = None
        self._news: dict[str, None] = {}
        """Lists of news and notices that the front page, or a frame of it, links to."""
        self._framed: set[str] = set()
        """Frames of the front page: many hold its menus."""
        self._looking = 0
        """Pages of the search that are under way: one at a time, or best first means nothing."""

    async def start(self) -> AsyncIterator[Request]:
        columns = {**self.plan.columns, **{column.url: "" for column in self.portal.columns}}
        for url, name in columns.items():
            for request in self.maybe(self.begin(url, Task(Role.COLUMN, name, expected=True))):
                yield request  # type: ignore[misc]
        if not columns or self.plan.discover:
            for request in self.from_the_front():
                yield request  # type: ignore[misc]

    def from_the_front(self) -> Output:
        request = self.ask(self.portal.home, Task(Role.FRONT, "front page")) if self.portal.home else None
        if request is not None:
            self._looking += 1
            yield request

    def read(self, response: Response, page: Page, task: Task) -> Output:
        if task.role not in (Role.FRONT, Role.MENU):
            yield from super().read(response, page, task)
            return
        self._looking -= 1
        markup = self.markup(response, page)
        if task.name == SITEMAP:
            for lead in in_sitemap(response.body.decode("utf-8", "replace"), response.url):
                self.frontier.push(lead)
        elif task.ask is not None:
            yield from self.searched(response, page, task)
        elif markup is not None and task.name in PAGES:
            yield from self.results(markup, task)
        elif markup is not None:
            yield from (self.front if task.role is Role.FRONT else self.menu)(response, page, markup, task)
        yield from self.look()

    def missed(self, task: Task) -> Output:
        yield from super().missed(task)
        if task.role in (Role.FRONT, Role.MENU):
            self._looking -= 1
            yield from self.look()
        elif task.role is Role.COLUMN and task.number == 1 and task.depth == 0:
            # A column of the registry that has moved: it may be found again.
            yield from self.from_the_front()

    def barren(self, task: Task) -> Output:
        """It may have moved: the portal is looked through again, once."""
        if task.depth == 0:
            yield from self.from_the_front()

    def look_again(self) -> Output:
        """Through the menus, once, if they were not looked at in this visit anyway."""
        if self.sign is None:
            self.has_looked_again = True
            yield from self.from_the_front()

    def search(self) -> Output:
        """By the front page's search, where it has one that was not needed to find the columns."""
        while self._resorts:
            url, task = self._resorts.pop(0)
            request = self.ask(url, task) if task.name == SEARCH else None
            if request is not None:
                self._looking += 1
                yield request
                return

    def news(self) -> Output:
        """The front page's lists of news and notices: a report among them stands in no column."""
        for url in list(self._news)[:NEWS_LISTS]:
            request = self.ask(url, Task(Role.MENU, NEWS, depth=1, needed=False))
            if request is not None:
                self._looking += 1
                yield request

    def search_for(self, organ: str, year: int) -> Request | None:
        if self._front is None:
            return None
        asked = Task(Role.MENU, SEARCH, depth=1, needed=False, year=year)
        words = f"{organ}{year}年{WORDS}"
        for vendor, ask in vendors.searches(self._front, words)[:1]:
            return self._looked_for(ask.url, asked.but(ask=ask, vendor=vendor.name))
        for url in searches(self._front, words)[:1]:
            return self._looked_for(url, asked)
        return None

    def _looked_for(self, url: str, task: Task) -> Request | None:
        request = self.ask(url, task)
        self._looking += request is not None
        return request

    def front(self, response: Response, page: Page, markup: Markup, task: Task) -> Output:
        door = self.ask(entrance, task) if (entrance := entrance_of(markup, self.scope)) is not None else None
        if door is not None:
            self._looking += 1
            yield door
            return
        reading = lists.read(markup, front=True)
        self.everywhere = frozenset(canonical_url(link.url) for link in markup.links)
        self.sign = recognise(markup)
        self._front = markup
        self._note_news(markup)
        self._framed = set(map(canonical_url, markup.frames))
        why = stranger(markup, self.portal)
        if why:
            yield Trouble("stranger", page.capture.canonical_url, why, page)
        yield from self.details(reading, markup.url, task)
        if lists.says_so(markup):
            # Whoever gives a list as the front page wants all of it.
            yield from self.column(response, page, markup, task.but(role=Role.COLUMN, expected=True))
        has_frames = self.note_leads(markup, task)
        yield from self.vendor_leads(markup, task)
        site_map = urljoin(markup.url, "/sitemap.xml")
        self._resorts = [
            *((url, Task(Role.MENU, "网站地图", depth=1, needed=False)) for url in maps(markup)),
            (site_map, Task(Role.MENU, SITEMAP, depth=1, needed=False)),
            *(
                (ask.url, Task(Role.MENU, SEARCH, depth=1, needed=False, ask=ask, vendor=vendor.name))
                for vendor, ask in vendors.searches(markup)
            ),
            *((url, Task(Role.MENU, SEARCH, depth=1, needed=False)) for url in searches(markup)),
            *((urljoin(markup.url, path), Task(Role.MENU, PROBE, depth=1, needed=False)) for path in PROBES),
        ]
        if not markup.links and not has_frames:
            yield Trouble(
                "needs_browser", page.capture.canonical_url, "the front page has no links: it is built by script", page
            )

    def menu(self, response: Response, page: Page, markup: Markup, task: Task) -> Output:
        rows = recognise(markup).vendor.rows(markup) or NO_ROWS
        reading = lists.read(markup.with_rows(rows.html), known=self.everywhere)
        frames = self.note_leads(markup, task)
        if canonical_url(markup.url) in self._framed:
            self._note_news(markup)
        is_column = reading.proof or reading.is_report or rows.proof
        expected = task.expected or self._leads.expects(markup.url)
        if is_column or (expected and not reading.items and not frames):
            self.frontier.found()
            yield from self.column(response, page, markup, task.but(role=Role.COLUMN, depth=0))
        else:
            self._leads.unproven(markup.url)
            # 3.4: reports stand outside of their column too
            yield from self.details(reading, markup.url, task)
            yield from self.rungs(markup)
            yield from self.vendor_leads(markup, task)
            if is_organ_menu(task.name) or is_disclosure(task.name):
                yield from self.organs(markup, task)

    def _note_news(self, markup: Markup) -> None:
        self._news |= dict.fromkeys(link.url for link in markup.links if is_news(link.name))

    def note_leads(self, markup: Markup, task: Task) -> bool:
        """Remember where a page leads. Whether it has frames: a list in a frame is its page's list (应急管理部)."""
        around = f"{markup.meta.get('columnname', '')} {' '.join(markup.crumbs)} {task.name}"
        self.frontier.add(markup.links, task.depth + 1, around)
        frames = [frame for frame in markup.frames if self.scope.allows(frame)]
        for frame in frames:
            # A tree of organs stands in a frame of 信息公开 as often as below it: it is looked at when a column is known too.
            is_of_organs = is_disclosure(task.name) or is_organ_menu(task.name)
            points = SURE if task.expected else LEADS if is_of_organs else LEADS - 1
            self.frontier.push(Lead(frame, task.name, task.depth + 1, points, framed=True))
        return bool(frames)

    def look(self) -> Output:
        """Ask for the next best page of the search, when none is under way."""
        while self._looking == 0 and not self.is_enough:
            lead = self.frontier.next()
            if lead is None:
                yield from self.last_resort()
                return
            # A link that is called 年报 and leads nowhere is worth a note; a menu is not.
            needed = lead.names_a_column and not (lead.framed and not lead.is_sure)
            task = Task(Role.MENU, lead.name, depth=lead.depth, needed=needed, expected=lead.is_sure)
            request = self.ask(lead.url, task)
            if request is not None:
                self._looking += 1
                yield request
            elif canonical_url(lead.url) in self.columns:
                self.frontier.found()  # the menus lead where we were already

    def last_resort(self) -> Output:
        """Where no menu led to a column: the portal's own map of itself, its sitemap, its search."""
        while self._resorts and not self.columns and not self.candidates:
            request = self.ask(*self._resorts.pop(0))
            if request is not None:
                self._looking += 1
                yield request
                return

    def searched(self, response: Response, page: Page, task: Task) -> Output:
        """The answer of a search that a script asks: as a page of results."""
        assert task.ask is not None
        text, encoding = decode(response.body, (response.headers.get("Content-Type") or b"").decode("latin-1"))
        rows = vendors.named(task.vendor).answer(text, task.ask)
        page.capture = replace(page.capture, kind="list")
        if rows is None:
            return
        markup = Markup(f"<html><body>{rows.html}</body></html>", self.portal.home or response.url, encoding)
        yield from self.details(self.hits(markup, task), markup.url, task)
        if rows.following is not None and task.number < PAGES[SEARCH] and not task.year:
            request = self.ask(rows.following.url, task.but(ask=rows.following, number=task.number + 1))
            if request is not None:
                self._looking += 1
                yield request

    def hits(self, markup: Markup, task: Task) -> Reading:
        """What a search has found: of one that was asked for a year, only what may be of that year."""
        reading = lists.read(markup, front=True, known=self.everywhere)
        wanted = (item for item in reading.items if not task.year or task.year in (years(item.title) or (task.year,)))
        return replace(reading, items=tuple(wanted))

    def results(self, markup: Markup, task: Task) -> Output:
        """Search results, or news: only titles that promise a report are taken, and no page of them is a column."""
        yield from self.details(self.hits(markup, task), markup.url, task)
        url = recognise(markup).vendor.next_page(markup)
        if url and task.number < PAGES[task.name] and not task.year:
            request = self.ask(url, task.but(number=task.number + 1))
            if request is not None:
                self._looking += 1
                yield request
