"""Is every word known that stands around a figure? What is not known may make a part of what is counted, or more of it.

The words are data (`known` of the facts' file, and each fact's own); what is looked at is decided here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from parsers.prose.stop import STOP


@dataclass(frozen=True)
class Known:
    """What changes nothing of what a figure counts."""

    words: frozenset[str]
    prose: frozenset[str]
    """Besides, in clauses in front of the figure's that tell what the sentence speaks of."""
    rows: frozenset[str]
    """The same, and what any fact knows besides, in clauses behind the figure's with a figure in the same unit: they
    count another row of the form."""
    shapes: re.Pattern[str]
    """Words that are too many to be listed: dates of a whole year, 我局, all ways of publishing."""
    topics: re.Pattern[str]
    """How a clause begins or ends that tells what the sentence speaks of: 在安全生产方面, 围绕脱贫攻坚."""
    anchors: re.Pattern[str]
    """What says whose a figure is, or of when: 我局, 全年. Without it no free prose may stand in front of one."""
    headings: re.Pattern[str]
    """How a heading ends that tells it as well: (二)财政信息公开."""
    apart: re.Pattern[str]
    """Words, known one by one, that say together in front of a figure that it is of a part, or planned: 下属单位, 规定的数量."""
    told: re.Pattern[str]
    """Anything may follow this behind a figure: it tells what became of all of them."""
    aside: re.Pattern[str]
    """How brackets behind a figure begin that may say anything."""
    beyond: re.Pattern[str]
    """What several figures in brackets are not the parts of the figure with: 含上年2件,咨询3件."""
    amends: re.Pattern[str]
    """How it goes on right behind a figure that is of more, or of other years: 920条,系全市汇总数."""
    follows: re.Pattern[str]
    """How the clause behind a figure's has to begin, and any later one with a figure; of what says that there was none nothing is asked."""
    compares: re.Pattern[str]
    """How a clause begins behind the figure's whose own figure may be of anything."""
    recounts: re.Pattern[str]
    """What says anywhere behind it that another one counts: 33件,其中21件实为咨询."""
    limits: re.Pattern[str]
    """How a clause begins behind a figure and a comma that says that it counts less, or more: 不含区县. Behind the group
    `parts` may stand several figures: 包括政策类12条,动态类30条."""

    def spells(self, text: str, start: int, end: int, more: frozenset[str], names: Iterable[str] = ()) -> bool:
        """Are these characters nothing but known words, one behind the other?

        Every place that a word can end in is kept, so that it takes as long as the text is, whatever the words are.
        """
        ends = {start}
        for at in range(start, end):
            if at not in ends:
                continue
            if shape := self.shapes.match(text, at, end):
                ends.add(shape.end())
            ends.update(at + len(name) for name in names if text.startswith(name, at, end))
            for stop in range(at + 1, min(end, at + LONGEST) + 1):
                if (word := text[at:stop]) in self.words or word in more:
                    ends.add(stop)
        return end in ends


