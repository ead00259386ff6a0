"""The reading phase: every item of the plan through the parsers' worker processes, each compared with what stands.

Nothing of the archive is written. Memory stays flat: what is under way at once is bounded, and what has been read waits
in the spool.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace

import bson

from parsers import made_of
from parsers.errors import NotAReport, ParseError
from storage.access.reads import by_keys
from storage.archive import Mark
from storage.base import Db, Doc, now, split_capture
from storage.corrections.files import load_corrections
from storage.corrections.overlay import apply, corrected_by
from storage.readings import DOUBTED, Readings
from storage.rerun import delta
from storage.rerun.current import Current
from storage.rerun.errors import RerunError
from storage.rerun.outcome import Outcome
from storage.rerun.put_right import identified
from storage.rerun.read import Reading, Stands
from storage.rerun.spool import Row, Spool
from storage.rerun.stale import Item
from storage.rerun.work import Loaded, Trouble, load
from storage.rerun.workers import Given, Workers, through
from storage.saving.compare import provenance_sha256
from storage.saving.refresh import head_of
from storage.saving.sources import candidate, standing_of
from storage.shape.records import CaptureRecord

BATCH = 50
"""Captures of a unit of work."""

Tick = Callable[[int], None]
"""Called with the number of items that were dealt with since the last call."""


@dataclass(frozen=True)
class Task:
    """An item with what the archive holds of it."""

    item: Item
    loaded: Loaded
    held: Doc | None
    """The entry of this capture among the `sources` of its report, and of that report its `head` (`head_of`), its
    `corrections`, whether it has no other source (`is_alone`), and whether it is in doubt (`is_doubted`)."""


def read_all(db: Db, spool: Spool, current: Current, workers: Workers, tick: Tick) -> None:
    """Read everything that the plan still has to be read, into the spool."""
    Reader(db, spool, current, workers, tick).run()


class Reader:
    def __init__(self, db: Db, spool: Spool, current: Current, workers: Workers, tick: Tick) -> None:
        self._db = db
        self._spool = spool
        self._current = current
        self._workers = workers
        self._tick = tick
        self._readings = Readings(db)
        self._corrections = load_corrections()
        self._finished: list[tuple[Task, Row, Reading | None]] = []

    def run(self) -> None:
        for task, future in through(self._workers, self._given()):
            self._settle(task, future)
            self._flush_if_full()
        self._flush()

    def _given(self) -> Iterator[tuple[Task, Given]]:
        for task in self._tasks():
            if isinstance(task.loaded.source, Trouble):
                self._finished.append((task, self._trouble(task, task.loaded.source), None))
                self._flush_if_full()
            else:
                yield task, Given(task.loaded.source, self._stands(task))

    def _tasks(self) -> Iterator[Task]:
        for items in self._spool.unread(BATCH):
            yield from self._batch(items)

    def _batch(self, items: Sequence[Item]) -> Iterator[Task]:
        """The items of a batch that are still what they were when the plan was made."""
        held = self._held(items)
        by_capture = {item.capture_id: item for item in items}
        overtaken = []
        for capture_id, item in list(by_capture.items()):
            if item.report_id is not None and capture_id not in held:
                overtaken.append(Row(by_capture.pop(capture_id), Outcome.OVERTAKEN))
        for loaded in load(self._db, list(by_capture), self._current.profiles):
            item = by_capture.pop(loaded.capture.id)
            yield Task(replace(item, portal=loaded.capture.portal), loaded, held.get(item.capture_id))
        gone = [
            Row(item, Outcome.MISSING_RAW, "missing_raw", f"there is no capture {item.capture_id}", url=item.capture_id)
            for item in by_capture.values()
        ]
        self._keep([*overtaken, *gone])

    def _held(self, items: Iterable[Item]) -> dict[str, Doc]:
        """Capture id -> `Task.held`."""
        heads = self._readings.heads(item.report_id for item in items if item.report_id is not None)
        wanted = {(item.report_id, item.capture_id) for item in items}
        return {
            source["capture_id"]: {
                **source,
                "corrections": corrected_by(head),
                "is_alone": len(head["sources"]) == 1,
                "is_doubted": DOUBTED in head["made_of"],
                "head": head_of(head),
            }
            for head in heads.values()
            for source in head["sources"]
            if (head["_id"], source["capture_id"]) in wanted
        }

    def _stands(self, task: Task) -> Stands | None:
        """What a worker need not make a document of: a report that is as this one source has it."""
        held = task.held
        if held is None or held["is_doubted"] or held.get("as_read") is None:
            return None
        if not held["is_alone"] or held["corrections"] is not None:
            return None
        return (
            None if self._corrections.of(str(task.item.report_id)) else Stands(held["as_read"], held["content_sha256"])
        )

    def _settle(self, task: Task, future: Future[Reading]) -> None:
        try:
            reading = future.result()
        except NotAReport as error:
            self._finished.append((task, self._no_report(task, error), None))
        except ParseError as error:
            self._finished.append((task, self._failed(task, error.reason, error.detail or error.reason), None))
        except RerunError:
            raise  # no fault of a page: there is nobody left to read it
        except Exception as error:
            # A fault of ours on one page must not cost the others.
            text = f"{type(error).__name__}: {error}"
            self._finished.append((task, self._failed(task, "parser_failed", text), None))
        else:
            reading = identified(reading, self._corrections)
            self._finished.append((task, self._report(task, reading), reading))

    # What a reading means

    def _report(self, task: Task, reading: Reading) -> Row:
        """Its delta is worked out later, together with those of others."""
        held, capture = task.held, task.loaded.capture
        is_same = (
            held is not None
            and not held["is_doubted"]
            and reading.report_id == task.item.report_id
            and reading.content_sha256 == held["content_sha256"]
            and (not _chosen(held) or held["corrections"] == self._corrections.digest(reading.report_id))
        )
        is_unread = made_of.UNREAD in capture.judged_by
        is_settled = (
            held is not None
            and is_same
            and held["provenance_sha256"] == provenance_sha256(self._candidate(reading, capture))
        )
        return Row(
            item=replace(task.item, template=task.item.template or reading.template),
            outcome=Outcome.UNCHANGED if is_same else Outcome.WOULD_APPLY,
            instead_of="" if held is None else None if held["is_doubted"] else held["provenance_sha256"],
            new_id=reading.report_id,
            url=capture.canonical_url,
            fetched_at=capture.fetched_at,
            mark=_mark(
                capture.id,
                # A page that no crawl has read to its end may have files that are still to come: the crawl has its say.
                kind="report" if capture.kind != "report" and not is_unread else None,
                text_sha256=reading.text_sha256 if reading.text_sha256 != capture.text_sha256 else None,
                judged_by=() if capture.judged_by else None,
            ),
            seconds=reading.seconds,
            # By what it was read stands in the report as well: where even that is the same, there is nothing to write.
            document=None if is_settled else reading.packed,
            content_sha256=None if is_settled else reading.content_sha256,
            as_read=None if is_settled else reading.as_read,
            sides=None
            if is_settled or held is None or reading.packed is not None
            else bson.encode({"sides": reading.sides, "head": held["head"], "unread": list(reading.unread)}),
        )

    def _candidate(self, reading: Reading, capture: CaptureRecord) -> Doc:
        """Of the report only what says where and by what it was read."""
        return candidate(reading.sides, capture.id, capture.portal, capture.fetched_at, now())

    def _no_report(self, task: Task, error: NotAReport) -> Row:
        capture = task.loaded.capture
        by = made_of.of_verdict(self._current.templates, task.loaded.portal)
        text = error.detail or error.reason
        if task.item.report_id is not None:
            message = f"{task.item.report_id} stands as it was; read now, it is no report: {text}"
            return self._row(task, Outcome.REJECTED, "rejected", message, _mark(capture.id, judged_by=by))
        was_open = made_of.FAILED in capture.judged_by or made_of.UNREAD in capture.judged_by
        kind = None if made_of.UNREAD in capture.judged_by else "not_a_report"
        mark = _mark(capture.id, kind=kind, judged_by=by)
        return self._row(task, Outcome.UNCHANGED, "not_a_report" if was_open else "", text, mark)

    def _trouble(self, task: Task, trouble: Trouble) -> Row:
        if trouble.outcome is Outcome.REJECTED:
            return self._row(task, trouble.outcome, trouble.kind, trouble.message, None)
        return replace(self._failed(task, trouble.kind, trouble.message), outcome=trouble.outcome)

    def _failed(self, task: Task, kind: str, text: str) -> Row:
        stands = f"{task.item.report_id} stands as it was: " if task.item.report_id else ""
        capture = task.loaded.capture
        by = None if capture.judged_by == (made_of.FAILED,) else (made_of.FAILED,)
        return self._row(task, Outcome.FAILED, kind, f"{stands}{text}", _mark(capture.id, judged_by=by))

    def _row(self, task: Task, outcome: Outcome, kind: str, message: str, mark: Mark | None) -> Row:
        capture = task.loaded.capture
        return Row(
            task.item, outcome, kind, message, url=capture.canonical_url, fetched_at=capture.fetched_at, mark=mark
        )

    # Into the spool

    def _flush_if_full(self) -> None:
        if len(self._finished) >= BATCH:
            self._flush()

    def _flush(self) -> None:
        finished, self._finished = self._finished, []
        changed = [(task, row) for task, row, _ in finished if row.outcome is Outcome.WOULD_APPLY]
        standing = self._standing(task for task, _ in changed)
        earlier = self._earlier((task, row) for task, row in changed if task.item.capture_id not in standing)
        rows = []
        for task, row, reading in finished:
            if row.outcome is Outcome.WOULD_APPLY and reading is not None:
                old, new = standing.get(task.item.capture_id), reading.document()
                is_chosen = old is None or _chosen(task.held)
                if old is None and (found := earlier.get(task.item.capture_id)) is not None:
                    old, is_chosen = found
                    row = replace(row, item=replace(row.item, report_id=row.new_id))
                if is_chosen:
                    new = apply(new, self._corrections)
                row = replace(row, delta=delta.newly(new) if old is None else delta.compare(old, new))
            rows.append(row)
        self._keep(rows)

    def _earlier(self, unheld: Iterable[tuple[Task, Row]]) -> dict[str, tuple[Doc, bool]]:
        """Capture id -> what stands of an earlier version of its page, and whether it is the report's chosen reading.

        A later version that could not be read before is no new report: the guard compares it with what it replaces.
        """
        wanted = {
            (str(row.new_id), split_capture(task.item.capture_id)[0]): task.item.capture_id for task, row in unheld
        }
        found = {}
        for report in by_keys(self._db["reports"], "_id", (report_id for report_id, _ in wanted)):
            for source in report["sources"]:
                capture_id = wanted.get((report["_id"], source["address"]))
                if capture_id is not None and source["chosen"]:
                    found[capture_id] = standing_of(report), True
        others = {f"{report_id}/{address}": one for (report_id, address), one in wanted.items() if one not in found}
        for reading in by_keys(self._db["report_alternates"], "_id", others):
            found[others[reading["_id"]]] = standing_of(reading), False
        return found

    def _standing(self, tasks: Iterable[Task]) -> dict[str, Doc]:
        """Capture id -> the whole reading that stands, in the report or beside it."""
        wanted = {task.item.capture_id: task for task in tasks if task.held is not None}
        chosen = {str(t.item.report_id) for t in wanted.values() if _chosen(t.held)}
        other = {f"{t.item.report_id}/{t.held['address']}" for t in wanted.values() if t.held and not _chosen(t.held)}
        found = [
            *by_keys(self._db["reports"], "_id", chosen),
            *by_keys(self._db["report_alternates"], "_id", other),
        ]
        return {one["source"]["capture_id"]: standing_of(one) for one in found}

    def _keep(self, rows: Sequence[Row]) -> None:
        if rows:
            self._spool.keep(rows)
            self._tick(len(rows))


def _chosen(held: Mapping[str, object] | None) -> bool:
    return held is not None and bool(held["chosen"])


def _mark(
    capture_id: str,
    kind: str | None = None,
    text_sha256: str | None = None,
    judged_by: tuple[str, ...] | None = None,
) -> Mark | None:
    """None where it would say nothing."""
    if kind is None and text_sha256 is None and judged_by is None:
        return None
    return Mark(capture_id, kind, text_sha256, None, judged_by)
