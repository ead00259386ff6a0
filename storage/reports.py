"""The one write path of reports: a crawl and a rerun store through `Reports.save`, and a second run changes nothing.

A save takes these steps for each report, in this order, and each bears being done again after a kill between any two:

1. the revision that will be replaced goes to `report_revisions`, with what replaced it and why;
2. readings from other addresses go to `report_alternates`;
3. the report is written: inserted, or replaced where it still is what was read (`_id` and `writes`);
4. alternates that are none any more are deleted;
5. the catalogue's entry is written, then what `readings` says of it.

`writes` counts every write of a report, `revision` only those that changed its content. What loses step 3 to another
process starts anew with what that process wrote.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.base import Db, Doc, State, address_of, now, slices, split_capture
from storage.catalogue import organ_ids_of
from storage.corrections.files import load_corrections
from storage.corrections.identity import READ_AS, identify
from storage.corrections.overlay import Corrections, corrected_by
from storage.errors import StorageError
from storage.gone import Gone
from storage.known import Known
from storage.pending import Pending
from storage.problems import Problem, Problems
from storage.saving import unread
from storage.saving.ledger import LANDED, Ledger
from storage.saving.plan import Arrival, Cause, Plan, make_plan, plan_again, plan_without
from storage.saving.refresh import Refresh, news, whole
from storage.saving.sources import candidate, entry
from storage.shape.records import MOVED, Change

AT_ONCE = 100
"""Reports of a round: 5 MB or so."""
_PATIENCE = 100
"""Races that a save may lose before it gives up; each one lost is a write that another process made."""

MISSHAPEN = (ValueError, LookupError, TypeError, AttributeError)
"""What a document that is no report may raise before the validator sees it: a part is missing, or of another kind."""


@dataclass(frozen=True)
class ReportWrite:
    """A parser's report (`Report.to_document()`), and where it came from."""

    document: Mapping[str, Any]
    capture_id: str
    portal: str | None
    fetched_at: datetime
    run_id: str | None = None
    why: str = ""
    """A reason of the writer's own, put before those that are worked out (`correction`)."""
    instead_of: str | None = None
    """`provenance_sha256` of the reading of this address that the writer has seen, "" where there was none: another one
    there means that another process was faster, and nothing is written. None: write whatever is there.
    """
    content_sha256: str | None = None
    """Of the document, where the writer has it already."""
    as_read: str | None = None
    """See `storage.saving.as_read`."""
    anew: bool = False
    """What stands may be lost, or altered by hand: believe none of its digests."""


@dataclass(frozen=True)
class Saved:
    report_id: str
    state: State
    """new, changed and unchanged speak of the report's content. A new address that carries the same report, or the
    same result from another version of the parser, is noted and unchanged. refused: see `problems`."""
    revision: int = 0
    message: str = ""
    """Why it was refused."""