LONGEST = 10
"""Characters of a word."""
_UNIT = "(?:[条件宗份项篇场次期个名位人处]|起|例|部)"
_FIGURE = re.compile(rf"\d{_UNIT}")
_COUNTED = re.compile(rf"\d(?:{_UNIT}次?|%)$")
_TELLS_NO_MORE = re.compile(rf"{_COUNTED.pattern[:-1]}(?:[、和及与]|以及)?$|^(?:[与比较]|同比|环比)")
"""A clause with a figure of its own, or one that compares."""
_OPENS = re.compile(rf"(?<!\d),|,(?!\d)|:|\d{_UNIT}次?(?:[、和及与]|以及|(?=其中))")
"""Where a figure's clause begins: behind a comma that stands in no number, or behind another figure (办结5件、收到3件)."""
_DIGIT = re.compile(r"\d")
_BARE = re.compile(rf"\d[\d,.]*{_UNIT}(?:[(,;{STOP}]|$)")
_PAPERS = "条件宗份起例篇"
"""Units of what is counted together: the clauses of others, of people and meetings, say nothing of the figure."""
_LISTS = ("其中", "包括", "分别", "主要")
_ITEM = re.compile(rf"(?![含但另加])[^,:;\d]{{1,24}}\d[\d,.]*(?:{_UNIT}|%)")
"""One of a list of parts: 县直部门8020条."""
_NEAR = 240
"""Characters in front of a figure in which its clauses are looked at, and in front of a sentence in which the heading of
its chapter stands."""
_ORDINAL = r"(?:[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]{1,3}\)|\d{1,2}[、.](?!\d))"
_HEADING = re.compile(rf"(?<![^;{STOP}]){_ORDINAL}(?P<what>[^,:;{STOP}]{{2,40}})[:;{STOP}]")
_COMMA = re.compile(r"(?<!\d)[,:]|[,:](?!\d)")
_ENDS = re.compile(rf"[,:;!?、(){STOP}]|$")
_SENTENCE_ENDS = re.compile(rf"[;!?{STOP}]|$")


def says_the_whole(known: Known, own: frozenset[str], figure: re.Match[str], begin: int, names: Iterable[str]) -> bool:
    """`begin`: where the figure's sentence begins; `own`: what the fact knows besides; `names`: those of its organ."""
    if known.apart.search(figure.string, begin, figure.end()) or _is_recounted(known, figure):
        return False
    said = _Said(known, own, figure.string, tuple(names))
    begins = begin
    if (near := figure.start() - _NEAR) > begin:
        begin = figure.string.find(",", near, figure.start()) + 1 or near
    opens = _opening(figure.string, begin, figure.start())
    return (
        said.is_known(opens, figure.start())
        and said.ends_so(figure.end(), counts="n" in figure.re.groupindex)
        and all(said.speaks_of_all(*clause) for clause in _clauses(figure.string, begin, opens))
        and said.is_headed_so(begin)
        and all(said.fills(*wild) for wild in _wild(figure))
        and ("n" not in figure.re.groupindex or said.is_anchored(begins, begin, opens))
    )


def _is_recounted(known: Known, figure: re.Match[str]) -> bool:
    text, end = figure.string, figure.end()
    return bool(known.amends.match(text, end) or known.recounts.search(text, end, _end(_SENTENCE_ENDS, text, end)))


