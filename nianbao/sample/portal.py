"""The sample portal: a small government site on loopback, for the demo, the tutorial and the tests.

    with SamplePortal() as portal:
        crawl(portal.url)

It serves the files under `site/` as they are, and can change on command, in memory only: a page corrected, a report
added, a page that fails once, a page that is slow, a server that stops answering. It keeps a log of what was asked.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self

from nianbao.sample.redesign import redesigned, without_list
from nianbao.sample.server import Answer, Page, Request, handler, resolve

SITE = Path(__file__).parent / "site"
LATER = Path(__file__).parent / "later"
"""What the portal has published by the next day: files that are added to `SITE` or replace a file of it."""

FRONT = "/index.html"
COLUMN = "/zwgk/zfxxgk/zfxxgknb/index.html"
GUANCHENG = "/zwgk/zfxxgk/zfxxgknb/202101/t20210122_2003.html"
BLOCKED = "/zwgk/zfxxgk/zfxxgknb/202201/t20220128_2009.html"
"""Answers 412 to everybody, as sites behind a script challenge do."""
DEAD = "/zwgk/zfxxgk/zfxxgknb/201903/t20190329_2010.html"
"""Linked from the column, and gone."""
NEXT = "/zwgk/zfxxgk/zfxxgknb/202501/t20250122_2018.html"
"""The report that is published later."""
FORBIDDEN = "/internal/tongji/index.html"
"""Linked from the front page, and forbidden by robots.txt."""

OLD_LABEL, NEW_LABEL = "二、上年结转政府信息公开申请数量", "二、以前年度未办结转入件数"
"""What a row of table three is called, and what it is called in next year's form, which no template knows."""

_PUBLISHED = datetime(2024, 3, 1, 1, 0, tzinfo=UTC)  # a file's own date would differ from clone to clone


@dataclass(frozen=True)
class _Trouble:
    """What a path answers instead of its page: `times` times an error, or its page after `delay` seconds."""

    answer: Answer | None = None
    times: int = 0
    delay: float = 0.0


