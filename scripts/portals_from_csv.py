"""Write `config/portals/NN-province.yaml` from a table of portals. Run once, kept because the table may grow:

    python scripts/portals_from_csv.py portals.csv

Columns of the table (one line a portal, a 年报 column or a report page that was seen): tier (A a report page, B a
column, C a portal), organ, level, province, city, portal_url, annual_report_column_url, cms_family, family_basis,
sample_report_url, report_year, access_method, notes. Lines of one host are one portal. The files are written anew:
what people have corrected in them since must be taken over by hand (`git diff` shows it).
"""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from crawler.urls import site_of  # noqa: E402
from scripts.portal_entries import NAMES, VENDORS, Portal, address, file  # noqa: E402

OUT = ROOT / "config" / "portals"
SURVEY = "2026-04-26"
"""The day on which the table's portals were asked, by those who made it."""
LEVELS = {
    "province": "province", "city": "city", "county": "county", "县区": "county", "township": "township",
    "central": "national",
}  # fmt: skip
ACCESS = {
    "none": f"did not answer a plain client on {SURVEY}",
    "protocol-switch": f"answered only over the other scheme, http or https, on {SURVEY}",
    "ua-mobile": f"answered only a mobile user agent on {SURVEY}",
}
DISCLOSURE = re.compile(r"^(?:xxgk|zwgk|zfxxgk|gk|\w*xxgk|xx)\.")
GOVERNMENT = re.compile(r"(?:省|自治区|市|县|区|旗|州|盟)(?:人民政府)?$")
AREA = re.compile(r".{1,9}?(?:自治县|自治旗|县|市|区|旗)")
CHINESE = {
    "Audit Bureau": "深圳市审计局", "Development & Reform Commission": "深圳市发展和改革委员会",
    "Public Security Bureau": "深圳市公安局", "Human Resources & Social Security": "深圳市人力资源和社会保障局",
    "Transport Bureau": "深圳市交通运输局", "Civil Affairs Bureau": "深圳市民政局", "Justice Bureau": "深圳市司法局",
    "S&T Innovation Bureau": "深圳市科技创新局", "Commerce Bureau": "深圳市商务局", "Education Bureau": "深圳市教育局",
    "Health Commission": "深圳市卫生健康委员会", "Emergency Management Bureau": "深圳市应急管理局",
    "Housing & Construction Bureau": "深圳市住房和建设局", "Dapeng New District": "深圳市大鹏新区管理委员会",
}  # fmt: skip
"""The table calls the bureaus on sz.gov.cn by English names alone."""


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit("usage: portals_from_csv.py TABLE.csv")
    with Path(sys.argv[1]).open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    provinces = _provinces()
    portals = _portals(rows, provinces)
    ids = _ids(portals)
    codes = _codes(portals.values(), provinces)
    files: dict[str, list[Portal]] = defaultdict(list)
    for portal in portals.values():
        code = provinces[portal.province][0][:2] if portal.province else "00" if portal.level == "national" else "99"
        files[code].append(portal)
    for code, group in sorted(files.items()):
        path = OUT / f"{code}-{NAMES[code]}.yaml"
        path.write_text(file(code, group, ids, codes, provinces), encoding="utf-8")
    print(f"{len(portals)} portals in {len(files)} files of {OUT.relative_to(ROOT)}")


def _provinces() -> dict[str, tuple[str, str]]:
    """江苏 -> (320000, 江苏省), from config/units."""
    with (ROOT / "config" / "units" / "provinces.csv").open(encoding="utf-8", newline="") as stream:
        found = {row["province"]: row["region_code"] for row in csv.DictReader(stream)}
    short = re.compile(r"(?:壮族|回族|维吾尔)?(?:自治区|省|市|特别行政区)$")
    return {short.sub("", name): (code, name) for name, code in found.items()}


