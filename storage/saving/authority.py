"""Who speaks at an address: the government, or somebody who copied it.

Hijacked and commercial sites republish whole portals, with names changed and spam added (domain.md 3.9). A host is
official below gov.cn, on this machine or a private network (the sample, a test), and where `config/official_hosts.yaml`
says so. Everything else is a mirror, and a mirror never stands where an official address has the report.
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from parsers.template import config_directory
from parsers.yaml_file import load


class Authority(StrEnum):
    OFFICIAL = "official"
    MIRROR = "mirror"


def authority(url: str | None) -> Authority:
    """Of an address; a file without one was given by the user, who answers for it."""
    if not url:
        return Authority.OFFICIAL
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower().rstrip(".")
        place = f"{host}:{parts.port}" if parts.port else host
    except ValueError:
        return Authority.MIRROR
    known = _listed(config_directory() / "official_hosts.yaml")
    is_ours = host == "localhost" or _is_private(host)
    named = host in known or place in known or any(host.endswith(f".{one}") for one in known)
    is_government = host == "gov.cn" or host.endswith(".gov.cn")
    return Authority.OFFICIAL if is_ours or is_government or named else Authority.MIRROR


def _is_private(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        return False


@lru_cache(maxsize=8)
def _listed(path: Path) -> frozenset[str]:
    """Raises TemplateError naming file and line."""
    if not path.exists():
        return frozenset()
    node = load(path)
    hosts = node.texts("hosts", ())
    node.done()
    for host in hosts:
        if host != host.lower() or "/" in host or " " in host:
            raise node.error(f"{host!r} is no host name such as www.example.cn or 10.1.2.3:8080", "hosts")
    return frozenset(hosts)
