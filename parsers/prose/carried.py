"""Whose figure, and of which year, the headings and sentences in front of a sentence say, where it does not say so itself.

2015年,我局认真公开。主动公开政府信息920条: of 2015. (三)水政监察支队 / 主动公开政府信息31条: of others. The patterns are data
(`carried` of the facts' file).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from parsers.prose.stop import STOP
from parsers.prose.subjects import Others, is_of_others, last_subject


@dataclass(frozen=True)
class Carried:
    """How sentences say of whom and of when the next ones speak."""

    when: re.Pattern[str]
    """How one begins that speaks of a year: group `year`."""
    named: re.Pattern[str]
    """Where this stands in it, the year is no more than a name or a beginning: 2008年施行, 2015年要点."""
    now: re.Pattern[str]
    """What says that a sentence is of the report's own year, besides the year itself: 本年度."""
    heads: re.Pattern[str]
    """A heading, or a short sentence, that is nothing but a name (group `who`): 水文站。"""
    counts: re.Pattern[str]
    """A sentence of another's figures, which the next one goes on with."""


_MARKS = f"{STOP};!?"
_SENTENCE = re.compile(f"[^{_MARKS}]+")
_NEAR = 240
"""Characters in front of a sentence in which the others stand that it goes on from."""
_HEADING = re.compile(r"(?:[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十\d]{1,3}\)|\d{1,2}[、.](?!\d))")
"""How one begins: what stands in front of it is of another chapter."""


def of_another_year(carried: Carried, figure: re.Match[str], begin: int, year: int) -> bool:
    """`begin`: where the figure's sentence begins."""
    text = figure.string
    if _is_of_year(carried, text[begin : figure.end()], year):
        return False
    for sentence in _in_front(text, begin):
        if _is_of_year(carried, sentence, year):
            return False
        said = carried.when.match(sentence)
        if said and int(said["year"]) != year and not carried.named.search(sentence):
            return True
    return False


def of_another_organ(
    carried: Carried, others: Others, figure: re.Match[str], begin: int, organs: Iterable[str]
) -> bool:
    """Where the figure's own sentence names nobody, and somebody knows whose report it is."""
    own = tuple(organs)
    for which, sentence in enumerate(_in_front(figure.string, begin) if own else ()):
        if (named := carried.heads.match(sentence)) and is_of_others(others, named["who"], own):
            return True
        counts = which == 0 and carried.counts.search(sentence)
        if counts and is_of_others(others, last_subject(others, sentence, 0, len(sentence)), own):
            return True
    return False


def _is_of_year(carried: Carried, sentence: str, year: int) -> bool:
    return f"{year}年" in sentence or carried.now.search(sentence) is not None


def _in_front(text: str, begin: int) -> Iterator[str]:
    """The sentences in front, the nearest first, up to the heading of the chapter, which is the last."""
    found = [match[0] for match in _SENTENCE.finditer(text, max(0, begin - _NEAR), begin)]
    for sentence in reversed(found):
        yield sentence
        if _HEADING.match(sentence):
            return
