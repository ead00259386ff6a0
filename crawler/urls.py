"""Addresses: when two are the same page, and when one belongs to the portal that is crawled."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from socket import inet_aton
from unicodedata import normalize
from urllib.parse import SplitResult, urljoin, urlsplit

from w3lib.url import canonicalize_url, safe_url_string

REMEMBERED = 20_000
"""Addresses of which the answers are kept: the menus of the portals under way."""
DEFAULT_PORTS = {"http": 80, "https": 443}
INDEX_NAME = re.compile(r"/(?:index|default)\.(?:s?html?|aspx?|jspx?|php)$", re.IGNORECASE)
SESSION_IN_PATH = re.compile(r";(?:jsessionid|phpsessid)=[^/?#;]*", re.IGNORECASE)
SESSION_NAMES = re.compile(r"^(?:jsessionid|phpsessid|aspsessionid\w*|cfid|cftoken)$", re.IGNORECASE)
# The same document with a view switch: 广东 NFCMS adds ?jump=true, others ?ddtab=true (portals.md section 5).
SWITCHES = {("jump", "true"), ("ddtab", "true")}
# A fragment that a page built by script reads as a route. Any other fragment is a place within the page.
ROUTE = re.compile(r"^[!/]")
MOBILE = re.compile(r"^(?:m|wap|3g|mobile)\.(?=[^/]+\.gov\.cn(?:/|$))")
# 政务 in traditional characters, made by a program on the way: `/gate/big5/www.x.gov.cn/a.html`.
BIG5 = re.compile(r"^[^/]+/gate/big5/(?=[\w.-]+\.gov\.cn/)")
FILE_ENDINGS = r"pdf|docx?|wps|xls[bx]?|et|ofd|f?od[ts]|pptx?|zip|rar|7z|rtf|txt|csv|tiff?"
"""What the name of a file that may hold a report, or a part of it, ends in; pictures are told apart."""
TEMPLATE = re.compile(r"<[?%]=|\{\{|\$\{|%3C[?%]=", re.IGNORECASE)
"""A script's placeholder that was never filled (`<?=el.link?>` at 安徽's 发改委)."""
SPLIT = re.compile(r"([^?#]*)([?#]?)(.*)", re.DOTALL)
SPELT = re.compile(r"[0-9a-fx]+(?:\.[0-9a-fx]+){0,3}")
"""An IPv4 address in fewer parts than four, or in octal or hexadecimal numbers."""
BY_NAME = ipaddress.IPv4Network("198.18.0.0/15")
HOLDING = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("::/96"))
"""Addresses of IPv6 whose last 32 bits are one of IPv4."""
LOCAL_NAT64 = ipaddress.IPv6Network("64:ff9b:1::/48")
# Fetched by nobody: what a link may carry instead of an address.
SCHEMES = ("http", "https")


@lru_cache(maxsize=REMEMBERED)
def canonical_url(url: str) -> str:
    """The key under which an address is kept: `www.x.gov.cn/a/b.html?x=1`, without a scheme.

    http and https are one page (2,053 of 3,208 portals are http only, 30 switch), default ports, fragments, session
    ids and the name of an index file say nothing. `www.` is kept, and a twin on `m.` or `wap.` stays a page of its
    own: whether two hosts are one portal is for the registry to say, not for a rule about names.
    """
    parts = urlsplit(canonicalize_url(url.strip(), keep_fragments=True))
    host = host_of(parts)
    if parts.port is not None and parts.port not in DEFAULT_PORTS.values():
        host = f"{host}:{parts.port}"
    # Taken apart without decoding: a GBK page's %C4%EA is no UTF-8 and must stay what it is.
    pairs = [pair.partition("=") for pair in parts.query.split("&") if pair]
    query = "&".join(
        name + mark + value
        for name, mark, value in pairs
        if not SESSION_NAMES.match(name) and (name.lower(), value.lower()) not in SWITCHES
    )
    path = SESSION_IN_PATH.sub("", parts.path) or "/"
    if not query:
        path = INDEX_NAME.sub("/", path)
    route = f"#{parts.fragment}" if ROUTE.match(parts.fragment) else ""
    return f"{host}{path}{'?' + query if query else ''}{route}"


def address_key(url: str) -> str:
    """As `canonical_url`, with the page's twins as the page itself: what one crawl need not ask twice.

    Twins are the page for phones and the one that a gateway writes in traditional characters. In the archive they stay
    apart: whether they say the same is seen only by fetching both.
    """
    return MOBILE.sub("www.", BIG5.sub("", canonical_url(url)))


def host_of(parts: SplitResult) -> str:
    """The host in small letters, IPv6 in brackets, "" where there is none."""
    host = (parts.hostname or "").rstrip(".")
    return f"[{host}]" if ":" in host else host


def absolute(base: str, href: str, encoding: str = "utf-8") -> str | None:
    """The address that a link means, ready to be fetched; None for a script, a mail address or a broken one.

    A page in GBK means its query strings in GBK, as a browser sends them.
    """
    if href.startswith("/") and not href.startswith("//"):
        # A menu stands on every page of a portal: what its links mean depends on the host alone.
        base = base[: base.find("/", base.find("//") + 2) + 1] or base
    return _absolute(base, href, encoding)


@lru_cache(maxsize=REMEMBERED)
def _absolute(base: str, href: str, encoding: str) -> str | None:
    href = href.strip().strip("\u200b\ufeff")
    if not href or TEMPLATE.search(href) or href.startswith(("#", "javascript:", "mailto:", "tel:", "data:", "about:")):
        return None
    place, mark, query = SPLIT.match(href).groups()  # type: ignore[union-attr]
    href = place.replace("\\", "/") + mark + query  # as browsers read `\nb\2019.html`
    try:
        url = safe_url_string(urljoin(base, href), encoding=encoding)
        parts = urlsplit(url)
        known = parts.scheme in SCHEMES and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        # "http://[中文" and the like: urlsplit refuses what a browser would refuse too
        return None
    return url if known else None


@lru_cache(maxsize=REMEMBERED)
def is_private(host: str) -> bool:
    """Whether `host` is an address (not a name) of this machine or of a local network, or a name for this machine.

    In every spelling that a resolver takes for an address: 2130706433, 0x7f.1 and 0177.0.0.1 are 127.0.0.1 too.
    """
    name = normalize("NFKC", host).strip("[]").lower().rstrip(".")
    if name == "localhost" or name.endswith((".localhost", ".local", ".internal")):
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        if not SPELT.fullmatch(name):
            return False
        try:
            address = ipaddress.ip_address(inet_aton(name))
        except OSError:
            return False
    return is_private_address(address)


def is_private_address(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Loopback, local networks, link-local (a cloud's metadata server) and what is no single host at all.

    An IPv6 address that stands for one in IPv4 is judged as that one. 198.18.0.0/15 is let through although reserved:
    programs that route by name answer with such addresses.
    """
    if isinstance(address, ipaddress.IPv6Address):
        inner = _in_ipv4(address)
        if inner is None:
            return address.is_multicast or address.is_site_local or address in LOCAL_NAT64 or not address.is_global
        address = inner
    if address in BY_NAME:
        return False
    return address.is_multicast or not address.is_global


