"""One rerun an archive: a document says whose it is, from which machine, and until when.

A rerun that was killed leaves its document behind. On the same machine that is known at once, by the process that is no
more; from another machine the lease is taken over when it runs out.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

import pymongo
from pymongo.errors import ConnectionFailure, DuplicateKeyError

from storage.base import Db, Doc, now, utc
from storage.process import Owner, this_process
from storage.rerun.errors import Busy, RerunError

LEASE = timedelta(minutes=10)
"""Longer than anything between two renewals: a page that takes its time, a database that is away for a minute."""
RENEW = timedelta(seconds=20)
_ID = "rerun.lease"
MOMENT = 1.0
"""Seconds that a database which broke off is given to hear a last word."""
_abandoned: set[str] = set()
"""Leases of this process that could not be given back, because the database was away."""


class Lease:
    """The lease of the database's rerun, held from `take` to `release`. Use as a context manager."""

    def __init__(self, db: Db) -> None:
        self._meta = db["meta"]
        self._token = secrets.token_hex(8)
        self._renewed: datetime = now()

    def take(self) -> Self:
        """Raises Busy where another rerun has it."""
        while True:
            moment = now()
            mine: Doc = {"_id": _ID, "token": self._token, "since": moment, "until": moment + LEASE, "run_id": None}
            try:
                self._meta.insert_one({**mine, **asdict(this_process())})
            except DuplicateKeyError:
                held = self._meta.find_one({"_id": _ID})
                if held is None:
                    continue
                if not _is_over(held):
                    raise Busy(_told(held)) from None
                self._meta.delete_one({"_id": _ID, "token": held["token"]})
            else:
                self._renewed = moment
                return self

    def name(self, run_id: str) -> None:
        """Say which run it is."""
        self._meta.update_one({"_id": _ID, "token": self._token}, {"$set": {"run_id": run_id}})

    def renew(self) -> None:
        """Call it often; it writes seldom. Raises RerunError when the lease ran out and another rerun has it."""
        moment = now()
        # A clock that was set back must not keep it from being renewed.
        if timedelta(0) <= moment - self._renewed < RENEW:
            return
        found = self._meta.update_one({"_id": _ID, "token": self._token}, {"$set": {"until": moment + LEASE}})
        if found.matched_count == 0:
            raise RerunError("this rerun stood still for too long and another one has taken over: let that one finish")
        self._renewed = moment

    def release(self) -> None:
        self._meta.delete_one({"_id": _ID, "token": self._token})

    def __enter__(self) -> Self:
        return self.take()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not isinstance(error, ConnectionFailure):
            self.release()
            return
        _abandoned.add(self._token)
        with suppress(ConnectionFailure), pymongo.timeout(MOMENT):
            self.release()


def _is_over(held: Doc) -> bool:
    if held["token"] in _abandoned:
        return True
    return Owner(held["host"], held["pid"], held["started"]).has_let_go(utc(held["until"]), LEASE, now())


def _told(held: Doc) -> str:
    run = f"{held['run_id']}, " if held["run_id"] else ""
    where = f"process {held['pid']} on {held['host']}"
    return (
        f"another rerun is under way ({run}{where}, since {utc(held['since']):%Y-%m-%d %H:%M} UTC): "
        "wait for it, or end it and start this one again"
    )
