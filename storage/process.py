"""Who holds a run or a lock, and whether that process still lives."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import psutil

_SINCE_1970 = 1e9
"""Starts above it were written by an earlier nianbao, or on a system without /proc: seconds since 1970."""
_CLOCKS_APART = timedelta(days=1)
"""No two machines of one archive differ by so much: what ends later than that was written under a wrong clock."""


@dataclass(frozen=True)
class Owner:
    """A process of some machine. `started` (seconds since the machine's start, which no clock that is set moves) tells it
    from a later one with the same pid.
    """

    host: str
    pid: int
    started: float

    def is_gone(self) -> bool:
        """True only when it is known: the process was on this machine and is no more."""
        if self.host != socket.gethostname():
            return False
        try:
            process = psutil.Process(self.pid)
            # The clock's resolution differs between systems; two processes do not share a pid within a
            # second.
            began = process.create_time() if self.started > _SINCE_1970 else _started(self.pid)
            return abs(began - self.started) > 1.0 or process.status() == psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return True
        except psutil.AccessDenied:
            return False

    def has_let_go(self, until: datetime, term: timedelta, moment: datetime) -> bool:
        """Whether what it held until then is free: it is gone, the time is over, or its end was written under a clock
        that was far ahead and has been put right since. `term` is how long it may be held without a word.
        """
        if self.is_gone() or until < moment:
            return True
        return self.host != socket.gethostname() and until > moment + term + _CLOCKS_APART


def _started(pid: int) -> float:
    """Seconds from the machine's start to the process's. psutil adds the time of day of the machine's start, which moves
    whenever the clock is set: a living process would be taken for another one.
    """
    try:
        # Everything behind the name, which may hold spaces and brackets; the 22nd field of proc(5).
        ticks = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[19]
    except FileNotFoundError:
        return psutil.Process(pid).create_time()
    return int(ticks) / os.sysconf("SC_CLK_TCK")


def this_process() -> Owner:
    return Owner(socket.gethostname(), os.getpid(), _started(os.getpid()))
