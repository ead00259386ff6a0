"""Waiting for a database that is away: the connection broke, the server restarts, another member takes over.

Only for work that bears being done again: a write that broke off may have been done. All of this archive's writes do.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from pymongo.errors import ConnectionFailure, PyMongoError

from storage.database import OpenDatabase, explained
from storage.errors import DatabaseError
from storage.settings import Settings

T = TypeVar("T")
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0

Tell = Callable[[str], None]
"""Told one sentence when the waiting begins, now and then while it lasts, and "" when it is over."""


class Patience:
    """Runs work, and again while the database is away, as long as the settings say. Safe to use from several threads."""

    def __init__(self, database: OpenDatabase, settings: Settings, tell: Tell = lambda text: None) -> None:
        self._database = database
        self._settings = settings
        self._tell = tell
        self._stopped = threading.Event()
        self.waits = 0
        """How often the database was away."""

    def __call__(self, work: Callable[[], T]) -> T:
        """The result of `work`. Raises DatabaseError when the database stays away or refuses; else what `work` raises."""
        try:
            return work()
        except ConnectionFailure as error:
            return self._again(work, error)
        except PyMongoError as error:
            raise explained(error, self._settings) from error

    def stop(self) -> None:
        """Nobody wants to wait any more: who waits fails at once."""
        self._stopped.set()

    def _again(self, work: Callable[[], T], error: ConnectionFailure) -> T:
        where = self._settings.where
        self.waits += 1
        since = time.monotonic()
        pause = FIRST_PAUSE
        while True:
            away = time.monotonic() - since
            if away > self._settings.patience_seconds or self._stopped.wait(pause):
                raise DatabaseError(
                    f"{where} has not answered for {away:.0f} seconds: start it, and the same command again;"
                    " it goes on where it was"
                ) from error
            self._tell(f"{where} does not answer, waiting for it ({away:.0f} s)")
            pause = min(2 * pause, LONGEST_PAUSE)
            try:
                self._database.revive()
                result = work()
            except ConnectionFailure as again:
                error = again
            except PyMongoError as refused:
                raise explained(refused, self._settings) from refused
            else:
                self._tell("")
                return result
