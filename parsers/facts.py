"""Figures that stand in sentences (2008 to 2018, and whoever wrote prose later) -> cells with their place.

The patterns are data (`facts` of a template). A figure is taken when every sentence that speaks of it says the same;
two different figures for one thing are null and flagged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from parsers.report import Check, FigureCell, Level, Semantic, Status
from parsers.tables.numbers import read, wan_yuan
from parsers.template import Fact, Told

ROOT = "statistics"


@dataclass(frozen=True)
class Facts:
    cells: tuple[FigureCell, ...]
    flags: tuple[str, ...]


def extract(text: str, facts: Iterable[Fact]) -> Facts:
    """`text` in simplified characters -> a cell for every fact that a sentence states.

    `at` gives the span in `text`.
    """
    facts = tuple(facts)
    if not facts:
        return Facts((), ())
    told = _compact(text)
    cells: list[FigureCell] = []
    flags: list[str] = []
    for fact in facts:
        cell, doubt = _one(fact, told)
        if cell is not None:
            cells.append(cell)
        if doubt:
            flags.append(f"facts_disagree:{ROOT}")
    return Facts(tuple(cells), tuple(dict.fromkeys(flags)))


@dataclass(frozen=True)
class Compared:
    cells: tuple[FigureCell, ...]
    """Noughts for cells that no table gives (N-NIL)."""
    checks: tuple[Check, ...]


def compare(text: str, told: Iterable[Told], cells: Sequence[FigureCell]) -> Compared:
    """What sentences say of figures that stand in tables: a soft check, or a nought where there is no table."""
    compact = _compact(text)
    by_path = {cell.path: cell for cell in cells}
    noughts: list[FigureCell] = []
    checks: list[Check] = []
    for item in told:
        stated, _ = _one(item.fact, compact)
        if stated is None or stated.value is None:
            continue
        if item.noughts_only and stated.semantic is not Semantic.DERIVED:
            continue
        cell = by_path.get(item.cell)
        if cell is None:
            if stated.semantic is Semantic.DERIVED:
                noughts.append(replace(stated, path=item.cell))
        elif cell.value is not None:
            status = Status.PASS if stated.value == cell.value else Status.FAIL
            checks.append(Check(item.rule, Level.SOFT, status, stated.value, cell.value, (item.cell,), item.cell))
    return Compared(tuple(noughts), tuple(checks))


@dataclass(frozen=True)
class _Compact:
    """The text without white space, digits and brackets made plain; a ";" where a cell or a paragraph ends."""

    text: str
    origin: tuple[int, ...]
    """Where each character stands in the text as it was given."""


_PLAIN = str.maketrans("０１２３４５６７８９，（）．", "0123456789,().")
_DROPPED = frozenset("\u200b\ufeff")
_WRAPPED = 20
"""A line shorter than this is no line of a wrapped paragraph."""
_NEW_LINE = re.compile(r"\s*[(（]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[)）、.．]")


def _compact(text: str) -> _Compact:
    kept: list[str] = []
    origin: list[int] = []
    start = 0
    for index, character in enumerate(text):
        if character == "\n":
            ends = _ends_paragraph(text, start, index)
            start = index + 1
        else:
            # "无" in the last cell of a table and a heading below it are no sentence: 无|四、政府信息公开行政复议.
            ends = character in "\t|"
        if ends:
            kept.append(";")
            origin.append(index)
        elif not character.isspace() and character not in _DROPPED:
            kept.append(character)
            origin.append(index)
    return _Compact("".join(kept).translate(_PLAIN), tuple(origin))


def _ends_paragraph(text: str, start: int, end: int) -> bool:
    """Does the line text[start:end] end a paragraph? A long one without a full stop may be wrapped."""
    line = text[start:end].strip()
    return len(line) < _WRAPPED or line[-1] in "。；;：:！!？?" or bool(_NEW_LINE.match(text, end + 1))


def _one(fact: Fact, told: _Compact) -> tuple[FigureCell | None, bool]:
    path = f"{ROOT}.{fact.key}"
    stated: list[FigureCell] = []
    for pattern in fact.numbers:
        for match in pattern.finditer(told.text):
            written = read(match["n"])
            value = written.value
            if value is not None and fact.unit == "万元":
                value = wan_yuan(value, written.unit) if written.unit else None
            if value is not None:
                at = _place(match, told)
                stated.append(FigureCell(path, match["n"], value, written.semantic, fact.unit, None, None, at))
        if stated:
            break  # patterns stand in order: the surer first
    if not stated:
        for pattern in fact.zeros:
            if nil := pattern.search(told.text):
                at = _place(nil, told)
                return FigureCell(path, nil.group()[:80], 0, Semantic.DERIVED, fact.unit, None, None, at), False
        return None, False
    if len({cell.value for cell in stated}) > 1:
        first = stated[0]
        doubtful = FigureCell(path, first.raw, None, Semantic.UNREADABLE, fact.unit, None, None, first.at)
        return doubtful, True
    return stated[0], False


def _place(match: re.Match[str], told: _Compact) -> dict[str, int | str]:
    """Where the match stands in the text as it was given."""
    return {"start": told.origin[match.start()], "end": told.origin[match.end() - 1] + 1}
