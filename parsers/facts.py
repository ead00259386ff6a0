"""Figures that stand in sentences (2008 to 2018, and whoever wrote prose later) -> cells with their place.

The patterns are data (`facts` of a template). A figure is taken when every sentence that speaks of it says the same;
two different figures for one thing are null and flagged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from operator import add

from parsers.chinese import number
from parsers.report import Check, FigureCell, Level, Semantic, Status
from parsers.tables.numbers import read, wan_yuan
from parsers.template import Fact, OtherTimes, Told

ROOT = "statistics"


@dataclass(frozen=True)
class Facts:
    cells: tuple[FigureCell, ...]
    flags: tuple[str, ...]


def extract(text: str, facts: Iterable[Fact], year: int) -> Facts:
    """`text` in simplified characters -> a cell for every fact that a sentence states of the report's year.

    `at` gives the span in `text`.
    """
    facts = tuple(facts)
    if not facts:
        return Facts((), ())
    told = _compact(text)
    cells: list[FigureCell] = []
    flags: list[str] = []
    for fact in facts:
        cell, doubt = _one(fact, told, year)
        if cell is not None:
            cells.append(cell)
        if doubt:
            flags.append(f"{doubt}:{ROOT}")
    return Facts(tuple(cells), tuple(dict.fromkeys(flags)))


@dataclass(frozen=True)
class Compared:
    cells: tuple[FigureCell, ...]
    """Noughts for cells that no table gives (N-NIL)."""
    checks: tuple[Check, ...]


def compare(text: str, told: Iterable[Told], cells: Sequence[FigureCell], year: int) -> Compared:
    """What sentences say of figures that stand in tables: a soft check, or a nought where there is no table."""
    compact = _compact(text)
    by_path = {cell.path: cell for cell in cells}
    noughts: list[FigureCell] = []
    checks: list[Check] = []
    found: dict[int, FigureCell | None] = {}
    for item in told:
        if id(item.fact) not in found:
            found[id(item.fact)], _ = _one(item.fact, compact, year)
        stated = found[id(item.fact)]
        if stated is None or stated.value is None:
            continue
        if item.noughts_only and stated.value != 0:
            continue
        cell = by_path.get(item.cell)
        if cell is None:
            if stated.value == 0:
                noughts.append(stated._replace(path=item.cell, semantic=Semantic.DERIVED))
        elif cell.value is not None:
            status = Status.PASS if stated.value == cell.value else Status.FAIL
            rule = item.nil_rule if stated.value == 0 else item.rule
            checks.append(Check(rule, Level.SOFT, status, stated.value, cell.value, (item.cell,), item.cell))
    return Compared(tuple(noughts), tuple(checks))


class _Compact:
    """The text without white space, digits and brackets made plain; a ";" where a cell or a paragraph ends.

    A long line without a full stop may go on in the line after it.
    """

    def __init__(self, given: str) -> None:
        self._given = given
        lines = given.split("\n")
        ends = [
            ";" if len(line) < _WRAPPED or line[-1] in _FULL_STOPS or _NEW_LINE.match(after) else ""
            for line, after in zip(map(str.strip, lines), lines[1:], strict=False)
        ]
        text = "".join(map(add, lines, (*ends, "")))
        self._ends = ends
        for character, plain in _REPLACED:
            text = text.replace(character, plain)
        self.text = "".join(text.split())
        self._holding: dict[str, list[tuple[int, int]]] = {}

    def matches(self, pattern: re.Pattern[str], word: str) -> Iterator[re.Match[str]]:
        """Where the pattern stands, in the sentences with its word: most sentences and nearly all cells have none."""
        if _reaches_over(pattern):
            yield from pattern.finditer(self.text)
            return
        for start, end in self._spans(word):
            yield from pattern.finditer(self.text, start, end)

    def _spans(self, word: str) -> list[tuple[int, int]]:
        if word not in self._holding:
            self._holding[word] = list(self._sentences(word))
        return self._holding[word]

    def _sentences(self, word: str) -> Iterator[tuple[int, int]]:
        """Beginning and end of every sentence or cell with the word, the mark that ends it included. What stands in
        brackets belongs to the sentence around them, whole."""
        text, end = self.text, 0
        at = text.find(word)
        while at >= 0:
            start = max(text.rfind("。", end, at), text.rfind(";", end, at), end - 1) + 1
            end = min(text.find("。", at) + 1 or len(text), text.find(";", at) + 1 or len(text))
            if text.count("(", start, end) != text.count(")", start, end):
                whole = (match.span() for match in _SENTENCE.finditer(text))
                yield from ((a, b) for a, b in whole if b > start and text.find(word, a, b) >= 0)
                return
            yield start, end
            at = text.find(word, end)

    @cached_property
    def origin(self) -> tuple[int, ...]:
        """Where each character of `text` stands in the text as it was given. Counted only where a sentence is found."""
        places: list[int] = []
        ends = iter(self._ends)
        for index, character in enumerate(self._given):
            kept = bool(next(ends)) if character == "\n" else character.translate(_PLAIN).strip() != ""
            if kept:
                places.append(index)
        return tuple(places)


# "无" in the last cell of a table and a heading below it are no sentence: 无|四、政府信息公开行政复议.
_PLAIN = str.maketrans("０１２３４５６７８９，（）．\t|", "0123456789,().;;", "\u200b\ufeff")
_REPLACED = [(chr(code), chr(plain) if plain else "") for code, plain in _PLAIN.items()]
"""The same one by one: faster on a whole text than str.translate."""
_WRAPPED = 20
"""A line shorter than this is no line of a wrapped paragraph."""
_FULL_STOPS = "。；;：:！!？?"
_NEAR = 124
"""Characters in front of a figure in which the word stands that it belongs to."""
_ROUND = re.compile("左右|上下|以上|以内|以下")
"""Behind a figure that is none: 500条左右."""
_END = re.compile("[。;!?]")
_NEW_LINE = re.compile(r"\s*[(（]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[)）、.．]")


_SENTENCE = re.compile(r"(?:[^。;(]+|\([^()]*\)|\()+[。;]?|[。;]")
"""As `_Compact.matches` cuts them where brackets hold several."""
_BRACKETS = re.compile(r"\\\((?:\(\?![^()]*\))?\[\^\)\]\*\\\)")
"""How patterns say that something in brackets may follow."""
_LOOK_AT_A_MARK = re.compile(r"\[[^^\]]*[。;][^\]]*\](?=(?:\|\$)?\))")
"""How patterns say that the sentence ends: (?=[。;,]|$)."""
_CLASS_WITHOUT_MARKS = re.compile(r"\[(?:\^(?=[^\]]*。)(?=[^\]]*;)[^\]]*|[^^\]。;][^\]。;]*)\]")
_MAY_BE_A_MARK = re.compile(r"(?<!\\)[.。;\[]|\\[DSWs]")


@lru_cache(maxsize=1024)
def _reaches_over(pattern: re.Pattern[str]) -> bool:
    """May it match over the end of a sentence: 收费减免情况;未收取费用?"""
    written = _BRACKETS.sub("", pattern.pattern)
    return bool(_MAY_BE_A_MARK.search(_CLASS_WITHOUT_MARKS.sub("", _LOOK_AT_A_MARK.sub("", written))))


@lru_cache(maxsize=2)
def _compact(text: str) -> _Compact:
    return _Compact(text)


def _one(fact: Fact, told: _Compact, year: int) -> tuple[FigureCell | None, str | None]:
    """The fact's cell, and the flag that tells why it has no figure."""
    if not any(word in told.text for word in fact.words):
        return None, None
    stated = _stated(fact, fact.numbers, told, year)
    if not stated:
        if doubted := _stated(fact, fact.doubtful, told, year):
            return _unreadable(doubted[0]), "facts_doubtful"
        for pattern in fact.zeros:
            found = told.matches(pattern, fact.word_of(pattern) or "")
            spoken = (match for match in found if _meant(fact, match, year, nought=True))
            if nil := next(spoken, None):
                at = _place(nil, told)
                path = f"{ROOT}.{fact.key}"
                return FigureCell(path, nil.group()[:80], 0, Semantic.DERIVED, fact.unit, None, None, at), None
        return None, None
    if len({cell.value for cell in stated}) > 1:
        return _unreadable(stated[0]), "facts_disagree"
    return stated[0], None


