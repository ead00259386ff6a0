"""The plumbing that every spider shares: requests by purpose, answers into the archive, failures into problems."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self, TypeAlias
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.browser.chromium import states
from crawler.errors import UNANSWERED, explain
from crawler.finding.shells import Shells
from crawler.items import Candidate, Dead, Page, Trouble
from crawler.manners.hosts import Hosts
from crawler.manners.schemes import Schemes
from crawler.middlewares.enough import KNOWN
from crawler.middlewares.robots import RobotsMiddleware
from crawler.pages.markup import Markup
from crawler.plan import Plan, Visit
from crawler.tasks import PRIORITY, Role, Task, sent
from crawler.urls import address_key, canonical_url
from crawler.vendors import Ask
from parsers.documents.charset import decode
from parsers.documents.media import HTML, sniff
from parsers.documents.scripted import page_text
from parsers.errors import Unreadable
from storage.archive import Capture, CaptureRecord, Found

if TYPE_CHECKING:
    from crawler.services import Services

Output: TypeAlias = Iterator[Request | Page | Candidate | Trouble | Dead]

# How a role is called in the archive until the parsers have said what a page is.
KINDS = {
    Role.FRONT: "page",
    Role.MENU: "page",
    Role.COLUMN: "list",
    Role.DETAIL: "page",
    Role.NAMED: "page",
    Role.FILE: "attachment",
    Role.AGAIN: "page",
}
SHELL = "shell"
"""What holds no text by itself: a page whose script fetches it, and an answer in which it is not."""
GET = Ask("")
SILENT = ("timeout", "unreachable", "cut_off", "http_error")


class PortalSpider(Spider, ABC):
    """One portal. Subclasses say where to begin and override `read`, which gets every good answer."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        if "plan" not in kwargs or "services" not in kwargs:
            raise UsageError("crawls are started with `nianbao crawl`, which opens the archive for them")
        return super().from_crawler(crawler, *args, **kwargs)

    def __init__(self, plan: Plan, services: Services, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.plan = plan
        self.portal = plan.portal
        self.context = plan.portal.context
        self.scope = plan.scope
        self.services = services
        self.hosts = Hosts()
        self.schemes = Schemes()
        self.shells = Shells()
        self.made = 0
        self.reports_got = 0
        """Pages of reports that came, unchanged ones among them."""
        self.over_budget = False
        """Something was left out because the portal's budget of this run is spent."""
        self.lists_cut = 0
        """Lists that broke off at a later page: the portal had trouble, and there are more lines."""
        self._seen: set[str] = set()

    @abstractmethod
    def read(self, response: Response, page: Page, task: Task) -> Output:
        """What follows from a good answer. The page itself is in the archive already."""

    def missed(self, task: Task) -> Output:
        """What follows when an address could not be got; the problem is noted already."""
        yield from ()

    def ends_before(self, task: Task) -> Output:
        """What follows when this page of a list is not there."""
        yield from ()

    def without_rule(self, task: Task) -> Output:
        """What a rule said of a shell brought no report: the shell itself says what to ask for."""
        assert task.page_url is not None
        self.shells.doubt(task.page_url)
        self._seen.discard(address_key(self.schemes.of(task.ask.url if task.ask else "")) + sent(task))
        self.forget(task.page_url)
        request = self.ask(task.page_url, task.but(ask=None, page_url=None, by_rule=False), by_itself=True)
        if request is not None:
            yield request

    # Requests

    def ask(self, url: str, task: Task, **meta: object) -> Request | None:
        """A request for one purpose; None where this run has asked already, or must not."""
        asked = task.ask or GET
        url = self.schemes.of(url)
        key = address_key(url) + ("#rendered" if task.rendered else "") + sent(task)
        if key in self._seen and task.role is not Role.FILE:
            return None
        if not self.scope.allows(url):
            return None
        if self.made >= self.plan.limits.requests:
            self.over_budget = True
            return None
        self._seen.add(key)
        self.made += 1
        if task.ask is None and not task.rendered:
            self.services.latest.expect(canonical_url(url))
        return Request(
            url,
            method=asked.method,
            body=asked.body,
            headers=dict(asked.headers),
            callback=self.received,
            errback=self.failed,
            priority=self.priority(task),
            dont_filter=True,
            meta={"task": task, "max_retry_times": self.settings.getint("RETRY_TIMES") if task.needed else 1, **meta},
        )

    def priority(self, task: Task) -> int:
        """What goes first; of details the newest year. A backfill reads its lists first, to know which is the newest."""
        role = Role.FILE if task.role is Role.COLUMN and self.plan.visit is Visit.BACKFILL else task.role
        return PRIORITY[role] * 10_000 + task.year

    def was_asked(self, url: str) -> bool:
        return address_key(url) in self._seen

    def claim(self, key: str) -> bool:
        """Whether this run has not asked for it yet; it has from now on."""
        is_new = key not in self._seen
        self._seen.add(key)
        return is_new

    def forget(self, url: str) -> None:
        """This page may be asked for once more in this run."""
        self._seen.discard(address_key(self.schemes.of(url)))

    # Answers

    def received(self, response: Response) -> Output:
        task: Task = response.meta["task"]
        self.schemes.answered(response.url)
        shown = states(response)
        for number, state in enumerate(shown):
            is_last = number == len(shown) - 1
            yield from self._received(state, task.but(number=task.number + number, more=not is_last))

    def _received(self, response: Response, task: Task) -> Output:
        page = self.page(response, KINDS[task.role], task)
        self._seen.add(address_key(response.url) + sent(task))
        self.reports_got += task.role in (Role.DETAIL, Role.NAMED)
        try:
            # Read first, because reading says what kind of page it is; the page goes first all the same.
            outputs = list(self.read(response, page, task))
        except Exception as error:
            # A fault of ours on one page must not cost it, nor the others.
            self.logger.exception("reading %s failed", response.url)
            outputs = [Trouble("crawler_failed", page.capture.canonical_url, f"{type(error).__name__}: {error}", page)]
            outputs += self.missed(task)
        yield page
        yield from outputs

    def failed(self, failure: Failure) -> Output:
        """Every way in which a request can end badly, as one problem and perhaps an archived page."""
        request: Request = failure.request  # type: ignore[attr-defined]
        task: Task = request.meta["task"]
        error = failure.value
        response = getattr(error, "response", None)
        kind, message = explain(error)
        if kind == KNOWN:
            yield from self.missed(task)
            return
        if task.by_rule and kind not in (*UNANSWERED, "blocked"):
            if isinstance(response, Response):
                yield self.page(response, SHELL, task)
            yield from self.without_rule(task)
            return
        if "unanswered" in request.meta:
            message = f"{request.meta['unanswered']}; over {urlsplit(request.url).scheme}: {message}"
        again = self.over_the_other_scheme(request, kind, message)
        if again is not None:
            yield again
            return
        if kind in SILENT:
            self.hosts.silent(request.url)
        if kind in UNANSWERED and "unanswered" in request.meta:
            self.schemes.gave_no_answer(request.url)
            robots = self.crawler.get_downloader_middleware(RobotsMiddleware)
            if robots is not None:
                robots.unanswered(urlsplit(request.url).netloc, message)
        page = None
        if isinstance(response, Response):
            page = self.page(response, "blocked" if kind == "blocked" else KINDS[task.role], task)
            yield page
        asked = request.meta.get("redirect_urls", [request.url])[0]
        if kind == "not_found" and task.role in (Role.DETAIL, Role.NAMED):
            yield Dead(canonical_url(asked), message)
        # A dead link whose words promised no report is not missed, nor the page after the last.
        is_later_page = task.role is Role.COLUMN and task.number > 1
        is_guess = is_later_page or (task.role is Role.DETAIL and not task.promised)
        if (task.needed and not (kind == "not_found" and is_guess)) or kind == "blocked":
            what = f"{task.name}{f', page {task.number} of the list' if is_later_page else ''}: " if task.name else ""
            yield Trouble(kind, canonical_url(asked), f"{what}{message}", page)
            self.lists_cut += is_later_page and kind != "not_found"
        elif is_later_page and kind == "not_found":
            yield from self.ends_before(task)
        yield from self.missed(task)

    def over_the_other_scheme(self, request: Request, kind: str, message: str) -> Request | None:
        """The same request over https instead of http, or the reverse, where the host gave no answer; else None."""
        place = urlsplit(request.url).netloc
        robots = self.crawler.get_downloader_middleware(RobotsMiddleware)
        is_silent = kind in UNANSWERED and self.scope.allows(request.url)
        url = self.schemes.switch(request.url) if is_silent else None
        if url is None:
            return None
        if robots is not None:
            robots.forget(place)
        self.made += 1
        self.services.counts["schemes_switched"] += 1
        meta = {name: request.meta[name] for name in ("task", "max_retry_times", "lines") if name in request.meta}
        return request.replace(url=url, meta={**meta, "unanswered": message}, dont_filter=True)

    # What is made of them

    def page(self, response: Response, kind: str, task: Task | None = None) -> Page:
        """The answer as an item. What the server called unchanged is known to the archive already."""
        kept: CaptureRecord | None = response.meta.get("kept") if response.request else None
        page = Page(self.capture(response, kind, task))
        page.before = response.meta.get("latest") if response.request else None
        if kept is not None:
            page.is_archived_as(kept.id, kept.fetched_at)
        return page

    def capture(self, response: Response, kind: str, task: Task | None = None) -> Capture:
        rendered = bool(response.request and response.meta.get("playwright"))
        declared = (response.headers.get("Content-Type") or b"").decode("latin-1")
        found = None
        if task is not None and task.role is Role.DETAIL:
            published = task.date.isoformat() if task.date else None
            found = Found(title=task.name or None, published=published, list_url=task.list_url, page_url=task.page_url)
        return Capture(
            url=response.url,
            # What a browser made of a page is kept beside what the server sent, not as a later version of it.
            canonical_url=canonical_url(response.url) + (_shown(task) if rendered else "") + sent(task),
            portal=self.portal.id,
            fetched_at=datetime.now(UTC),
            status=response.status,
            headers={
                name.decode("latin-1"): b", ".join(values).decode("latin-1")
                for name, values in response.headers.items()
            },
            content=response.body,
            run_id=self.services.run_id,
            kind=kind,
            rendered=rendered,
            media_type=sniff(response.body, declared or None),
            found=found,
        )

    def markup(self, response: Response, page: Page, url: str | None = None) -> Markup | None:
        """The page's HTML, decoded by the same rule as in the parsers; None where it is none.

        `url`: of the page that shows it, where the answer is what its script asks for: what its links start from.
        """
        if page.capture.media_type != HTML:
            return None
        try:
            text, encoding = decode(response.body, (response.headers.get("Content-Type") or b"").decode("latin-1"))
        except Unreadable:
            return None
        return Markup(page_text(text), url or response.url, encoding)


def _shown(task: Task | None) -> str:
    """The part of a rendered page's key that tells it from what the server sent, and page 2 from page 1."""
    number = task.number if task is not None else 1
    return "#rendered" if number == 1 else f"#rendered-{number}"
