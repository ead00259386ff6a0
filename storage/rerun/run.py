"""A rerun from end to end: plan, read, judge, write.

    summary = rerun(db, Selection(), profiles, home=settings.home, limits=settings.parse, archive=settings.where)

Nothing is downloaded. Nothing is written before everything has been read and judged. It may be killed at any moment:
started again with the same arguments it goes on where it was and ends where an undisturbed one ends.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pymongo
from pymongo.errors import ConnectionFailure, PyMongoError

from parsers.template import load_templates
from storage.base import Db
from storage.follow_up import follow_up
from storage.rerun import inputs, summary
from storage.rerun.apply import Underway, write_all
from storage.rerun.current import Current
from storage.rerun.errors import RerunError
from storage.rerun.lease import MOMENT, Lease
from storage.rerun.profiles import Profiles
from storage.rerun.reader import read_all
from storage.rerun.spool import Spool, place, remove, remove_others
from storage.rerun.stale import Selection, select
from storage.rerun.summary import Summary
from storage.rerun.workers import Hire, processes
from storage.runs import Runs
from storage.settings import ParseSettings
from storage.shape.records import Plain, RunState

Progress = Callable[[str, int, int], None]
"""Phase (planning, reading, writing), how many are done, of how many."""
_ACCEPTED = "accepted"


@dataclass(frozen=True)
class Options:
    """How a rerun runs; `Selection` says what it takes."""

    home: Path
    """NIANBAO_HOME: readings wait there."""
    archive: str
    """The archive in words, without a password: it keeps apart the plans of several archives in one home."""
    limits: ParseSettings
    dry_run: bool = False
    accept_regressions: bool = False
    show: int = 10
    """How many changes the summary holds in full."""
    hire: Hire = processes
    """Who parses."""
    scheduler: str | None = None
    """Where, if not here: for the run's record."""


def rerun(
    db: Db,
    selection: Selection,
    profiles: Profiles,
    options: Options,
    progress: Progress = lambda phase, done, of: None,
) -> Summary:
    """Rerun what `selection` takes. Raises Busy when another rerun is under way, RerunError when it cannot go on.

    A dry run writes nothing at all: no document, no file, no run's record. `Summary.stopped` says that the guard has
    stopped it before anything was written.
    """
    current = Current(load_templates(), profiles)
    if options.dry_run:
        with Spool(None) as spool:
            return _Way(db, selection, current, options, progress, spool).to_the_verdict()
    with ExitStack() as stack:
        lease = stack.enter_context(Lease(db))
        path = place(options.home, f"{options.archive}/{db.name}", [repr(selection), inputs.digest()])
        runs = Runs(db)
        run_id = runs.start("rerun", _arguments(selection, options))
        lease.name(run_id)
        try:
            with _open(path) as spool:
                remove_others(path)
                Underway(db).mend()
                way = _Way(db, selection, current, options, progress, spool, lease, runs, run_id)
                found = way.to_the_end()
        except BaseException as error:
            stopped = isinstance(error, KeyboardInterrupt)
            state = RunState.INTERRUPTED if stopped else RunState.FAILED
            told = "stopped; the same command goes on where it was" if stopped else f"it broke off: {error}"
            # Where the database is what failed, the next run finds this one dead.
            with suppress(PyMongoError), pymongo.timeout(MOMENT if isinstance(error, ConnectionFailure) else None):
                runs.finish(run_id, state, message=told)
            if isinstance(error, sqlite3.Error):
                raise RerunError(f"{path}, where readings wait, cannot be used: {error}") from error
            raise
        if found.stopped:
            told = f"stopped before writing: {found.verdict.broken} sums break, {found.verdict.mended} are mended"
            runs.finish(run_id, RunState.FAILED, counts=found.outcomes, message=told)
        else:
            remove(path)
            runs.finish(run_id, counts=found.outcomes)
        return found


class _Way:
    """The phases of one rerun over one spool."""

    def __init__(
        self,
        db: Db,
        selection: Selection,
        current: Current,
        options: Options,
        progress: Progress,
        spool: Spool,
        lease: Lease | None = None,
        runs: Runs | None = None,
        run_id: str | None = None,
    ) -> None:
        self._db = db
        self._selection = selection
        self._current = current
        self._options = options
        self._progress = progress
        self._spool = spool
        self._lease = lease
        self._runs = runs
        self._run_id = run_id
        self._seconds: dict[str, float] = {}
        self._told = 0.0

    def to_the_verdict(self) -> Summary:
        """Plan, read, judge; nothing of the archive is written."""
        resumed = self._spool.is_planned
        with self._phase("planning"):
            if not resumed:
                self._progress("planning", 0, 0)
                self._spool.plan(select(self._db, self._selection, self._current))
        with self._phase("reading"):
            self._read()
        return self._summary(resumed)

    def to_the_end(self) -> Summary:
        found = self.to_the_verdict()
        # Once begun, the writing is not judged again: half of it may have been done by a rerun that was killed.
        if (
            found.verdict.is_regression
            and self._spool.noted(_ACCEPTED) is None
            and not self._options.accept_regressions
        ):
            return replace(found, stopped=True)
        self._spool.note(_ACCEPTED, "yes")
        with self._phase("writing"):
            self._write()
        with self._phase("following up"):
            follow_up(self._db)
        return self._summary(found.resumed)

    def _read(self) -> None:
        total, done = self._spool.count(), self._spool.count("outcome is not null")
        if done == total:
            return
        limits = self._options.limits
        with self._options.hire(replace(limits, workers=min(limits.workers, total - done))) as workers:
            read_all(self._db, self._spool, self._current, workers, self._counter("reading", done, total))

    def _write(self) -> None:
        assert self._run_id is not None
        total, done = self._spool.count(), self._spool.count("written")
        write_all(self._db, self._spool, self._run_id, self._counter("writing", done, total))

    def _counter(self, phase: str, done: int, total: int) -> Callable[[int], None]:
        def tick(number: int) -> None:
            nonlocal done
            done += number
            self._progress(phase, done, total)
            if self._lease is not None:
                self._lease.renew()
            if self._runs is not None and self._run_id is not None and time.monotonic() - self._told > 5:
                self._told = time.monotonic()
                self._runs.update(self._run_id, {"to_do": total, phase: done})

        self._progress(phase, done, total)
        return tick

    def _summary(self, resumed: bool) -> Summary:
        ((parsing,),) = self._spool.ask("select coalesce(sum(seconds), 0) from readings")
        return Summary(
            to_do=self._spool.count(),
            outcomes=summary.outcomes(self._spool),
            groups=summary.groups(self._spool),
            verdict=summary.verdict(self._spool),
            changes=summary.changes(self._spool, self._options.show),
            run_id=self._run_id,
            dry_run=self._options.dry_run,
            resumed=resumed,
            seconds={**self._seconds, "parsing": float(str(parsing))},
        )

    @contextmanager
    def _phase(self, name: str) -> Iterator[None]:
        start = time.monotonic()
        yield
        self._seconds[name] = time.monotonic() - start


def _open(path: Path) -> Spool:
    """A file that cannot be read is begun anew: it holds nothing that the archive does not have."""
    try:
        return Spool(path)
    except sqlite3.DatabaseError:
        remove(path)
        return Spool(path)


def _arguments(selection: Selection, options: Options) -> Mapping[str, Plain]:
    return {
        "portals": list(selection.portals),
        "years": list(selection.years),
        "templates": list(selection.templates),
        "all": selection.everything,
        "accept_regressions": options.accept_regressions,
        "workers": options.limits.workers,
        **({"scheduler": options.scheduler} if options.scheduler else {}),
    }
