"""Crawls begun by a fork of a process that has loaded everything already (`tests.torture.warm`).

A reactor starts once a process, so each of a hundred crawls has one of its own, and to load Scrapy and the rest took three
quarters of its time. The process that is forked knows the code and nothing else: no settings, no templates, no database. One
of them serves all tests of a process of pytest, and ends with it.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Protocol

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 1 << 20
"""Bytes of a request."""


class Running(Protocol):
    """As much of `subprocess.Popen` as tests want of a crawl."""

    @property
    def pid(self) -> int: ...
    @property
    def returncode(self) -> int | None: ...
    def poll(self) -> int | None: ...
    def communicate(self, *, timeout: float | None = None) -> tuple[str, str]: ...
    def send_signal(self, sig: int, /) -> None: ...
    def kill(self) -> None: ...


class Fork:
    """A crawl that was forked. It is no child of ours: whose it is tells its number and how it ended."""

    def __init__(self, argument: str, environment: Mapping[str, str]) -> None:
        self._out, self._err = tempfile.TemporaryFile(), tempfile.TemporaryFile()  # noqa: SIM115 - closed by `communicate`
        status, told = os.pipe()
        self._status = os.fdopen(status, "rb", buffering=0)
        try:
            request = json.dumps([argument, dict(environment)]).encode()
            forge = _forge()
            with forge.lock:
                socket.send_fds(forge.socket, [request], [self._out.fileno(), self._err.fileno(), told])
        finally:
            os.close(told)
        self.pid = int(self._status.readline() or "0")
        assert self.pid, "the process that crawls are forked from has ended"
        self.returncode: int | None = None

    def poll(self) -> int | None:
        return self._ended(0)

    def communicate(self, *, timeout: float | None = None) -> tuple[str, str]:
        if self._ended(timeout) is None:
            raise subprocess.TimeoutExpired("crawl", timeout or 0)
        said = []
        for file in (self._out, self._err):
            with file:
                file.seek(0)
                said.append(file.read().decode())
        return said[0], said[1]

    def send_signal(self, sig: int, /) -> None:
        if self.poll() is None:
            os.kill(self.pid, sig)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _ended(self, timeout: float | None) -> int | None:
        if self.returncode is None and select.select([self._status], [], [], timeout)[0]:
            with self._status:
                self.returncode = int(self._status.readline())
        return self.returncode


class _Forge:
    def __init__(self) -> None:
        self.socket, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.lock = threading.Lock()
        with other:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.crawler.forks", str(other.fileno())], cwd=ROOT, pass_fds=[other.fileno()]
            )


@cache
def _forge() -> _Forge:
    return _Forge()


def fork(argument: str, environment: Mapping[str, str]) -> Running:
    """`tests.crawler.crawling` with `argument`, begun. Linux alone says when a process ends that is waited for by nobody
    else; elsewhere Python is started anew."""
    if sys.platform == "linux":
        return Fork(argument, environment)
    command = [sys.executable, "-m", "tests.crawler.crawling", argument]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, env=dict(environment), stdout=pipe, stderr=pipe, text=True)


def serve(asked: socket.socket) -> str | None:
    """Fork a child for each request. Returns twice: in a child its argument, and None when nobody asks any more."""
    running: dict[int, tuple[int, int]] = {}
    while True:
        for ready in select.select([asked.fileno(), *running], [], [])[0]:
            if ready in running:
                pid, told = running.pop(ready)
                _, status = os.waitpid(pid, 0)
                os.close(ready)
                with contextlib.suppress(BrokenPipeError):  # nobody waits for it any more
                    os.write(told, b"%d\n" % os.waitstatus_to_exitcode(status))
                os.close(told)
                continue
            request, given, _, _ = socket.recv_fds(asked, LONGEST, 3)
            if not request:
                return None
            argument, environment = json.loads(request)
            *outputs, told = given
            pid = os.fork()
            if not pid:
                os.close(told)
                for number, output in enumerate(outputs, start=1):
                    os.dup2(output, number)
                asked.close()
                for left in (*outputs, *running, *(one for _, one in running.values())):
                    os.close(left)
                os.environ.clear()
                os.environ.update(environment)
                random.seed()
                signal.signal(signal.SIGINT, signal.default_int_handler)
                return str(argument)
            running[os.pidfd_open(pid)] = pid, told
            os.write(told, b"%d\n" % pid)
            for output in outputs:
                os.close(output)


def main() -> None:
    import tests.torture.warm  # noqa: F401
    from tests.crawler import crawling

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of a terminal: it ends with who asks it
    with open(os.devnull) as nothing:  # noqa: PTH123
        os.dup2(nothing.fileno(), 0)
    argument = serve(socket.socket(fileno=int(sys.argv[1])))
    crawl: Callable[[str], None] = crawling.crawl_as_told
    if argument is not None:
        crawl(argument)


if __name__ == "__main__":
    main()