def _codes(portals: Iterable[Portal], provinces: dict[str, tuple[str, str]]) -> dict[str, str]:
    """Host -> region code, by the names of area, city and province in config/units/regions.csv; where one fits only."""
    regions = ROOT / "config" / "units" / "regions.csv"
    codes = {p.host: provinces[p.province][0] for p in portals if p.level == "province" and p.province}
    if not regions.exists():
        return codes
    with regions.open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if not row["until"]]
    names = {row["code"]: row["name"] for row in rows}
    by_name: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        by_name[row["name"]].append(row["code"])
    for portal in portals:
        if portal.level not in ("city", "county") or not portal.province:
            continue
        fitting = [
            c for c in by_name[portal.organ.removesuffix("人民政府")] if c[:2] == provinces[portal.province][0][:2]
        ]
        if len(fitting) > 1 and portal.city:
            fitting = [code for code in fitting if names.get(f"{code[:4]}00") == portal.city]
        if len(fitting) == 1:
            codes[portal.host] = fitting[0]
    return codes


# --- lines of the table -> portals ----------------------------------------------------------------------------------


def _portals(rows: list[dict[str, str]], provinces: dict[str, tuple[str, str]]) -> dict[str, Portal]:
    """Host -> portal; the general portals first, then what belongs to them."""
    portals: dict[str, Portal] = {}
    surveyed = [row for row in rows if row["tier"] == "C" and "china-public-debt" in row["evidence"]]
    for row in surveyed:
        host = _host(row["portal_url"])
        portals.setdefault(host, _new(row, host)).surveyed = True
    sites: dict[str, Portal] = {}
    organs: dict[tuple[str, str], list[Portal]] = defaultdict(list)
    for portal in portals.values():
        sites.setdefault(site_of(portal.host), portal)
        organs[portal.province, portal.organ].append(portal)
    cities = sorted({(p.province, p.city) for p in portals.values() if p.city})
    for row in rows:
        if row["tier"] == "C" and "china-public-debt" not in row["evidence"] and row["level"] != "media":
            _bureau(row, portals, sites, provinces, cities)
    for row in rows:
        if row["tier"] != "C":
            _seen(row, portals, sites, organs, cities)
    return portals


def _new(row: dict[str, str], host: str, *, organ: str = "", level: str = "") -> Portal:
    level = level or LEVELS.get(row["level"], "department")
    return Portal(
        host,
        organ or row["organ"],
        level,
        row["province"],
        row["city"],
        row["portal_url"],
        row["cms_family"],
        _basis(row),
        ACCESS.get(row["access_method"]),
    )


def _bureau(
    row: dict[str, str],
    portals: dict[str, Portal],
    sites: dict[str, Portal],
    provinces: dict[str, tuple[str, str]],
    cities: list[tuple[str, str]],
) -> None:
    """A line of another project's list, `Beijing Finance Bureau (北京市财政局)`: bureaus, and portals known already."""
    host = _host(row["portal_url"])
    named = re.search(r"[（(]([^()（）]*[\u4e00-\u9fff][^()（）]*)[）)]", row["organ"])
    organ = named[1] if named else CHINESE.get(row["organ"], row["organ"])
    is_government = bool(GOVERNMENT.search(organ)) and row["level"] in ("province", "city", "county")
    above = sites.get(site_of(host))
    if host in portals or (is_government and above is not None):
        return  # the portal itself, or another host of it, which its site covers
    portal = _new(row, host, organ=organ, level="" if is_government or row["level"] == "central" else "department")
    if row["level"] != "central":
        portal.province = next((short for short in provinces if organ.startswith(short)), "")
        if not portal.province and above is not None:
            portal.province = above.province
        portal.city = above.city if above is not None and above.level != "province" else ""
        if not portal.province:
            found = ((place, whole) for place, whole in cities if organ.startswith(whole.rstrip("市州盟")))
            portal.province, portal.city = next(found, ("", ""))
    portals[host] = portal


