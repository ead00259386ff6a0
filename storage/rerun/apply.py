"""The writing phase: what was read and judged goes through the one write path, batch by batch.

Each batch bears being done again after a kill: reports by `Reports.save`, then what the captures say of themselves,
then problems, and only then the spool notes it as written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from parsers.made_of import FAILED
from storage.archive import Archive, Mark
from storage.base import Db, State, split_capture
from storage.catalogue import Catalogue
from storage.problems import Problem, Problems
from storage.reports import Reports, ReportWrite, Saved
from storage.rerun.outcome import Outcome
from storage.rerun.read import unpack
from storage.rerun.reader import Tick
from storage.rerun.spool import Row, Spool
from storage.saving.ledger import Ledger

BATCH = 100


def write_all(db: Db, spool: Spool, run_id: str, tick: Tick) -> None:
    """Write everything that the spool still has to be written."""
    writer = Writer(db, run_id)
    underway = Underway(db)
    for rows in spool.unwritten(BATCH):
        underway.note({key for row in rows for key in (row.item.report_id, row.new_id) if key})
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

    def note(self, report_ids: Iterable[str]) -> None:
        self._meta.update_one({"_id": self._ID}, {"$set": {"reports": sorted(report_ids)}}, upsert=True)

    def done(self) -> None:
        self._meta.delete_one({"_id": self._ID})

    def mend(self) -> None:
        """Enter what an earlier rerun has written and not entered any more."""
        found = self._meta.find_one({"_id": self._ID})
        if found is not None:
            entered = self._ledger.catalogue.writes(found["reports"])
            heads = self._ledger.heads(found["reports"])
            self._ledger.enter(key for key, head in heads.items() if entered.get(key) != head["writes"])
            self.done()


class Writer:
    def __init__(self, db: Db, run_id: str) -> None:
        self._run_id = run_id
        self._reports = Reports(db)
        self._archive = Archive(db)
        self._problems = Problems(db)
        self._catalogue = Catalogue(db)

    def write(self, rows: Sequence[Row]) -> list[tuple[str, Outcome, str]]:
        """(capture id, what became of it, message) of each row; acknowledged when it returns."""
        lost = self._lost(rows)
        saving = [row for row in rows if row.document is not None and row.item.capture_id not in lost]
        saved = dict(
            zip(
                (row.item.capture_id for row in saving),
                self._reports.save([self._report_write(row) for row in saving]),
                strict=True,
            )
        )
        done = [(row, *_became(row, saved.get(row.item.capture_id), lost)) for row in rows]
        marks = [_mark(row, outcome) for row, outcome, _ in done]
        self._archive.mark_all([mark for mark in marks if mark is not None])
        # A page that failed before and is no report now, or reads as it stands: whatever was said of it is answered.
        answered = [row for row, outcome, _ in done if outcome is Outcome.UNCHANGED and (row.kind or row.new_id)]
        self._problems.resolve_addresses(split_capture(row.item.capture_id)[0] for row in answered)
        self._problems.record_all([self._problem(row) for row, outcome, _ in done if _is_problem(row, outcome)])
        return [(row.item.capture_id, outcome, message) for row, outcome, message in done]

    def _lost(self, rows: Sequence[Row]) -> set[str]:
        """Captures that no report is read from any more, among those whose report would get another id.

        Where the id stays, `Reports.save` itself sees that it was overtaken.
        """
        moving = [row.item for row in rows if row.item.report_id is not None and row.new_id != row.item.report_id]
        stands = self._catalogue.of_captures(item.capture_id for item in moving)
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
            instead_of=row.instead_of,
            content_sha256=row.content_sha256,
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
