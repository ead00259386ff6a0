"""Whose turn it is at a portal: one process at a time, over all runs and machines, so that the pause between requests holds.

turn = take_turn(leases, portal, run_id)    # raises Busy
with turn:
    ... turn.renew() now and then ...
"""

from __future__ import annotations

from contextlib import ExitStack
from types import TracebackType
from typing import Self

from crawler.errors import Busy
from crawler.registry import Portal
from storage.leases import Lease, Leases
from storage.shape.records import LeaseRecord

RENEW = 20.0
"""Seconds between two renewals: several in the two minutes that a lease lasts."""


class Turn:
    """The leases of a portal and of the platform that it shares with others. Held until the end of the `with` block."""

    def __init__(self, leases: tuple[Lease, ...]) -> None:
        self._leases = leases

    def renew(self) -> None:
        """Say that it is still needed. Raises LeaseLost where another process has it by now."""
        for lease in self._leases:
            lease.renew()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for lease in self._leases:
            lease.release()


def take_turn(leases: Leases, portal: Portal, run_id: str | None) -> Turn:
    """Raises Busy where another process is at the portal, or at another one of its platform."""
    names = [f"portal:{portal.id}", *([f"platform:{portal.platform}"] if portal.platform else [])]
    with ExitStack() as stack:
        held: list[Lease] = []
        for name in names:
            lease = leases.take(name, run_id)
            if lease is None:
                raise Busy(_told(name, leases.holder(name)))
            held.append(stack.enter_context(lease))
        stack.pop_all()
        return Turn(tuple(held))


def _told(name: str, holder: LeaseRecord | None) -> str:
    what = name.replace(":", " ", 1)
    if holder is None:
        return f"the {what} was visited by another process until a moment ago"
    run = f" of run {holder.run_id}" if holder.run_id else ""
    since = f"{holder.since:%Y-%m-%d %H:%M} UTC"
    return f"the {what} is visited by another process{run} (process {holder.pid} on {holder.host}, since {since})"
