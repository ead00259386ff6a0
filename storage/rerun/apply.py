"""The writing phase: what was read and judged goes through the one write path, batch by batch.

Each batch bears being done again after a kill: reports by `Reports.save`, then what the captures say of themselves,
then problems, and only then the spool notes it as written.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import bson

from parsers.made_of import FAILED
from storage.archive import Archive, Mark
from storage.base import Db, State, split_capture
from storage.pending import Pending
from storage.problems import Problem, Problems
from storage.readings import Readings
from storage.reports import Reports, ReportWrite, Saved
from storage.rerun.outcome import Outcome
from storage.rerun.read import unpack
from storage.rerun.reader import Tick
from storage.rerun.spool import Row, Spool
from storage.saving.ledger import Ledger
from storage.saving.refresh import Refresh

BATCH = 100


def write_all(db: Db, spool: Spool, run_id: str, tick: Tick) -> None:
    """Write everything that the spool still has to be written."""
    writer = Writer(db, run_id)
    underway = Underway(db)
    for rows in spool.unwritten(BATCH):
        underway.note({key for row in rows if row.is_write for key in (row.item.report_id, row.new_id) if key})
        spool.written(writer.write(rows))
        tick(len(rows))
    underway.done()


class Underway:
    """The reports of the batch that a rerun is writing, so that the next one can look after a batch that was cut off.

    A kill between a report and its entry in the catalogue leaves the report without a word by which it could be found:
    were the edit then taken back, it would stand as the edit had it for ever.
    """

    _ID = "rerun.writing"

    def __init__(self, db: Db) -> None:
        self._meta = db["meta"]
        self._ledger = Ledger(db)
        self._pending = Pending(db)

    def note(self, report_ids: Collection[str]) -> None:
        if not report_ids:
            return  # whatever is noted of an earlier batch has been written
        self._meta.update_one({"_id": self._ID}, {"$set": {"reports": sorted(report_ids)}}, upsert=True)

    def done(self) -> None:
        self._meta.delete_one({"_id": self._ID})

    def mend(self) -> None:
        """Enter what an earlier run has written and not entered any more: a rerun says so here, a crawl has noted the
        organs that it left behind.
        """
        found = self._meta.find_one({"_id": self._ID})
        written = self._ledger.writes([] if found is None else found["reports"], self._pending.all())
        entered = self._ledger.readings.writes(written)
        self._ledger.enter(key for key, writes in written.items() if entered.get(key) != writes)
        if found is not None:
            self.done()


class Writer:
    def __init__(self, db: Db, run_id: str) -> None:
        self._run_id = run_id
        self._reports = Reports(db)
        self._archive = Archive(db)
        self._problems = Problems(db)
        self._readings = Readings(db)

    def write(self, rows: Sequence[Row]) -> list[tuple[str, Outcome, str]]:
        """(capture id, what became of it, message) of each row; acknowledged when it returns."""
        lost = self._lost(rows)
        saving = [row for row in rows if row.document is not None and row.item.capture_id not in lost]
        answers = self._reports.save([self._report_write(row) for row in saving])
        saved = dict(zip((row.item.capture_id for row in saving), answers, strict=True))
        refreshing = [row for row in rows if row.sides is not None]
        answers = self._reports.refresh([self._refresh(row) for row in refreshing])
        saved.update(zip((row.item.capture_id for row in refreshing), answers, strict=True))
        done = [(row, *_became(row, saved.get(row.item.capture_id), lost)) for row in rows]
        marks = [_mark(row, outcome) for row, outcome, _ in done]
        self._archive.mark_all([mark for mark in marks if mark is not None])
        # A page that failed before and is no report now, or reads as it stands: whatever was said of it is answered.
        answered = [
            row
            for row, outcome, _ in done
            if outcome is Outcome.UNCHANGED and (row.kind or row.new_id) and row.item.capture_id not in saved
        ]
        self._problems.resolve_addresses(split_capture(row.item.capture_id)[0] for row in answered)
        self._problems.record_all([self._problem(row) for row, outcome, _ in done if _is_problem(row, outcome)])
        return [(row.item.capture_id, outcome, message) for row, outcome, message in done]

    def _lost(self, rows: Sequence[Row]) -> set[str]:
        """Captures that no report is read from any more, among those whose report would get another id.

        Where the id stays, `Reports.save` itself sees that it was overtaken.
        """
        moving = [row.item for row in rows if row.item.report_id is not None and row.new_id != row.item.report_id]
        stands = self._readings.of_captures(item.capture_id for item in moving)
        held = {capture_id for ids in stands.values() for capture_id in ids}
        return {item.capture_id for item in moving if item.capture_id not in held}

    def _report_write(self, row: Row) -> ReportWrite:
        assert row.document is not None
        assert row.fetched_at is not None
        return ReportWrite(
            document=unpack(row.document),
            capture_id=row.item.capture_id,
            portal=row.item.portal,
            fetched_at=row.fetched_at,
            run_id=self._run_id,
            # Under another id there is nothing yet that it could replace.
            instead_of=row.instead_of if row.new_id == row.item.report_id else row.instead_of and "",
            content_sha256=row.content_sha256,
            as_read=row.as_read,
            anew=row.instead_of is None,
        )

    def _refresh(self, row: Row) -> Refresh:
        assert row.sides is not None and row.fetched_at is not None
        found = bson.decode(row.sides)
        return Refresh(
            report_id=str(row.new_id),
            capture_id=row.item.capture_id,
            portal=row.item.portal,
            fetched_at=row.fetched_at,
            sides=found["sides"],
            head=found["head"],
            as_read=str(row.as_read),
            instead_of=str(row.instead_of),
            run_id=self._run_id,
            unread=tuple(found.get("unread", ())),
        )

    def _problem(self, row: Row) -> Problem:
        return Problem(
            kind=row.kind,
            where=row.url,
            message=row.message,
            # A capture without a report failed in a crawl's parse: it is the same problem, met again.
            stage="parse" if row.item.report_id is None else "rerun",
            portal=row.item.portal,
            capture_id=row.item.capture_id if "/" in row.item.capture_id else None,
            run_id=self._run_id,
        )


def _became(row: Row, saved: Saved | None, lost: set[str]) -> tuple[Outcome, str]:
    if row.item.capture_id in lost or (saved is not None and saved.state is State.OVERTAKEN):
        return Outcome.OVERTAKEN, "read anew by another process meanwhile"
    if saved is not None and saved.state is State.REFUSED:
        return Outcome.REJECTED, saved.message
    return (Outcome.APPLIED if row.outcome is Outcome.WOULD_APPLY else row.outcome), row.message


def _mark(row: Row, outcome: Outcome) -> Mark | None:
    if outcome is Outcome.OVERTAKEN:
        return None
    if outcome is Outcome.REJECTED and row.document is not None:
        return Mark(row.item.capture_id, judged_by=(FAILED,))  # refused by the database
    return row.mark


def _is_problem(row: Row, outcome: Outcome) -> bool:
    """What the database refused is a problem as well: `Reports.save` has recorded it."""
    return bool(row.kind) and outcome is not Outcome.OVERTAKEN
