"""The dead-letter box: what could not be fetched, read or stored, with the capture it came from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from pymongo import UpdateOne
from pymongo.errors import BulkWriteError

from storage.access.reads import KEYS_AT_ONCE, by_keys, walk
from storage.access.writes import DUPLICATE_KEY, MAX_OPERATIONS
from storage.base import Db, Doc, address_of, bucket_of, now, printable, slices, split_capture, utc
from storage.pending import Pending
from storage.shape.records import ProblemRecord, ProblemState

LONGEST_MESSAGE = 2000
OF_CONTENT = ("parse", "store")
"""Stages of what is archived and could not be taken for a report: it may be one, until something else is read there. What
could not be fetched is asked for again by the next visit, which says so itself.
"""
OF_A_READING = frozenset(("member_unread",))
"""Kinds that a report which was read says of itself (`storage.saving.unread`): that its page is fine does not close them."""


@dataclass(frozen=True)
class Problem:
    """One failure, as it is reported."""

    kind: str
    """fetch, blocked, unreadable, refused, too_slow …: a stable word for programs."""
    where: str
    """The canonical address; else what names the thing (a file's path, a report's id)."""
    message: str
    """One sentence for people."""
    stage: str = ""
    """fetch, archive, parse, store."""
    portal: str | None = None
    capture_id: str | None = None
    run_id: str | None = None

    @property
    def address(self) -> str:
        """What success is matched by: the address of the capture, else of `where`."""
        return split_capture(self.capture_id)[0] if self.capture_id else address_of(self.where)

    @property
    def id(self) -> str:
        """The same failure of the same thing has one id, however often it happens."""
        name = f"{self.kind}|{self.address}|{self.stage}"
        return hashlib.sha256(name.encode()).hexdigest()[:32]


class Problems:
    """The collection `problems`."""

    def __init__(self, db: Db) -> None:
        self._problems = db["problems"]
        self._pending = Pending(db)

    def record(
        self,
        kind: str,
        where: str,
        message: str,
        capture_id: str | None = None,
        run_id: str | None = None,
        *,
        stage: str = "",
        portal: str | None = None,
    ) -> str:
        """Note one problem and return its id. Met again it is counted, and opened again when it was
        resolved.
        """
        problem = Problem(kind, where, message, stage, portal, capture_id, run_id)
        self.record_all([problem])
        return problem.id

    def record_all(self, problems: Sequence[Problem]) -> None:
        """Note them. Of what is archived, a portal is looked at again only where another set of problems stands for it now:
        a rerun that fails on the same page once more says nothing about the reports that are missing there.
        """
        for some in slices(problems, MAX_OPERATIONS):
            standing = self._standing(one for one in some if one.stage in OF_CONTENT)
            self._open([one for one in some if not _stands(one, standing)], standing)
            self._open(self._met_again([one for one in some if _stands(one, standing)]), standing)

    def _standing(self, problems: Iterable[Problem]) -> dict[str, str | None]:
        """Id -> portal of those that are open, and were met before the present moment."""
        moment = now()
        ids = (one.id for one in problems)
        found = by_keys(self._problems, "_id", ids, projection={"state": 1, "portal": 1, "first_at": 1})
        return {
            one["_id"]: one["portal"]
            for one in found
            # Under a clock that has been set back it would become the first of its portal.
            if one["state"] == ProblemState.OPEN.value and utc(one["first_at"]) <= moment
        }

    def _met_again(self, problems: Sequence[Problem]) -> Sequence[Problem]:
        """Count these, which are open. Those that another process has closed a moment ago are left alone and given back."""
        if not problems:
            return ()
        operations = [_met(one, {"state": ProblemState.OPEN.value, "portal": one.portal}) for one in problems]
        if self._problems.bulk_write(operations, ordered=False).matched_count == len(operations):
            return ()
        standing = self._standing(problems)
        return [one for one in problems if not _stands(one, standing)]

    def _open(self, problems: Sequence[Problem], standing: Mapping[str, str | None]) -> None:
        """Note the portals that they belong to, or did until now, and only then write: we may be killed in between."""
        met = [one for one in problems if one.stage in OF_CONTENT]
        portals = {one.portal for one in met} | {standing.get(one.id) for one in met}
        self._pending.add_portals(portal for portal in portals if portal)
        operations = [_met(problem) for problem in problems]
        # Two processes that insert the same problem at once: one of them is told "duplicate key" and
        # counts it as met again on the second try.
        for _ in range(3):
            if not operations:
                break
            operations = self._written(operations)

    def _written(self, operations: list[UpdateOne]) -> list[UpdateOne]:
        """Write; give back those that lost a race."""
        try:
            self._problems.bulk_write(operations, ordered=False)
        except BulkWriteError as error:
            failures = (error.details or {}).get("writeErrors", [])
            if any(failure.get("code") != DUPLICATE_KEY for failure in failures):
                raise
            return [operations[failure["index"]] for failure in failures]
        return []

    def resolve(self, *where: str) -> int:
        """The things named succeeded: close their open problems. How many were closed."""
        return self.resolve_addresses(address_of(one) for one in where)

    def resolve_addresses(self, addresses: Iterable[str], run_id: str | None = None) -> int:
        """As `resolve`, by the address part of capture ids; those that run `run_id` has met itself stay open, and so do
        those of a good reading (`OF_A_READING`).

        A crawl may note that a list ends too soon before the list itself is written: that it came does not mend it.
        """
        return sum(
            self._close(
                [
                    one
                    for one in self._open_at(some)
                    if one["kind"] not in OF_A_READING and (run_id is None or one.get("run_id") != run_id)
                ]
            )
            for some in slices(sorted(set(addresses)), MAX_OPERATIONS)
        )

    def settle(self, said: Mapping[str, Problem | None]) -> None:
        """Address -> what its report, which was read, says that it left unread; None: nothing. Everything else that is open
        there is closed. A reading that says what stands writes nothing.
        """
        for some in slices(sorted(said), MAX_OPERATIONS):
            told = {problem.id: problem for address in some if (problem := said[address]) is not None}
            met = self._open_at(some)
            self._close([one for one in met if one["_id"] not in told])
            standing = {one["_id"]: (one["portal"], one["message"]) for one in met}
            self.record_all([one for one in told.values() if standing.get(one.id) != (one.portal, _short(one.message))])

    def _open_at(self, addresses: Sequence[str]) -> list[Doc]:
        chosen = {"state": ProblemState.OPEN.value, "address": {"$in": list(addresses)}}
        return list(self._problems.find(chosen, {"kind": 1, "run_id": 1, "portal": 1, "message": 1}))

    def _close(self, met: Sequence[Doc]) -> int:
        # Nearly always there is none to close: to look costs what the update would.
        if not met:
            return 0
        # Noted before: what is missing on the portal is not hidden by it any more.
        self._pending.add_portals(one["portal"] for one in met if one.get("portal"))
        found = self._problems.update_many(
            {"_id": {"$in": [one["_id"] for one in met]}, "state": ProblemState.OPEN.value},
            {"$set": {"state": ProblemState.RESOLVED.value, "resolved_at": now()}},
        )
        return found.modified_count

    def open_of(self, portals: Iterable[str]) -> Mapping[str, list[ProblemRecord]]:
        """Portal -> its open problems, in the order of their first occurrence; those without any are missing."""
        found: dict[str, list[ProblemRecord]] = {}
        for some in slices(sorted(set(portals)), KEYS_AT_ONCE):
            chosen = {"portal": {"$in": list(some)}, "state": ProblemState.OPEN.value}
            with self._problems.find(chosen) as cursor:
                for one in map(problem_record, cursor):
                    found.setdefault(str(one.portal), []).append(one)
        return {portal: sorted(met, key=lambda one: (one.first_at, one.id)) for portal, met in found.items()}

    def get(self, problem_id: str) -> ProblemRecord | None:
        found = self._problems.find_one({"_id": problem_id})
        return None if found is None else problem_record(found)

    def of_run(self, run_id: str) -> list[ProblemRecord]:
        """The problems that this run was the last to meet, in the order of their first occurrence."""
        found = [problem_record(one) for one in by_keys(self._problems, "run_id", [run_id])]
        return sorted(found, key=lambda problem: (problem.first_at, problem.id))

    def count_of_run(self, run_id: str) -> int:
        return self._problems.count_documents({"run_id": run_id})

    def open(self) -> Iterator[ProblemRecord]:
        """Everything that is not resolved, bucket by bucket."""
        return map(problem_record, walk(self._problems, equal={"state": ProblemState.OPEN.value}))


def _stands(problem: Problem, standing: Mapping[str, str | None]) -> bool:
    return problem.id in standing and standing[problem.id] == problem.portal


def _short(message: str) -> str:
    return printable(message)[:LONGEST_MESSAGE]


def _met(problem: Problem, while_it_is: Mapping[str, Any] | None = None) -> UpdateOne:
    """`while_it_is`: count it only while these of its fields are so; else it is opened, or made, whatever it was."""
    moment = now()
    first = {
        "bucket": bucket_of(problem.id),
        "kind": problem.kind,
        "stage": problem.stage,
        "address": problem.address,
    }
    return UpdateOne(
        {"_id": problem.id, **(while_it_is or {})},
        {
            **({} if while_it_is else {"$setOnInsert": first}),
            # Under a clock that has been set back the first time is not after the last.
            "$min": {"first_at": moment},
            "$set": {
                "where": printable(problem.where),
                "portal": problem.portal,
                "message": _short(problem.message),
                "capture_id": problem.capture_id,
                "run_id": problem.run_id,
                "last_at": moment,
                "state": ProblemState.OPEN.value,
                "resolved_at": None,
            },
            "$inc": {"count": 1},
        },
        upsert=not while_it_is,
    )


def problem_record(document: Doc) -> ProblemRecord:
    values: Doc = {item.name: document.get(item.name) for item in fields(ProblemRecord)}
    for name in ("first_at", "last_at", "resolved_at"):
        values[name] = utc(values[name]) if values[name] is not None else None
    values["state"] = ProblemState(values["state"])
    return ProblemRecord(**values)
