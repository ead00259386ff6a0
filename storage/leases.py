"""Who works on what: a lease is a document that says whose a thing is and until when.

    with leases.take("portal:sample", run_id) as lease:
        ... lease.renew() now and then ...

A process that was killed leaves its lease behind. On the same machine that is known at once, by the process that is no
more; from another machine the lease is taken over when it runs out.
"""

from __future__ import annotations

import secrets
from dataclasses import asdict
from datetime import timedelta
from types import TracebackType
from typing import Self

from pymongo.errors import DuplicateKeyError

from storage.base import Db, now, utc
from storage.errors import StorageError
from storage.process import Owner, this_process
from storage.shape.records import LeaseRecord

TERM = timedelta(minutes=2)
"""How long a lease lasts without being renewed: much longer than a database that is away for a moment."""


class LeaseLost(StorageError):
    """It ran out, and another process has it: what it protects must not be touched any more."""


class Leases:
    """The collection `leases`."""

    def __init__(self, db: Db, term: timedelta = TERM) -> None:
        self._leases = db["leases"]
        self._term = term

    def take(self, name: str, run_id: str | None = None) -> Lease | None:
        """The lease, or None where somebody else has it."""
        while True:
            moment, owner = now(), this_process()
            mine = LeaseRecord(
                _id=name,
                token=secrets.token_hex(8),
                run_id=run_id,
                since=moment,
                until=moment + self._term,
                host=owner.host,
                pid=owner.pid,
                started=owner.started,
            )
            try:
                self._leases.insert_one(asdict(mine))
            except DuplicateKeyError:
                held = self.holder(name)
                if held is not None and not Owner(held.host, held.pid, held.started).has_let_go(
                    held.until, self._term, now()
                ):
                    return None
                if held is not None:
                    # By its token: of two who find it over, one deletes it, and both try again.
                    self._leases.delete_one({"_id": name, "token": held.token})
            else:
                return Lease(self, mine)

    def holder(self, name: str) -> LeaseRecord | None:
        """Who has it, whether or not it is over."""
        found = self._leases.find_one({"_id": name})
        if found is None:
            return None
        return LeaseRecord(**{**found, "since": utc(found["since"]), "until": utc(found["until"])})

    def renew(self, lease: Lease) -> None:
        """Raises LeaseLost."""
        until = {"$set": {"until": now() + self._term}}
        found = self._leases.update_one({"_id": lease.name, "token": lease.record.token}, until)
        if found.matched_count == 0:
            raise LeaseLost(f"{lease.name} belongs to another process by now")

    def release(self, lease: Lease) -> None:
        self._leases.delete_one({"_id": lease.name, "token": lease.record.token})


class Lease:
    """Held until `release`; a context manager."""

    def __init__(self, leases: Leases, record: LeaseRecord) -> None:
        self._leases = leases
        self.record = record

    @property
    def name(self) -> str:
        return self.record.id

    def renew(self) -> None:
        """Say that it is still needed. Raises LeaseLost where it ran out and was taken."""
        self._leases.renew(self)

    def release(self) -> None:
        self._leases.release(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
