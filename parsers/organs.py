"""Organs: known ones from `config/units/*.csv`, and an identity for those that nobody has listed yet.

A name on a page is damaged or relative (柘城县县水利局, 市林业局); it is mended with what the portal knows. Organs
that are in no list get an id from their name, so that the same organ has the same id in every crawl.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from parsers.chinese import fold, simplify
from parsers.errors import TemplateError
from parsers.report import Organ
from parsers.source import PortalContext
from parsers.template import config_directory

COLUMNS = ("id", "name", "aliases", "level", "region_code", "province", "city", "county")
LEVELS = ("national", "province", "city", "county", "township", "department")

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_CODE = re.compile(r"\d{6}")

# 县县水利局 is a slip, 县县委 is not; 市市场监督管理局 and 区区委 are right as they stand.
_DOUBLED = re.compile(r"县县(?!委|政|长|直|城|级|域|人大)")
_SITE = re.compile(r"(?:网站群?|门户网?|平台|网)[!！]?$")
_REGION = re.compile(
    r"(?!社区|城市|都市|开发区|高新区|小区|园区|景区|辖区|城区|校区|灾区|库区|牧区|林区|矿区)"
    r"[\u4e00-\u9fff]{1,11}?(?:特别行政区|自治区|自治州|自治县|自治旗|地区|省|市(?!场|政服|政管)|盟|州(?!市|区|县)|县|区(?!域)|旗)"
)
_RELATIVE = re.compile(
    r"^(?:省(?!会)|市(?!场|容|政(?!务|府|法|协|研)|民(?!政|族|宗))|州(?!际)|盟|县(?!域)|区(?!域|块)|旗|镇|乡|自治区|自治州)(?=.{2})"
)
_NATIONAL = re.compile(r"^(?:国家|中国|中华|中央|国务院|最高人民)")
_BARE_REGION = re.compile(
    r"[\u4e00-\u9fff]{2,}(?:特别行政区|自治区|自治州|自治县|自治旗|省|市|县|旗|(?<!开发)(?<!实验)(?<!试验)(?<!示范)"
    r"(?<!高新)(?<!园)(?<!新)(?<!景)(?<!度假)(?<!保税)(?<!合作)(?<!经济)(?<!社)(?<!地)区)"
)
_TOWN = re.compile(r"[\u4e00-\u9fff]+(?:镇|乡|苏木)")
_MUNICIPALITIES = ("北京市", "天津市", "上海市", "重庆市")
_DEPARTMENT = re.compile(
    r"(?:办公厅|办公室|局|厅|(?<!管理)(?<!管)委员会|[改信资健科商建教农]委|审计署|支队|大队|总队|分局|服务中心|管理中心)$"
)


@dataclass(frozen=True, slots=True)
class Unit:
    """One line of `config/units`: an organ that is expected to publish."""

    id: str
    name: str
    aliases: tuple[str, ...]
    level: str | None
    region_code: str | None
    province: str | None
    city: str | None
    county: str | None


class Registry:
    """Every known organ, by its names."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self.units = tuple(units)
        self._by_name = {_key(name): unit for unit in self.units for name in (unit.name, *unit.aliases)}

    def find(self, name: str) -> Unit | None:
        return self._by_name.get(_key(name)) or self._by_name.get(_key(full_name(name)))

    @property
    def version(self) -> str:
        """Changes whenever a line of the lists changes: what identities depend on beside the code."""
        return hashlib.sha256(repr(self.units).encode()).hexdigest()[:12]


def load_units(folder: Path | None = None) -> Registry:
    """Read `config/units/*.csv`, once a process. Raises TemplateError naming file and line."""
    return _load(folder or config_directory() / "units")


@lru_cache(maxsize=8)
def _load(folder: Path) -> Registry:
    units: dict[str, Unit] = {}
    names: dict[str, str] = {}
    for path in sorted(folder.glob("*.csv")):
        for line, unit in _read(path):
            where = f"units/{path.name}:{line}"
            if unit.id in units:
                raise TemplateError("duplicate_unit", f"{where}: the id {unit.id} is used twice")
            units[unit.id] = unit
            for name in (unit.name, *unit.aliases):
                other = names.setdefault(_key(name), unit.id)
                if other != unit.id:
                    raise TemplateError("ambiguous_unit", f"{where}: {name} is also a name of {other}")
    return Registry(units.values())


