"""Figures that stand in sentences (2008 to 2018, and whoever wrote prose later) -> cells with their place.

The patterns are data (`facts` of a template). A figure is taken when every sentence that speaks of it says the same;
two different figures for one thing are null and flagged, and so is one that is said to be approximate (约500条).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from parsers.chinese import number
from parsers.fact import Chapter, Fact, OtherTimes, Saying
from parsers.report import Check, FigureCell, Level, Number, Semantic, Status
from parsers.sentences import Compact, Sign, compact
from parsers.tables.numbers import read, wan_yuan
from parsers.template import Told

ROOT = "statistics"
APPROXIMATE = "approximate"
"""Note of a cell whose sentence says 约, 近, 余, 多 …: there is no figure."""
ROUNDED = "rounded"
"""Note of a cell whose figure is written in 万 or 亿 with the digits that this leaves: 1.2万 is 12000."""


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
    told = compact(text)
    cells: list[FigureCell] = []
    flags: list[str] = []
    for fact in facts:
        cell, doubt = _spoken(fact, told, year)
        if cell is None:
            cell, doubt = _below_headings(fact, told, year)
        if cell is not None:
            cells.append(told.placed(cell))
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
    typed = compact(text)
    by_path = {cell.path: cell for cell in cells}
    noughts: list[FigureCell] = []
    checks: list[Check] = []
    found: dict[str, FigureCell | None] = {}
    for item in told:
        key, cell = item.fact.key, by_path.get(item.cell)
        if key not in found:
            found[key], _ = _spoken(item.fact, typed, year)
        if found[key] is None and cell is None:
            found[key], _ = _below_headings(item.fact, typed, year)
        stated = found[key]
        if stated is None or stated.value is None or stated.note:
            continue
        if item.noughts_only and stated.value != 0:
            continue
        if cell is None:
            if stated.value == 0:
                noughts.append(typed.placed(stated)._replace(path=item.cell, semantic=Semantic.DERIVED))
        elif cell.value is not None:
            status = Status.PASS if stated.value == cell.value else Status.FAIL
            rule = item.nil_rule if stated.value == 0 else item.rule
            checks.append(Check(rule, Level.SOFT, status, stated.value, cell.value, (item.cell,), item.cell))
    return Compared(tuple(noughts), tuple(checks))


_NEAR = 124
"""Characters in front of a figure in which the word stands that it belongs to."""
_AROUND = 4
"""Characters in front of a figure in which stands that it is a round one: 约, 超过."""
_END = re.compile("[。;!?]")


def _spoken(fact: Fact, told: Compact, year: int) -> tuple[FigureCell | None, str | None]:
    """The fact's cell, and the flag that tells why it has no figure, or a round one; from sentences that name it."""
    if not any(map(told.says, fact.words)):
        return None, None
    stated = _stated(fact, _found(fact.numbers, Sign.COUNTED, told), told, year)
    if exact := [cell for cell in stated if not _is_round(cell)]:
        if exact[0].value and _nil(fact, _found(fact.zeros, Sign.DENIED, told), told, year):
            return _unreadable(exact[0]), "facts_disagree"
        return _agreed(exact)
    if doubted := _stated(fact, _found(fact.doubtful, Sign.COUNTED, told), told, year):
        return _unreadable(doubted[0]), "facts_doubtful"
    if stated:
        return _agreed(stated)
    return _nil(fact, _found(fact.zeros, Sign.DENIED, told), told, year), None


def _below_headings(fact: Fact, told: Compact, year: int) -> tuple[FigureCell | None, str | None]:
    """The same from sentences that leave to their heading to name it."""
    for chapter in fact.chapters:
        if stated := _stated(fact, _below(chapter, chapter.numbers, told), told, year):
            return _agreed(stated)
    for chapter in fact.chapters:
        if nil := _nil(fact, _below(chapter, chapter.zeros, told, chapter.zeros_unless), told, year):
            return nil, None
    return None, None