def _in_ipv4(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 address leads to: mapped (::ffff:…), 6to4 (2002:…), NAT64 (64:ff9b::…), or the old
    form ::a.b.c.d; None where it is one of its own."""
    if any(address in network for network in HOLDING):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def site_of(host: str) -> str:
    """What hosts of one government have in common: `x.gov.cn` of `www.x.gov.cn`; the host itself elsewhere.

    `www.gov.cn` is the central government's own portal and not the parent of all the others.
    """
    labels = host.split(".")
    if labels[-2:] == ["gov", "cn"] and len(labels) > 3:
        return ".".join(labels[-3:])
    return host


@dataclass(frozen=True)
class Scope:
    """The hosts of one portal. Everything else is another portal's business.

    `sites` are hosts that may have any name below them (`x.gov.cn`), `hosts` are exact. `named` are `host:port`
    pairs that the user wrote on the command line or in the registry: only these may be private addresses.
    """

    hosts: frozenset[str] = frozenset()
    sites: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()

    @classmethod
    def of(cls, urls: Iterable[str], hosts: Iterable[str] = (), shared: Iterable[str] = ()) -> Scope:
        """The scope of a portal: the addresses that were named and the registry's hosts (`*.x.gov.cn` for a site).

        Where the registry names no hosts, a named address below `gov.cn` opens its whole site. `shared` are hosts
        beside these, which do not change that.
        """
        exact, sites, named = set[str](), set[str](), set[str]()
        hosts = tuple(hosts)
        for entry in (*hosts, *shared):
            entry = entry.lower()
            (sites if entry.startswith("*.") else exact).add(entry.removeprefix("*."))
        for url in urls:
            parts = urlsplit(url)
            host = host_of(parts)
            named.add(_host_and_port(parts))
            if host.endswith(".gov.cn") and not hosts and not is_private(host):
                sites.add(site_of(host))
        return cls(frozenset(exact), frozenset(sites), frozenset(named))

    def allows(self, url: str) -> bool:
        return self.refusal(url) is None

    def refusal(self, url: str) -> str | None:
        """Why an address is not fetched; None where it is."""
        try:
            parts = urlsplit(url)
            place = _host_and_port(parts)
        except ValueError:
            return "it is no address"
        if parts.scheme not in SCHEMES:
            return f"{parts.scheme or 'no scheme'} is not http or https"
        if place in self.named:
            return None
        host = host_of(parts)
        if is_private(host):
            return f"{place} is a private address that nobody named"
        if host in self.hosts or any(host == site or host.endswith("." + site) for site in self.sites):
            return None
        return f"{place} is no host of this portal"

    @property
    def named_hosts(self) -> frozenset[str]:
        """The hosts that the user named, on whatever port."""
        return frozenset(urlsplit(f"//{place}").hostname or "" for place in self.named)

    def is_named(self, host: str) -> bool:
        """Whether the user named this host, on whatever port: then it may resolve to a private address."""
        return any(place.rsplit(":", 1)[0] == host for place in self.named)


def _host_and_port(parts: SplitResult) -> str:
    return f"{host_of(parts)}:{parts.port or DEFAULT_PORTS.get(parts.scheme, 80)}"
