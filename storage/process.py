"""Who holds a run or a lock, and whether that process still lives."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass

import psutil


@dataclass(frozen=True)
class Owner:
    """A process of some machine. `started` (seconds since 1970) tells it from a later one with the same
    pid.
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
            return abs(process.create_time() - self.started) > 1.0 or process.status() == psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return True
        except psutil.AccessDenied:
            return False


def this_process() -> Owner:
    return Owner(socket.gethostname(), os.getpid(), psutil.Process().create_time())
