"""Keeps the shelf fresh: looks whether anything ran, and reads what was entered since, beside the pages, never before
them."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from pymongo.errors import PyMongoError

from nianbao.web.expected import Expected
from nianbao.web.shelf import Shelf, entered
from storage.base import Db, now
from storage.coverage.rules import FIRST_YEAR
from storage.coverage.update import as_of as counted_at
from storage.removals import Removals
from storage.runs import Runs

LOOK_EVERY = 2.0
"""Seconds between two looks at the runs."""
REST = 10
"""After a reading that took a second nothing is read for ten: a crawl of hours must not keep the server busy."""
AT_LATEST = 600.0
"""Seconds after which the whole catalogue is read again although no run says so: a dump may have been loaded."""

OVERLAP = timedelta(minutes=10)
"""A slow writer, or another machine's clock, may enter something behind our back: so far back it is read again."""

_log = logging.getLogger("nianbao.web")


class Keeper:
    """Reports are written by crawls and reruns, and each of these leaves a record: where the records stand as they
    stood, so do the reports."""

    def __init__(
        self, db: Db, *, then: Callable[[], None] = lambda: None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`then` is called in the background whenever something was read anew."""
        self._db = db
        self._then = then
        self._runs = Runs(db)
        self._clock = clock
        self._lock = threading.Lock()
        self._reading: threading.Thread | None = None
        self._shelf = Shelf(())
        self._expected = Expected((), range(FIRST_YEAR, FIRST_YEAR))
        self._counted: object = None
        self._seen: object = None
        self._removed = 0
        self._looked = self._read_at = self._read_whole_at = float("-inf")
        self._took = 0.0
        self.as_of: datetime = now()
        self.readings = 0
        """Raised when something was read anew: what was made of the reading before is out of date."""

    def open(self, progress: Callable[[int], None] | None = None) -> None:
        """Read the catalogue for the first time."""
        self._read(self._state(), progress)

    @property
    def shelf(self) -> Shelf:
        """The shelf as it is; where it is out of date, reading it anew begins in the background."""
        moment = self._clock()
        with self._lock:
            due = moment - self._looked >= LOOK_EVERY and moment - self._read_at >= self._took * REST
            if due and (self._reading is None or not self._reading.is_alive()):
                self._looked = moment
                self._reading = threading.Thread(target=self._look, name="nianbao-shelf", daemon=True)
                self._reading.start()
        return self._shelf

    @property
    def expected(self) -> Expected:
        """What is expected and what is known of it, as of the same reading."""
        return self._expected

    def settle(self) -> Shelf:
        """The shelf as the archive is now. For tests, and for whoever can wait."""
        self._look()
        return self._shelf

    def close(self) -> None:
        reading = self._reading
        if reading is not None:
            reading.join(timeout=30)

    def _look(self) -> None:
        try:
            state = self._state()
            if state != self._seen or self._clock() - self._read_whole_at > AT_LATEST:
                self._read(state, None)
                self._then()
            elif self._count_state() != self._counted:  # counted anew by hand, or another day has begun
                self._read_expected()
                self._then()
        except PyMongoError as error:  # the pages go on with what they have, and say from when it is
            _log.warning("the catalogue could not be read anew: %s", error)

    def _read(self, state: object, progress: Callable[[int], None] | None) -> None:
        begun, moment = self._clock(), now()
        removed = Removals(self._db).count()
        whole = self._seen is None or removed != self._removed or begun - self._read_whole_at > AT_LATEST
        if whole:
            shelf = Shelf.load(self._db, progress)
            self._read_whole_at = self._clock()
        else:
            shelf = self._shelf.with_entries(entered(self._db, self.as_of - OVERLAP, moment + OVERLAP))
        self._shelf, self._seen, self._removed, self.as_of = shelf, state, removed, moment
        self.readings += 1
        if whole or self._count_state() != self._counted:
            self._read_expected()
        self._read_at = self._clock()
        self._took = self._read_at - begun

    def _read_expected(self) -> None:
        counted = self._count_state()
        self._expected, self._counted = Expected.load(self._db), counted
        self.readings += 1

    def _count_state(self) -> object:
        return counted_at(self._db), now().date()

    def _state(self) -> object:
        return [(run.id, run.state, run.heartbeat_at, dict(run.counts)) for run in self._runs.latest(20)]