def _agreed(stated: Sequence[FigureCell]) -> tuple[FigureCell, str | None]:
    if len({cell.value for cell in stated}) > 1:
        return _unreadable(stated[0]), "facts_disagree"
    return stated[0], "facts_rounded" if _is_round(stated[0]) else None


def _is_round(cell: FigureCell) -> bool:
    return cell.note is not None


def _found(sayings: Iterable[Saying], sign: Sign, told: Compact) -> Iterator[Iterator[re.Match[str]]]:
    """For each saying, surer ones first, where it stands."""
    for pattern, word in sayings:
        if spans := told.saying(word, sign):
            yield (match for start, end in spans for match in pattern.finditer(told.text, start, end))


def _at(match: re.Match[str]) -> dict[str, int | str]:
    """Where the match stands in the compact text; `Compact.placed` says where that is in the text as it was given."""
    return {"start": match.start(), "end": match.end()}


def _below(
    chapter: Chapter, patterns: Iterable[re.Pattern[str]], told: Compact, unless: re.Pattern[str] | None = None
) -> Iterator[Iterator[re.Match[str]]]:
    """The same below the headings of the chapter; not where `unless` stands."""
    for word in chapter.words if patterns else ():
        for start, end in told.chapters(chapter.heading, word) if word in told.text else ():
            if unless is None or not unless.search(told.text, start, end):
                for pattern in patterns:
                    yield (match for match in pattern.finditer(told.text, start, end) if not told.is_cell(match))


def _nil(fact: Fact, found: Iterable[Iterator[re.Match[str]]], told: Compact, year: int) -> FigureCell | None:
    spoken = (match for matches in found for match in matches if _meant(fact, match, year, nought=True))
    nil = next((match for match in spoken if not (fact.zeros_unless and fact.zeros_unless.search(match[0]))), None)
    if nil is None:
        return None
    path = f"{ROOT}.{fact.key}"
    return FigureCell(path, nil.group()[:80], 0, Semantic.DERIVED, fact.unit, None, None, _at(nil))


def _stated(fact: Fact, found: Iterable[Iterator[re.Match[str]]], told: Compact, year: int) -> list[FigureCell]:
    """Every figure that the first of the patterns finds which finds an exact one; round ones where none does."""
    stated: list[FigureCell] = []
    for matches in found:
        for match in matches:
            if (
                _meant(fact, match, year)
                and _asked(fact, match)
                and not told.is_planned(match.start())
                and (cell := _cell(fact, match, told))
            ):
                stated.append(cell)
        if not all(map(_is_round, stated)):
            break
    return stated


def _cell(fact: Fact, match: re.Match[str], told: Compact) -> FigureCell | None:
    """1683条 -> 1683; 1.2万条 -> 12000 with a note; 约500条, 1.5万余条 -> no value and a note; None: no figure."""
    start, end = match.span("n")
    looked = fact.times.numeral.match(match.string, start) if fact.unit != "万元" else None
    if fact.unit != "万元" and (looked is None or looked.end() != end):
        return None
    raw, path, at = match["n"], f"{ROOT}.{fact.key}", _at(match)
    if about := fact.times.about.search(match.string, max(match.start(), start - _AROUND), match.end() + 2):
        whole = match.string[min(start, about.start()) : max(end, about.end())]
        return FigureCell(path, whole, None, Semantic.TEXT, fact.unit, None, APPROXIMATE, at)
    value = _value(fact, raw)
    if value is None:
        return None
    note = ROUNDED if fact.times.scaled.search(raw) else None
    return FigureCell(path, raw, value, Semantic.NUMBER if value else Semantic.ZERO, fact.unit, None, note, at)


def _value(fact: Fact, raw: str) -> Number | None:
    written = read(raw)
    value = written.value if written.semantic is not Semantic.TEXT else number(raw)
    if fact.unit == "万元":
        return wan_yuan(value, written.unit) if value is not None and written.unit else None
    return value if isinstance(value, int) else None


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
    if nought:
        if fact.times.nought_unless.search(before):
            return False
    elif (behind := fact.times.behind.match(match.string, match.end())) and behind["year"] in (None, str(year)):
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
