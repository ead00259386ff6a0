"""Organs: known ones from `config/units/*.csv`, and an identity for those that nobody has listed yet.

A name on a page is damaged or relative (柘城县县水利局, 市林业局); it is mended with what the portal knows. Organs
that are in no list get an id from their name, so that the same organ has the same id in every crawl.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from parsers.chinese import simplify
from parsers.identity.departments import as_one
from parsers.identity.region_names import RELATIVE, bare_name, full_name, name_key, regions_below, regions_of
from parsers.identity.units import COLUMNS, Registry, Unit, load_units
from parsers.report import Organ
from parsers.source import PortalContext

__all__ = [
    "COLUMNS",
    "Registry",
    "Unit",
    "complete",
    "full_name",
    "is_relative",
    "load_units",
    "mend",
    "regions_of",
    "resolve",
]

# 县县水利局 is a slip, 县县委 is not; 市市场监督管理局 and 区区委 are right as they stand.
_DOUBLED = re.compile(r"县县(?!委|政|长|直|城|级|域|人大)")
_TWICE = re.compile(r"^(.{1,12}[省市县区旗州盟])(?:(?:人民)?政府)?\1(?=.{2})")
"""北京市大兴区北京市大兴区发展和改革委员会: a form filled in twice; 柳城县人民政府柳城县教育局: with its site in front."""
_SITE = re.compile(r"(?:网站群?|门户网?|平台|网)[!！]?$")
_NATIONAL = re.compile(r"^(?:国家|中国|中华|中央|国务院|最高人民)")
_BRANCH = re.compile(r"自由贸易|(?:调查总?队|支行|分行|分局|管理委员会)$")
"""国家统计局青河调查队, 中国（上海）自由贸易试验区…管理委员会: a national organ's name, and a local organ."""
_MUNICIPALITIES = ("北京市", "天津市", "上海市", "重庆市")
_DEPARTMENT = re.compile(
    r"(?:办公厅|办公室|(?<=..)办|研究室|局|厅|(?<!管理)(?<!管)委员会|[改信资健科商建教农]委|审计署|支队|大队|总队|分局|服务中心|管理中心)$"
)

_OF_A_GOVERNMENT = re.compile(
    r"(?:教育|科学|科技|工业|工信|经信|公安|民政|民族|司法|财政|人力|人社|自然资源|国土|规划|环保|环境保护|住房|住建|城乡|城市管理|城管|交通运输|"
    r"交通局|水利|水务局|农业|农牧|林业|商务|文化|文旅|卫生|卫健|卫计|退役|应急|安监|安全生产|审计|市场监|统计|医疗保障|医保|信访|扶贫|乡村振兴|"
    r"行政审批|政务服务|政府办|人民政府|发展|发改|国资|国有资产|体育|教体|粮食|档案|机关事务|人防|人民防空|物价|工商|质监|质量)"
    r"[\u4e00-\u9fff]*(?:局|委|厅|委员会|办|办公室|办公厅|政府)$|(?:教育|审计|财政|民政|司法)[局厅]$"
)
"""What a region's own department is called behind the region."""
_OF_THE_STATE = re.compile(r"^(?:海关|海事局|边检站)|(?:支行|分行|分局|调查队|学院|大学|公司|日报社|监狱)$")
"""What is called after a place and belongs to none of its governments."""


# --- names ----------------------------------------------------------------------------------------------------


def mend(raw: str) -> str:
    """A name as a page gives it -> without slips: 柘城县县水利局 -> 柘城县水利局, `X局-某某网站` -> X局."""
    name = _TWICE.sub(r"\1", _DOUBLED.sub("县", simplify("".join(raw.split()))))
    if "-" in name and _SITE.search(name):
        # Cloned sites put their own name where the organ's stood: 安图县林业局-安图县林业局网站.
        head = name.split("-")[0]
        name = head if len(head) >= 4 else name
    halves = name.split("-")
    if len(halves) == 2 and halves[0].endswith(halves[1]):
        name = halves[0]
    return name


def is_relative(name: str) -> bool:
    """Does the name need its portal to be whole: 市林业局, 政务服务中心, 章安街道?"""
    return bool(RELATIVE.match(name)) or not (_NATIONAL.match(name) or regions_of(name))


def complete(name: str, portal: PortalContext | None, wholes: Iterable[str] = ()) -> str:
    """Make a relative name whole: with a full name that ends like it, else with the portal's region.

    `wholes` are full names known from elsewhere (the list page, the publisher), best first.
    """
    if not is_relative(name):
        return name
    relative = RELATIVE.match(name)
    tails = [name, name[relative.end() :]] if relative else [name]
    if (whole := full_name(name)) != name:  # 瓶窑镇, and the page names 余杭区瓶窑镇人民政府
        tails.append(whole)
    known = [mend(whole) for whole in (*wholes, (portal.organ if portal else None) or "") if whole]
    for tail in tails:
        for whole in known:
            if len(tail) >= 3 and whole.endswith(tail) and whole != name and not is_relative(whole):
                return whole
    if portal is None:
        return name
    if placed := _placed(name, portal):
        return placed
    region = _region_for(name, relative[0] if relative else None, portal)
    return f"{region}{name[relative.end() :] if relative else name}" if region else name


