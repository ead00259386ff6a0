"""What every answer carries so that a page of somebody else's can neither be run, framed nor asked through us.

The archive is full of foreign text. Nothing of it is ever script here: no inline script on any page, no eval, nothing
from another host. The Host header must be ours: a foreign name that resolves to loopback (DNS rebinding) is refused.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PAGE_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "frame-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
FRAME_POLICY = "; ".join(
    (
        "sandbox",
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "img-src 'self'",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'self'",
    )
)
"""For the copy of an archived page: its inline styles count, and that is all it can do."""
DOWNLOAD_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"
LOOPBACK = ("127.0.0.1", "localhost", "::1")

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def host_name(header: str) -> str:
    """`"[::1]:8000" -> "::1"`, `"LOCALHOST" -> "localhost"`; "" for what is no host."""
    try:
        return urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return ""


class Guard:
    """ASGI middleware: checks Host, Origin and method, sets the headers."""

    def __init__(self, app: ASGIApp, hosts: Iterable[str] = (), *, is_writable: bool = False) -> None:
        self.app = app
        self.is_writable = is_writable
        self.hosts = frozenset((*LOOPBACK, *(host.lower() for host in hosts)))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Content-Security-Policy", PAGE_POLICY)
                framed = "frame-ancestors 'self'" in headers["Content-Security-Policy"]
                headers.setdefault("X-Frame-Options", "SAMEORIGIN" if framed else "DENY")
            await send(message)

        refusal = self._refusal(Request(scope))
        app: Callable[[Scope, Receive, Send], Awaitable[None]] = self.app if refusal is None else refusal
        await app(scope, receive, send_guarded)

    def _refusal(self, request: Request) -> PlainTextResponse | None:
        if host_name(request.headers.get("host", "")) not in self.hosts:
            text = "This archive answers to its own name only; start it with --host NAME to add one.\n"
            return PlainTextResponse(text, status_code=421)
        if request.method == "POST" and self.is_writable and request.url.path.endswith("/corrections"):
            origin = request.headers.get("origin")
            if origin is None or host_name(urlsplit(origin).netloc) in self.hosts:
                return None
            return PlainTextResponse("Only a page of this archive may send that.\n", status_code=403)
        if request.method not in ("GET", "HEAD"):
            text = "The archive is read-only.\n"
            return PlainTextResponse(text, status_code=405, headers={"Allow": "GET, HEAD"})
        return None
