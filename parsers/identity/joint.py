"""One report of several organs: which ones (domain.md sections 3.6 and 6.1).

上海市闸北区人民政府、静安区人民政府 of 2015, 国家新闻出版署（国家版权局） of 2019, 云浮市政府及办公室 of 2015.
"""

from __future__ import annotations

import re
from functools import lru_cache

from parsers.chinese import simplify
from parsers.identity.region_names import full_name, regions_of

_GOVERNMENT = r"(?:人民政府|政府)"
_DEPARTMENT = (
    r"(?:办公厅|办公室|委员会|管委会|厅|局|署|部|院|中心|街道办事处|办事处|街道|镇|乡|[委办]|公司|银行|学校|大学|学院|医院|"
    r"支队|大队|总队|管理处|馆|所|站|社|会|[残妇文科工商]联)"
)
_ORGAN = re.compile(rf"[\u4e00-\u9fff·“”]{{2,40}}?(?:{_GOVERNMENT}|{_DEPARTMENT})")
_AREA = re.compile(r"[\u4e00-\u9fff]{2,}?(?:省|自治区|市|县|州|盟|旗|区)")
_NO_REGION = re.compile("政府|委|局|厅|[、,，与]")
"""发展和改革委员会与镇江市 ends like a region."""
_SEPARATOR = re.compile(r"[、,，/]|暨|以?及(?!其他)其?|[和与]")
_BRACKETS = re.compile(r"(?P<whole>[^()（）]{3,})[（(](?P<other>[^()（）]{2,})[)）](?P<tail>[^()（）]*)")
_CONTAINS = re.compile(r"^(?:含|包括|包含|加挂)")
_OF_ITS_OWN = re.compile(
    rf"(?:{_GOVERNMENT}|(?<!分)局|厅|委员会|[发工国卫农建经教科民体编]?[改信资健办]?委|[残妇文科工商]联)$"
)
"""A bureau's 支队, 中心 and 办公室 are parts of it."""
_OWN_OFFICE = re.compile(r"^(?:[区市县州省旗]?(?:人民)?政府)?(办公[厅室]|(?<=政府)办)$")
_BOTH_OFFICES = re.compile(r"(?<=委办公[厅室])(?=[\u4e00-\u9fff]{0,16}政府办公[厅室]$)")
"""中共某市委办公室某市人民政府办公室: the offices of party and government, as they sign together."""
_REMARK = re.compile(
    r"[（(](?P<said>全[省市县区州盟旗]|汇总|合并|综合|区域|[省市县区州盟旗]?本级|"
    r"(?:原|现(?!代)|更名|改名|曾用名|前身)[^()（）]{3,}|含[^()（）]*(?:直属|所属|下属|各|部门|乡镇|镇街|街道)[^()（）]*)[)）]$"
)
_OWN_LEVEL = re.compile(r"(?<=[省市县区州盟旗府])(?P<said>本级)$")
_WITH_OFFICE = re.compile(r"人民政府(?:及其|及|和|\(含|（含)(?:其|区|市|县|州|省)?(?:政府)?(办公[厅室])")
_COMPILED_BY = re.compile(
    r"由(?P<names>[\u4e00-\u9fff]{2,30}(?:政府|[局委厅])(?:、[\u4e00-\u9fff]{2,30}(?:政府|[局委厅办室]))+)(?:共同|联合)?编[制写]"
)


def names_of(raw: str) -> tuple[str, ...]:
    """The organs that a name as a title has it joins, in its order, each with the region of the first where it has none
    of its own; () where it names one.

    `和` joins words inside a name far more often (住房和城乡建设局, 和林格尔县): both halves must be organs by themselves.
    """
    name = _BOTH_OFFICES.sub("、", simplify("".join(raw.split())))
    found = _in_brackets(name) or _in_a_row(name)
    return found if len(found) > 1 else ()


def parted(raw: str, organ: str) -> str:
    """A title's organ with 、 where the title as it was given has a blank between two: 某市教育局 某市体育局2016年….

    A blank may stand anywhere in a name (某县 水利局, 某市人民政府 办公室): both halves must be bodies of their own.
    """
    start = simplify("".join(raw.split())).find(organ)
    if start < 0:
        return organ
    names, rest, at = [], organ, -start
    for word in raw.split()[:-1]:
        at += len(simplify(word))
        left, right = rest[: max(at, 0)], rest[max(at, 0) :]
        if left and right and _is_apart(left, right):
            names.append(left)
            rest, at = right, 0
    return "、".join([*names, rest])


def _is_apart(left: str, right: str) -> bool:
    if not (_OF_ITS_OWN.search(left) and _OF_ITS_OWN.search(right) and _is_organ(left) and _is_organ(right)):
        return False
    if regions_of(full_name(left))[-1:] == [left]:
        return False
    # 某市人民政府 教育局 is one organ, 某市人民政府 某市教育局 the name of the site in front of it.
    return not _is_government(left) or (_is_government(right) and bool(regions_of(right)))


