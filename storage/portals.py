"""What the runs learnt of each portal: whether it answers, where its 年报 columns are, how much came of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields

from pymongo.errors import DuplicateKeyError

from storage.access.reads import by_keys
from storage.base import Db, Doc, now, utc
from storage.known import Known
from storage.shape.records import Column, Health, LayoutChange, PortalState


class Portals:
    """The collection `portals`. Which portals exist is the registry's matter (config/portals)."""

    def __init__(self, db: Db) -> None:
        self._portals = db["portals"]
        self._known = Known(db, "portals")

    def get(self, portal: str) -> PortalState | None:
        found = self._portals.find_one({"_id": portal})
        return None if found is None else portal_state(found)

    def states(self, portals: Iterable[str]) -> dict[str, PortalState]:
        """Portal id -> state, of those that a run has been to."""
        return {found["_id"]: portal_state(found) for found in by_keys(self._portals, "_id", portals)}

    def of_owners(self, organ_ids: Iterable[str]) -> dict[str, set[str]]:
        """Organ id -> the ids of the portals that are its own; organs without any are missing."""
        found: dict[str, set[str]] = {}
        for one in by_keys(self._portals, "organ_id", organ_ids, projection={"organ_id": 1}):
            found.setdefault(one["organ_id"], set()).add(one["_id"])
        return found

    def succeeded(
        self,
        portal: str,
        run_id: str,
        *,
        columns: Sequence[Column] = (),
        counts: Mapping[str, int] | None = None,
        cursor: Mapping[str, str] | None = None,
        swept: bool = False,
        golden: str | None = None,
    ) -> None:
        """A run went through the portal. Columns found replace those known; none found leaves them.

        `cursor` is added to what it holds already. `swept`: all lists to their end, and every known page.
        """
        moment = now()
        values: Doc = {
            "health": Health.FRESH.value,
            "detail": "",
            "last_run_id": run_id,
            "last_tried_at": moment,
            "last_success_at": moment,
            "failures": 0,
            "counts": dict(counts or {}),
            "change": None,
            "before_check": None,
        }
        if columns:
            values["columns"] = [asdict(column) for column in columns]
        if swept:
            values["last_sweep_at"] = moment
        if golden is not None:
            values["golden"] = golden
        if cursor is not None:
            before = self.get(portal)
            values["cursor"] = {**(before.cursor if before else {}), **cursor}
        self._write(portal, {"$set": values})

    def failed(self, portal: str, run_id: str, health: Health, detail: str, change: LayoutChange | None = None) -> None:
        """A run found something wrong: `detail` says it in one sentence, `change` where pages are built otherwise."""
        values: Doc = {
            "health": health.value,
            "detail": detail,
            "last_run_id": run_id,
            "last_tried_at": now(),
            "change": None if change is None else asdict(change),
            "before_check": None,
        }
        self._write(portal, {"$set": values, "$inc": {"failures": 1}})

    def owned(self, owners: Mapping[str, str]) -> None:
        """Portal -> the id of the organ whose portal it is."""
        for portal, organ_id in owners.items():
            self._write(portal, {"$set": {"organ_id": organ_id}, "$setOnInsert": {"health": Health.UNKNOWN.value}})

    def stopped(self, portal: str, run_id: str, *, swept: bool = False) -> None:
        """A run had to stop in the middle: what it fetched is stored, and nothing is known to be wrong."""
        moment = now()
        values: Doc = {"last_run_id": run_id, "last_tried_at": moment}
        if swept:
            values["last_sweep_at"] = moment
        self._write(portal, {"$set": values, "$setOnInsert": {"health": Health.UNKNOWN.value}})

    def late(self, portals: Iterable[str]) -> int:
        """These were to be visited and were not; what is known to be wrong with a portal stays said. How many."""
        values = {"$set": {"health": Health.LATE.value, "detail": "it was to be visited and had no turn"}}
        changed = 0
        for portal in portals:
            found = self._portals.update_one({"_id": portal, "health": Health.FRESH.value}, values)
            changed += found.modified_count
        return changed

    def checked(
        self,
        portal: str,
        *,
        answered: bool,
        trouble: Health,
        detail: str,
        vendor: str | None,
        vendor_why: str,
        columns: Sequence[Column] = (),
    ) -> None:
        """`nianbao portals check` looked at the portal. Columns found replace those known; none found leaves them.

        A portal that answers keeps the health that its runs gave it, or gets that back: a look is not a crawl. One that
        does not has `trouble` until then, for which `detail` is the sentence.
        """
        values: Doc = {"checked_at": now()}
        before = self.get(portal)
        of_runs = before.before_check if before is not None else None
        if columns:
            values["columns"] = [asdict(column) for column in columns]
        if answered:
            values |= {"vendor": vendor, "vendor_why": vendor_why}
            if of_runs is not None:
                self._write(portal, {"$set": {**values, **of_runs, "before_check": None}})
            else:
                self._write(portal, {"$set": values, "$setOnInsert": {"health": Health.UNKNOWN.value}})
        else:
            values |= {"health": trouble.value, "detail": detail}
            if of_runs is None:
                known = before or PortalState(portal)
                values["before_check"] = {"health": known.health.value, "detail": known.detail}
            self._write(portal, {"$set": values})

    def _write(self, portal: str, update: Mapping[str, Mapping[str, object]]) -> None:
        if "cursor" not in update["$set"]:  # a portal's first document has one, empty
            update = {**update, "$setOnInsert": {**update.get("$setOnInsert", {}), "cursor": {}}}
        self._known.add([portal])
        try:
            self._portals.update_one({"_id": portal}, update, upsert=True)
        except DuplicateKeyError:  # another process made the document in this very moment
            self._portals.update_one({"_id": portal}, update)


def portal_state(document: Doc) -> PortalState:
    values: Doc = {item.name: document[item.name] for item in fields(PortalState) if item.name in document}
    for name in ("last_tried_at", "last_success_at", "last_sweep_at", "checked_at"):
        if values.get(name) is not None:
            values[name] = utc(values[name])
    values["health"] = Health(values.get("health", Health.UNKNOWN))
    values["columns"] = tuple(
        Column(**{**column, "why": tuple(column.get("why", ()))}) for column in values.get("columns", ())
    )
    change = values.get("change")
    if change is not None:
        values["change"] = LayoutChange(**{**change, "stopped": tuple(change["stopped"]), "at": utc(change["at"])})
    return PortalState(**values)
