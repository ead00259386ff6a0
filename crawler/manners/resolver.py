"""Names that point to private addresses: a page of the open web must not send the crawler into the local network."""

from __future__ import annotations

import asyncio
import ipaddress
import os
import socket
from collections.abc import Sequence
from typing import Self, cast

from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError
from scrapy.resolver import CachingThreadedResolver, HostResolution
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred, fail
from twisted.internet.error import DNSLookupError
from twisted.internet.interfaces import IAddress, IHostnameResolver, IHostResolution, IResolutionReceiver
from twisted.internet.threads import deferToThreadPool
from twisted.python.failure import Failure
from zope.interface import implementer

from crawler.urls import is_private, is_private_address

NAMED: set[str] = set()
"""Hosts that the user named: they may have private addresses. A worker adds to it with every portal."""

REFUSED: dict[str, str] = {}
"""Why a name was not looked up, or its address not taken: Twisted tells its callers only that there is none."""

ONLY_IN_SIX: dict[str, str] = {}
"""Names without an address in IPv4, with the one that they have."""

LOOPBACK_ONLY = "NIANBAO_LOOPBACK_ONLY"
"""A variable of the environment. The tests set it, so that no slip of theirs asks a real portal, nor its name of a DNS."""


@implementer(IHostnameResolver)
class PublicResolver(CachingThreadedResolver):
    """Scrapy's resolver; a name that answers with a private address is not found, unless the user named it.

    IPv4 first. A name that has none (some departments of 浙江, portals.md 2.2) is asked for its IPv6 address. One address
    for each name: with several Twisted would open a second connection while it waits for the first.
    """

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        settings = crawler.settings
        NAMED.update(settings.getlist("NIANBAO_NAMED_HOSTS"))
        return cls(reactor, settings.getint("DNSCACHE_SIZE"), settings.getfloat("DNS_TIMEOUT"))

    def install_on_reactor(self) -> None:
        self.reactor.installNameResolver(self)

    def resolveHostName(
        self,
        resolutionReceiver: IResolutionReceiver,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Sequence[type[IAddress]] | None = None,
        transportSemantics: str = "TCP",
    ) -> IHostResolution:
        resolution = HostResolution(hostName)
        resolutionReceiver.resolutionBegan(resolution)

        def found(address: str) -> None:
            kind = IPv6Address if ":" in address else IPv4Address
            resolutionReceiver.addressResolved(kind("TCP", address, portNumber))

        looked_up = self.getHostByName(hostName).addCallback(found)
        looked_up.addErrback(lambda failure: None if failure.check(DNSLookupError) else failure)
        looked_up.addCallback(lambda _: resolutionReceiver.resolutionComplete())
        return resolution

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:
        if os.environ.get(LOOPBACK_ONLY) and not is_private(name):
            REFUSED[name] = f"{LOOPBACK_ONLY} is set: {name} is not looked up"
            return fail(DNSLookupError(REFUSED[name]))
        found = super().getHostByName(name, timeout).addErrback(self._in_ipv6, name)
        return found.addCallback(self._public, name)

    def _in_ipv6(self, failure: Failure, name: str) -> Deferred[str]:
        """The address of a name that has none in IPv4; its first failure where it has none at all."""
        looked_up: Deferred[str] = deferToThreadPool(self.reactor, self.reactor.getThreadPool(), ipv6_address, name)
        looked_up.addTimeout(self.timeout, self.reactor)  # type: ignore[arg-type]
        looked_up.addErrback(lambda _: failure)
        return looked_up.addCallback(self._cache_result, name).addCallback(_noted, name)

    def _public(self, address: str, name: str) -> str:
        if name not in NAMED and is_private_address(ipaddress.ip_address(address)):
            REFUSED[name] = f"{name} is the private address {address}"
            raise DNSLookupError(REFUSED[name])
        REFUSED.pop(name, None)
        return address


def _noted(address: str, name: str) -> str:
    ONLY_IN_SIX[name] = address
    return address


def reason(host: str, error: Exception) -> str | None:
    """Why there is no way to a host, where its address is the cause and no second try mends it; else None."""
    if isinstance(error, CannotResolveHostError):
        return REFUSED.get(host)
    if host in ONLY_IN_SIX and "unreachable" in str(error):
        return f"{host} has only an address of IPv6 ({ONLY_IN_SIX[host]}), to which this machine has no way"
    return None


def ipv6_address(name: str) -> str:
    """The first IPv6 address of a name. Raises OSError where it has none."""
    (_, _, _, _, address), *_ = socket.getaddrinfo(name, None, socket.AF_INET6, socket.SOCK_STREAM)
    return str(address[0])


async def resolved(host: str) -> str:
    """The address of a host by the resolver of this process. Raises DNSLookupError for a private one that nobody named."""
    from twisted.internet import reactor

    resolver = cast(PublicResolver, reactor.nameResolver)  # type: ignore[attr-defined]
    return await resolver.getHostByName(host).asFuture(asyncio.get_running_loop())
