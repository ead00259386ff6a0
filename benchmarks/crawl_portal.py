"""A portal of invented reports on loopback, served by a process of its own that is quick enough not to be measured.

python -m benchmarks.crawl_portal --reports 2000       prints its address, serves until its input ends
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import sys

from benchmarks.rerun_archive import pages

PER_LIST = 100
COLUMN = "/zwgk/zfxxgknb/"
HEAD = '<meta charset="utf-8"><meta name="ColumnName" content="政府信息公开年报"><title>政府信息公开年报</title>'


def build(number: int) -> dict[str, bytes]:
    """Path -> page: a front page, lists of a hundred lines, and `number` report pages."""
    site = {"/": f'<a href="{COLUMN}">政府信息公开年报</a>'.encode()}
    lines: list[str] = []
    for n, capture in enumerate(pages(number, number // 2)):
        path = f"{COLUMN}t2025{n:06}.html"
        site[path] = capture.content
        title = capture.found.title if capture.found else ""
        lines.append(f'<li><a href="{path}" title="{title}">{title}</a><span>2025-01-20</span></li>')
    count = -(-number // PER_LIST)
    for n in range(count):
        rows = "".join(lines[n * PER_LIST : (n + 1) * PER_LIST])
        paging = f'<script>createPageHTML({count}, {n}, "index", "html");</script>'
        page = f"<html><head>{HEAD}</head><body><ul>{rows}</ul>{paging}</body></html>"
        site[f"{COLUMN}index_{n}.html" if n else COLUMN] = page.encode()
    return site


class Server(asyncio.Protocol):
    """HTTP/1.1 in as many lines as a benchmark needs: GET, keep-alive, ETag."""

    def __init__(self, site: dict[str, tuple[bytes, bytes]], log: list[bytes]) -> None:
        self._site, self._log, self._rest = site, log, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._rest += data
        while b"\r\n\r\n" in self._rest:
            head, _, self._rest = self._rest.partition(b"\r\n\r\n")
            path = head.split(b" ", 2)[1].decode()
            etag, page = self._site.get(path, (b"", b""))
            if path == "/log":
                answer = b"\n".join(self._log)
                self._log.clear()
                self._send(b"200 OK", b"", answer)
            elif not page:
                self._log.append(b"404")
                self._send(b"404 Not Found", b"", b"gone")
            elif etag in head:
                self._log.append(b"304")
                self._transport.write(b"HTTP/1.1 304 Not Modified\r\nETag: " + etag + b"\r\n\r\n")
            else:
                self._log.append(b"200")
                self._send(b"200 OK", b"ETag: " + etag + b"\r\n", page)

    def _send(self, status: bytes, more: bytes, body: bytes) -> None:
        length = str(len(body)).encode()
        head = b"HTTP/1.1 " + status + b"\r\nContent-Type: text/html\r\nContent-Length: " + length + b"\r\n" + more
        self._transport.write(head + b"\r\n" + body)


async def serve(number: int) -> None:
    site = {
        path: (b'"' + hashlib.sha256(page).hexdigest()[:16].encode() + b'"', page)
        for path, page in build(number).items()
    }
    log: list[bytes] = []
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Server(site, log), "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", flush=True)
    stream = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(stream), sys.stdin)
    await stream.read()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--reports", type=int, default=2000)
    asyncio.run(serve(parser.parse_args().reports))
