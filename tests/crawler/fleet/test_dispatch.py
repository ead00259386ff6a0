"""Portals given to workers: who is busy is tried again, who died is given again, a platform is visited by one at a time."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future

import pytest

from crawler.fleet.dispatch import DEATHS, Tally, dispatch
from crawler.fleet.order import Ended, Order, Visited
from crawler.nights.campaign import _terminated_is_interrupted

Answer = Callable[[Order, int], Ended]


class Hands:
    """Answers at once, as `answer` says for the order and how often it was given before."""

    capacity = 4

    def __init__(self, answer: Answer = lambda order, times: Ended.DONE) -> None:
        self._answer = answer
        self.given: Counter[str] = Counter()
        self.together: list[set[str | None]] = []
        self._open: list[Order] = []

    def submit(self, order: Order) -> Future[Visited]:
        future: Future[Visited] = Future()
        ended = self._answer(order, self.given[order.portal])
        self.given[order.portal] += 1
        future.set_result(Visited(order.portal, ended, counts={"pages": 3}))
        return future


def orders(number: int, platform: str | None = None) -> list[Order]:
    return [Order(f"p{n}", "run", platform=platform) for n in range(number)]


def run(hands: Hands, given: list[Order], goes_on: Callable[[], bool] = lambda: True) -> Tally:
    tally = Tally(len(given))
    dispatch(given, hands, tally, goes_on=goes_on, every=0.01, pause=0.0)
    return tally


def test_every_portal_is_visited_once() -> None:
    hands = Hands()
    tally = run(hands, orders(30))
    assert hands.given == Counter({f"p{n}": 1 for n in range(30)})
    assert len(tally.done) == 30 and tally.counts["pages"] == 90 and tally.under_way == {}


def test_busy_portals_are_tried_again_and_counted_once() -> None:
    hands = Hands(lambda order, times: Ended.BUSY if times < 3 else Ended.DONE)
    tally = run(hands, orders(5))
    assert set(hands.given.values()) == {4} and tally.counts["pages"] == 15


def test_a_portal_over_which_workers_die_is_left_alone() -> None:
    hands = Hands(lambda order, times: Ended.DIED if order.portal == "p1" else Ended.DONE)
    tally = run(hands, orders(3))
    assert hands.given["p1"] == DEATHS
    assert {one.portal: one.ended for one in tally.done} == {"p0": "done", "p1": "died", "p2": "done"}


def test_when_the_night_is_over_nothing_more_is_begun() -> None:
    turns = iter([True, True, False, False, False, False, False, False])
    hands = Hands()
    tally = run(hands, orders(8), lambda: next(turns))
    assert len(tally.done) == 2


def test_one_portal_of_a_platform_at_a_time() -> None:
    under_way: set[str] = set()

    class Slow(Hands):
        def submit(self, order: Order) -> Future[Visited]:
            assert not under_way, "another portal of this platform is under way"
            under_way.add(order.portal)
            future = super().submit(order)
            future.add_done_callback(lambda _: under_way.discard(order.portal))
            return future

    assert len(run(Slow(), orders(6, "gx-trs")).done) == 6


def test_what_was_under_way_when_a_run_was_stopped_is_counted_as_it_ended() -> None:
    """Not as its last sign of life had it, and not a portal that was never begun."""
    promised: dict[str, Future[Visited]] = {}

    class Open(Hands):
        def submit(self, order: Order) -> Future[Visited]:
            return promised.setdefault(order.portal, Future())

    def stop() -> None:
        raise KeyboardInterrupt

    tally = Tally(3)
    with pytest.raises(KeyboardInterrupt):
        dispatch(orders(3), Open(), tally, beat=stop, every=0.01)
    tally.tell("p0", {"pages": 4})
    assert tally.counts == Counter(pages=4, portals=0)
    promised["p0"].set_result(Visited("p0", Ended.STOPPED, counts={"pages": 108}))
    promised["p1"].set_result(Visited("p1", Ended.STOPPED))
    tally.tell("p2", {"pages": 1})
    tally.hear()  # p2's worker has not said how it ended
    assert tally.counts == Counter(pages=109, portals=1)


def test_kill_stops_a_run_as_the_keyboard_does() -> None:
    with pytest.raises(KeyboardInterrupt), _terminated_is_interrupted():
        os.kill(os.getpid(), signal.SIGTERM)
        signal.sigtimedwait([], 5)
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
