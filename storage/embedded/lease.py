"""The lease: how the supervisor knows that somebody uses the database.

Every process that has the database open holds a shared lock on one file. The kernel gives it back however the
process ends, so there is nothing stale to recognise. Who gets the exclusive lock knows that nobody is there,
and as long as it is held nobody comes in: so the supervisor stops an idle server without a race.
"""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path
from types import TracebackType

from storage.errors import DatabaseError


class Lease:
    """A held lock on the lease file; given back by `release`, by `with`, or by the end of the process."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    @classmethod
    def share(cls, file: Path, seconds: float) -> Lease:
        """Use the database. Waits while a supervisor is just stopping the server, at most `seconds`."""
        deadline = time.monotonic() + seconds
        while (lease := cls._lock(file, fcntl.LOCK_SH)) is None:
            if time.monotonic() > deadline:
                raise DatabaseError("the embedded database has been stopping for too long: nianbao db stop")
            time.sleep(0.02)
        os.utime(file)  # a use too short for the supervisor to see
        return lease

    @classmethod
    def exclude(cls, file: Path) -> Lease | None:
        """Keep everybody out, if nobody is in."""
        return cls._lock(file, fcntl.LOCK_EX)

    @classmethod
    def _lock(cls, file: Path, how: int) -> Lease | None:
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, how | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        return cls(descriptor)

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> Lease:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