@dataclass(frozen=True)
class _Said:
    known: Known
    own: frozenset[str]
    text: str
    names: tuple[str, ...]

    def is_known(self, start: int, end: int) -> bool:
        return self.known.spells(self.text, start, end, self.own, self.names)

    def speaks_of_all(self, start: int, end: int) -> bool:
        """A clause in front is free prose, or complete with a figure of its own, or a topic every word of which is known:
        根据《条例》规定, 2015年, 历年累计52条, but not 在安全生产方面."""
        clause = self.text[start:end]
        if _COUNTED.search(clause) or not (self.text[end : end + 1] == ":" or self.known.topics.search(clause)):
            return True
        return self.known.spells(self.text, start, end, self.known.prose | self.own, self.names)

    def is_anchored(self, begins: int, begin: int, opens: int) -> bool:
        """Free prose in front of a figure that says neither whose it is nor when (保障窗口开放,主动公开3条) may tell it."""
        text, known = self.text, self.known
        if known.anchors.search(text, begins, opens) or any(text.find(name, begins, opens) >= 0 for name in self.names):
            return True
        if known.anchors.search(text, opens, opens + 24):
            return True
        return all(
            _TELLS_NO_MORE.search(text[start:end]) or known.spells(text, start, end, known.prose | self.own, self.names)
            for start, end in _clauses(text, begin, opens)
        )

    def is_headed_so(self, begin: int) -> bool:
        """Does the heading of the sentence's chapter, if one is near, speak of all as well?"""
        headings = list(_HEADING.finditer(self.text, max(0, begin - _NEAR), begin))
        if not headings or not self.known.headings.search(headings[-1]["what"]):
            return True
        return self.known.spells(self.text, *headings[-1].span("what"), self.known.prose | self.own, self.names)

    def fills(self, start: int, end: int) -> bool:
        """What a pattern leaves open; where it reaches over a comma (公开工作有序开展,我局未发生…), the last clause of it is
        the figure's."""
        *before, (last, _) = _clauses(self.text, start, end)
        return self.is_known(last, end) and all(self.speaks_of_all(*clause) for clause in before)

    def ends_so(self, end: int, *, counts: bool) -> bool:
        """What stands behind the figure up to the next mark, in brackets behind it, and how the next clause begins."""
        text, known, counted = self.text, self.known, end
        while True:
            stop = _end(_ENDS, text, end)
            if stop > end and not known.told.match(text, end, stop) and not self.is_known(end, stop):
                return False
            if text[stop : stop + 1] != "(":
                break
            end = text.find(")", stop) + 1
            if not end or not self._is_remark(stop + 1, end - 1):
                return False
        limit = known.limits.match(text, stop)
        if (
            counts
            and limit is None
            and text[stop : stop + 1] in (",", "、")
            and not self._goes_on_so(stop + 1, counted)
        ):
            return False
        return limit is None or (
            limit["parts"] is not None and self._lists(limit.end(), _end(_SENTENCE_ENDS, text, stop))
        )

    def _goes_on_so(self, start: int, counted: int) -> bool:
        """Does the clause behind a figure's, and every other one with a figure up to the end of the sentence, begin in a way
        that is known? Behind 其中 may stand any name with its figure."""
        listed = False
        known, unit = self.known, self.text[counted - 1]
        for begin, end in _clauses(self.text, start, _end(_SENTENCE_ENDS, self.text, start)):
            if self.text[begin - 1] == "、" and _BARE.match(self.text, begin):
                return False  # 2名(局办公室)、12名(基层所)
            if known.follows.match(self.text, begin):
                listed = listed or self.text.startswith(_LISTS, begin)
                other = not listed and unit in _PAPERS and re.search(rf"\d{unit}", self.text[begin:end])
                if other and not self._is_row(begin, end):
                    return False
            elif (begin == start or _DIGIT.search(self.text, begin, end)) and not (
                listed and _ITEM.match(self.text, begin, end)
            ):
                return False
        return True

    def _is_row(self, start: int, end: int) -> bool:
        known = self.known
        return known.compares.match(self.text, start) is not None or known.spells(
            self.text, start, end, known.rows, self.names
        )

    def _is_remark(self, start: int, end: int) -> bool:
        remark = self.known.aside.match(self.text, start, end) or self._lists(start, end)
        return bool(remark) or self.is_known(start, end)

    def _lists(self, start: int, end: int) -> bool:
        """Several figures: those of the parts, or of the ways."""
        return len(_FIGURE.findall(self.text, start, end)) > 1 and not self.known.beyond.search(self.text, start, end)


def _opening(text: str, begin: int, start: int) -> int:
    opens = max((mark.end() for mark in _OPENS.finditer(text, begin, start)), default=begin)
    bracket = text.rfind("(", opens, start)
    return bracket + 1 if bracket >= 0 and text.find(")", bracket, start) < 0 else opens


def _wild(figure: re.Match[str]) -> Iterator[tuple[int, int]]:
    """The stretches of the match that its pattern says nothing of: its groups without a name."""
    named = set(figure.re.groupindex.values())
    for group in range(1, figure.re.groups + 1):
        if group not in named and figure.start(group) >= 0:
            yield figure.span(group)


def _clauses(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for mark in _COMMA.finditer(text, start, end):
        yield start, mark.start()
        start = mark.end()
    yield start, end


def _end(marks: re.Pattern[str], text: str, start: int) -> int:
    found = marks.search(text, start)
    return found.start() if found else len(text)
