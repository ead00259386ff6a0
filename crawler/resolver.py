"""Names that point to private addresses: a page of the open web must not send the crawler into the local network."""

from __future__ import annotations

import asyncio
import ipaddress
import os
from collections.abc import Sequence
from typing import Self

from scrapy.crawler import Crawler
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred, fail
from twisted.internet.error import DNSLookupError

from crawler.urls import is_private, is_private_address

NAMED: set[str] = set()
"""Hosts that the user named: they may have private addresses. A worker adds to it with every portal."""

LOOPBACK_ONLY = "NIANBAO_LOOPBACK_ONLY"
"""A variable of the environment. The tests set it, so that no slip of theirs asks a real portal, nor its name of a DNS."""


class PublicResolver(CachingThreadedResolver):
    """Scrapy's resolver; a name that answers with a private address is not found, unless the user named it."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        settings = crawler.settings
        NAMED.update(settings.getlist("NIANBAO_NAMED_HOSTS"))
        return cls(reactor, settings.getint("DNSCACHE_SIZE"), settings.getfloat("DNS_TIMEOUT"))

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:
        if os.environ.get(LOOPBACK_ONLY) and not is_private(name):
            return fail(DNSLookupError(f"{LOOPBACK_ONLY} is set: {name} is not looked up"))
        return super().getHostByName(name, timeout).addCallback(self._public, name)

    def _public(self, address: str, name: str) -> str:
        if name not in NAMED and is_private_address(ipaddress.ip_address(address)):
            raise DNSLookupError(f"{name} is the private address {address}")
        return address


async def resolved(host: str) -> str:
    """The address of a host by the resolver of this process. Raises DNSLookupError for a private one that nobody named."""
    from twisted.internet import reactor

    deferred: Deferred[str] = reactor.resolve(host)  # type: ignore[attr-defined]
    address: str = await deferred.asFuture(asyncio.get_running_loop())
    return address
