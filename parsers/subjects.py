"""Whose figure a sentence gives: the report's organ's, or that of another (市公安局受理申请12件, in the city's own report).

How subjects are written is data (`others` of the facts' file); whether a name is the organ's own is decided here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from parsers.region_names import regions_of

_LEVELS = "省市县区州盟旗"
_KINDS = (
    ("街道", ("街道", "街道办", "街道办事处")),
    ("办", ("办", "办公室", "办公厅")),
    ("委", ("委", "委员会", "管委会")),
    ("政府", ("政府", *"省市县区州盟旗镇乡")),
)
_REMARK = re.compile(r"[(（][^()（）]*[)）]$")


@dataclass(frozen=True)
class Others:
    """How a sentence says that it speaks of others than the organ whose report it is."""

    subject: re.Pattern[str]
    """Group `who` of a clause; the last one in front of a figure is whose the figure is."""
    ours: re.Pattern[str]
    """A subject that is the organ itself, or the whole of its area: 我局, 全市."""
    parts: re.Pattern[str]
    """One that is less than the organ, whoever it is: 各乡镇, 市直部门, 局机关."""
    named: re.Pattern[str]
    """How a name begins that may be the organ's, where nobody knows whose report it is: 城东区, 市公安局."""
    listed: re.Pattern[str]
    """What stands between the names of several."""


def subject_of(others: Others, figure: re.Match[str], begin: int) -> str:
    """The last one in front of the figure in its sentence, which begins at `begin`; nothing where it has none."""
    who = ""
    for found in others.subject.finditer(figure.string, begin, figure.end()):
        if found.end("who") <= figure.start():
            who = found["who"]
    return who


def is_of_others(others: Others, who: str, organs: Iterable[str]) -> bool:
    """Without `organs` nobody knows whose a name is."""
    if not who:
        return False
    if others.parts.match(who):
        return True
    if others.ours.match(who):
        return False
    own = tuple(organs)
    said = [one for one in others.listed.split(who) if one]
    is_own = [any(_is_own(one, name) for name in own) for one in said]
    return bool(own) and not (any(is_own) and all(map(_is_with, said, is_own)))


def names_of(others: Others, who: str, organs: Iterable[str]) -> tuple[str, ...]:
    """How a sentence may name the organ: by its names, and by its subject unless that is 我局 or 全市, which are words."""
    names = tuple(filter(None, (_REMARK.sub("", name) for name in organs)))
    is_name = who and not others.ours.match(who) and (names or others.named.match(who))
    return (*names, who) if is_name else names


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
    level, of_name = said[0], regions_of(bare)
    return _stands_in(said, bare) and (level not in _LEVELS or not of_name or of_name[-1].endswith(level))


def _kind(name: str) -> str:
    """What a name ends in, however short: 办, 委, 政府 …"""
    return next((kind for kind, ends in _KINDS if name.endswith(ends)), name[-1:])


def _stands_in(short: str, whole: str) -> bool:
    """Are the characters of the one in the other, in their order?"""
    characters = iter(whole)
    return all(character in characters for character in short)
