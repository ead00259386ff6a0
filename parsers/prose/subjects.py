"""Whose figure a sentence gives: the report's organ's, or that of another (市公安局受理申请12件, in the city's own report).

How subjects are written is data (`others` of the facts' file); whether a name is the organ's own is decided here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from parsers.identity.region_names import regions_of, without_government

_LEVELS = "省市县区州盟旗"
_KINDS = (
    ("街道", ("街道", "街道办", "街道办事处")),
    ("办", ("办", "办公室", "办公厅")),
    ("委", ("委", "委员会", "管委会")),
    ("政府", ("政府", *"省市县区州盟旗镇乡")),
)
_OFFICES = ("管委会", "管理委员会", "街道", "街道办事处", "政府办公室", "政府办公厅", "政府办", "行政公署", "行署")
_REMARK = re.compile(r"[(（][^()（）]*[)）]$")


@dataclass(frozen=True)
class Others:
    """How a sentence says that it speaks of others than the organ whose report it is."""

    subject: re.Pattern[str]
    """Group `who` of a clause; the last one in front of a figure is whose the figure is."""
    wider: re.Pattern[str]
    """All of an area (group `level`: 全市, 我县): only its government, or the office of that, speaks for it."""
    site: re.Pattern[str]
    """A government's site of some level (group `level`), right in front of a figure that begins with 网站."""
    ours: re.Pattern[str]
    """A subject that is the organ itself, or the whole of its area: 我局, 全市."""
    parts: re.Pattern[str]
    """One that is less than the organ, whoever it is: 各乡镇, 市直部门, 局机关."""
    named: re.Pattern[str]
    """How a name begins that may be the organ's, where nobody knows whose report it is: 城东区, 市公安局."""
    listed: re.Pattern[str]
    """What stands between the names of several."""
    inside: re.Pattern[str]
    """What stands behind a figure that somebody's (group `who`) is a part of: 30件,其中市政府办公室8件."""


def subject_of(others: Others, figure: re.Match[str], begin: int) -> str:
    """The last one in front of the figure in its sentence, which begins at `begin`; nothing where it has none."""
    return last_subject(others, figure.string, begin, figure.start(), figure.end())


def last_subject(others: Others, text: str, begin: int, end: int, seen: int | None = None) -> str:
    """The last one that ends before `end`; what follows it is seen up to `seen`."""
    who = ""
    for found in others.subject.finditer(text, begin, seen or end):
        if found.end("who") <= end:
            who = found["who"]
    return who


def is_of_others(others: Others, who: str, organs: Iterable[str]) -> bool:
    """Without `organs` nobody knows whose a name is."""
    if not who:
        return False
    if others.parts.match(who):
        return True
    own = tuple(organs)
    if own and (area := others.wider.match(who)) and not any(_speaks_for(name, area["level"]) for name in own):
        return True
    if others.ours.match(who):
        return False
    said = [one for one in others.listed.split(who) if one]
    is_own = [any(_is_own(one, name) for name in own) for one in said]
    return bool(own) and not (any(is_own) and all(map(_is_with, said, is_own)))


def is_wider(others: Others, clause: str, organs: Iterable[str]) -> bool:
    """Does the figure's clause speak of all of an area that none of the organ's names governs: 安排全县专项经费30万元?"""
    own = tuple(organs)
    return bool(own) and any(
        not any(_speaks_for(name, area["level"]) for name in own) for area in others.wider.finditer(clause)
    )


def is_of_another_site(others: Others, figure: re.Match[str], clause: str, organs: Iterable[str]) -> bool:
    """Is it what the site of another level's government has published, and not how the organ did: 省政府网站公开920条, in the
    report of a city's bureau?"""
    site = others.site.search(clause) if figure[0].startswith("网站") else None
    regions = [found[-1] for name in organs if (found := regions_of(_REMARK.sub("", name)))]
    return site is not None and bool(regions) and not any(region.endswith(site["level"]) for region in regions)


def is_part_of_it(others: Others, figure: re.Match[str], organs: Iterable[str]) -> bool:
    """Does the sentence go on with what of the figure is the organ's own? It is of more, unless the organ governs an area."""
    part = others.inside.match(figure.string, figure.end())
    own = [_REMARK.sub("", name) for name in organs]
    if part is None or any(_kind(name) == "政府" for name in own):
        return False
    if part["who"].endswith(("部门", "系统")):
        return True  # 30个,其中教育部门2个: of several, and a department is one
    return part["who"][0] in "我本" or any(_is_own(part["who"], name) for name in own)


def names_of(others: Others, who: str, organs: Iterable[str]) -> tuple[str, ...]:
    """How a sentence may name the organ: by its names, and by its subject unless that is 我局 or 全市, which are words."""
    names = tuple(dict.fromkeys(short for name in organs for short in _forms(_REMARK.sub("", name)) if short))
    is_name = who and not others.ours.match(who) and (names or others.named.match(who))
    return (*names, who) if is_name else names


@lru_cache(maxsize=64)
def _forms(name: str) -> tuple[str, ...]:
    """五常市民意乡人民政府 as its report calls it: 五常市民意乡, 民意乡, 民意乡人民政府, 我民意乡; 市统计局 of 怀化市统计局; 白洋街道 of
    its 办事处. 五常市 is another."""
    bare, regions = without_government(name), "".join(regions_of(name))
    short = bare.removeprefix(regions)
    level = regions[-1:] if short != bare else ""
    names = (name, bare, short, name.removeprefix(regions), level + short, short.removesuffix("办事处"))
    return tuple(dict.fromkeys((*names, *(f"我{one}" for one in names if len(one) > 2))))


def _is_with(said: str, is_own: bool) -> bool:
    """The organ, or whoever belongs to it: 市政府及各部门, 市政府及其办公室."""
    return is_own or said[0] in "各其"


def _is_own(said: str, name: str) -> bool:
    """Is it the name, or a short form of it at the same level: 市城管局 of 滨河市城市管理局?"""
    bare = _REMARK.sub("", name)
    if _kind(said) != _kind(bare):
        return False  # 市政府 is not 市政府办公室
    if said.endswith(bare):
        return True
    if _governed(said)[-1:] not in ("", _governed(bare)[-1:]):
        return False  # 五常市政府 is not that of 五常市民意乡
    level, of_name = said[0], regions_of(bare)
    return _stands_in(said, bare) and (level not in _LEVELS or not of_name or of_name[-1].endswith(level))


def _speaks_for(name: str, level: str) -> bool:
    """滨河市人民政府 for the city, its office and the committee of a zone for whatever they call all of it."""
    bare = _REMARK.sub("", name)
    if _kind(bare) == "政府":
        return _governed(bare).endswith(level)
    return bare.endswith(_OFFICES) and level not in "镇乡"


def _governed(name: str) -> str:
    """What a government governs: 滨河市 of 滨河市人民政府. Nothing of other organs."""
    return name.removesuffix("政府").removesuffix("人民") if _kind(name) == "政府" else ""


def _kind(name: str) -> str:
    """What a name ends in, however short: 办, 委, 政府 …"""
    return next((kind for kind, ends in _KINDS if name.endswith(ends)), name[-1:])


def _stands_in(short: str, whole: str) -> bool:
    """Are the characters of the one in the other, in their order?"""
    characters = iter(whole)
    return all(character in characters for character in short)
