"""One request in, one answer out: the HTTP side of the sample portal, on the standard library alone."""

from __future__ import annotations

import hashlib
import mimetypes
import posixpath
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler
from time import monotonic
from urllib.parse import unquote, urlsplit


@dataclass(frozen=True)
class Page:
    """What the portal holds at one path."""

    content: bytes
    modified: datetime
    status: int = 200

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.content).hexdigest()[:16]}"'


@dataclass(frozen=True)
class Answer:
    """What is sent back. `body` is not sent for HEAD, 301 and 304."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Request:
    """One line of the portal's log."""

    method: str
    path: str
    """Path and query as asked for."""
    headers: Mapping[str, str]
    """Names in lower case."""
    status: int
    at: float
    """`time.monotonic()` when the request had been read."""
    seconds: float
    """Until the answer was on its way."""


def resolve(pages: Mapping[str, Page], target: str, headers: Mapping[str, str]) -> Answer:
    """Answer a GET for `target` (path and query) as a static web server would.

    A folder is its `index.html`; a folder without its slash is redirected; a page that the client already has
    (`If-None-Match`, else `If-Modified-Since`) is 304; `headers` has names in lower case.
    """
    path = unquote(urlsplit(target).path)
    if path.endswith("/"):
        path += "index.html"
    page = pages.get(path)
    if page is None:
        if posixpath.join(path, "index.html") in pages:
            return Answer(301, headers={"Location": path + "/"})
        missing = pages.get("/404.html")
        return Answer(404, missing.content if missing else b"", {"Content-Type": "text/html"})
    answer_headers = {
        "Content-Type": _media_type(path),
        "ETag": page.etag,
        "Last-Modified": format_datetime(page.modified, usegmt=True),
    }
    if page.status == 200 and _unchanged(page, headers):
        return Answer(304, headers=answer_headers)
    return Answer(page.status, page.content, answer_headers)


def handler(
    respond: Callable[[str, Mapping[str, str]], Answer], log: Callable[[Request], None]
) -> type[BaseHTTPRequestHandler]:
    """The handler class of one portal: asks `respond` for every answer (path and headers given), tells `log` of it."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            began = monotonic()
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = respond(self.path, headers)
            log(Request(self.command, self.path, headers, answer.status, began, monotonic() - began))
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if answer.status != 304:
                self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer.body)

        do_HEAD = do_GET

        def handle(self) -> None:
            # A client that goes away in the middle of an answer is everyday life, not news for the terminal.
            try:
                super().handle()
            except ConnectionError:
                self.close_connection = True

        def version_string(self) -> str:
            return "sample"

        def log_message(self, format: str, *args: object) -> None:
            """The portal keeps its own log and prints nothing."""

    return Handler


def _media_type(path: str) -> str:
    # Like many a government server it names no charset; the page's own meta tag does (or lies: gb2312 for GB18030).
    return {
        ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ".js": "application/javascript",
    }.get(posixpath.splitext(path)[1]) or mimetypes.guess_type(path)[0] or "application/octet-stream"  # fmt: skip


def _unchanged(page: Page, headers: Mapping[str, str]) -> bool:
    if "if-none-match" in headers:
        return page.etag in headers["if-none-match"] or headers["if-none-match"] == "*"
    if "if-modified-since" not in headers:
        return False
    try:
        since = parsedate_to_datetime(headers["if-modified-since"])
    except ValueError:
        return False
    return since.tzinfo is not None and page.modified <= since
