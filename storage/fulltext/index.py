"""The index of one archive: found by the archive's identity, kept up to date, asked."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from filelock import FileLock, Timeout

from storage.base import Db
from storage.fulltext import file, search
from storage.fulltext.file import IndexDamaged, IndexFile
from storage.fulltext.follow import Tick, follow
from storage.fulltext.search import FACETS, Facet, Page, Sort
from storage.fulltext.segment import phrases
from storage.fulltext.snippets import Snippet, snippets
from storage.query import Filters
from storage.schema import archive_id

T = TypeVar("T")


def answered(
    index: TextIndex,
    filters: Filters,
    *,
    sort: Sort = Sort.RANK,
    after: str | None = None,
    tick: Tick = lambda done: None,
) -> Filters:
    """`filters` with the ids that answer to them, in order, for `storage.query.find`. Brings the index up to date."""
    index.catch_up(tick)
    return replace(filters, ids=tuple(index.ids(filters, sort=sort, after=after)))


@dataclass(frozen=True)
class Status:
    """What `nianbao index` says."""

    path: Path
    reports: int
    is_complete: bool
    since: str | None
    """Up to when it has followed the database."""
    bytes: int


class TextIndex:
    """The search index of the archive `db`, in `home`. From any thread, by any number of processes."""

    def __init__(self, db: Db, home: Path) -> None:
        self._db = db
        folder = home.absolute() / "text"
        # Without an identity (a database that only others may write to) the server's address stands for it.
        name = archive_id(db) or hashlib.sha256(repr(db.client.address).encode()).hexdigest()[:16]
        self._file = IndexFile(folder / f"{db.name}-{name}.sqlite")

    def catch_up(self, tick: Tick = lambda done: None) -> int:
        """Bring the index to what the database holds; how many reports changed in it. Cheap when nothing did.

        While another process does the same, an index that was complete before is left to it. One that is not is
        waited for. A damaged one is made anew.
        """
        with self._lock(wait=not self._is_complete()) as mine:
            if not mine:
                return 0
            try:
                return follow(self._db, self._file, tick)
            except IndexDamaged:
                self._file.remove()
                return follow(self._db, self._file, tick)

    def rebuild(self, tick: Tick = lambda done: None) -> int:
        """Make the index anew from the archive; how many reports it holds."""
        self.clear()
        return self.catch_up(tick)

    def clear(self) -> None:
        """Forget everything; the next question makes the index anew. For when other documents took the archive's place.

        Emptied, not deleted: another process may be reading it.
        """
        with self._lock(wait=True):
            try:
                with self._file.writing() as connection:
                    file.empty(connection)
            except IndexDamaged:
                self._file.remove()

    def search(self, filters: Filters, *, sort: Sort = Sort.RANK, limit: int = 20, after: str | None = None) -> Page:
        """A page of the reports that answer, with the places of the words asked for.

        Raises BadFilter for words without a word, a condition that cannot be read, and an `after` that is not in the list.
        """
        return self._asked(lambda: search.search(self._file, filters, sort, limit, after))

    def ids(self, filters: Filters, *, sort: Sort = Sort.RANK, after: str | None = None) -> list[str]:
        """All that answer, in order."""
        return self._asked(lambda: search.every_id(self._file, filters, sort, after))

    def matching(self, filters: Filters) -> frozenset[str]:
        """All that answer, in no order."""
        return self._asked(lambda: search.matching(self._file, filters))

    def facets(self, filters: Filters, names: Sequence[str] = FACETS) -> dict[str, list[Facet]]:
        """How many of which kind are among what answers."""
        return self._asked(lambda: search.facets(self._file, filters, names))

    def snippets(self, ids: Sequence[str], words: str) -> dict[str, tuple[Snippet, ...]]:
        """Report id -> where the words stand in its text."""
        asked = phrases(words)
        with self._file.reading() as connection:
            texts = file.texts(connection, ids)
        return {one: snippets(text, asked) for one, text in texts.items()}

    def forget(self, ids: Sequence[str]) -> None:
        """Take out reports that the database turned out not to have any more."""
        if ids:
            with self._file.writing() as connection:
                file.forget(connection, ids)

    def status(self) -> Status:
        path = self._file.path
        size = sum(one.stat().st_size for one in path.parent.glob(f"{path.name}*") if one.suffix != ".lock")
        try:
            with self._file.reading() as connection:
                count = int(connection.execute("SELECT count(*) FROM reports").fetchone()[0])
                complete, since = file.get(connection, "complete"), file.get(connection, "since")
        except (FileNotFoundError, IndexDamaged):
            return Status(path, 0, False, None, size)
        return Status(path, count, complete is not None, since, size)

    def _asked(self, question: Callable[[], T]) -> T:
        """The answer; where there is no index, or a damaged one, it is made first."""
        try:
            return question()
        except (FileNotFoundError, IndexDamaged):
            self.catch_up()
            return question()

    def _is_complete(self) -> bool:
        try:
            with self._file.reading() as connection:
                return file.get(connection, "complete") is not None
        except (FileNotFoundError, IndexDamaged):
            return False

    @contextmanager
    def _lock(self, *, wait: bool) -> Iterator[bool]:
        """Hold the right to change the index; False where another process has it and we do not wait."""
        self._file.make_folder()
        lock = FileLock(f"{self._file.path}.lock", timeout=-1 if wait else 0)
        try:
            lock.acquire()
        except Timeout:
            yield False
            return
        try:
            yield True
        finally:
            lock.release()
