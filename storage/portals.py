"""What the runs learnt of each portal: whether it answers, where its 年报 columns are, how much came of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields

from pymongo.errors import DuplicateKeyError

from storage.base import Db, Doc, now, utc
from storage.reads import by_keys
from storage.records import Column, PortalState


class Portals:
    """The collection `portals`. There is no listing: which portals exist is the registry's matter (config/portals)."""

    def __init__(self, db: Db) -> None:
        self._portals = db["portals"]

    def get(self, portal: str) -> PortalState | None:
        found = self._portals.find_one({"_id": portal})
        return None if found is None else portal_state(found)

    def states(self, portals: Iterable[str]) -> dict[str, PortalState]:
        """Portal id -> state, of those that a run has been to."""
        return {found["_id"]: portal_state(found) for found in by_keys(self._portals, "_id", portals)}

    def succeeded(
        self,
        portal: str,
        run_id: str,
        *,
        columns: Sequence[Column] = (),
        counts: Mapping[str, int] | None = None,
        cursor: Mapping[str, str] | None = None,
    ) -> None:
        """A run went through the portal. Columns found replace those known; none found leaves them."""
        moment = now()
        values: Doc = {
            "health": "ok",
            "detail": "",
            "last_run_id": run_id,
            "last_tried_at": moment,
            "last_success_at": moment,
            "failures": 0,
            "counts": dict(counts or {}),
        }
        if columns:
            values["columns"] = [asdict(column) for column in columns]
        if cursor is not None:
            values["cursor"] = dict(cursor)
        self._write(portal, {"$set": values})

    def failed(self, portal: str, run_id: str, health: str, detail: str) -> None:
        """A run got nothing: `health` is empty, blocked, unreachable or changed; `detail` one sentence."""
        values = {"health": health, "detail": detail, "last_run_id": run_id, "last_tried_at": now()}
        self._write(portal, {"$set": values, "$inc": {"failures": 1}})

    def _write(self, portal: str, update: Mapping[str, Mapping[str, object]]) -> None:
        try:
            self._portals.update_one({"_id": portal}, update, upsert=True)
        except DuplicateKeyError:  # another process made the document in this very moment
            self._portals.update_one({"_id": portal}, update)


def portal_state(document: Doc) -> PortalState:
    values: Doc = {item.name: document[item.name] for item in fields(PortalState) if item.name in document}
    for name in ("last_tried_at", "last_success_at"):
        if values.get(name) is not None:
            values[name] = utc(values[name])
    values["columns"] = tuple(Column(**column) for column in values.get("columns", ()))
    return PortalState(**values)
