"""Figures that stand in sentences (2008 to 2018, and whoever wrote prose later) -> cells with their place.

The patterns are data (`facts` of a template). A figure is taken when every sentence that speaks of it says the same;
two different figures for one thing are null and flagged, and so is one that is said to be approximate (约500条). Where
sentences give it of others, of other times or as a plan alone, or with a word that is not known, it is null and flagged as
well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from parsers.chinese import number
from parsers.prose.fact import Chapter, Fact, Saying
from parsers.prose.meant import Aside, Whose, aside
from parsers.prose.sentences import Compact, Sign, compact
from parsers.prose.stop import STOP
from parsers.report import Check, FigureCell, Level, Number, Semantic, Status
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
    understood: tuple[tuple[int, int], ...] = ()
    """Where the figures stand in the compact text that were taken or put aside, and what says that there was none."""


@dataclass(frozen=True)
class Heard:
    """What sentences say of one fact."""

    understood: list[tuple[int, int]] = field(default_factory=list)
    """As in `Facts`: of all facts together."""
    put_aside: list[FigureCell] = field(default_factory=list)
    """What they say of others or of other times."""


def extract(text: str, facts: Iterable[Fact], year: int, organs: Iterable[str] = ()) -> Facts:
    """`text` in simplified characters -> a cell for every fact that a sentence states of the report's year and of its
    organ, whose names are `organs`.

    `at` gives the span in `text`.
    """
    facts = tuple(facts)
    if not facts:
        return Facts((), ())
    told, whose = compact(text), Whose(year, tuple(organs))
    cells: list[FigureCell] = []
    flags: list[str] = []
    understood: list[tuple[int, int]] = []
    for fact in facts:
        heard = Heard(understood)
        cell, doubt = _spoken(fact, told, whose, heard)
        if cell is None:
            cell, doubt = _below_headings(fact, told, whose, heard)
        if cell is None and heard.put_aside:
            cell, doubt = heard.put_aside[0], "facts_set_aside"
        if cell is not None:
            understood.extend(_again(fact, told, cell))
            cells.append(told.placed(cell))
        if doubt:
            flags.append(f"{doubt}:{ROOT}")
    return Facts(tuple(cells), tuple(dict.fromkeys(flags)), tuple(understood))


@dataclass(frozen=True)
class Compared:
    cells: tuple[FigureCell, ...]
    """Noughts for cells that no table gives (N-NIL)."""
    checks: tuple[Check, ...]


def compare(
    text: str, told: Iterable[Told], cells: Sequence[FigureCell], year: int, organs: Iterable[str] = ()
) -> Compared:
    """What sentences say of figures that stand in tables: a soft check, or a nought where there is no table."""
    typed, whose = compact(text), Whose(year, tuple(organs))
    by_path = {cell.path: cell for cell in cells}
    noughts: list[FigureCell] = []
    checks: list[Check] = []
    found: dict[str, FigureCell | None] = {}
    for item in told:
        key, cell = item.fact.key, by_path.get(item.cell)
        if key not in found:
            found[key], _ = _spoken(item.fact, typed, whose, Heard())
        if found[key] is None and cell is None:
            found[key], _ = _below_headings(item.fact, typed, whose, Heard())
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


def _spoken(fact: Fact, told: Compact, whose: Whose, heard: Heard) -> tuple[FigureCell | None, str | None]:
    """The fact's cell, and the flag that tells why it has no figure, or a round one; from sentences that name it.

    What they say of others or of other times is added to what was `heard`.
    """
    if not any(map(told.says, fact.words)):
        return None, None
    stated = _stated(fact, _found(fact.numbers, Sign.COUNTED, told), told, whose, heard)
    if exact := [cell for cell in stated if not _is_round(cell)]:
        if exact[0].value and _nil(fact, _found(fact.zeros, Sign.DENIED, told), whose, Heard(heard.understood)):
            return _unreadable(exact[0]), "facts_disagree"
        return _agreed(exact)
    if stated:
        return _agreed(stated)
    if doubted := _stated(fact, _found(fact.doubtful, Sign.COUNTED, told), told, whose, heard):
        return _unreadable(doubted[0]), "facts_doubtful"
    return _nil(fact, _found(fact.zeros, Sign.DENIED, told), whose, heard), None


def _below_headings(fact: Fact, told: Compact, whose: Whose, heard: Heard) -> tuple[FigureCell | None, str | None]:
    """The same from sentences that leave to their heading to name it."""
    for chapter in fact.chapters:
        if stated := _stated(fact, _below(chapter, chapter.numbers, told), told, whose, heard):
            return _agreed(stated)
    for chapter in fact.chapters:
        if nil := _nil(fact, _below(chapter, chapter.zeros, told, chapter.zeros_unless), whose, heard):
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


def _nil(fact: Fact, found: Iterable[Iterator[re.Match[str]]], whose: Whose, heard: Heard) -> FigureCell | None:
    path = f"{ROOT}.{fact.key}"
    for match in (match for matches in found for match in matches):
        reason = aside(fact, match, whose, nought=True)
        cell = FigureCell(path, match[0][:80], 0, Semantic.DERIVED, fact.unit, None, None, _at(match))
        if reason is not Aside.NOTHING:
            heard.understood.append(match.span())
        if reason is None:
            return cell
        if reason in (Aside.OTHERS, Aside.MORE):
            heard.put_aside.append(_set_aside(cell, reason))
    return None


def _set_aside(cell: FigureCell, reason: Aside) -> FigureCell:
    return cell._replace(value=None, semantic=Semantic.TEXT, note=str(reason))


def _stated(
    fact: Fact,
    found: Iterable[Iterator[re.Match[str]]],
    told: Compact,
    whose: Whose,
    heard: Heard,
) -> list[FigureCell]:
    """Every figure that the first of the patterns finds which finds an exact one; round ones where none does."""
    stated: list[FigureCell] = []
    for matches in found:
        more = -1
        for match in matches:
            reason = aside(fact, match, whose)
            if reason is Aside.MORE:
                more = _sentence(match)
            elif reason is None and 0 <= more == _sentence(match):
                reason = Aside.MORE  # 上级解读稿件40篇,本级解读稿件2篇: what is beside a part is one as well
            if reason is Aside.NOTHING or not _asked(fact, match) or not (cell := _cell(fact, match)):
                continue
            heard.understood.append(match.span("n"))
            if reason or told.is_planned(match.start()):
                heard.put_aside.append(_set_aside(cell, reason or Aside.PLANNED))
            else:
                stated.append(cell)
        if not all(map(_is_round, stated)):
            break
    return stated


def _again(fact: Fact, told: Compact, cell: FigureCell) -> Iterator[tuple[int, int]]:
    """Where the cell's figure is said once more, in other words than the first that were found."""
    for matches in _found(fact.numbers, Sign.COUNTED, told) if cell.value else ():
        for match in matches:
            if (same := _cell(fact, match)) and same.value == cell.value:
                yield match.span("n")


def _sentence(match: re.Match[str]) -> int:
    """Where the sentence of the match begins."""
    return max(match.string.rfind(mark, 0, match.start()) for mark in f"{STOP};!?") + 1


def _cell(fact: Fact, match: re.Match[str]) -> FigureCell | None:
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


def _asked(fact: Fact, match: re.Match[str]) -> bool:
    """Does what the pattern asks for stand in front of the match?"""
    before = match.string[max(0, match.start() - _NEAR) : match.start()]
    named = match.re.groupindex
    if "asked" in named:
        return fact.times.asked.search(before) is not None
    return "asked_of_what" not in named or fact.times.asked_of_what.search(before) is not None