def _placed(name: str, portal: PortalContext) -> str | None:
    """A name that begins with a region's bare name: 宿迁教育局 -> 宿迁市教育局; 宿迁海关 stays. None for any other.

    Of 通化市 and 通化县 nobody knows which one 通化教育局 means; 东江镇 lies in 东江县, and so may a 东江河管理局.
    """
    regions = [region for region in (portal.county, portal.city, portal.province) if region]
    heads = [(region, bare) for region in regions if len(bare := bare_name(region)) >= 2 and name.startswith(bare)]
    if not heads:
        return None
    (region, bare), *others = heads
    rest = name.removeprefix(bare)
    if _OF_A_GOVERNMENT.match(rest):
        return name if others else region + rest
    return name if _OF_THE_STATE.search(rest) else None


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


@dataclass(frozen=True, slots=True)
class Resolved:
    """An identity, and the names that the lists were asked for: it changes when what they say about these changes."""

    organ: Organ
    asked: tuple[str, ...]


def resolve(
    name: str, raw: str, portal: PortalContext | None, registry: Registry | None = None, year: int | None = None
) -> Organ:
    """An organ's identity. `name` is mended and whole, `raw` as it stood on the page.

    A known name takes its unit's id and names; another gets the id `x` + 12 hex digits of its canonical name.
    """
    return resolved(name, raw, portal, registry, year).organ


def resolved(
    name: str, raw: str, portal: PortalContext | None, registry: Registry | None = None, year: int | None = None
) -> Resolved:
    """As `resolve`; the year tells 毕节市 the county (until 2010) from 毕节市 the city."""
    known = registry or load_units()
    name, asked = known.whole_name(name, portal, year), name_key(name)
    unit = known.find(name, portal, year)
    if unit is not None:
        organ = Organ(unit.id, unit.name, raw, unit.level, unit.region_code, unit.province, unit.city, unit.county)
        return Resolved(organ, tuple(dict.fromkeys((asked, name_key(name)))))
    regions = regions_below(full_name(name))
    ground = known.region(regions, portal, year)
    digest = hashlib.sha256(canonical_name(name, portal, ground).encode()).hexdigest()[:12]
    if ground is not None:
        province, city, county, code = ground.province, ground.city, ground.county, ground.region_code
    else:
        province, city, county = _place(name, portal)
        in_portals = portal is not None and (province, city, county) == (portal.province, portal.city, portal.county)
        code = portal.region_code if portal and in_portals else None
    organ = Organ(f"x{digest}", name, raw, _level(full_name(name), portal), code, province, city, county)
    return Resolved(organ, tuple(dict.fromkeys((asked, name_key(name), *regions[-1:]))))


def canonical_name(name: str, portal: PortalContext | None, ground: Unit | None = None) -> str:
    """What the id is made of: the full name, its province left out where a smaller region follows, its city put
    in front where the lists (`ground`) or the portal know it, and one spelling for all that mean the same."""
    full = name_key(full_name(name))
    regions = "".join(regions_below(full))
    if ground is not None and (head := _head(ground)) and regions in full:
        return as_one(full.replace(regions, head, 1), head)
    names = regions_of(full)
    if len(names) >= 2 and names[0].endswith(("省", "自治区")):
        full, names = full.removeprefix(names[0]), names[1:]
    if portal and portal.city and portal.county and names[:1] == [portal.county]:
        full, names = f"{portal.city}{full}", [portal.city, *names]
    return as_one(full, "".join(names))


def _head(ground: Unit) -> str:
    """A region in the names of its organs: 安顺市西秀区, 北京市朝阳区, 仙桃市, 河北省."""
    above = ground.city or (ground.province if ground.province in _MUNICIPALITIES else None)
    return "".join(part for part in (above, ground.county) if part) or ground.province or ""


def _place(name: str, portal: PortalContext | None) -> tuple[str | None, str | None, str | None]:
    """Province, city and county as far as the name and the portal agree."""
    regions = regions_below(full_name(name))
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


_OFFICE = re.compile(r"政府(?:办公厅|办公室|办)$|(?:省|自治区)办公厅$")


def _level(name: str, portal: PortalContext | None) -> str | None:
    """Only where the name leaves no doubt; 某市人民政府 may be a city's or a county's."""
    if portal and portal.level and portal.organ and name_key(full_name(portal.organ)) == name_key(name):
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
    if _NATIONAL.match(name) and not regions_of(name[2:]) and not _BRANCH.search(name):
        return "national"
    return "department" if _DEPARTMENT.search(name) else None


def rank(organ: Organ) -> str | None:
    """The level whose powers a report counts: the office of a government files the 规章 of its government
    (上海市人民政府办公厅 2019), any other department those of its own, which has none (domain.md section 2.3, T2-LEVEL)."""
    if organ.level != "department" or not _OFFICE.search(organ.name):
        return organ.level
    return "county" if organ.county else "city" if organ.city else "province" if organ.province else None
