"""Servers that speak no TLS of this century: TLS 1.0 or 1.1 only, keys and signatures that are too weak today.

Asked a second time, when the usual way has failed, as portals.md section 5 has it: what is permissive from the start hangs
on some modern hosts. Nothing that we fetch is secret, and what comes is archived as it came; that it came over such a
connection stands in the run's counts (`old_tls`).
"""

from __future__ import annotations

from urllib.parse import urlsplit

from OpenSSL import SSL
from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.internet.interfaces import IOpenSSLClientConnectionCreator
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer

CIPHERS = b"DEFAULT:@SECLEVEL=0"
LEGACY_RENEGOTIATION = 0x4
"""OpenSSL's SSL_OP_LEGACY_SERVER_CONNECT, for which pyOpenSSL has no name."""


@implementer(IPolicyForHTTPS)
class Permissive:
    """Any version from TLS 1.0, any cipher and key that OpenSSL still knows, any certificate.

    Not by Scrapy's settings: Twisted takes a cipher string apart and loses the security level that stands in it.
    """

    def creatorForNetloc(self, hostname: bytes, port: int) -> Connections:
        context = SSL.Context(SSL.TLS_METHOD)
        context.set_min_proto_version(SSL.TLS1_VERSION)
        context.set_cipher_list(CIPHERS)
        context.set_options(LEGACY_RENEGOTIATION)
        return Connections(context, hostname)


@implementer(IOpenSSLClientConnectionCreator)
class Connections:
    """To one host."""

    def __init__(self, context: SSL.Context, hostname: bytes) -> None:
        self._context, self._hostname = context, hostname

    def clientConnectionForTLS(self, protocol: object) -> SSL.Connection:
        connection = SSL.Connection(self._context, None)
        connection.set_app_data(protocol)
        if b":" not in self._hostname and not self._hostname.replace(b".", b"").isdigit():  # a name, not an address
            connection.set_tlsext_host_name(self._hostname)
        return connection


class OldServers:
    """The second way to a host, and which hosts need it."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._hosts: set[str] = set()
        self._handler: HTTP11DownloadHandler | None = None

    def knows(self, url: str) -> bool:
        return urlsplit(url).netloc in self._hosts

    async def download(self, request: Request) -> Response:
        """Raises what a download raises."""
        response = await self._permissive().download_request(request)
        place = urlsplit(request.url).netloc
        if place not in self._hosts:
            self._hosts.add(place)
            self._crawler.spider.services.counts["old_tls"] += 1  # type: ignore[union-attr]
        return response

    async def close(self) -> None:
        if self._handler is not None:
            await self._handler.close()

    def _permissive(self) -> HTTP11DownloadHandler:
        if self._handler is None:
            self._handler = HTTP11DownloadHandler(self._crawler)
            self._handler._contextFactory = Permissive()
            self._handler._pool.retryAutomatically = False  # as in `crawler.browser.chromium`
        return self._handler
