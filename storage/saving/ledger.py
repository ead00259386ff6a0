"""Carries out what `storage.saving.plan` worked out, in an order that bears a kill between any two writes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pymongo import UpdateOne
from pymongo.errors import BulkWriteError, OperationFailure, WriteError

from storage.access.encoding import Unstorable
from storage.access.reads import KEYS_AT_ONCE, by_keys
from storage.access.writes import (
    NOT_ALLOWED,
    REFUSED_BY_VALIDATOR,
    Keyed,
    insert_new,
    refusal,
    replace_held,
    replace_older,
    set_if,
    settle,
)
from storage.base import Db, Doc, batches
from storage.catalogue import Catalogue
from storage.gone import Gone
from storage.readings import Readings
from storage.saving.plan import Encoded, Held, Plan, filed
from storage.shape.records import Change

_HEAD = {"revision": 1, "writes": 1, "sources": 1, "derived.corrections": 1}
_OUTLINE = {"title": 1, "page": 1, "sections.ordinal": 1, "cells.value": 1}
_FILED = {"report_id": 1, "revision": 1, "writes": 1}

LANDED = ""
"""The result of a plan that was carried out; any other text is the reason why it was refused."""


class Ledger:
    """The collections `reports`, `report_revisions`, `report_alternates`, and what follows them: `catalogue`, `readings`."""

    def __init__(self, db: Db) -> None:
        self._reports = db["reports"]
        self._revisions = db["report_revisions"]
        self._alternates = db["report_alternates"]
        self._gone = Gone(db)
        self.catalogue = Catalogue(db)
        self.readings = Readings(db)
        self._may_bypass = True

    def heads(self, report_ids: Iterable[str]) -> dict[str, Doc]:
        """Report id -> {revision, writes, sources, derived.corrections} of those that exist."""
        return {head["_id"]: head for head in by_keys(self._reports, "_id", report_ids, projection=_HEAD)}

    def writes(self, report_ids: Iterable[str], organs: Iterable[str]) -> dict[str, int]:
        """Report id -> its `writes`, of these reports and of all that these organs have."""
        keys = (("_id", report_ids), ("organ.id", organs))
        found = (by_keys(self._reports, field, some, projection={"writes": 1}) for field, some in keys)
        return {one["_id"]: one["writes"] for some in found for one in some}

    def outlines(self, report_ids: Iterable[str]) -> dict[str, Doc]:
        """Report id -> what of it is there, without its texts."""
        return {one["_id"]: one for one in by_keys(self._reports, "_id", report_ids, projection=_OUTLINE)}

    def alternate_ids(self, report_ids: Iterable[str]) -> dict[str, set[str]]:
        """Report id -> the ids of its alternates; those without any are missing."""
        found: dict[str, set[str]] = {}
        for one in by_keys(self._alternates, "report_id", report_ids, projection={"report_id": 1}):
            found.setdefault(one["report_id"], set()).add(one["_id"])
        return found

    def held(
        self, report_ids: Iterable[str], arriving: Iterable[str] = (), lost: Iterable[str] = ()
    ) -> dict[str, Held]:
        """Everything about these reports, whole: for those only that may change.

        `arriving`: addresses that come to them. `lost`: those that may be gone without having been withdrawn, or of a state
        that is not the last one.
        """
        wanted = set(report_ids)
        currents = {report["_id"]: report for report in by_keys(self._reports, "_id", wanted)}
        alternates: dict[str, list[Doc]] = {}
        for other in by_keys(self._alternates, "report_id", currents):
            alternates.setdefault(other["report_id"], []).append(other)
        last = self._last_filed(wanted - currents.keys())
        for key, one in self.readings.heads(lost).items():
            before = last.get(key) or currents.get(key)
            if before is None or before["writes"] < one["writes"]:
                last[key] = {name: one[name] for name in ("revision", "writes")}
        addresses = {source["address"] for report in currents.values() for source in report["sources"]}
        gone = self._gone.since(addresses.union(arriving))
        return {one: Held(currents.get(one), alternates.get(one, []), last.get(one), gone) for one in wanted}

    def _last_filed(self, report_ids: Iterable[str]) -> dict[str, Doc]:
        """Of reports that were withdrawn and may return: the last revision, so that no number is given twice."""
        found: dict[str, Doc] = {}
        for one in by_keys(self._revisions, "report_id", report_ids, projection=_FILED):
            before = found.get(one["report_id"])
            if before is None or before["revision"] < one["revision"]:
                found[one["report_id"]] = one
        return found

    def carry_out(self, plans: Mapping[int, Plan]) -> dict[int, str]:
        """Position -> LANDED, or why it was refused; a plan that lost a race against another process is missing.

        Revisions, then alternates, then the reports themselves, then what is left over, then the catalogue, then
        `readings`.
        """
        results: dict[int, str] = {}
        encoded: dict[int, Encoded] = {}
        for position, plan in plans.items():
            try:
                encoded[position] = plan.encoded()
            except Unstorable as error:
                results[position] = str(error)
        replace_older(self._revisions, [one.replaced for one in encoded.values() if one.replaced is not None])
        replace_older(self._alternates, [alternate for one in encoded.values() for alternate in one.alternates])
        results.update(self._insert(plans, encoded))
        results.update(self._replace(plans, encoded))
        done = [plans[position] for position, result in results.items() if result == LANDED]
        for plan in done:
            self._clear(plan.leftovers, plan.report["writes"])
        self._enter([plan.report for plan in done if plan.is_write])
        # Where only leftovers were cleared, a kill may have left the entry behind as well.
        self.enter(plan.report_id for plan in done if not plan.is_write)
        return results

    def enter(self, report_ids: Iterable[str]) -> None:
        """Write what follows the reports from the reports as they are stored."""
        for some in batches(by_keys(self._reports, "_id", report_ids), KEYS_AT_ONCE):
            self._enter(some)

    def _enter(self, reports: Sequence[Doc]) -> None:
        self.catalogue.write(reports)
        self.readings.write(reports)

    def refresh(self, news: Mapping[str, Doc]) -> set[str]:
        """Set these fields (`writes` among them) in reports that are one write behind; the ids of those that were.

        What the validator refuses is not among them: the road that every other write takes says why.
        """
        if not news:
            return set()
        before = {report_id: fields["writes"] - 1 for report_id, fields in news.items()}
        operations = [set_if(report_id, before[report_id], fields) for report_id, fields in news.items()]
        done = set(news)
        if self._set(operations) < len(news):
            heads = self.heads(news)
            done = {one for one in news if one in heads and _is_written(heads[one], news[one])}
        self.readings.refresh({one: news[one] for one in done}, before)
        return done

    def _set(self, operations: list[UpdateOne]) -> int:
        """How many of them landed.

        Past the validator, where we may: it looks at the five hundred cells that stay as they are (7 of 10 ms on the
        embedded server, measured), and what is set was shaped by the parser's own types. A MongoDB lets nobody past it
        but administrators: there it takes a fraction of that.
        """
        try:
            return settle(self._reports, operations, bypass_document_validation=self._may_bypass)
        except (BulkWriteError, OperationFailure) as error:
            if error.code == NOT_ALLOWED and self._may_bypass:
                self._may_bypass = False
                return self._set(operations)
            refused = (error.details or {}).get("writeErrors", [])
            if not refused or any(one.get("code") != REFUSED_BY_VALIDATOR for one in refused):
                raise
            return 0

    def withdraw(self, held: Held, change: Change) -> bool:
        """File the report as a revision and take it away. False: another process wrote it meanwhile."""
        current = held.current
        if current is None:
            return True
        revision = filed(current, change)
        replace_older(self._revisions, [Keyed.of(revision)])
        if self._reports.delete_one({"_id": current["_id"], "writes": current["writes"]}).deleted_count == 0:
            self._mend(revision)
            return False
        self._clear((other["_id"] for other in held.alternates), current["writes"] + 1)
        self.forget(current["_id"], current["writes"])
        return True

    def forget(self, report_id: str, writes: int) -> None:
        """Take away what speaks of a report that was withdrawn when it had this many writes."""
        self.catalogue.remove(report_id, writes)
        self.readings.remove(report_id, writes)

    def _insert(self, plans: Mapping[int, Plan], encoded: Mapping[int, Encoded]) -> Iterator[tuple[int, str]]:
        positions = [position for position in encoded if plans[position].is_insert]
        outcome = insert_new(self._reports, [encoded[position].report for position in positions])
        for index, position in enumerate(positions):
            if index not in outcome.duplicates:
                yield position, outcome.refused.get(index, LANDED)

    def _replace(self, plans: Mapping[int, Plan], encoded: Mapping[int, Encoded]) -> Iterator[tuple[int, str]]:
        """One by one: a bulk tells how many filters matched, not which, and on the embedded server it is no faster."""
        for position, one in encoded.items():
            plan = plans[position]
            if plan.is_insert:
                continue
            try:
                landed = not plan.is_write or replace_held(self._reports, one.report, plan.key)
            except WriteError as error:
                if error.code != REFUSED_BY_VALIDATOR:
                    raise
                yield position, refusal(error)
                continue
            if landed:
                yield position, LANDED
            elif plan.replaced is not None:
                self._mend(plan.replaced)

    def _clear(self, alternate_ids: Iterable[str], writes: int) -> None:
        """Delete alternates, but for those that a later write has put there again."""
        for key in alternate_ids:
            self._alternates.delete_one({"_id": key, "writes": {"$lt": writes}})

    def _mend(self, revision: Doc) -> None:
        """Another process replaced this revision while we were about to: its reasons are the true ones."""
        later = revision["revision"] + 1
        places = ((self._reports, revision["report_id"]), (self._revisions, f"{revision['report_id']}/{later}"))
        for collection, key in places:
            found = collection.find_one({"_id": key}, {"revision": 1, "change": 1})
            if found is not None and found["revision"] == later and found["change"] is not None:
                self._revisions.update_one({"_id": revision["_id"]}, {"$set": {"replaced": found["change"]}})
                return


def _is_written(head: Doc, fields: Doc) -> bool:
    """Whether the report is as `refresh` would have it: by us, or by another process with the same reading."""
    held = [source["provenance_sha256"] for source in head["sources"]]
    return head["writes"] == fields["writes"] and held == [one["provenance_sha256"] for one in fields["sources"]]
