"""What each crawl, backfill and rerun did, and which of them still runs."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, replace

from storage.access.encoding import encode
from storage.access.reads import by_keys
from storage.access.writes import insert_new
from storage.base import Db, Doc, now, utc
from storage.known import Known
from storage.problems import Problems
from storage.process import Owner, this_process
from storage.shape.records import Alarm, Plain, RunRecord, RunState

CUT_OFF = "cut off: its process ended without a word (killed, or the machine stopped)"
"""The message of a run that could not say itself how it ended: its counts are those of its last sign of life."""


class Runs:
    """The collection `runs`."""

    def __init__(self, db: Db) -> None:
        self._runs = db["runs"]
        self._months = Known(db, "run_months")
        self._problems = Problems(db)

    def start(self, kind: str, arguments: Mapping[str, Plain]) -> str:
        """Open a run of this process and return its id. Runs whose process is gone are marked interrupted."""
        self.reap()
        moment = now()
        owner = this_process()
        stamp = f"{moment:%Y%m%dT%H%M%S}{moment.microsecond // 1000:03d}Z"
        record = RunRecord(
            _id=f"{stamp}-{kind}-{secrets.token_hex(2)}",
            month=f"{moment:%Y-%m}",
            kind=kind,
            arguments=dict(arguments),
            started_at=moment,
            heartbeat_at=moment,
            finished_at=None,
            state=RunState.RUNNING,
            counts={},
            problems=0,
            message="",
            host=owner.host,
            pid=owner.pid,
            process_started=owner.started,
        )
        self._months.add([record.month])
        outcome = insert_new(self._runs, [encode(asdict(record))])
        if outcome.refused:
            raise ValueError(f"the run cannot be recorded: {outcome.refused[0]}")
        return record.id

    def update(self, run_id: str, counts: Mapping[str, int]) -> None:
        """Set the counts as they stand now (all of them: what is not named is gone), as long as the run is under way: a
        sign of life that was held up must not overwrite how it ended.
        """
        self._runs.update_one(
            {"_id": run_id, "state": RunState.RUNNING.value}, {"$set": {"counts": dict(counts), "heartbeat_at": now()}}
        )

    def finish(
        self,
        run_id: str,
        state: RunState = RunState.FINISHED,
        *,
        counts: Mapping[str, int] | None = None,
        message: str = "",
        alarms: Sequence[Alarm] = (),
    ) -> RunRecord:
        """Close a run, with the number of its problems, and return it. Raises KeyError for an unknown id."""
        begun = self.get(run_id)
        if begun is None:
            raise KeyError(run_id)
        moment = max(now(), begun.started_at)  # no run ends before it begins, whatever the clock was set to
        values: Doc = {
            "state": state.value,
            "finished_at": moment,
            "heartbeat_at": moment,
            "message": message,
            "problems": self._problems.count_of_run(run_id),
        }
        if counts is not None:
            values["counts"] = dict(counts)
        if alarms:
            values["alarms"] = [asdict(alarm) for alarm in alarms]
        self._runs.update_one({"_id": run_id}, {"$set": values})
        record = self.get(run_id)
        assert record is not None
        return record

    def get(self, run_id: str) -> RunRecord | None:
        """One run; what still counts as running and whose process is known to be gone is told as cut off."""
        found = self._runs.find_one({"_id": run_id})
        return None if found is None else _as_known(run_record(found))

    def latest(self, limit: int = 20, kind: str | None = None) -> list[RunRecord]:
        """The latest runs as `get` tells them, newest first: month by month, back to the first that has any."""
        found: list[RunRecord] = []
        for month in reversed(self._months.values()):
            runs = sorted(map(run_record, by_keys(self._runs, "month", [month])), key=lambda run: run.id, reverse=True)
            found += [_as_known(run) for run in runs if kind is None or run.kind == kind]
            if len(found) >= limit:
                break
        return found[:limit]

    def reap(self) -> list[str]:
        """Mark runs as interrupted whose process is known to be gone; their ids.

        What runs on another machine cannot be known: it stays "running", with the time of its last sign of life.
        """
        gone = []
        for run in map(run_record, by_keys(self._runs, "state", [RunState.RUNNING.value])):
            known = _as_known(run)
            if known is not run:
                values = {
                    "state": known.state.value,
                    "finished_at": known.finished_at,
                    "message": known.message,
                    "problems": self._problems.count_of_run(run.id),
                }
                self._runs.update_one({"_id": run.id, "state": RunState.RUNNING.value}, {"$set": values})
                gone.append(run.id)
        return gone


def _as_known(run: RunRecord) -> RunRecord:
    """The run itself, or what is known of one that was cut off: it went on until its last sign of life at least."""
    if run.state is not RunState.RUNNING or not Owner(run.host, run.pid, run.process_started).is_gone():
        return run
    return replace(run, state=RunState.INTERRUPTED, finished_at=run.heartbeat_at, message=CUT_OFF)


def run_record(document: Doc) -> RunRecord:
    values: Doc = {item.name: document.get(item.name) for item in fields(RunRecord)}
    for name in ("started_at", "heartbeat_at", "finished_at"):
        values[name] = utc(values[name]) if values[name] is not None else None
    values["state"] = RunState(values["state"])
    values["alarms"] = tuple(Alarm(**{**alarm, "portals": tuple(alarm["portals"])}) for alarm in values["alarms"] or ())
    return RunRecord(**values)
