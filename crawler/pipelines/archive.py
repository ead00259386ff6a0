"""First pipeline: the bytes. `process_item` returns when they are in the database, so nothing unsafe is ever parsed."""

from __future__ import annotations

import asyncio
from typing import TypeVar

from scrapy.crawler import Crawler

from crawler.items import Candidate, Dead, File, Page, Trouble
from crawler.pipelines.base import Pipeline
from crawler.writer import GroupCommit
from storage.archive import Archive, Capture, CaptureRecord, DamagedRaw, State, Stored

Item = TypeVar("Item", Page, Candidate, Trouble, Dead)


class ArchivePipeline(Pipeline):
    """Pages as they come; a candidate's page and files were pages before and are waited for here."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._commit: GroupCommit[Capture, Stored] | None = None

    def open_spider(self) -> None:
        if self.services.archive is not None:
            self._commit = self.services.committed(self.services.archive.store, lambda capture: len(capture.content))

    async def process_item(self, item: Item) -> Item:
        if isinstance(item, Page):
            await self._keep(item)
            self.services.counts["pages"] += 1
            self.services.counts["bytes"] += len(item.capture.content)
        elif isinstance(item, Candidate):
            for page in (item.page, *(file.page for file in item.files)):
                await self._keep(page)
            await self._complete(item)
        elif isinstance(item, Trouble) and item.page is not None:
            await self._keep(item.page)
        return item

    async def _complete(self, item: Candidate) -> None:
        """Files that could not be got today as they were last: a portal's bad night must not make a report poorer."""
        archive = self.services.archive
        if archive is None:
            return
        files = list(item.files)
        for missing in item.missing:
            record = await self.or_end(self.services.read(archive.latest, missing.canonical_url))
            if record is not None and record.status == 200:
                content = await self.or_end(self.services.read(_content, archive, record.raw_sha256))
                if content is None:
                    continue
                page = Page(_capture(record, content), record.id, unchanged=True)
                files.insert(missing.position, File(page, missing.name))
        item.files = tuple(files)

    async def _keep(self, page: Page) -> None:
        """Wait until the page is in the archive, whoever asked first."""
        if page.keeping is None and self._commit is not None:
            page.keeping = asyncio.ensure_future(self._store(page, self._commit))
        if page.keeping is not None:
            await self.or_end(page.keeping)

    async def _store(self, page: Page, commit: GroupCommit[Capture, Stored]) -> None:
        if page.capture_id is None:
            stored = await commit.put(page.capture)
            page.capture_id = stored.capture_id
            if stored.state is State.UNCHANGED:
                page.is_archived_as(stored.capture_id, stored.fetched_at)
            self.services.counts[f"captures_{stored.state}"] += 1
        else:
            self.services.counts[f"captures_{State.UNCHANGED}"] += 1


def _content(archive: Archive, raw_sha256: str) -> bytes | None:
    """None where the archived bytes are damaged: then the file is missing, as it is on the portal."""
    try:
        return archive.content(raw_sha256)
    except DamagedRaw as damaged:
        archive.raw.mark(damaged)
        return None


def _capture(record: CaptureRecord, content: bytes) -> Capture:
    """What is in the archive, as if it had come just now."""
    return Capture(
        url=record.url,
        canonical_url=record.canonical_url,
        portal=record.portal,
        fetched_at=record.fetched_at,
        status=record.status,
        headers=record.headers,
        content=content,
        run_id=record.run_id,
        kind=record.kind,
        media_type=record.media_type,
    )
