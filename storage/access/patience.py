"""Waiting for a database that is away: the connection broke, the server restarts, another member takes over.

Only for work that bears being done again: a write that broke off may have been done. All of this archive's writes do.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

import pymongo
from pymongo.errors import ConnectionFailure, ExecutionTimeout, NetworkTimeout, PyMongoError, WaitQueueTimeoutError

from storage.database import OpenDatabase, explained
from storage.errors import DatabaseError
from storage.settings import Settings

T = TypeVar("T")
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0
SOON = 10.0
"""Seconds after which a server that cannot be reached counts as away: whoever looks on is told before wondering."""
MOMENT = 2.0
"""Seconds that `glance` takes at most."""

Tell = Callable[[str], None]
"""Told one sentence when the waiting begins, now and then while it lasts, and "" when it is over."""


class Patience:
    """Runs work, and again while the database is away, as long as the settings say. Safe to use from several threads.

    Who has waited for so long in vain has waited for all: from then on nobody asks again.
    """

    def __init__(self, database: OpenDatabase, settings: Settings, tell: Tell = lambda text: None) -> None:
        self._database = database
        self._settings = settings
        self._tell = tell
        self._stopped = threading.Event()
        self._spent: float | None = None
        """Seconds that were waited in vain."""
        self._gone_since: float | None = None
        self._is_told = False
        """That it does not answer when it is glanced at."""
        self.waits = 0
        """How often the database was away."""

    def __call__(self, work: Callable[[], T]) -> T:
        """The result of `work`. Raises DatabaseError when the database stays away or refuses; else what `work` raises."""
        if self._spent is not None:  # each question more would take as long as it takes to find that nobody answers
            raise self._given_up(self._spent)
        try:
            return work()
        except ConnectionFailure as error:
            return self._again(work, error)
        except PyMongoError as error:
            raise explained(error, self._settings) from error

    def glance(self, work: Callable[[], object]) -> bool:
        """Do what may as well be left out, a sign of life, and say whether it was done; never wait for the database.

        Raises DatabaseError where it has been away, from one glance to the next, for longer than the settings say.
        """
        if self._spent is not None:
            raise self._given_up(self._spent)
        try:
            with pymongo.timeout(MOMENT):
                work()
        except (ConnectionFailure, ExecutionTimeout) as error:
            if self._gone_since is None:
                self._gone_since = time.monotonic()
            away = time.monotonic() - self._gone_since
            # One that answers, and not within a moment, is busy. After a while that is as good as away.
            is_busy = isinstance(error, (NetworkTimeout, ExecutionTimeout, WaitQueueTimeoutError)) and away < SOON
            if not is_busy:
                self.waits += not self._is_told
                self._is_told = True
                self._wait_on(away, error)
            return False
        self._gone_since = None
        if self._is_told:
            self._is_told = False
            self._tell("")
        return True

    def stop(self) -> None:
        """Nobody wants to wait any more: who waits fails at once."""
        self._stopped.set()

    def _again(self, work: Callable[[], T], error: ConnectionFailure) -> T:
        self.waits += 1
        since = time.monotonic()
        pause = FIRST_PAUSE
        while True:
            self._wait_on(time.monotonic() - since, error)
            if self._stopped.wait(pause):
                raise self._given_up(self._spent or time.monotonic() - since) from error
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

    def _wait_on(self, away: float, error: PyMongoError) -> None:
        """Tell that there is waiting, or raise DatabaseError where there has been enough of it."""
        limit = self._settings.patience_seconds
        if away > limit:
            self._spent = away
            self._stopped.set()
        if self._stopped.is_set():
            raise self._given_up(away if self._spent is None else self._spent) from error
        so_far = f", {_span(away)} so far" if away >= 1 else ""
        self._tell(f"{self._settings.where} does not answer: waiting for it, at most {_span(limit)}{so_far}")

    def _given_up(self, away: float) -> DatabaseError:
        for_long = f"has not answered for {_span(away)}" if away >= 1 else "does not answer"
        return DatabaseError(
            f"{self._settings.where} {for_long}. What was stored is safe. Start the database, and then the same command"
            " again: it goes on where it was"
        )


def _span(seconds: float) -> str:
    """`45 seconds`, `10 minutes`."""
    number, unit = (round(seconds), "second") if seconds < 120 else (round(seconds / 60), "minute")
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