class Reports:
    """The collections `reports`, `report_revisions`, `report_alternates`, `catalogue` and `readings`."""

    def __init__(self, db: Db) -> None:
        self._ledger = Ledger(db)
        self._problems = Problems(db)
        self._years = Known(db, "years")
        self._pending = Pending(db)
        self._gone = Gone(db)

    def save(self, batch: Sequence[ReportWrite]) -> list[Saved]:
        """Store a batch; the answers stand in its order. When it returns, everything is acknowledged.

        What the database refuses (its validator, BSON's limits) goes to `problems` with the reason and is answered
        REFUSED; the rest of the batch is stored. A success closes the open problems of its address, but for what it says
        itself that it left unread. A capture that was read as another report before (an organ's name understood better)
        is taken away from that one.
        """
        answers: dict[int, Saved] = {}
        arrivals: dict[int, Arrival] = {}
        corrections = load_corrections()
        for position, write in enumerate(batch):
            try:
                arrivals[position] = _arrival(write, corrections)
            except MISSHAPEN as error:
                answers[position] = self._refuse(write, str(write.document.get("_id")), _misshapen(error))
        # The years are known before their reports are: a query that walks the years misses nothing.
        self._years.add(str(arrival.year) for arrival in arrivals.values())
        for some in slices(sorted(arrivals), AT_ONCE):
            tries = 0
            while waiting := [position for position in some if position not in answers]:
                tries += 1
                if tries > _PATIENCE:
                    raise StorageError(f"{batch[waiting[0]].capture_id} could not be stored: others keep changing it")
                self._round({position: arrivals[position] for position in waiting}, batch, answers)
        good = [arrivals[p] for p, saved in answers.items() if saved.state not in (State.REFUSED, State.OVERTAKEN)]
        self._take_from_others(good)
        self._problems.settle({arrival.address: _left_unread(arrival) for arrival in good})
        return [answers[position] for position in range(len(batch))]

    def refresh(self, batch: Sequence[Refresh]) -> list[Saved]:
        """As `save`, of readings that are word by word what stands, by other code; the answers stand in its order."""
        corrections, moment = load_corrections(), now()
        found = {one.report_id: news(one, corrections, moment) for one in batch}
        done = self._ledger.refresh({report_id: fields for report_id, fields in found.items() if fields is not None})
        self._problems.settle(
            {
                split_capture(one.capture_id)[0]: unread.problem(
                    one.unread, one.sides["source"], one.capture_id, one.portal, one.run_id
                )
                for one in batch
                if one.report_id in done
            }
        )
        left = [one for one in batch if one.report_id not in done]
        later = dict(zip((one.capture_id for one in left), self._refresh_whole(left), strict=True)) if left else {}
        return [
            later.get(one.capture_id) or Saved(one.report_id, State.UNCHANGED, one.head["revision"]) for one in batch
        ]

    def _refresh_whole(self, left: Sequence[Refresh]) -> Iterator[Saved]:
        """With their documents, as they are stored."""
        held = self._ledger.held(one.report_id for one in left)
        documents = {one.capture_id: whole(one, held[one.report_id]) for one in left}
        there = [(one, document) for one in left if (document := documents[one.capture_id]) is not None]
        saved = self.save(
            [
                ReportWrite(
                    document=document,
                    capture_id=one.capture_id,
                    portal=one.portal,
                    fetched_at=one.fetched_at,
                    run_id=one.run_id,
                    instead_of=one.instead_of,
                    as_read=one.as_read,
                )
                for one, document in there
            ]
        )
        answers = {one.capture_id: answer for (one, _), answer in zip(there, saved, strict=True)}
        for one in left:
            yield answers.get(one.capture_id, Saved(one.report_id, State.OVERTAKEN))

    def read_from(self, capture_ids: Iterable[str]) -> dict[str, Doc]:
        """Capture id -> {title, page, sections, cells} of the report that it was read as, without texts and places."""
        found = self._ledger.readings.of_captures(capture_ids)
        documents = self._ledger.outlines(found)
        return {capture: documents[one] for one, captures in found.items() if one in documents for capture in captures}

    def worth(self, capture_ids: Iterable[str]) -> dict[str, tuple[int, int]]:
        """Capture id -> (verified tables, year) of the report that it was read as; the larger, the better an example."""
        return self._ledger.catalogue.worth(capture_ids)

    def withdraw(self, capture_id: str, why: str, run_id: str | None = None) -> list[str]:
        """The capture is no report after all (`not_a_report`): take it away from those it was read as; their ids.

        A report without another source goes to `report_revisions` with the reason; one that has others stands as
        they have it.
        """
        found = sorted(self._ledger.readings.of_captures([capture_id]))
        for report_id in found:
            self._without(report_id, capture_id, why, run_id)
        return found

    def address_died(self, dead: Mapping[str, str], run_id: str | None = None) -> list[str]:
        """Canonical URL -> what it was answered, of pages that were there. The reports that stand on them, looked at again.

        Nothing is taken away. An address that no report has is not remembered.
        """
        of = {address_of(url): url for url in dead}
        captures = self._ledger.readings.of_captures(self._gone.captures(of))
        carrying = {split_capture(one)[0] for ids in captures.values() for one in ids}
        new = set(self._gone.note({of[one]: dead[of[one]] for one in carrying if one in of}, run_id))
        found = [key for key, ids in captures.items() if new.intersection(split_capture(one)[0] for one in ids)]
        return self._look_again(found, "source gone", run_id)

    def address_answers(self, addresses: Iterable[str], run_id: str | None = None) -> list[str]:
        """These are alive. The reports that stand on those among them that were dead, looked at again."""
        back = self._gone.back(addresses)
        captures = self._gone.captures(back) if back else []
        return self._look_again(self._ledger.readings.of_captures(captures), "source is back", run_id)

    def _look_again(self, report_ids: Iterable[str], why: str, run_id: str | None) -> list[str]:
        found = sorted(report_ids)
        for report_id in found:
            for _ in range(_PATIENCE):
                held = self._ledger.held([report_id])[report_id]
                plan = plan_again(held, Cause(now(), run_id, why))
                if plan is None:
                    break
                # Another address may say something else, and stands on another portal.
                self._pending.add(organ_ids_of(plan.report))
                if 0 in self._ledger.carry_out({0: plan}):
                    break
            else:
                raise StorageError(f"{report_id} could not be looked at again: others keep changing it")
        return found

    def _round(self, waiting: Mapping[int, Arrival], batch: Sequence[ReportWrite], answers: dict[int, Saved]) -> None:
        """One arrival of each report: settle what is no news, plan and write the rest."""
        corrections = load_corrections()
        first: dict[str, int] = {}
        for position in waiting:
            first.setdefault(waiting[position].report_id, position)
        heads = self._ledger.heads(first)
        others = self._ledger.alternate_ids(heads)
        entered = self._ledger.readings.writes(heads)
        unsettled: list[int] = []
        heads_to_refresh: dict[int, Doc] = {}
        behind: list[str] = []
        for report_id, position in first.items():
            head = heads.get(report_id)
            as_corrected = corrected_by(head) == corrections.digest(report_id)
            anew = waiting[position].anew
            settled = head is not None and not anew and _settled(head, others.get(report_id, set()), waiting[position])
            if head is None or not as_corrected or not settled:
                may_refresh = not anew and as_corrected and corrected_by(head) is None and report_id not in others
                if head is not None and may_refresh and entered.get(report_id) == head["writes"]:
                    heads_to_refresh[position] = head
                unsettled.append(position)
                continue
            # Held may be a later version of the page, which somebody else has read meanwhile.
            overtaken = waiting[position].is_overtaken(head["sources"])
            answers[position] = Saved(report_id, State.OVERTAKEN if overtaken else State.UNCHANGED, head["revision"])
            if entered.get(report_id) != head["writes"]:
                behind.append(report_id)
        self._ledger.enter(behind)
        for position, revision in self._refresh(waiting, heads_to_refresh).items():
            answers[position] = Saved(waiting[position].report_id, State.UNCHANGED, revision)
            unsettled.remove(position)
        ids = [waiting[position].report_id for position in unsettled]
        lost = [waiting[position].report_id for position in unsettled if waiting[position].anew]
        held = self._ledger.held(ids, (waiting[position].address for position in unsettled), lost)
        moment = now()
        plans: dict[int, Plan] = {}
        for position in unsettled:
            arrival = waiting[position]
            current = held[arrival.report_id].current
            if arrival.is_overtaken(() if current is None else current["sources"]):
                answers[position] = Saved(arrival.report_id, State.OVERTAKEN)
                continue
            try:
                plans[position] = make_plan(arrival, held[arrival.report_id], moment)
            except MISSHAPEN as error:
                answers[position] = self._refuse(batch[position], arrival.report_id, _misshapen(error))
        # Noted before they are written: coverage and checks over several reports have to be looked at again.
        # Of a joint report also those that it was said to be of.
        changed = [plan for plan in plans.values() if plan.state is not State.UNCHANGED]
        touched = [plan.report for plan in changed]
        touched += [before for plan in changed if (before := held[plan.report_id].current) is not None]
        self._pending.add(organ for report in touched for organ in organ_ids_of(report))
        for position, result in self._ledger.carry_out(plans).items():
            plan = plans[position]
            if result == LANDED:
                answers[position] = Saved(plan.report_id, plan.state, plan.report["revision"])
            else:
                answers[position] = self._refuse(batch[position], plan.report_id, result)

    def _refresh(self, waiting: Mapping[int, Arrival], heads: Mapping[int, Doc]) -> dict[int, int]:
        """Most of what a rerun brings: the same content, read by other code. Set that, without sending the report anew.

        Position -> revision of those that are done.
        """
        news = {}
        for position, head in heads.items():
            arrival = waiting[position]
            if arrival.is_refresh(head["sources"]) and not arrival.is_overtaken(head["sources"]):
                news[arrival.report_id] = arrival.refreshed(head["writes"] + 1, head["sources"][0])
        done = self._ledger.refresh(news)
        return {p: heads[p]["revision"] for p in heads if waiting[p].report_id in done}

    def _take_from_others(self, arrivals: Sequence[Arrival]) -> None:
        """What was just saved under one report's id may not stand under another's any more."""
        now_under = {arrival.document["source"]["capture_id"]: arrival for arrival in arrivals}
        for report_id, capture_ids in self._ledger.readings.of_captures(now_under).items():
            for capture_id in capture_ids:
                arrival = now_under[capture_id]
                if arrival.report_id != report_id:
                    self._without(report_id, capture_id, f"{MOVED}{arrival.report_id}", arrival.run_id)

    def _without(self, report_id: str, capture_id: str, why: str, run_id: str | None) -> None:
        for _ in range(_PATIENCE):
            held = self._ledger.held([report_id])[report_id]
            if held.current is not None:
                self._pending.add(organ_ids_of(held.current))
            plan = plan_without(capture_id, held, Cause(now(), run_id, why))
            if plan is not None:
                done = 0 in self._ledger.carry_out({0: plan})
            elif held.current is not None:
                change = Change(held.current["revision"] + 1, {}, (why,), now(), run_id)
                done = self._ledger.withdraw(held, change)
            else:
                if held.last is not None:  # another process was faster, or was killed before it had forgotten it
                    self._ledger.forget(report_id, held.last["writes"])
                done = True
            if done:
                return
        raise StorageError(f"{report_id} could not be withdrawn: others keep changing it")

    def _refuse(self, write: ReportWrite, report_id: str, message: str) -> Saved:
        source = write.document.get("source") or {}
        problem = Problem(
            kind="refused",
            where=str(source.get("url") or report_id),
            message=f"{report_id} was refused by the database: {message}",
            stage="store",
            portal=write.portal,
            capture_id=write.capture_id,
            run_id=write.run_id,
        )
        self._problems.record_all([problem])
        return Saved(report_id, State.REFUSED, 0, message)


