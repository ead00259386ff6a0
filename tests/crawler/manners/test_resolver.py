"""A name that points to a public address at first and to a private one next (DNS rebinding), with answers of our own."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest
from scrapy.exceptions import CannotResolveHostError, DownloadFailedError
from scrapy.resolver import dnscache
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError
from twisted.python.failure import Failure

from crawler.manners.resolver import LOOPBACK_ONLY, NAMED, ONLY_IN_SIX, REFUSED, PublicResolver, reason

PUBLIC, PRIVATE = "8.8.8.8", ("127.0.0.1", "10.1.2.3", "192.168.1.1", "169.254.169.254", "100.64.0.1")


class AtOnce:
    """As much of a reactor as a resolver needs; its threads are calls."""

    def getThreadPool(self) -> AtOnce:
        return self

    def callInThreadWithCallback(self, told: Callable[..., None], function: Callable[..., Any], *given: Any) -> None:
        try:
            told(True, function(*given))
        except OSError:
            told(False, Failure())

    def callFromThread(self, function: Callable[..., Any], *given: Any) -> None:
        function(*given)

    def callLater(self, seconds: float, function: Callable[..., Any], *given: Any) -> AtOnce:
        return self

    def active(self) -> bool:
        return False

    def cancel(self) -> None:
        pass


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> Iterator[PublicResolver]:
    monkeypatch.delenv(LOOPBACK_ONLY)
    before = set(NAMED), dnscache.limit
    yield PublicResolver(cast(ReactorBase, AtOnce()), 100, 5.0)
    dnscache.clear()
    dnscache.limit = before[1]
    NAMED.clear()
    NAMED.update(before[0])
    REFUSED.clear()
    ONLY_IN_SIX.clear()


def answers(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    asked: list[str] = []
    left = iter(addresses)

    def gethostbyname(name: str) -> str:
        asked.append(name)
        return next(left)

    monkeypatch.setattr(socket, "gethostbyname", gethostbyname)
    return asked


def only_in_six(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    def gethostbyname(name: str) -> str:
        raise socket.gaierror(socket.EAI_NODATA, "No address associated with hostname")

    def getaddrinfo(name: str, *given: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, 0, 0, 0))]

    monkeypatch.setattr(socket, "gethostbyname", gethostbyname)
    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


def outcome(deferred: Deferred[str]) -> object:
    found: list[object] = []
    deferred.addBoth(found.append)
    (one,) = found
    return one.value if isinstance(one, Failure) else one


@pytest.mark.parametrize("private", PRIVATE)
def test_a_name_that_turns_private_is_not_found(
    monkeypatch: pytest.MonkeyPatch, resolver: PublicResolver, private: str
) -> None:
    answers(monkeypatch, PUBLIC, private)
    assert outcome(resolver.getHostByName("rebound.gov.cn", (5,))) == PUBLIC
    dnscache.clear()  # its time to live is over
    assert isinstance(outcome(resolver.getHostByName("rebound.gov.cn", (5,))), DNSLookupError)
    assert isinstance(outcome(resolver.getHostByName("rebound.gov.cn", (5,))), DNSLookupError), "and stays so"


def test_within_a_run_a_name_keeps_its_address(monkeypatch: pytest.MonkeyPatch, resolver: PublicResolver) -> None:
    asked = answers(monkeypatch, PUBLIC, "127.0.0.1")
    for _ in range(3):
        assert outcome(resolver.getHostByName("rebound.gov.cn", (5,))) == PUBLIC
    assert asked == ["rebound.gov.cn"]


def test_who_named_a_private_host_gets_it(monkeypatch: pytest.MonkeyPatch, resolver: PublicResolver) -> None:
    answers(monkeypatch, "127.0.0.1")
    NAMED.add("sample.test")
    assert outcome(resolver.getHostByName("sample.test", (5,))) == "127.0.0.1"


def test_tests_look_no_name_up(resolver: PublicResolver, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = answers(monkeypatch, PUBLIC)
    monkeypatch.setenv(LOOPBACK_ONLY, "1")
    refused = outcome(resolver.getHostByName("www.x.gov.cn"))
    assert isinstance(refused, DNSLookupError) and LOOPBACK_ONLY in str(refused)
    assert asked == []


def test_a_name_without_ipv4_has_its_ipv6_address(monkeypatch: pytest.MonkeyPatch, resolver: PublicResolver) -> None:
    only_in_six(monkeypatch, "2400:3200::1")
    for _ in range(2):
        assert outcome(resolver.getHostByName("zjt.zj.gov.cn")) == "2400:3200::1"
    told = reason("zjt.zj.gov.cn", DownloadFailedError("Network is unreachable"))
    assert told is not None and "2400:3200::1" in told
    assert reason("zjt.zj.gov.cn", DownloadFailedError("reset by peer")) is None


@pytest.mark.parametrize("private", ["::1", "fe80::1", "fd00::5", "::ffff:10.0.0.1", "64:ff9b::a00:1"])
def test_a_name_with_a_private_ipv6_address_is_not_found(
    monkeypatch: pytest.MonkeyPatch, resolver: PublicResolver, private: str
) -> None:
    only_in_six(monkeypatch, private)
    assert isinstance(outcome(resolver.getHostByName("rebound.gov.cn")), DNSLookupError)
    told = reason("rebound.gov.cn", CannotResolveHostError("DNS lookup failed"))
    assert told == f"rebound.gov.cn is the private address {private}"


def test_a_name_without_any_address_fails_as_before(monkeypatch: pytest.MonkeyPatch, resolver: PublicResolver) -> None:
    def nothing(name: str, *given: object) -> str:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "gethostbyname", nothing)
    monkeypatch.setattr(socket, "getaddrinfo", nothing)
    error = outcome(resolver.getHostByName("gone.gov.cn"))
    assert isinstance(error, DNSLookupError) and "gone.gov.cn" in str(error)
    assert reason("gone.gov.cn", CannotResolveHostError("DNS lookup failed")) is None
