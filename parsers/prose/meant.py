"""Does a sentence give this figure: of this organ, of this year, counted and not planned? The patterns are data."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

from parsers.prose.carried import of_another_organ, of_another_year
from parsers.prose.fact import Fact, OtherTimes
from parsers.prose.known import says_the_whole
from parsers.prose.stop import STOP
from parsers.prose.subjects import is_of_another_site, is_of_others, is_part_of_it, is_wider, names_of, subject_of


class Whose(NamedTuple):
    """Of which year and organ a report is; `organs`: every name it is known by, none where nobody knows."""

    year: int
    organs: tuple[str, ...] = ()


class Aside(StrEnum):
    """Why a figure that a sentence gives is not the report's; the note of its cell."""

    NOTHING = ""
    """It counts something else: not even set aside."""
    OTHERS = "of_others"
    OTHER_TIME = "other_time"
    PLANNED = "planned"
    CARRIED_OVER = "with_carried_over"
    MORE = "more_is_said"
    """Words stand around it that are not known: it may be of a part, or of more than the fact counts."""


def aside(fact: Fact, match: re.Match[str], whose: Whose, *, nought: bool = False) -> Aside | None:
    """None where the sentence speaks of this organ's year, and of the whole of what the fact counts."""
    text, start, times = match.string, match.start(), fact.times
    begin = max(text.rfind(mark, 0, start) for mark in _MARKS) + 1
    before = text[begin:start]
    clause = before[max(before.rfind(mark) for mark in ",:") + 1 :]
    if fact.near or fact.unless_sentence:
        stop = _END.search(text, match.end())
        end = stop.start() if stop else len(text)
        if fact.near and not fact.near.search(text, begin, end):
            return Aside.NOTHING
        if fact.unless_sentence and fact.unless_sentence.search(text, begin, end):
            return Aside.NOTHING
    who = subject_of(fact.others, match, begin)
    if is_of_others(fact.others, who, whose.organs) or is_wider(fact.others, clause, whose.organs):
        return Aside.OTHERS
    if is_of_another_site(fact.others, match, clause, whose.organs):
        return Aside.OTHERS
    if nought:
        if times.nought_unless.search(before):
            return Aside.NOTHING
    elif fact.unless_behind and fact.unless_behind.match(text, match.end()):
        return Aside.CARRIED_OVER
    elif times.behind.match(text, match.end()):
        return Aside.OTHER_TIME
    of_clause = _years(times, clause)
    if of_clause and of_clause[-1] == whose.year and not times.until.search(clause):
        before = clause  # 历年累计52条,其中2010年新增14条: what was said before is of other times
    if _of_other_times(times, before, whose.year, nought=nought):
        return Aside.OTHER_TIME
    if of_another_year(fact.carried, match, begin, whose.year):
        return Aside.OTHER_TIME
    if is_part_of_it(fact.others, match, whose.organs):
        return Aside.OTHERS
    if not who and of_another_organ(fact.carried, fact.others, match, begin, whose.organs):
        return Aside.OTHERS
    if fact.unless_around:
        last = text.find(STOP, match.end())
        if fact.unless_around.search(text, text.rfind(STOP, 0, start) + 1, last if last >= 0 else len(text)):
            return Aside.MORE
    names = names_of(fact.others, who, whose.organs)
    return None if says_the_whole(fact.known, fact.own_words, match, begin, names) else Aside.MORE


_MARKS = f"{STOP};!?"
_END = re.compile(f"[{_MARKS}]")


def _years(times: OtherTimes, text: str) -> list[int]:
    return [int(found["year"]) for found in times.years.finditer(text)]


def _of_other_times(times: OtherTimes, before: str, year: int, *, nought: bool) -> bool:
    years = _years(times, before)
    if (years and years[-1] != year) or times.words.search(before):
        return True
    if nought:
        return False  # what never was (开展工作以来未收费) was not in the report's year either
    if times.ever.search(before):
        return True
    if not times.sums.search(before):
        return False
    return bool(times.until.search(before)) or not times.within.search(before)