def _left_unread(arrival: Arrival) -> Problem | None:
    """Of the document as it was read: what corrections add to its flags is no file."""
    source = arrival.document["source"]
    names = unread.unread(arrival.document["flags"])
    return unread.problem(names, source, source["capture_id"], source["portal"], arrival.run_id)


def _misshapen(error: Exception) -> str:
    return f"it has not the shape of a report: {type(error).__name__}: {error}"


def _arrival(write: ReportWrite, corrections: Corrections) -> Arrival:
    identified = identify(write.document, corrections)
    is_as_read = (READ_AS in identified) == (READ_AS in write.document)
    document = candidate(identified, write.capture_id, write.portal, write.fetched_at, now())
    return Arrival(
        document=document,
        year=int(document["report_year"]),
        reading=entry(document, *((write.content_sha256, write.as_read) if is_as_read else ())),
        run_id=write.run_id,
        why=write.why,
        instead_of=write.instead_of,
        anew=write.anew,
    )


def _settled(head: Doc, alternates: set[str], arrival: Arrival) -> bool:
    """True where the report already holds what arrives, or a later capture of the same address."""
    others = {f"{head['_id']}/{source['address']}" for source in head["sources"] if not source["chosen"]}
    if alternates != others:
        return False
    for source in head["sources"]:
        if source["address"] == arrival.address:
            if source["version"] > arrival.version:
                return True
            return (source["content_sha256"], source["provenance_sha256"]) == (
                arrival.content_sha256,
                arrival.provenance_sha256,
            )
    return False
