"""What sentences count that no fact took and none put aside: told with its place, so that nothing is passed over in silence.

A figure with a unit that a row of the form may have (发出政府信息简报12期), and a sentence that says there was none of something
whose figure is null (诉讼一栏本年空缺). What counts and what does not (20个工作日, 第十二条) is data: `counted` of the facts' file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from parsers.prose.sentences import Compact, Sign, compact
from parsers.prose.stop import STOP
from parsers.report import Unread

if TYPE_CHECKING:
    from parsers.prose.fact import Fact
    from parsers.prose.facts import Facts

FLAG = "facts_unread"
_NOUGHTS = ("0", "零")
"""A sentence that says with one of them that there was none is understood whole: 行政诉讼0件."""


@dataclass(frozen=True)
class Counted:
    """How a sentence counts, whatever it is that it counts."""

    figure: re.Pattern[str]
    """Group `n` of a figure with its unit; a match without it is what only looks like one: 第十二条, 20个工作日."""
    lacks: re.Pattern[str]
    """What says that there was none, below a heading that names what: 五、行政诉讼情况 / 全年未产生此类支出。"""
    wording: re.Pattern[str]
    """What of a clause differs from report to report: years, and figures (group `n`)."""


def unread(text: str, facts: Iterable[Fact], found: Facts) -> tuple[Unread, ...]:
    """`text` as `extract` saw it, with what it found there -> the clauses that it did not understand, in their order."""
    facts = tuple(facts)
    if not facts:
        return ()
    told = compact(text)
    spans = {*_counted(facts[0].counted, told, found), *_denied(facts, told, found)}
    return tuple(_placed(told, *span) for span in sorted(spans))


def wording(counted: Counted, clause: str) -> str:
    """What is the same in the clauses of many reports: `2015年共编发简报12期` -> `共编发简报N期`."""
    plain = counted.wording.sub(lambda match: "N" if match["n"] else "", clause)
    front, figure, behind = plain.partition("N")
    return f"{front[-_FRONT:]}{figure}{behind[:_BEHIND]}" if figure else plain[-_LONGEST:]


def _counted(counted: Counted, told: Compact, found: Facts) -> Iterator[tuple[int, int]]:
    understood = {start for start, _ in found.understood}
    for figure in counted.figure.finditer(told.text):
        start = figure.start("n")
        if start < 0 or start in understood:
            continue
        if figure["n"] not in _NOUGHTS or not any(first < start < end for first, end in found.understood):
            yield _clause(told.text, start, figure.end())


def _denied(facts: Iterable[Fact], told: Compact, found: Facts) -> Iterator[tuple[int, int]]:
    """Of a fact without a cell: nobody understood that there was none, or that there was some."""
    given = {cell.path.partition(".")[2] for cell in found.cells}
    for fact in facts:
        if fact.denied is not None and fact.key not in given:
            for match in (*_sentences(fact, told), *_below(fact, told)):
                if not any(start < match.end() and match.start() < end for start, end in found.understood):
                    yield _clause(told.text, match.start(), match.end())


def _sentences(fact: Fact, told: Compact) -> Iterator[re.Match[str]]:
    """Where a sentence that names it denies it."""
    assert fact.denied is not None
    for word in fact.words:
        for span in told.saying(word, Sign.DENIED):
            yield from fact.denied.finditer(told.text, *span)


def _below(fact: Fact, told: Compact) -> Iterator[re.Match[str]]:
    """The first denial below each heading that names it."""
    for chapter in fact.chapters:
        for word in chapter.words:
            for span in told.chapters(chapter.heading, word):
                denial = fact.counted.lacks.search(told.text, *span)
                if denial and not told.is_cell(denial):
                    yield denial


def _clause(text: str, start: int, end: int) -> tuple[int, int]:
    """Of the figure: from the mark in front of it, or from the figure in front of it, to the next mark."""
    begin = max((mark.end() for mark in _OPENS.finditer(text, max(0, start - _MOST), start)), default=start - _MOST)
    stop = _ENDS.search(text, end, end + _MOST)
    return max(0, begin), stop.start() if stop else min(len(text), end + _MOST)


def _placed(told: Compact, start: int, end: int) -> Unread:
    return Unread(told.text[start:end], {"start": told.origin(start), "end": told.origin(end - 1) + 1})


_MOST = 40
"""Characters of a clause in front of its figure, and behind it."""
_FRONT, _BEHIND, _LONGEST = 10, 6, 24
_OPENS = re.compile(rf"(?<!\d),|,(?!\d)|[:;!?(){STOP}]|\d[条件宗份起例人名位次期场篇个处项部]次?[、和及与]")
_ENDS = re.compile(rf"[,:;!?、(){STOP}]")
