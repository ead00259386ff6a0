"""Give portals to workers until all are visited, whoever the workers are: the local crew, or a cluster."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from typing import Protocol

from crawler.fleet.order import Ended, Order, Visited

BUSY_PAUSE = 5.0
"""Seconds until a portal at which another process is, is tried again."""
BUSY_TRIES = 60
"""Then it is left to the other one: five minutes, longer than the lease of a machine that is gone."""
DEATHS = 2
"""A portal over which so many workers died is left alone."""


class Hands(Protocol):
    """Who visits portals: `crawler.fleet.crew.Crew`, or `crawler.fleet.cluster.Cluster`."""

    @property
    def capacity(self) -> int:
        """Portals at once."""
        ...

    def submit(self, order: Order) -> Future[Visited]: ...


@dataclass
class Tally:
    """Where a run stands."""

    portals: int
    """To be visited."""
    done: list[Visited] = field(default_factory=list)
    under_way: dict[str, Mapping[str, int]] = field(default_factory=dict)
    """Portal -> its counts until now."""
    waits_for: str = ""
    """A sentence while the database is away."""
    unheard: list[Future[Visited]] = field(default_factory=list)
    """Of a run that was stopped: visits that were under way then. What became of them is known when the workers have ended."""

    @property
    def counts(self) -> Counter[str]:
        """All portals together, those under way too."""
        total: Counter[str] = Counter(portals=len(self.done))
        for visited in list(self.done):
            total.update(visited.counts)
        for counts in list(self.under_way.values()):
            total.update(counts)
        return total

    def tell(self, portal: str, counts: Mapping[str, int]) -> None:
        self.under_way[portal] = counts

    def hear(self) -> None:
        """Count what was under way when the run was stopped as it ended, and not as it was last told of."""
        for visited in (one.result() for one in self.unheard if one.done() and one.exception() is None):
            self.under_way.pop(visited.portal, None)
            if visited.counts:
                self.done.append(visited)
        self.unheard = []


@dataclass(frozen=True)
class _Try:
    order: Order
    busy: int = 0
    deaths: int = 0
    not_before: float = 0.0


def dispatch(
    orders: Iterable[Order],
    hands: Hands,
    tally: Tally,
    *,
    beat: Callable[[], None] = lambda: None,
    goes_on: Callable[[], bool] = lambda: True,
    every: float = 1.0,
    pause: float = BUSY_PAUSE,
) -> list[Visited]:
    """Visit every portal once; the answers are in the order in which they came.

    A portal whose worker died is given again, one at which somebody else is a little later. `goes_on` is asked before
    each portal: where it says no (the night is over) the rest is left. `beat` is called about once a second.
    """
    waiting = deque(_Try(order) for order in orders)
    open_: dict[Future[Visited], _Try] = {}
    try:
        while waiting or open_:
            for one in _startable(waiting, open_.values(), hands.capacity - len(open_)):
                if goes_on():
                    tally.under_way[one.order.portal] = {}
                    open_[hands.submit(one.order)] = one
            finished, _ = wait(open_, timeout=every, return_when=FIRST_COMPLETED) if open_ else (set(), set())
            if not open_ and waiting:
                time.sleep(min(every, pause))  # all of them are busy elsewhere
            for future in finished:
                one = open_.pop(future)
                visited = future.result()
                tally.under_way.pop(one.order.portal, None)
                again = _again(one, visited, pause)
                if again is not None:
                    waiting.append(again)
                else:
                    tally.done.append(visited)
            beat()
    except BaseException:
        tally.unheard = list(open_)
        raise
    return tally.done


def _startable(waiting: deque[_Try], under_way: Iterable[_Try], most: int) -> list[_Try]:
    """Take from `waiting` what may begin now: in its order, and one portal of a platform at a time."""
    moment = time.monotonic()
    taken = {one.order.platform for one in under_way} - {None}
    chosen: list[_Try] = []
    for one in list(waiting):
        if len(chosen) >= most:
            break
        if one.not_before <= moment and one.order.platform not in taken:
            chosen.append(one)
            waiting.remove(one)
            taken |= {one.order.platform} - {None}
    return chosen


def _again(one: _Try, visited: Visited, pause: float) -> _Try | None:
    """The same portal once more, or None where that is its answer."""
    if visited.ended is Ended.BUSY and one.busy < BUSY_TRIES:
        return _Try(one.order, one.busy + 1, one.deaths, time.monotonic() + pause)
    if visited.ended is Ended.DIED and one.deaths + 1 < DEATHS:
        return _Try(one.order, one.busy, one.deaths + 1)
    return None
