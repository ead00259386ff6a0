"""Third pipeline: reports, what pages turned out to be, and problems, written together by the run's one writer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scrapy.crawler import Crawler

from crawler.items import Candidate, Dead, Outcome, Page, Trouble, Verdict
from crawler.pipelines.base import Pipeline
from crawler.pipelines.parse import STANDS
from crawler.reading import Reading
from crawler.services import Met
from crawler.writer import GroupCommit
from parsers import made_of
from parsers.template import load_templates
from storage.archive import Capture, Found, Linked, Mark, State
from storage.base import split_capture
from storage.problems import Problem
from storage.reports import ReportWrite, Saved


@dataclass(frozen=True)
class Read:
    """A report, and the page that it was read from."""

    reading: Reading
    capture: Capture


@dataclass(frozen=True)
class Writes:
    """What one item means for the database."""

    report: Read | None = None
    mark: Mark | None = None
    problem: Problem | None = None
    resolved: tuple[str, ...] = ()
    """Addresses that are fine again: their open problems are closed."""
    dead: Dead | None = None


class StorePipeline(Pipeline):
    """The end of every item's way."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._commit: GroupCommit[Writes, Saved | None] | None = None

    def open_spider(self) -> None:
        if self.services.archive is not None:
            self._commit = self.services.committed(self._write)

    async def process_item(self, item: Page | Outcome | Trouble | Dead) -> Page | Outcome | Trouble | Dead:
        writes = self._writes(item)
        saved = await self.or_end(self._commit.put(writes)) if self._commit and writes else None
        self._count(item, saved)
        return item

    def _writes(self, item: Page | Outcome | Trouble | Dead) -> Writes | None:
        if isinstance(item, Dead):
            return Writes(dead=item)
        if isinstance(item, Trouble):
            return Writes(problem=self._problem(item.kind, item.where, item.message, item.page, item.stage))
        if isinstance(item, Page):
            capture = item.capture
            # Whether a detail page is fine is for the parsers to say.
            good = capture.status == 200 and capture.kind in ("list", "attachment", "robots")
            return Writes(resolved=_addresses(item)) if good else None
        candidate, capture = item.candidate, item.candidate.page.capture
        capture_id = candidate.page.capture_id
        assert capture_id is not None
        if item.verdict is Verdict.UNCHANGED:
            return Writes(resolved=_addresses(candidate.page)) if item.reason == "report" else None
        if item.report is not None:
            mark = Mark(capture_id, "report", item.report.text_sha256, _found(candidate), ())
            return Writes(report=Read(item.report, capture), mark=mark)
        if item.verdict is Verdict.NOT_A_REPORT:
            by = made_of.of_verdict(load_templates(), candidate.portal)
            mark = Mark(capture_id, "not_a_report", found=_found(candidate), judged_by=by)
            if not candidate.promised:
                return Writes(mark=mark, resolved=_addresses(candidate.page))
            problem = self._problem("not_a_report", capture.canonical_url, _sentence(item), candidate.page, "parse")
            return Writes(mark=mark, problem=problem)
        problem = self._problem(item.reason, capture.canonical_url, _sentence(item), candidate.page, "parse")
        mark = Mark(capture_id, found=_found(candidate), judged_by=(made_of.FAILED,))
        return Writes(mark=mark, problem=problem)

    def _write(self, batch: Sequence[Writes]) -> list[Saved | None]:
        """In the writer thread. A capture is marked after its report is saved: what is not marked is done again."""
        services = self.services
        assert services.archive is not None
        positions = [position for position, writes in enumerate(batch) if writes.report is not None]
        saved = services.reports.save([self._report(writes) for writes in batch if writes.report is not None])
        answers = dict(zip(positions, saved, strict=True))
        refused = {position for position, answer in answers.items() if answer.state is State.REFUSED}
        services.archive.mark_all(
            [w.mark for position, w in enumerate(batch) if w.mark is not None and position not in refused]
        )
        resolved = {address for writes in batch for address in writes.resolved}
        services.problems.resolve_addresses(resolved, services.run_id)
        alive = {address for writes in batch for address in _alive(writes)}
        services.reports.address_answers(alive, services.run_id)
        if dead := {one.dead.where: one.dead.message for one in batch if one.dead is not None}:
            services.reports.address_died(dead, services.run_id)
        services.problems.record_all([writes.problem for writes in batch if writes.problem is not None])
        return [answers.get(position) for position in range(len(batch))]

    def _report(self, writes: Writes) -> ReportWrite:
        """Unpacked here, in the writer thread."""
        assert writes.report is not None and writes.mark is not None
        reading, capture = writes.report.reading, writes.report.capture
        return ReportWrite(
            document=reading.document(),
            capture_id=writes.mark.capture_id,
            portal=capture.portal,
            fetched_at=capture.fetched_at,
            run_id=self.services.run_id,
            content_sha256=reading.content_sha256,
            as_read=reading.as_read,
        )

    def _count(self, item: Page | Outcome | Trouble | Dead, saved: Saved | None) -> None:
        counts = self.services.counts
        if isinstance(item, Trouble):
            self._trouble(item.kind, item.where, item.message)
        elif isinstance(item, Outcome):
            where = item.candidate.page.capture.canonical_url
            if saved is not None:
                counts[f"reports_{saved.state}"] += 1
                if item.report is not None and saved.state in (State.NEW, State.CHANGED):
                    self.services.labels.update(item.report.unknown_labels)
                self.services.reports_met[saved.report_id] = str(saved.state)
                if saved.state is State.REFUSED:
                    self._trouble("refused", where, saved.message)
            elif item.verdict is Verdict.UNREADABLE:
                self._trouble(item.reason, where, _sentence(item))
            elif item.verdict is Verdict.UNCHANGED and item.reason in ("report", STANDS):
                counts["reports_unchanged"] += 1
            elif item.verdict is not Verdict.REPORT:
                counts["not_reports"] += 1
                if item.verdict is Verdict.NOT_A_REPORT and item.candidate.promised:
                    self._trouble("not_a_report", where, _sentence(item))

    def _trouble(self, kind: str, where: str, message: str) -> None:
        self.services.counts["problems"] += 1
        self.services.counts[f"problems_{kind}"] += 1
        self.services.met.append(Met(self.crawler.spider.portal.id, kind, where, message))  # type: ignore[union-attr]

    def _problem(self, kind: str, where: str, message: str, page: Page | None, stage: str) -> Problem:
        return Problem(
            kind=kind,
            where=where,
            message=message,
            stage=stage,
            portal=self.crawler.spider.portal.id,  # type: ignore[union-attr]
            capture_id=page.capture_id if page is not None else None,
            run_id=self.services.run_id,
        )


def _alive(writes: Writes) -> Iterator[str]:
    yield from writes.resolved
    if writes.report is not None and writes.mark is not None:
        yield split_capture(writes.mark.capture_id)[0]


def _addresses(page: Page) -> tuple[str, ...]:
    return (split_capture(page.capture_id)[0],) if page.capture_id else ()


def _sentence(item: Outcome) -> str:
    title = f"{item.candidate.title}: " if item.candidate.title else ""
    return f"{title}{item.detail or item.reason}"


def _found(candidate: Candidate) -> Found:
    """What a rerun must be told to read the page as this crawl did."""
    return Found(
        title=candidate.title,
        published=candidate.published.isoformat() if candidate.published else None,
        list_url=candidate.list_url,
        page_url=candidate.page_url,
        attachments=tuple(
            Linked(
                url=file.page.capture.url,
                name=file.name,
                media_type=file.page.capture.media_type,
                capture_id=file.page.capture_id,
                raw_sha256=file.page.capture.sha256,
            )
            for file in candidate.files
        ),
    )
