"""Second pipeline: candidates through `parsers.parse`, in worker processes, so that the crawl never waits for one."""

from __future__ import annotations

import asyncio

from crawler.items import Candidate, Dead, Outcome, Page, Trouble, Verdict
from crawler.pipelines.base import Pipeline
from parsers.errors import NotAReport, ParseError
from parsers.source import Attachment, Source
from storage.access.encoding import Unstorable

DONE = ("report", "not_a_report")
"""What the archive calls a capture once its parse has been stored."""
STANDS = "report_stands"
"""Of an unchanged page whose report a later parser could not read: it is kept, and the problem stays open."""


class ParsePipeline(Pipeline):
    """A candidate becomes an Outcome; everything else passes."""

    async def process_item(self, item: Page | Candidate | Trouble | Dead) -> Page | Outcome | Trouble | Dead:
        if not isinstance(item, Candidate):
            return item
        known = await self._known(item)
        if known is not None:
            return Outcome(item, Verdict.UNCHANGED, reason=known)
        self.services.counts["parsed"] += 1
        try:
            report = await asyncio.wrap_future(self.services.read_report(source(item)))
        except NotAReport as error:
            return Outcome(item, Verdict.NOT_A_REPORT, reason=error.reason, detail=error.detail)
        except ParseError as error:
            return Outcome(item, Verdict.UNREADABLE, reason=error.reason, detail=error.detail)
        except Unstorable as error:
            return Outcome(item, Verdict.UNREADABLE, reason="refused", detail=str(error))
        except Exception as error:
            # A fault of ours on one page must not cost the others: it is a problem like any other, with the page kept.
            return Outcome(item, Verdict.UNREADABLE, reason="parser_failed", detail=f"{type(error).__name__}: {error}")
        return Outcome(item, Verdict.REPORT, report)

    async def _known(self, item: Candidate) -> str | None:
        """What an unchanged page was parsed to before; None where it has to be parsed.

        A page that is archived and not marked was never parsed to the end: the run before was killed in between.
        """
        pages = (item.page, *(file.page for file in item.files))
        if self.services.archive is None or not all(page.unchanged for page in pages):
            return None
        record = item.page.before
        if record is None or record.id != item.page.capture_id:
            record = await self.or_end(self.services.read(self.services.archive.get, item.page.capture_id))
        if record is None or record.kind not in DONE:
            return None
        return STANDS if record.kind == "report" and record.judged_by else record.kind


def source(item: Candidate) -> Source:
    """What the parsers are given: the bytes, and what the crawl knows about them."""
    capture = item.page.capture
    return Source(
        content=capture.content,
        url=item.page_url or capture.url,
        media_type=capture.declared,
        title=item.title,
        published=item.published,
        portal=item.portal,
        attachments=tuple(
            Attachment(file.page.capture.url, file.name, file.page.capture.content, file.page.capture.declared)
            for file in item.files
        ),
    )