def _stated(fact: Fact, patterns: Iterable[re.Pattern[str]], told: _Compact, year: int) -> list[FigureCell]:
    """Every figure that the first of the patterns finds which finds one: they stand in order, the surer first."""
    stated: list[FigureCell] = []
    for pattern in patterns:
        word = fact.word_of(pattern) or ""
        for match in told.matches(pattern, word) if word in told.text else ():
            if _ROUND.match(told.text, match.end()) or not _meant(fact, match, year) or not _asked(fact, match):
                continue
            written = read(match["n"])
            value = written.value if written.semantic is not Semantic.TEXT else number(match["n"])
            if value is not None and fact.unit == "万元":
                value = wan_yuan(value, written.unit) if written.unit else None
            if value is not None:
                at = _place(match, told)
                path = f"{ROOT}.{fact.key}"
                semantic = Semantic.NUMBER if value else Semantic.ZERO
                stated.append(FigureCell(path, match["n"], value, semantic, fact.unit, None, None, at))
        if stated:
            break
    return stated


def _unreadable(cell: FigureCell) -> FigureCell:
    return cell._replace(value=None, semantic=Semantic.UNREADABLE)


def _meant(fact: Fact, match: re.Match[str], year: int, *, nought: bool = False) -> bool:
    """Does the sentence speak of this organ's year, and of the whole of what the fact counts?"""
    start = match.start()
    begin = max(match.string.rfind(mark, 0, start) for mark in "。;!?") + 1
    before = match.string[begin:start]
    clause = before[max(before.rfind(mark) for mark in ",:") + 1 :]
    if fact.unless and fact.unless.search(clause):
        return False
    if fact.near or fact.unless_sentence:
        stop = _END.search(match.string, match.end())
        end = stop.start() if stop else len(match.string)
        if fact.near and not fact.near.search(match.string, begin, end):
            return False
        if fact.unless_sentence and fact.unless_sentence.search(match.string, begin, end):
            return False
    of_clause = _years(fact.times, clause)
    if of_clause and of_clause[-1] == year and not fact.times.until.search(clause):
        before = clause  # 历年累计52条,其中2010年新增14条: what was said before is of other times
    return not _of_other_times(fact.times, before, year, nought=nought)


def _asked(fact: Fact, match: re.Match[str]) -> bool:
    """Does what the pattern asks for stand in front of the match?"""
    before = match.string[max(0, match.start() - _NEAR) : match.start()]
    named = match.re.groupindex
    if "asked" in named:
        return fact.times.asked.search(before) is not None
    return "asked_of_what" not in named or fact.times.asked_of_what.search(before) is not None


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


def _place(match: re.Match[str], told: _Compact) -> dict[str, int | str]:
    """Where the match stands in the text as it was given."""
    return {"start": told.origin[match.start()], "end": told.origin[match.end() - 1] + 1}
