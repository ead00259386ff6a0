"""How a portal is written into a file of the registry: one line where that fits, else a key a line."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from crawler.urls import absolute, site_of

PLATFORM = 5
"""So many portals of a province with one vendor make a platform of the file."""
NAMES = {
    "00": "national", "11": "beijing", "12": "tianjin", "13": "hebei", "14": "shanxi", "15": "neimenggu", "21": "liaoning",
    "22": "jilin", "23": "heilongjiang", "31": "shanghai", "32": "jiangsu", "33": "zhejiang", "34": "anhui",
    "35": "fujian", "36": "jiangxi", "37": "shandong", "41": "henan", "42": "hubei", "43": "hunan", "44": "guangdong",
    "45": "guangxi", "46": "hainan", "50": "chongqing", "51": "sichuan", "52": "guizhou", "53": "yunnan", "54": "xizang",
    "61": "shaanxi", "62": "gansu", "63": "qinghai", "64": "ningxia", "65": "xinjiang", "99": "unplaced",
}  # fmt: skip
VENDORS = {
    "trs": "trs", "trs-like(dir/index)": "trs", "trs (SPA ?state=3)": "trs", "hanweb": "hanweb",
    "hanweb-jpaas": "hanweb_jpaas", "vsb": "vsb", "ucap": "ucap", "ucap(pc/list)": "ucap", "gkmlpt": "gkmlpt",
    "nfcms": "nfcms", "lonsun": "lonsun", "openness": "openness", "siteserver": "siteserver", "epoint": "epoint",
    "gongkai-hex": "gongkai_hex", "hebei-uuid": "hebei_uuid", "empirecms": "empirecms",
}  # fmt: skip
SHARED_HOSTS = {"zhejiang-hanweb": ["search.zj.gov.cn"]}
"""Of a platform: the search that all of a province use (portals.md A.2)."""


@dataclass
class Portal:
    """One entry while it is put together."""

    host: str
    organ: str
    level: str
    province: str = ""
    city: str = ""
    home: str = ""
    family: str = ""
    basis: str = "unknown"
    access: str | None = None
    note: str | None = None
    extra_hosts: list[str] = field(default_factory=list)
    columns: dict[str, dict[str, str]] = field(default_factory=dict)
    cases: dict[str, dict[str, object]] = field(default_factory=dict)
    surveyed: bool = False

    @property
    def vendor(self) -> str:
        return VENDORS.get(self.family, "generic")


def file(
    code: str,
    group: list[Portal],
    ids: dict[str, str],
    codes: dict[str, str],
    provinces: dict[str, tuple[str, str]],
) -> str:
    full = next((name for number, name in provinces.values() if number[:2] == code), "")
    title = full or {"00": "central bodies 中央", "99": "portals whose place is not known yet"}[code]
    platforms = {
        f"{NAMES[code]}-{vendor.replace('_', '-')}": vendor
        for vendor, number in Counter(p.vendor for p in group).most_common()
        if number >= PLATFORM and vendor != "generic"
    }
    names = {vendor: name for name, vendor in platforms.items()}
    defaults = {**({"province": full} if full else {}), "basis": "url shape", "verified": False}
    lines = [
        f"# {title}: {len(group)} portals. Nobody has verified them: `nianbao portals check` looks, and keeps what it learns",
        "# in the database. Vendors with `basis: url shape` are inferred from addresses. docs/add-a-portal.md explains the keys.",
        f"defaults: {_flow(defaults)}",
    ]
    if platforms:
        lines.append("platforms:")
        for name, vendor in platforms.items():
            shared = {"shared_hosts": SHARED_HOSTS[name]} if name in SHARED_HOSTS else {}
            lines.append(f"  {name}: {_flow({'vendor': vendor, **shared})}")
    lines.append("portals:")
    order = {"national": 0, "province": 1, "city": 2, "county": 3, "township": 4, "department": 5}
    for portal in sorted(group, key=lambda p: (p.city if p.level != "province" else "", order[p.level], ids[p.host])):
        lines.append(_entry(portal, ids[portal.host], names, codes.get(portal.host)))
    return "\n".join(lines) + "\n"


def _entry(portal: Portal, portal_id: str, names: dict[str, str], region_code: str | None) -> str:
    values: dict[str, object] = {"id": portal_id, "organ": portal.organ, "level": portal.level}
    if region_code:
        values["region_code"] = region_code
    if portal.city:
        values["city"] = portal.city
    if portal.level == "county" and portal.organ.endswith("人民政府"):
        values["county"] = portal.organ.removesuffix("人民政府")
    values["home"] = address(portal.home)
    hosts = _hosts(portal)
    if hosts:
        values["hosts"] = hosts
    if portal.vendor in names:
        values["platform"] = names[portal.vendor]
    elif portal.vendor != "generic":
        values["vendor"] = portal.vendor
    basis = "unknown" if portal.vendor == "generic" else portal.basis
    if basis != "url shape":
        values["basis"] = basis
    if portal.access:
        values["access"] = portal.access
    local = portal.family not in VENDORS and portal.family not in ("", "other")
    note = "; ".join(filter(None, (portal.note, f"addresses look like {portal.family}" if local else "")))
    if note:
        values["note"] = note
    one = f"  - {_flow(values)}"
    if not portal.columns and not portal.cases and len(one) <= 160:
        return one
    lines = [f"    {key}: {_value(value)}" for key, value in values.items()]
    for key, rows in (("columns", portal.columns), ("cases", portal.cases)):
        if rows:
            lines.append(f"    {key}:")
            lines += [_row(row) for row in rows.values()]
    lines[0] = f"  - id: {portal_id}"
    return "\n".join(lines)


def _row(row: dict[str, object]) -> str:
    one = f"      - {_flow(row)}"
    if len(one) <= 160:
        return one
    keys = [f"        {key}: {_value(value)}" for key, value in row.items()]
    keys[0] = f"      - {keys[0].lstrip()}"
    return "\n".join(keys)


def _hosts(portal: Portal) -> list[str]:
    """A bureau's host is all of it; a portal that was seen on another host has both. Else the home's site counts."""
    if portal.extra_hosts:
        return [f"*.{site_of(portal.host)}", *portal.extra_hosts, *(f"www.{host}" for host in portal.extra_hosts)]
    labels = portal.host.split(".")
    own = portal.level == "department" and len(labels) > 3 and re.fullmatch(r"[a-z0-9.-]+", portal.host)
    return [urlsplit(portal.home).netloc.lower()] if own else []


def _flow(values: dict[str, object] | dict[str, str]) -> str:
    return "{" + ", ".join(f"{key}: {_value(value)}" for key, value in values.items()) + "}"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    text = str(value)
    plain = re.fullmatch(r"[\w\u4e00-\u9fff（）()./ -]+", text) and not re.fullmatch(r"(?=.*\d)[\d.\-_eExo:]+", text)
    plain = (
        plain
        and text == text.strip()
        and text.lower() not in ("yes", "no", "on", "off", "true", "false", "null", "y", "n")
    )
    if plain and not text.startswith(("-", ".")):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def address(url: str) -> str:
    return (absolute("http://invalid.invalid/", url) or "") if url else ""