def split_remark(name: str) -> tuple[str, str]:
    """A name and what stands in brackets behind it of what the report covers: 宿迁市（汇总）, 某市审计局（本级）. That is no
    part of the name, nor is what it was called before: 某区行政审批局（原某区政务服务中心）."""
    match = _REMARK.search(name) or _OWN_LEVEL.search(name)
    return (name[: match.start()], match["said"]) if match else (name, "")


def is_former(remark: str) -> bool:
    return remark.startswith(("原", "现", "更名", "改名", "曾用名", "前身"))


def compilers(opening: str) -> tuple[str, ...]:
    """The organs that an opening says have compiled it together: 由某局、某局共同编制."""
    match = _COMPILED_BY.search(opening)
    return _completed(match["names"].split("、")) if match else ()


def with_office(name: str, opening: str) -> tuple[str, ...]:
    """A government and its office, where the report of one of them says that it is both's: 云浮市人民政府及办公室."""
    match = _WITH_OFFICE.search(opening)
    government = re.sub("办公[厅室]$", "", full_name(name))
    return (government, government + match[1]) if match and _is_government(government) else ()


def says_so(opening: str) -> bool:
    """Does an opening speak of a joint report: of a government 及其办公室, or of several that compiled it?"""
    return bool(_WITH_OFFICE.search(opening) or _COMPILED_BY.search(opening))


def _in_brackets(name: str) -> tuple[str, ...]:
    match = _BRACKETS.fullmatch(name)
    if match is None or match["tail"]:
        return ()
    whole, other = match["whole"], _CONTAINS.sub("", match["other"])
    is_area = _AREA.fullmatch(whole) is not None
    if is_area:  # 云浮市（市政府办公室）
        whole += "人民政府"
    if office := _OWN_OFFICE.match(other):
        return (whole, _office(whole, office[1])) if _is_government(whole) else ()
    parts = [part for part in re.split("[、,，]", other) if part]
    if not _is_organ(whole) or not all(map(_is_organ, parts)):
        return ()
    if is_area and not all(regions_of(part) or part[0] in "省市县区州盟旗" for part in parts):
        return ()  # 某区（街道办事处）: of all its subdistricts
    return _completed([whole, *parts])


def _in_a_row(name: str) -> tuple[str, ...]:
    """Every separator that leaves organs on both sides."""
    cuts = [match.span() for match in _SEPARATOR.finditer(name) if _is_outside_regions(name, match.start())]
    parts: list[str] = []
    start = 0
    for begin, end in cuts:
        left, right = name[start:begin], name[end:]
        office = _OWN_OFFICE.match(right)
        if _is_government(left) and office:
            return (*_completed([*parts, left]), _office(left, office[1]))
        if _joins(name[begin:end], left, right):
            parts.append(left)
            start = end
    return _completed([*parts, name[start:]]) if parts else ()


def _joins(separator: str, left: str, right: str) -> bool:
    following = _SEPARATOR.split(right)[0] if separator in "、,，/" else right
    if _is_organ(left):
        return _is_organ(right) or _is_organ(following)
    # 闸北区、静安区人民政府: the word for both stands at the end.
    governs = _is_government(right) or bool(_AREA.fullmatch(right))
    return separator in "、与" and bool(_AREA.fullmatch(left)) and governs and bool(regions_of(right))


def _completed(parts: list[str]) -> tuple[str, ...]:
    """With the region of the first in front of those that name none, and 人民政府 behind bare areas."""
    governs = any(map(_is_government, parts))
    named = [f"{part}人民政府" if governs and _AREA.fullmatch(part) else part for part in parts]
    regions = regions_of(full_name(named[0]))
    head = next((named[0][: named[0].find(one) + len(one)] for one in regions[::-1] if one in named[0]), "")
    above = "".join(regions[:-1]) if len(regions) > 1 else ""

    def whole(name: str) -> str:
        own = regions_of(full_name(name))
        if not own:
            return head + re.sub(r"^(?:本)?[省市县区旗州](?=.{2})", "", name) if head else name
        # 上海市闸北区、静安区: the second lies in the same city.
        return above + name if above and len(own) < len(regions) and own[0] not in regions else name

    return tuple(dict.fromkeys([named[0], *map(whole, named[1:])]))


def _office(government: str, office: str) -> str:
    return full_name(government) + office if government.endswith("政府") else f"{government}人民政府{office}"


def _is_government(name: str) -> bool:
    return re.fullmatch(rf"[\u4e00-\u9fff]*{_GOVERNMENT}", name) is not None


def _is_organ(name: str) -> bool:
    return len(name) >= 3 and _ORGAN.fullmatch(name) is not None


@lru_cache(maxsize=512)
def _regions_at(name: str) -> tuple[tuple[int, int], ...]:
    """Where regions stand at the head of a name: 和 in 和林格尔县 joins nothing."""
    regions = [region for region in regions_of(name) if not _NO_REGION.search(region)]
    return tuple((at, at + len(region)) for region in regions if (at := name.find(region)) >= 0)


def _is_outside_regions(name: str, at: int) -> bool:
    return not any(begin <= at < end for begin, end in _regions_at(name))
