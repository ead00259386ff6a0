"""How a detail page is read: its files and pictures, its text where a script fetches it, the year before it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeAlias

from scrapy import Request
from scrapy.http import Response

from crawler.finding import lists
from crawler.items import Page
from crawler.pages.assembly import Assembly
from crawler.pages.attachments import Attached, attached
from crawler.pages.companions import linked
from crawler.pages.markup import Markup
from crawler.pages.skeleton import skeleton
from crawler.spiders.base import SHELL, Output, PortalSpider
from crawler.tasks import Role, Task
from crawler.vendors import shell
from crawler.vendors.ladders import Ladder
from parsers.documents.media import HTML
from parsers.pictures import pictured
from parsers.source import Attachment, Source
from storage.shape.records import CaptureRecord, Found

Choose: TypeAlias = Callable[[Source, Sequence[Attachment]], Sequence[Attachment]]
"""Of the pictures that a page shows those that are worth fetching."""


class DetailSpider(PortalSpider):
    """Reads detail pages. Subclasses read the lists that lead to them."""

    candidates = 0

    def detail(self, page: Page, markup: Markup | None, task: Task) -> Output:
        """A page that may be a report: first its files and pictures, then it is a candidate."""
        if self.plan.dry_run:
            self.services.seen(page.capture.url, task.name or (markup.title if markup else ""), task.promised)
            return
        asked = None if markup is None or task.ask is not None else shell(markup)
        if asked is not None:
            # The page is a shell: what its script would ask for is the report.
            self.shells.learn(page.capture.url, asked)
            page.capture = replace(page.capture, kind=SHELL)
            yield from self.maybe(self.ask(asked.url, task.but(ask=asked, page_url=page.capture.url)))
            return
        assembly = Assembly(page, task, self.context)
        files: tuple[Attached, ...] = ()
        if markup is not None:
            body = self.portal.profile.body
            assembly.skeleton = skeleton(markup, body=body, detail=True)
            files = self.of_tables(page, attached(markup, body), pictured.of_report, task)
            files = (*files, *linked(markup, task.name or markup.title, body))
        assembly.expect((*(file for file in files if self.scope.allows(file.url)), *task.companions))
        if assembly.complete:
            yield assembly.candidate()
        yield from self.fetch(assembly, assembly.wanted)

    def fetch(self, assembly: Assembly, files: Mapping[str, Attached]) -> Output:
        """Ask for files of a page; those that may not be asked for (the budget is spent) will not come."""
        for key, file in files.items():
            its_task = Task(Role.FILE, file.name, needed=not file.is_picture, assembly=assembly, key=key)
            request = self.ask(file.url, its_task)
            if request is None:
                yield from self.settle(its_task, None)
            else:
                yield request

    def of_tables(self, page: Page, files: tuple[Attached, ...], choose: Choose, task: Task) -> tuple[Attached, ...]:
        """The files of a page without the pictures that are no tables. To look costs as much as to parse: few pages have any."""
        pictures = [Attachment(file.url, file.name) for file in files if file.is_picture]
        if not pictures:
            return files
        capture = page.capture
        source = Source(
            capture.content, capture.url, capture.declared, task.name or None, published=task.date, portal=self.context
        )
        chosen = {one.url for one in choose(source, pictures)}
        return tuple(file for file in files if not file.is_picture or file.url in chosen)

    def beside(self, response: Response, page: Page, task: Task) -> Output:
        """A file has come. A page that holds the report's table may show it as pictures: they belong to the report too."""
        assembly = task.assembly
        assert assembly is not None
        markup = None if assembly.wanted[task.key].is_picture else self.markup(response, page)
        if markup is not None:
            files = tuple(file for file in attached(markup, self.portal.profile.body) if file.is_picture)
            chosen = self.of_tables(page, files, pictured.of_companion, task)
            yield from self.fetch(
                assembly, assembly.expect_more(file for file in chosen if self.scope.allows(file.url))
            )
        yield from self.settle(task, page)

    def answered_detail(self, response: Response, page: Page, task: Task) -> Output:
        """The text of a shell, from the interface that its script asks."""
        markup = self.markup(response, page, task.page_url)
        if task.by_rule and not (markup is not None and (lists.has_chapters(markup) or attached_files(markup))):
            page.capture = replace(page.capture, kind=SHELL)
            yield from self.without_rule(task)
            return
        yield from self.detail(page, markup, task)

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

    # An address a year

    def climb(self, ladder: Ladder | None) -> Output:
        """The next year of an address that holds a report a year; years that were asked for already count as found."""
        while ladder is not None and not self.plan.dry_run:
            wanted = not self.plan.years or ladder.year in self.plan.years
            task = Task(Role.DETAIL, ladder.organ, needed=False, ladder=ladder)
            request = self.ask(ladder.url, task) if wanted else None
            if request is not None:
                yield request
                return
            ladder = ladder.next(found=True)

    def rung(self, page: Page, markup: Markup | None, task: Task) -> Output:
        """One year of it: a report, or a page that holds none because none was published."""
        assert task.ladder is not None
        reading = lists.read(markup) if markup is not None else None
        # What stands at such an address is no list: of a titled page a few chapters are enough, however short.
        shows = markup is not None and (lists.has_chapters(markup) or bool(attached_files(markup)))
        found = reading is None or reading.is_report or (reading.is_titled and shows)
        if found:
            self.services.counts["candidates"] += 1
            self.candidates += 1
            yield from self.detail(page, markup, task.but(name="", promised=True, needed=True))
        yield from self.climb(task.ladder.next(found=found))

    def missed(self, task: Task) -> Output:
        if task.role is Role.FILE:
            yield from self.settle(task, None)
        elif task.ladder is not None:
            yield from self.climb(task.ladder.next(found=False))

    def revisit(self, known: CaptureRecord) -> Request | None:
        """A report that the archive has and this visit's lists did not name: is it still there, and the same?"""
        found = known.found or Found()
        published = date.fromisoformat(found.published) if found.published else None
        # Its table's page, which only the list names.
        beside = tuple(
            Attached(one.url, one.name, is_picture=False) for one in found.attachments if one.media_type == HTML
        )
        task = Task(
            Role.DETAIL,
            found.title or "",
            published,
            list_url=found.list_url,
            promised=True,
            needed=False,
            companions=beside,
        )
        return self.ask(found.page_url or known.url, task)

    @staticmethod
    def maybe(request: Request | None) -> Output:
        if request is not None:
            yield request


def attached_files(markup: Markup | None) -> tuple[Attached, ...]:
    """The files of a page, without its pictures."""
    return () if markup is None else tuple(file for file in attached(markup) if not file.is_picture)
