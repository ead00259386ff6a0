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
    compact = _compact(text)
    cells: list[FigureCell] = []
    flags: list[str] = []
    for fact in facts:
        cell, doubt = _one(fact, compact, text)
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
        stated, _ = _one(item.fact, compact, text)
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


def _compact(text: str) -> str:
    """The text without white space, full-width digits and brackets made plain."""
    return "".join(text.split()).translate(_PLAIN)


_PLAIN = str.maketrans("０１２３４５６７８９，（）．", "0123456789,().", "\u200b\ufeff")


def _one(fact: Fact, compact: str, text: str) -> tuple[FigureCell | None, bool]:
    path = f"{ROOT}.{fact.key}"
    stated: list[FigureCell] = []
    for pattern in fact.numbers:
        for match in pattern.finditer(compact):
            written = read(match["n"])
            value = written.value
            if value is not None and fact.unit == "万元":
                value = wan_yuan(value, written.unit) if written.unit else None
            if value is not None:
                at = _place(match, text)
                stated.append(FigureCell(path, match["n"], value, written.semantic, fact.unit, None, None, at))
        if stated:
            break  # patterns stand in order: the surer first
    if not stated:
        for pattern in fact.zeros:
            if nil := pattern.search(compact):
                at = _place(nil, text)
                return FigureCell(path, nil.group()[:80], 0, Semantic.DERIVED, fact.unit, None, None, at), False
        return None, False
    if len({cell.value for cell in stated}) > 1:
        first = stated[0]
        doubtful = FigureCell(path, first.raw, None, Semantic.UNREADABLE, fact.unit, None, None, first.at)
        return doubtful, True
    return stated[0], False


def _place(match: re.Match[str], text: str) -> dict[str, int | str]:
    """Where the match stands in the text as it was given: found again by counting what is not white space."""
    kept = [
        index for index, character in enumerate(text) if not character.isspace() and character not in "\u200b\ufeff"
    ]
    return {"start": kept[match.start()], "end": kept[match.end() - 1] + 1}