def _read(path: Path) -> Iterator[tuple[int, Unit]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        header = tuple(next(reader, ()))
        if header != COLUMNS:
            raise TemplateError("bad_units", f"units/{path.name}:1: the columns must be {','.join(COLUMNS)}")
        for row in reader:
            if row:
                yield reader.line_num, _unit(row, f"units/{path.name}:{reader.line_num}")


def _unit(row: list[str], where: str) -> Unit:
    if len(row) != len(COLUMNS):
        raise TemplateError("bad_units", f"{where}: {len(row)} columns, not {len(COLUMNS)}")
    values = dict(zip(COLUMNS, (value.strip() for value in row), strict=True))
    if not _ID.fullmatch(values["id"]):
        raise TemplateError("bad_units", f"{where}: the id {values['id']!r} is not made of a-z, 0-9 and hyphens")
    if not values["name"]:
        raise TemplateError("bad_units", f"{where}: the name is missing")
    if values["level"] and values["level"] not in LEVELS:
        raise TemplateError("bad_units", f"{where}: the level {values['level']!r} is none of {', '.join(LEVELS)}")
    if values["region_code"] and not _CODE.fullmatch(values["region_code"]):
        raise TemplateError("bad_units", f"{where}: the region code {values['region_code']!r} has not six digits")
    for name in (values["name"], *values["aliases"].split("|")):
        if simplify(name) != name:
            raise TemplateError("bad_units", f"{where}: {name} must be written in simplified characters")
    return Unit(
        id=values["id"],
        name=values["name"],
        aliases=tuple(alias.strip() for alias in values["aliases"].split("|") if alias.strip()),
        level=values["level"] or None,
        region_code=values["region_code"] or None,
        province=values["province"] or None,
        city=values["city"] or None,
        county=values["county"] or None,
    )


def _key(name: str) -> str:
    """Names are the same whatever their brackets and quotes are."""
    return re.sub(r"[“”\"'‘’·.]", "", fold(name))


# --- names ----------------------------------------------------------------------------------------------------


def mend(raw: str) -> str:
    """A name as a page gives it -> without slips: 柘城县县水利局 -> 柘城县水利局, `X局-某某网站` -> X局."""
    name = _DOUBLED.sub("县", simplify("".join(raw.split())))
    if "-" in name and _SITE.search(name):
        # Cloned sites put their own name where the organ's stood: 安图县林业局-安图县林业局网站.
        head = name.split("-")[0]
        name = head if len(head) >= 4 else name
    halves = name.split("-")
    if len(halves) == 2 and halves[0].endswith(halves[1]):
        name = halves[0]
    return name


def full_name(name: str) -> str:
    """A region or town alone stands for its government: 宿迁市 -> 宿迁市人民政府, 章安街道 -> 章安街道办事处."""
    name = re.sub(r"(?<=[省市县区旗州盟乡镇])政府(?=$|办公[厅室]$|办$)", "人民政府", name)
    name = re.sub(r"(?<=人民政府)办$", "办公室", name)
    if name.endswith("街道"):
        return name + "办事处"
    if name.endswith("特别行政区"):
        return name + "政府"
    if _TOWN.fullmatch(name) or _BARE_REGION.fullmatch(name):
        return name + "人民政府"
    return name


def is_relative(name: str) -> bool:
    """Does the name need its portal to be whole: 市林业局, 政务服务中心, 章安街道?"""
    return bool(_RELATIVE.match(name)) or not (_NATIONAL.match(name) or regions_of(name))


def regions_of(name: str) -> list[str]:
    """The regions that a name begins with: 安顺市西秀区城市管理局 -> 安顺市, 西秀区."""
    if _RELATIVE.match(name):
        return []
    found: list[str] = []
    position = 0
    while match := _REGION.match(name, position):
        found.append(match[0])
        position = match.end()
    return found


def complete(name: str, portal: PortalContext | None, wholes: Iterable[str] = ()) -> str:
    """Make a relative name whole: with a full name that ends like it, else with the portal's region.

    `wholes` are full names known from elsewhere (the list page, the publisher), best first.
    """
    if not is_relative(name):
        return name
    relative = _RELATIVE.match(name)
    tails = [name, name[relative.end() :]] if relative else [name]
    known = [mend(whole) for whole in (*wholes, (portal.organ if portal else None) or "") if whole]
    for tail in tails:
        for whole in known:
            if len(tail) >= 3 and whole.endswith(tail) and whole != name and not is_relative(whole):
                return whole
    if portal is None:
        return name
    region = _region_for(name, relative[0] if relative else None, portal)
    return f"{region}{name[relative.end() :] if relative else name}" if region else name


def _region_for(name: str, word: str | None, portal: PortalContext) -> str | None:
    """The portal's region that the word at the head of a name means; the smallest one where there is none."""
    nested = [region for region in (portal.county, portal.city, portal.province) if region]
    if not nested or _NATIONAL.match(name):
        return None
    if word is None:
        return nested[0]
    if word in ("镇", "乡"):
        return None
    fitting = [region for region in nested if region.endswith(word)]
    if fitting:
        return fitting[0]
    return {"省": portal.province, "自治区": portal.province, "市": portal.city, "县": portal.county}.get(word)


# --- identity -------------------------------------------------------------------------------------------------


def resolve(name: str, raw: str, portal: PortalContext | None, registry: Registry | None = None) -> Organ:
    """An organ's identity. `name` is mended and whole, `raw` as it stood on the page.

    A known name takes its unit's id and names; another gets the id `x` + 12 hex digits of its canonical name.
    """
    unit = (registry or load_units()).find(name)
    if unit is not None:
        return Organ(
            unit.id, unit.name, raw, unit.level, unit.region_code, unit.province, unit.city, unit.county
        )  # fmt: skip
    canonical = canonical_name(name, portal)
    digest = hashlib.sha256(canonical.encode()).hexdigest()[:12]
    province, city, county = _place(name, portal)
    in_portals_region = portal is not None and (province, city, county) == (portal.province, portal.city, portal.county)
    return Organ(
        id=f"x{digest}",
        name=name,
        name_raw=raw,
        level=_level(full_name(name), portal),
        region_code=portal.region_code if portal and in_portals_region else None,
        province=province,
        city=city,
        county=county,
    )


def canonical_name(name: str, portal: PortalContext | None) -> str:
    """What the id is made of: the full name, its province left out where a smaller region follows, its city put
    in front where the portal knows it."""
    full = _key(full_name(name))
    regions = regions_of(full)
    if len(regions) >= 2 and regions[0].endswith(("省", "自治区")):
        full, regions = full.removeprefix(regions[0]), regions[1:]
    if portal and portal.city and portal.county and regions[:1] == [portal.county]:
        full = f"{portal.city}{full}"
    return full


def _place(name: str, portal: PortalContext | None) -> tuple[str | None, str | None, str | None]:
    """Province, city and county as far as the name and the portal agree."""
    regions = regions_of(full_name(name))
    own_province = next((r for r in regions[:1] if r.endswith(("省", "自治区")) or r in _MUNICIPALITIES), None)
    if portal is None:
        return own_province, None, None
    fields = (portal.province, portal.city, portal.county)
    if not regions:
        return (None, None, None) if _NATIONAL.match(name) else fields
    deepest = max((n for n, field in enumerate(fields) if field and _same_region(field, regions)), default=-1)
    if deepest < 0:
        return own_province, None, None
    province, city, county = (field if n <= deepest else None for n, field in enumerate(fields))
    return province, city, county


def _same_region(field: str, regions: Iterable[str]) -> bool:
    return any(field == region or (len(field) >= 2 and region.startswith(field)) for region in regions)


def _level(name: str, portal: PortalContext | None) -> str | None:
    """Only where the name leaves no doubt; 某市人民政府 may be a city's or a county's."""
    if portal and portal.level and portal.organ and _key(full_name(portal.organ)) == _key(name):
        return portal.level
    government = name.removesuffix("人民政府")
    if government != name:
        if government.endswith(("乡", "镇", "苏木")):
            return "township"
        if government.endswith(("省", "自治区")) or government in _MUNICIPALITIES:
            return "province"
        if government.endswith(("自治州", "盟", "地区")):
            return "city"
        return "county" if government.endswith(("县", "区", "旗")) else None
    if name.endswith("街道办事处"):
        return "township"
    if _NATIONAL.match(name) and not regions_of(name[2:]):
        return "national"
    return "department" if _DEPARTMENT.search(name) else None
