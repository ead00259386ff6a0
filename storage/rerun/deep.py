"""Does every page still read as its report says? Archived pages are parsed again, and nothing of the archive is written.

It finds what no digest can: a report that was changed together with every digest of it. Compared is what today's parser,
templates and profiles have read; what earlier ones did, only a rerun tells. Memory stays flat, as in a rerun.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from parsers.errors import NotAReport, ParseError
from parsers.made_of import UNKNOWN
from storage.access.reads import KEYS_AT_ONCE, by_keys, walk
from storage.base import BUCKETS, Db, Doc, batches, now, utc
from storage.corrections.files import load_corrections
from storage.readings import Readings
from storage.rerun.current import Current
from storage.rerun.put_right import identified
from storage.rerun.read import Reading
from storage.rerun.work import Loaded, Trouble, load
from storage.rerun.workers import Given, Workers, through
from storage.saving.compare import content_sha256, provenance_sha256
from storage.saving.sources import candidate, candidate_of

Progress = Callable[[int, int], None]
"""How many reports were looked at, of how many."""


@dataclass
class Reread:
    """What came of it."""

    compared: int = 0
    """Readings: a report has one for each address that carries it."""
    otherwise: list[str] = field(default_factory=list)
    """Reports with a reading that says something else than its page."""
    earlier: int = 0
    """Readings that other code, templates or profiles have made, or that were written meanwhile."""
    unread: dict[str, str] = field(default_factory=dict)
    """Capture id -> why its page could not be read."""


@dataclass(frozen=True)
class Task:
    """A reading of a report."""

    entry: Doc
    """The report's document of `readings`."""
    held: Doc
    """Of its `sources`, the one that is read again."""
    loaded: Loaded


def reread(
    db: Db, current: Current, workers: Workers, *, sample: int | None = None, progress: Progress = lambda done, of: None
) -> Reread:
    """Read the pages of all reports again, or of so many: others each time."""
    return _Look(db, current, workers, progress).at(sample)


class _Look:
    def __init__(self, db: Db, current: Current, workers: Workers, progress: Progress) -> None:
        self._db = db
        self._current = current
        self._workers = workers
        self._progress = progress
        self._readings = Readings(db)
        self._corrections = load_corrections()
        self._found = Reread()
        self._otherwise: set[str] = set()

    def at(self, sample: int | None) -> Reread:
        number = sum(1 for _ in walk(self._readings.collection, projection={"_id": 1}))
        total = number if sample is None else min(number, sample)
        waiting: list[tuple[Task, Reading]] = []
        for task, future in through(self._workers, self._given(self._entries(sample), total)):
            try:
                waiting.append((task, identified(future.result(), self._corrections)))
            except NotAReport:
                self._otherwise.update(self._lasting({task.entry["_id"]: task.entry["writes"]}))
            except ParseError as error:
                self._found.unread[task.loaded.capture.id] = error.detail or error.reason
            if len(waiting) >= KEYS_AT_ONCE:
                self._compare(waiting)
                waiting = []
        self._compare(waiting)
        self._found.otherwise = sorted(self._otherwise)
        return self._found

    def _entries(self, sample: int | None) -> Iterator[Doc]:
        """Of a sample those from some bucket on, round to where it began."""
        first = 0 if sample is None else random.randrange(BUCKETS)
        for buckets in (range(first, BUCKETS), range(first)):
            yield from walk(self._readings.collection, buckets=buckets)

    def _given(self, entries: Iterator[Doc], total: int) -> Iterator[tuple[Task, Given]]:
        done = 0
        for some in batches(islice(entries, total), KEYS_AT_ONCE):
            for task in self._tasks(some):
                source = task.loaded.source
                if isinstance(source, Trouble):
                    self._found.unread[task.loaded.capture.id] = source.message
                else:
                    yield task, Given(source)
            done += len(some)
            self._progress(done, total)

    def _tasks(self, entries: Sequence[Doc]) -> Iterator[Task]:
        held = {
            source["capture_id"]: (entry, source)
            for entry in entries
            for source in entry["sources"]
            if not self._is_earlier(source)
        }
        for loaded in load(self._db, list(held), self._current.profiles):
            yield Task(*held[loaded.capture.id], loaded)

    def _is_earlier(self, source: Doc) -> bool:
        is_earlier = self._current.is_stale(source.get("made_of") or (UNKNOWN,), utc(source["fetched_at"]))
        self._found.earlier += is_earlier
        return is_earlier

    def _compare(self, waiting: Sequence[tuple[Task, Reading]]) -> None:
        stored = self._stored({task.entry["_id"] for task, _ in waiting})
        there = {report_id for report_id, _ in stored}
        odd: dict[str, int] = {}
        for task, reading in waiting:
            report_id, capture = task.entry["_id"], task.loaded.capture
            if report_id not in there:
                continue  # it is lost, or withdrawn by now
            read = candidate(reading.sides, capture.id, capture.portal, capture.fetched_at, now())
            if provenance_sha256(read) != task.held["provenance_sha256"]:
                self._found.earlier += 1
                continue
            self._found.compared += 1
            says = stored.get((report_id, capture.id))
            if says is None or content_sha256(says) != reading.content_sha256:
                odd[report_id] = task.entry["writes"]
        self._otherwise.update(self._lasting(odd))

    def _stored(self, report_ids: set[str]) -> dict[tuple[str, str], Doc]:
        """(report id, capture id) -> what the archive says that the capture reads as."""
        found: dict[tuple[str, str], Doc] = {}
        for name, key in (("report_alternates", "report_id"), ("reports", "_id")):
            for one in by_keys(self._db[name], key, report_ids):
                document = candidate_of(one)
                found[document["_id"], document["source"]["capture_id"]] = document
        return found

    def _lasting(self, odd: Mapping[str, int]) -> set[str]:
        """Those of them (report id -> `writes`) that nobody has written or taken away meanwhile."""
        writes = self._readings.writes(odd)
        return {key for key, before in odd.items() if writes.get(key) == before}
