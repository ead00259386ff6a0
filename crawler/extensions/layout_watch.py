"""Notices that a portal builds its pages differently than at the last visit (portals.md 8.5), and what is lost by it."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from crawler.items import Outcome, Verdict
from crawler.pages.skeleton import Skeleton, digest, is_same, versions
from crawler.plan import Visit
from crawler.reading import fields
from crawler.services import Services
from crawler.spiders.columns import ColumnSpider
from storage.base import now
from storage.shape.records import Layout, LayoutChange, PortalState

GENERATIONS = 4
"""Layouts of detail pages that one column may have: portals are rebuilt, and old pages stay as they were."""


@dataclass(frozen=True)
class Seen:
    """One detail page that is new or has changed."""

    column: str
    skeleton: Skeleton
    fields: frozenset[str]
    capture_id: str | None
    url: str
    year: int
    was: str | None
    """The capture that it was a report in before; None of a page that is new."""

    @property
    def is_report(self) -> bool:
        return bool(self.fields)


class LayoutWatch:
    """Compares when the portal is done; `change` and `golden` are for the portal's state."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._details: list[Seen] = []
        self._unchanged: list[Seen] = []
        """Reports that were not parsed again: a run that was killed has left them to this one, and no layout of theirs."""
        self._golden: dict[str, str | None] = {}
        """Canonical address of a report's page -> its capture."""
        self._best: str | None = None
        """The best example among them."""
        self._state: PortalState | None = None
        self._known: tuple[Layout, ...] = ()
        crawler.signals.connect(self.opened, signals.spider_opened)
        crawler.signals.connect(self.scraped, signals.item_scraped)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        services: Services = crawler.spider.services  # type: ignore[union-attr]
        if services.archive is None or crawler.spider.plan.is_beside:  # type: ignore[union-attr]
            raise NotConfigured
        return cls(crawler)

    async def opened(self, spider: ColumnSpider) -> None:
        services, portal = spider.services, spider.portal
        self._state = await services.read(services.portals.get, portal.id)
        known = await services.read(services.layouts.get, portal.id)
        if known is not None and known.profile_version == portal.profile.version:
            self._known = known.layouts

    def scraped(self, item: object) -> None:
        """The end of an item's way through the pipelines."""
        if not isinstance(item, Outcome):
            return
        candidate = item.candidate
        page, address = candidate.page, candidate.page.capture.canonical_url
        found = item.report.fields if item.report is not None else frozenset[str]()
        year = item.report.report_year if item.report is not None else 0
        is_report = item.report is not None or (item.verdict is Verdict.UNCHANGED and item.reason == "report")
        if is_report and candidate.skeleton:
            self._golden[address] = page.capture_id
        if item.verdict is Verdict.UNCHANGED or not candidate.skeleton:
            if is_report and candidate.skeleton and not self._of(candidate.column, "detail"):
                seen = Seen(candidate.column, candidate.skeleton, found, page.capture_id, address, year, None)
                self._unchanged.append(seen)
            return
        before = page.before
        was = before.id if before is not None and before.kind == "report" else None
        if item.report is not None or was is not None:
            self._details.append(Seen(candidate.column, candidate.skeleton, found, page.capture_id, address, year, was))

    @property
    def golden(self) -> str | None:
        """The page to read again with every visit: the one that was, as long as it is a report."""
        held = self._state.golden if self._state is not None else None
        if held is not None and (not self._golden or held in self._golden):
            return held
        return self._best

    async def judge(self, spider: ColumnSpider) -> LayoutChange | None:
        """What has changed, and store how the portal is built where nothing is lost by it."""
        if self.golden is None and self._golden:
            self._best = await spider.services.read(self._example, spider.services)
        changes = [*self._broken_reports(spider), *self._lists(spider), *self._pages(spider)]
        change = max(changes, key=lambda one: len(one.stopped), default=None) or self._still()
        if change is None or not change.stopped:
            services = spider.services
            learnt = self._learnt(spider, [*self._details, *await self._read_before(services)])
            await services.read(services.layouts.put, spider.portal.id, learnt, spider.portal.profile.version)
        return change

    def _example(self, services: Services) -> str | None:
        """The report with the most verified tables, of these the newest, of these the smallest address.

        By what is stored, not by what this run has read: a run that was killed and started again chooses the same.
        """
        worth = services.reports.worth({one for one in self._golden.values() if one is not None})
        known = {url: worth[one] for url, one in self._golden.items() if one in worth}
        best = max(known.values(), default=None)
        return min((url for url, one in known.items() if one == best), default=None)

    def _still(self) -> LayoutChange | None:
        """What an earlier visit found lost, and nothing since has shown to be back: unchanged pages tell nothing new.

        Lists are compared with every visit anyway. A new version of the page profile is a person's answer.
        """
        change = self._state.change if self._state is not None else None
        if change is None or change.role == "list" or not change.stopped or not self._known:
            return None
        held = self._state.golden if self._state is not None else None
        is_back = held in self._golden or any(seen.is_report for seen in self._details)
        return None if is_back else change

    # What is lost

    def _broken_reports(self, spider: ColumnSpider) -> list[LayoutChange]:
        """Pages that were reports, have changed, and are none any more or have lost what such pages give.

        One page may have been withdrawn; the golden page, or half of all that changed, has been rebuilt.
        """
        again = [seen for seen in self._details if seen.was is not None]
        usual = self._usual_fields()
        broken = [seen for seen in again if not seen.is_report or ("figures" in usual and "figures" not in seen.fields)]
        held = self._state.golden if self._state is not None else None
        golden = [seen for seen in broken if seen.url == held]
        if not golden and (len(broken) < 2 or 2 * len(broken) < len(again)):
            return []
        worst = (golden or broken)[0]
        stopped = sorted((usual - worst.fields) or {"report"})
        return [self._change(spider, worst, "golden" if golden else "detail", self._nearest(worst.column), stopped)]

    def _lists(self, spider: ColumnSpider) -> list[LayoutChange]:
        found = []
        for column, seen in spider.lists_seen.items():
            known = self._of(column, "list")
            if not known:
                continue
            before = max(known, key=lambda layout: layout.seen_at)
            stopped = ["items"] if not seen.lines and "items" in before.fields else []
            if stopped or not any(is_list_of(seen.skeleton, layout) for layout in known):
                page = Seen(column, seen.skeleton, frozenset(), seen.page.capture_id, column, 0, None)
                found.append(self._change(spider, page, "list", before, stopped))
        return found

    def _pages(self, spider: ColumnSpider) -> list[LayoutChange]:
        """Pages of a known column that look like none of the portal's. A past year may have looked otherwise."""
        if spider.plan.visit is Visit.BACKFILL:
            return []
        everywhere = [layout for layout in self._known if layout.role == "detail"]
        groups: dict[str, list[Seen]] = defaultdict(list)
        for seen in self._details:
            is_new = seen.was is not None or seen.year >= datetime.now(UTC).year - 1
            known = self._of(seen.column, "detail")
            if (
                known
                and is_new
                and seen.is_report
                and not any(is_same(seen.skeleton, layout.words) for layout in everywhere)
            ):
                groups[seen.column].append(seen)
        found = []
        for column, pages in groups.items():
            before = max(self._of(column, "detail"), key=lambda layout: layout.seen_at)
            stopped = sorted(set(before.fields) - common(pages))
            found.append(self._change(spider, pages[0], "detail", before, stopped))
        return found

    def _change(
        self, spider: ColumnSpider, seen: Seen, role: str, before: Layout | None, stopped: list[str]
    ) -> LayoutChange:
        return LayoutChange(
            column=seen.column or seen.url,
            role=role,
            before=before.digest if before else "",
            after=digest(seen.skeleton),
            before_capture=seen.was or (before.capture_id if before else None),
            after_capture=seen.capture_id,
            stopped=tuple(stopped),
            at=now(),
            run_id=spider.services.run_id,
        )

    # What is known

    def _of(self, column: str, role: str) -> list[Layout]:
        return [layout for layout in self._known if layout.column == column and layout.role == role]

    def _nearest(self, column: str) -> Layout | None:
        details = [layout for layout in self._known if layout.role == "detail"]
        own = [layout for layout in details if layout.column == column]
        return max(own or details, key=lambda layout: layout.seen_at, default=None)

    def _usual_fields(self) -> set[str]:
        """What all kinds of pages of the portal gave."""
        details = [set(layout.fields) for layout in self._known if layout.role == "detail"]
        return set.intersection(*details) if details else set()

    async def _read_before(self, services: Services) -> list[Seen]:
        """The unchanged reports of columns that nothing is known of, with what their pages gave."""
        by_capture = {seen.capture_id: seen for seen in self._unchanged if seen.capture_id is not None}
        stored = await services.read(services.reports.read_from, list(by_capture)) if by_capture else {}
        return [replace(by_capture[one], fields=fields(document)) for one, document in stored.items()]

    def _learnt(self, spider: ColumnSpider, details: list[Seen]) -> list[Layout]:
        """What was known, and what this visit adds."""
        moment = now()
        layouts = {(one.column, one.role, one.digest): one for one in self._known}
        for column, seen in spider.lists_seen.items():
            known = [one for one in self._of(column, "list") if is_list_of(seen.skeleton, one)]
            if not any(versions(one.words) == versions(seen.skeleton) for one in known):
                words = tuple(sorted(seen.skeleton))
                what = tuple(["items"] if seen.lines else [])
                new = Layout(column, "list", digest(words), words, what, seen.page.capture_id, moment)
                layouts = {key: one for key, one in layouts.items() if key[:2] != (column, "list")}
                layouts[column, "list", new.digest] = new
        groups: dict[str, list[list[Seen]]] = defaultdict(list)
        for detail in sorted(details, key=lambda seen: seen.url):
            if not detail.is_report or any(
                is_same(detail.skeleton, one.words) for one in self._of(detail.column, "detail")
            ):
                continue
            like = (group for group in groups[detail.column] if is_same(detail.skeleton, group[0].skeleton))
            group = next(like, None)
            if group is None:
                groups[detail.column].append([detail])
            else:
                group.append(detail)
        for column, generations in groups.items():
            for group in sorted(generations, key=len, reverse=True)[:GENERATIONS]:
                words = tuple(sorted(group[0].skeleton))
                what = tuple(sorted(common(group)))
                new = Layout(column, "detail", digest(words), words, what, group[0].capture_id, moment)
                layouts[column, "detail", new.digest] = new
        return list(layouts.values())


def is_list_of(seen: Skeleton, known: Layout) -> bool:
    """Whether a list is built as it was, and by the version of its template that was noted, if one was."""
    noted = versions(known.words)
    return is_same(seen, known.words) and (not noted or versions(seen) == noted)


def common(pages: list[Seen]) -> set[str]:
    """What more than half of these pages give."""
    counts = Counter(name for page in pages for name in page.fields)
    return {name for name, number in counts.items() if 2 * number > len(pages)}
