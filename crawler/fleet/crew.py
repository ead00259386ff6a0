"""The local pool: crawl processes (`crawler.fleet.worker`) that are started, given portals, watched, and replaced when they die.

    with Crew(workers=2) as crew:
        visited = crew.submit(order).result()

A visit that does not end although its time and the grace are over costs its process, and with it the other visits of
that process, which come back as DIED: whoever gave them gives them again.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from crawler.errors import CrawlFailed
from crawler.fleet.order import Ended, Order, Visited
from storage.settings import REPOSITORY

Tell = Callable[[str, Mapping[str, int]], None]
"""Told of a portal's counts while it is visited."""
PATIENCE = 60.0
"""Seconds for a worker to open the database, and for one to end by itself."""
LOOK = 0.2


class Crew:
    """`workers` processes of `slots` portals each. Thread-safe."""

    def __init__(
        self,
        workers: int,
        slots: int = 1,
        *,
        parsers: int = 1,
        environ: Mapping[str, str] | None = None,
        tell: Tell = lambda portal, counts: None,
    ) -> None:
        self.capacity = workers * slots
        self._slots = slots
        self._command = [sys.executable, "-m", "crawler.fleet.worker", "--parsers", str(parsers)]
        self._environ = dict(os.environ if environ is None else environ)
        self._tell = tell
        self._lock = threading.Condition()
        self._waiting: deque[tuple[Order, Future[Visited]]] = deque()
        self._closed = False
        self._broken = ""
        self._threads = [threading.Thread(target=self._keep, name=f"crew-{n}", daemon=True) for n in range(workers)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """What waits is given back as STOPPED; what is under way ends in good order."""
        with self._lock:
            self._closed = True
            left = list(self._waiting)
            self._waiting.clear()
            self._lock.notify_all()
        for order, future in left:
            future.set_result(Visited(order.portal, Ended.STOPPED, "the run was stopped"))
        for thread in self._threads:
            thread.join()

    def submit(self, order: Order) -> Future[Visited]:
        """Raises CrawlFailed, from the future, where no worker can be started at all."""
        future: Future[Visited] = Future()
        with self._lock:
            if self._broken:
                future.set_exception(CrawlFailed(self._broken))
            else:
                self._waiting.append((order, future))
                self._lock.notify()
        return future

    def _keep(self) -> None:
        """One thread a worker: starts it when there is work, and again when it has died."""
        while True:
            with self._lock:
                self._lock.wait_for(lambda: self._waiting or self._closed or self._broken)
                if self._closed or self._broken:
                    return
            worker = _Worker(self._command, self._environ, self._tell)
            try:
                self._serve(worker)
            except CrawlFailed as error:
                self._break(str(error))
            finally:
                worker.end()

    def _serve(self, worker: _Worker) -> None:
        while True:
            with self._lock:
                while self._waiting and len(worker.open) < self._slots and not self._closed:
                    worker.give(*self._waiting.popleft())
                if self._closed:
                    return
            if not worker.look():
                return

    def _break(self, message: str) -> None:
        with self._lock:
            self._broken = message
            left = list(self._waiting)
            self._waiting.clear()
            self._lock.notify_all()
        for _, future in left:
            future.set_exception(CrawlFailed(message))


class _Worker:
    """One process and the visits that it has under way."""

    def __init__(self, command: list[str], environ: Mapping[str, str], tell: Tell) -> None:
        self._tell = tell
        self.open: dict[str, tuple[Order, Future[Visited], float]] = {}
        """Portal -> order, promise, and when it is ended by force (`time.monotonic`)."""
        self._lines: deque[dict[str, Any]] = deque()
        self._news = threading.Condition()
        self._process = subprocess.Popen(
            command,
            cwd=REPOSITORY,
            env=environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            start_new_session=True,  # the terminal's Ctrl-C is for us alone
        )
        self._reader = threading.Thread(target=self._read, name="crew-reader", daemon=True)
        self._reader.start()

    def give(self, order: Order, future: Future[Visited]) -> None:
        assert self._process.stdin is not None
        self.open[order.portal] = (order, future, time.monotonic() + PATIENCE + order.seconds + order.grace)
        with suppress(OSError):  # it is dead, as `look` will find
            self._process.stdin.write(order.to_json() + "\n")
            self._process.stdin.flush()

    def look(self) -> bool:
        """Wait a moment for news and pass it on. False when the process is no more, and what it had is given back."""
        with self._news:
            self._news.wait_for(lambda: self._lines, LOOK)
            lines = list(self._lines)
            self._lines.clear()
        for line in lines:
            self._heard(line)
        late = [order for order, _, deadline in self.open.values() if time.monotonic() > deadline]
        if late:
            self._process.kill()
            self._reader.join()
            for order in late:
                self._settle(Visited(order.portal, Ended.KILLED, "it did not end when its time was up"))
        if self._process.poll() is None:
            return True
        self._reader.join()
        while self._lines:
            self._heard(self._lines.popleft())
        for portal in list(self.open):
            code = self._process.returncode
            self._settle(Visited(portal, Ended.DIED, f"its worker ended with code {code}, see log/worker.log"))
        return False

    def end(self) -> None:
        """Let it finish what is under way in good order; by force where it does not."""
        if self._process.stdin is not None and not self._process.stdin.closed:
            with suppress(OSError):
                self._process.stdin.close()
        grace = max((order.grace for order, _, _ in self.open.values()), default=PATIENCE)
        try:
            self._process.wait(grace)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        with suppress(CrawlFailed):
            while self.look():
                pass
        if self._process.stdout is not None:
            self._process.stdout.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            with self._news:
                self._lines.append(json.loads(line))
                self._news.notify()
        self._process.wait()
        with self._news:
            self._news.notify()

    def _heard(self, line: dict[str, Any]) -> None:
        if "done" in line:
            self._settle(Visited.of_json(json.dumps(line["done"])))
        elif "progress" in line:
            self._tell(line["progress"]["portal"], line["progress"]["counts"])
        elif "broken" in line:
            for portal in list(self.open):
                self._settle(Visited(portal, Ended.FAILED, line["broken"]))
            raise CrawlFailed(line["broken"])

    def _settle(self, visited: Visited) -> None:
        _, future, _ = self.open.pop(visited.portal)
        if not future.done():
            future.set_result(visited)
