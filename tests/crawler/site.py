"""A portal of a few pages with something wrong with them, on loopback."""

from __future__ import annotations

import hashlib
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from nianbao.sample.server import Answer, Request, handler

Respond = Callable[[str], Answer | None]
POSTED = "x-posted"
HTML = {"Content-Type": "text/html; charset=utf-8"}


class Quiet(ThreadingHTTPServer):
    """Says nothing of clients that speak no TLS with it, or go away."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        pass


class QuietInSix(Quiet):
    """On ::1."""

    address_family = socket.AF_INET6


def html(body: str, status: int = 200, head: str = "", **headers: str) -> Answer:
    page = f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"
    return Answer(status, page.encode(), {**HTML, **{k.replace("_", "-"): v for k, v in headers.items()}})


def to(location: str, status: int = 302) -> Answer:
    return Answer(status, b"", {"Location": location})


class Site:
    """Serves `routes`: a path's answer, or a function of the whole target (path and query). The rest is 404."""

    def __init__(
        self,
        routes: Mapping[str, Answer | Respond] | None = None,
        tls: ssl.SSLContext | None = None,
        host: str = "127.0.0.1",
    ) -> None:
        self.routes: dict[str, Answer | Respond] = dict(routes or {})
        self.posts: dict[str, Callable[[str], Answer]] = {}
        """What is answered to a POST, by path; given what was sent."""
        self.gate: Callable[[str, Mapping[str, str]], Answer | None] = lambda target, headers: None
        """What is answered in the stead of everything else: who comes without a cookie gets no further."""
        self.requests: list[Request] = []
        self._tls = tls
        self._host = host

    @property
    def url(self) -> str:
        scheme = "https" if self._tls else "http"
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"{scheme}://{host}:{self._server.server_address[1]}/"

    @property
    def place(self) -> str:
        """Host and port, which is also the portal's id."""
        return self.url.split("/")[2]

    @property
    def asked(self) -> list[str]:
        return [request.path for request in self.requests]

    def __enter__(self) -> Self:
        kind = QuietInSix if ":" in self._host else Quiet
        self._server = kind((self._host, 0), _posting(handler(self._respond, self.requests.append)))
        if self._tls is not None:
            # The handshake is made where a connection is served, so that a failed one harms no other.
            self._server.socket = self._tls.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _respond(self, target: str, headers: Mapping[str, str]) -> Answer:
        stopped = self.gate(target, headers)
        if stopped is not None:
            return stopped
        posted = self.posts.get(target.partition("?")[0]) if POSTED in headers else None
        if posted is not None:
            return posted(headers[POSTED])
        answer = self.routes.get(target.partition("?")[0])
        if answer is None:
            return html("nothing here", 404)
        found = answer if isinstance(answer, Answer) else answer(target)
        if found is None:
            raise ConnectionResetError("dropped without an answer")
        is_known = "ETag" in found.headers and headers.get("if-none-match") == found.headers["ETag"]
        return Answer(304, headers=found.headers) if is_known else found


def with_validators(answer: Answer) -> Answer:
    """The same with an ETag: asked for it again, the site says Not Modified."""
    etag = f'"{hashlib.sha256(answer.body).hexdigest()[:16]}"'
    return replace(answer, headers={**answer.headers, "ETag": etag})


def _posting(base: type[BaseHTTPRequestHandler]) -> type[BaseHTTPRequestHandler]:
    """The same handler, which takes POST as well: what was sent goes along as a header of our own."""

    class Posting(base):  # type: ignore[misc, valid-type]
        def do_POST(self) -> None:
            self.headers[POSTED] = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.do_GET()

    return Posting


def report(year: int, more: str = "") -> Answer:
    """A short report that the parsers read."""
    title = f"洪泽区人民政府{year}年政府信息公开工作年度报告"
    parts = ("一、主动公开情况", "二、依申请公开情况", "三、行政复议、行政诉讼情况", "四、存在的主要问题")
    body = "".join(f"<p>{part}</p><p>{'按照条例要求认真做好各项工作。' * 15}</p>" for part in parts)
    period = f"<p>本报告所列数据的统计期限自{year}年1月1日起至{year}年12月31日止。</p>"
    return html(f"<h1>{title}</h1><div id='zoom'>{period}{body}{more}</div>", head=f"<title>{title}</title>")
