"""A detail page waits here for its files; when the last has come, or failed, it is a candidate."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from crawler.items import Candidate, File, Missing, Page
from crawler.pages.attachments import Attached
from crawler.pages.filenames import name_of
from crawler.pages.skeleton import Skeleton
from crawler.tasks import Task
from crawler.urls import canonical_url
from parsers.source import PortalContext


@dataclass
class Assembly:
    """One detail page and the files that are still to come, by canonical address."""

    page: Page
    task: Task
    portal: PortalContext
    skeleton: Skeleton = frozenset()
    wanted: dict[str, Attached] = field(default_factory=dict)
    """In the order of the page, so that the report does not depend on which file came first."""
    _come: dict[str, File] = field(default_factory=dict)
    _open: set[str] = field(default_factory=set)

    def expect(self, files: tuple[Attached, ...]) -> None:
        self.wanted = {canonical_url(file.url): file for file in files}
        self._open = set(self.wanted)

    def expect_more(self, files: Iterable[Attached]) -> dict[str, Attached]:
        """What a file that has come shows in its turn, as far as it is not expected already."""
        new = {canonical_url(file.url): file for file in files}
        new = {key: file for key, file in new.items() if key not in self.wanted}
        self.wanted |= new
        self._open |= set(new)
        return new

    def arrived(self, key: str, page: Page) -> None:
        self._come[key] = File(page, name_of(page.capture.headers, self.wanted[key].name))
        self._open.discard(key)

    def failed(self, key: str) -> None:
        self._open.discard(key)

    @property
    def complete(self) -> bool:
        return not self._open

    def candidate(self) -> Candidate:
        wanted = enumerate(self.wanted.items())
        missing = tuple(Missing(n, key, file.name) for n, (key, file) in wanted if key not in self._come)
        return Candidate(
            page=self.page,
            portal=self.portal,
            files=tuple(self._come[key] for key in self.wanted if key in self._come),
            missing=missing,
            title=self.task.name or None,
            published=self.task.date,
            list_url=self.task.list_url,
            page_url=self.task.page_url,
            column=self.task.column,
            skeleton=self.skeleton,
            promised=self.task.promised,
        )