def _seen(
    row: dict[str, str],
    portals: dict[str, Portal],
    sites: dict[str, Portal],
    organs: dict[tuple[str, str], list[Portal]],
    cities: list[tuple[str, str]],
) -> None:
    """A column or a report page that somebody saw: it belongs to the portal of its host, of its site, or a new one."""
    host = _host(row["portal_url"])
    portal = portals.get(host)
    county = _county(row["organ"]) if row["level"] in ("township", "county-dept") else ""
    if portal is None and (row["level"] in ("township", "county-dept") or DISCLOSURE.match(host)):
        # Bureaus and townships live inside the county's portal (国办发〔2017〕47号).
        portal = sites.get(site_of(host))
        same = organs[row["province"], f"{county}人民政府"] if county else []
        same = [one for one in same if not row["city"] or not one.city or one.city.startswith(row["city"])]
        if portal is None and len(same) == 1:
            portal = same[0]
            if host not in portal.extra_hosts:
                portal.extra_hosts.append(host)
    if portal is None:
        zone = re.search(r"(?:先创|高新|经开|开发|新)区$", county)
        inferred = county if zone else f"{county}人民政府" if county else ""
        portal = _new(row, host, organ=inferred, level="county" if inferred else "")
        portal.city = _whole(row["province"], portal.city, cities)
        if inferred:
            portal.note = "the portal's organ is inferred from a report that was seen on it"
        portals[host] = portal
    if row["family_basis"] == "page seen" and portal.basis != "page seen":
        portal.family, portal.basis = row["cms_family"], "page seen"
    family = VENDORS.get(row["cms_family"], "generic")
    other = {"vendor": family} if family != portal.vendor else {}
    column = address(row["annual_report_column_url"])
    if column:
        whose = {"organ": row["organ"]} if not _same(row["organ"], portal.organ) else {}
        portal.columns.setdefault(column, {"url": column, **whose, **other})
    page = address(row["sample_report_url"])
    if page:
        year = {"year": int(row["report_year"])} if row["report_year"] else {}
        portal.cases.setdefault(page, {"url": page, "organ": row["organ"], **year})


def _county(organ: str) -> str:
    """杭州市余杭区发展和改革局 -> 余杭区: the last area before the bureau's or the township's own name."""
    place, areas = 0, []
    while area := AREA.match(organ, place):
        areas.append(area[0])
        place = area.end()
    return areas[-1] if areas else ""


def _basis(row: dict[str, str]) -> str:
    basis = row["family_basis"]
    if not row["cms_family"]:
        return "unknown"
    return "page seen" if basis == "page seen" else "url shape" if basis else "unknown"


def _host(url: str) -> str:
    return urlsplit(url).netloc.lower().removeprefix("www.")


def _same(organ: str, other: str) -> bool:
    organ = re.sub(r"[（(].*[）)]$", "", organ)
    return organ == other or organ.endswith(other) or other.startswith(organ)


def _whole(province: str, city: str, cities: list[tuple[str, str]]) -> str:
    """杭州 -> 杭州市, as the other portals of the province have it."""
    return next((whole for place, whole in cities if place == province and city and whole.startswith(city)), city)


# --- ids --------------------------------------------------------------------------------------------------------------


def _ids(portals: dict[str, Portal]) -> dict[str, str]:
    """Host -> id: the host without www. and .gov.cn, hyphens for dots. Where two would be one, both keep .gov.cn."""
    short = {host: _id(host.removesuffix(".gov.cn")) for host in portals}
    often = Counter(short.values())
    ids = {host: one if often[one] == 1 else _id(host) for host, one in short.items()}
    twice = [one for one, number in Counter(ids.values()).items() if number > 1]
    if twice:
        sys.exit(f"ids that come twice: {', '.join(twice)}")
    return ids


def _id(host: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", host).strip("-")


if __name__ == "__main__":
    main()
