"""The only door of the headless browser: a proxy on loopback that leads to the portal's own hosts and nowhere else.

A page's script has more ways out than requests that can be intercepted: WebSockets, workers, beacons, prefetching, names
that resolve to another address a second later. All of them pass the proxy that the browser is started with. It decides by
the portal's scope, and resolves names itself, by the rule of `crawler.manners.resolver`, for the connection that it then makes.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from urllib.parse import urlsplit

from crawler.urls import Scope, host_of

FLAGS = (
    "--proxy-bypass-list=<-loopback>",  # else a page reaches this machine past the proxy
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",  # what newer ones call it
    "--disable-quic",
    "--dns-prefetch-disable",
    "--disable-background-networking",
)
"""Of Chromium: nothing goes past its proxy."""
LARGEST_HEAD = 64 * 1024
PATIENCE = 30.0
"""Seconds for a connection to be made, and for a head to come."""
LENGTH = re.compile(rb"^content-length:\s*(\d+)\s*$", re.IGNORECASE | re.MULTILINE)
HOP = re.compile(rb"^(?:proxy-[\w-]+|connection|keep-alive):[^\r\n]*\r\n", re.IGNORECASE | re.MULTILINE)

Resolve = Callable[[str], Awaitable[str]]
"""A host name -> its address. Raises where it must not be reached."""


class ScopeProxy:
    """Started with the browser of one portal, closed with it."""

    def __init__(self, scope: Scope, resolve: Resolve) -> None:
        self._scope, self._resolve = scope, resolve
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()
        self.refused: list[str] = []
        """`host:port` of what was asked for and is not the portal's."""

    async def start(self) -> str:
        """Its address, for `--proxy-server`."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=LARGEST_HEAD)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        for task in list(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            await self._answer(reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError, ValueError):
            pass  # a page that goes away in the middle is everyday life
        finally:
            self._open.discard(task)
            writer.close()
            with suppress(OSError, asyncio.CancelledError):
                await writer.wait_closed()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)
        method, target, _ = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ", 2)
        is_tunnel = method == "CONNECT"
        url = f"https://{target}/" if is_tunnel else target
        parts = urlsplit(url)
        host, port = host_of(parts), parts.port or (443 if parts.scheme == "https" else 80)
        if not self._allows(url, is_tunnel):
            self.refused.append(f"{host}:{port}")
            writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            await writer.drain()
            return
        try:
            address = await self._resolve(host.strip("[]"))
            there = await asyncio.wait_for(asyncio.open_connection(address, port), PATIENCE)
        except Exception:  # whatever it was, the browser is told what a browser understands
            writer.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            await writer.drain()
            return
        upstream_reader, upstream = there
        try:
            if is_tunnel:
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                await asyncio.gather(_pump(reader, upstream), _pump(upstream_reader, writer))
            else:
                await _forward(head, parts.path or "/", parts.query, reader, upstream)
                await _pump(upstream_reader, writer)
        finally:
            upstream.close()

    def _allows(self, url: str, is_tunnel: bool) -> bool:
        """A tunnel says no scheme: a WebSocket to port 80 is one too."""
        return self._scope.allows(url) or (is_tunnel and self._scope.allows(url.replace("https:", "http:", 1)))


async def _forward(
    head: bytes, path: str, query: str, reader: asyncio.StreamReader, upstream: asyncio.StreamWriter
) -> None:
    """One request and no second: the next one on this connection might be for another host."""
    line, _, rest = head.partition(b"\r\n")
    method = line.split(b" ", 1)[0]
    target = f"{path}?{query}" if query else path
    length = LENGTH.search(rest)
    upstream.write(method + b" " + target.encode("latin-1") + b" HTTP/1.1\r\n")
    upstream.write(HOP.sub(b"", rest)[:-2] + b"Connection: close\r\n\r\n")
    if length:
        upstream.write(await asyncio.wait_for(reader.readexactly(int(length[1])), PATIENCE))
    await upstream.drain()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Until one side ends."""
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