class SamplePortal:
    """A context manager that serves the sample portal in a thread of its own; `port` 0 takes a free one.

    Every method may be called while the portal is being crawled. Paths are those of the site (`/zwgk/index.html`).
    """

    def __init__(self, port: int = 0, *, host: str = "127.0.0.1", site: Path = SITE, later: Path = LATER) -> None:
        self._address = (host, port)
        self._site, self._later = site, later
        self._lock = threading.Lock()
        self._go_on = threading.Event()
        self._asked = threading.Condition()
        self._waiting: list[str] = []
        self._left: int | None = None
        """Answers until it stops; None: it goes on."""
        self._server: _Server | None = None
        self._requests: list[Request] = []
        self.restore()

    def __enter__(self) -> Self:
        self._server = _Server(self._address, handler(self._respond, self._log))
        self._thread = threading.Thread(
            target=self._server.serve_forever,
            kwargs={"poll_interval": 0.05},
            name="sample-portal",
            daemon=True,
        )
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._go_on.set()
        server = self._running()
        server.shutdown()
        self._thread.join()
        server.close()
        self._server = None

    @property
    def port(self) -> int:
        return int(self._running().server_address[1])

    @property
    def url(self) -> str:
        """Address of the front page, with the slash."""
        return f"http://{self._address[0]}:{self.port}/"

    def address(self, path: str) -> str:
        """Full address of a path of the site."""
        return self.url.rstrip("/") + path

    @property
    def paths(self) -> list[str]:
        """Every page and file that is online."""
        with self._lock:
            return sorted(self._pages)

    # What was asked

    @property
    def requests(self) -> list[Request]:
        """The log so far, oldest first."""
        with self._lock:
            return list(self._requests)

    def count(self, path: str | None = None, *, status: int | None = None) -> int:
        """How many requests there were, of a path or with a status when these are given."""
        return sum(
            (path is None or request.path == path) and (status is None or request.status == status)
            for request in self.requests
        )

    def forget(self) -> None:
        """Empty the log."""
        with self._lock:
            self._requests.clear()

    # What changes

    def replace(self, path: str, old: str, new: str) -> None:
        """Change a page: `old` must stand in it exactly once. Its ETag and Last-Modified change with it."""
        with self._lock:
            page = self._pages[path]
            encoding = "gb18030" if b"charset=gb2312" in page.content[:1024] else "utf-8"
            text = page.content.decode(encoding)
            if text.count(old) != 1:
                raise ValueError(f"{path}: {old!r} stands in it {text.count(old)} times, not once")
            self._put(path, text.replace(old, new).encode(encoding))

    def correct(self) -> None:
        """管城回族区 corrects one figure of its report of 2020: 行政许可 处理决定数量 14,358 becomes 14,385."""
        self.replace(GUANCHENG, "14,358", "14,385")

    def publish(self) -> None:
        """A report is added: the files of `later/` come online, the column's first page among them."""
        added = read(self._later)
        with self._lock:
            for path, content in added.items():
                self._put(path, content)

    def next_year(self) -> None:
        """The report that is published is printed in a form of its own year: a row of table three has another name."""
        self.publish()
        self.replace(NEXT, OLD_LABEL, NEW_LABEL)

    def redesign(self) -> None:
        """A relaunch: every page is built otherwise, and says what it said."""
        self._rebuild(redesigned)

    def lose_the_list(self) -> None:
        """The 年报 column's lines are gone, as after a relaunch whose script fails."""
        self._rebuild(without_list)

    def _rebuild(self, how: Callable[[bytes], bytes]) -> None:
        with self._lock:
            for path, page in list(self._pages.items()):
                content = how(page.content) if path.endswith(".html") else page.content
                if content != page.content:
                    self._put(path, content)

    def remove(self, path: str) -> None:
        """Take a page offline."""
        with self._lock:
            del self._pages[path]

    # What goes wrong

    def fail(self, path: str, status: int = 503, *, times: int = 1, retry_after: int | None = None) -> None:
        """The next `times` requests for `path` are answered with an error, then the page is back."""
        headers = {"Content-Type": "text/html"} | ({} if retry_after is None else {"Retry-After": str(retry_after)})
        self._trouble_at(path, _Trouble(Answer(status, b"<html><body>busy</body></html>", headers), times))

    def slow(self, path: str, seconds: float) -> None:
        """`path` is answered after so many seconds."""
        self._trouble_at(path, _Trouble(delay=seconds))

    def stop_answering(self, after: int = 0) -> None:
        """After so many answers connections are taken and nothing is answered, until `go_on` or the portal's end."""
        with self._lock:
            self._left = after
        if after == 0:
            self._go_on.clear()

    def go_on(self) -> None:
        """Answer again, also those who have been waiting."""
        with self._lock:
            self._left = None
        self._go_on.set()

    def restore(self) -> None:
        """Everything as on the first day; the log stays."""
        pages = {path: Page(content, _PUBLISHED) for path, content in read(self._site).items()}
        pages[BLOCKED] = Page(pages[BLOCKED].content, _PUBLISHED, status=412)
        with self._lock:
            self._pages = pages
            self._troubles: dict[str, _Trouble] = {}
        self.go_on()

    def waited_for(self, path: str, seconds: float) -> bool:
        """Whether somebody is, within so many seconds, waiting for `path` of a portal that has stopped answering."""
        with self._asked:
            return self._asked.wait_for(lambda: path in self._waiting, seconds)

    # How it answers

    def _respond(self, target: str, headers: Mapping[str, str]) -> Answer:
        with self._asked:
            self._waiting.append(target)
            self._asked.notify_all()
        self._count_down()
        self._go_on.wait()
        with self._asked:
            self._waiting.remove(target)
        with self._lock:
            trouble = self._troubles.get(target, _Trouble())
            if trouble.answer and trouble.times:
                self._troubles[target] = _Trouble(trouble.answer, trouble.times - 1)
                return trouble.answer
        if trouble.delay:
            self._running().stopping.wait(trouble.delay)
        with self._lock:
            return resolve(self._pages, target, headers)

    def _count_down(self) -> None:
        with self._lock:
            if self._left == 0:
                self._go_on.clear()
            elif self._left is not None:
                self._left -= 1

    def _log(self, request: Request) -> None:
        with self._lock:
            self._requests.append(request)

    def _put(self, path: str, content: bytes) -> None:
        before = self._pages.get(path)
        modified = (before.modified if before else _PUBLISHED) + timedelta(days=1)
        self._pages[path] = Page(content, modified)

    def _trouble_at(self, path: str, trouble: _Trouble) -> None:
        with self._lock:
            self._troubles[path] = trouble

    def _running(self) -> _Server:
        if self._server is None:
            raise RuntimeError("the sample portal is not running: use it as `with SamplePortal() as portal:`")
        return self._server


class _Server(ThreadingHTTPServer):
    """Ends in good order: closes connections that a browser keeps open, and waits for its threads."""

    daemon_threads = False
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], handler_class: type[BaseHTTPRequestHandler]) -> None:
        self.stopping = threading.Event()
        self._open: set[socket.socket] = set()
        super().__init__(address, handler_class)

    def process_request(self, request: socket.socket, client_address: object) -> None:  # type: ignore[override]
        self._open.add(request)
        super().process_request(request, client_address)

    def close_request(self, request: socket.socket) -> None:  # type: ignore[override]
        self._open.discard(request)
        super().close_request(request)

    def close(self) -> None:
        self.stopping.set()
        for connection in list(self._open):
            with suppress(OSError):  # gone already
                connection.shutdown(socket.SHUT_RD)
        self.server_close()


def until_interrupted() -> None:
    """Wait for Ctrl-C, which comes as KeyboardInterrupt.

    It looks now and then: a signal that another thread was given (as after Ctrl-Z and `fg`) does not wake who only waits.
    """
    while True:
        time.sleep(1)


def read(folder: Path) -> dict[str, bytes]:
    """Every file below `folder`, by its path on the portal."""
    return {
        f"/{file.relative_to(folder).as_posix()}": file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }
