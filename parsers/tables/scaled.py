"""What a line above a table says of its units: counts in hundreds or thousands (单位：万件), money in 元.

No form counts so, and a form that has money in 元 says so in its header. 1407 is then 140700, or somebody changed the line
alone: null and flagged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from parsers.report import FigureCell, Semantic
from parsers.tables.labels import fold
from parsers.tables.read import ReadTable

_SCALES, _UNITS = "百千万亿", frozenset("件宗项条次个")
_SCALED = re.compile(r"(?:单位\s*[:：]?|[(（])\s*[十百千万亿]+[件宗项条次个](?=[)）]|\s|\||$)")
_FIGURE = re.compile(r"\d")
_YUAN_BELOW = re.compile(
    r"\s*[:：]\s*(?:[件条项个宗次人篇]+[、/,，;；\s]*)*(?:人民币)?(?:[百千亿]|百万)?元[)）]?[ \t|]*(?:\n|$)"
)
"""Behind 单位, at the end of its line."""
_NEAR = 90
"""Characters between the unit and a label of the table's header, without a figure between them."""
_TELLING = 4
"""Characters of a label that stands in no sentence by chance: 本年处理决定数量, but not 其他."""


def cells(
    text: str, tables: Iterable[ReadTable], found: tuple[FigureCell, ...]
) -> tuple[tuple[FigureCell, ...], tuple[str, ...]]:
    """The cells, those null that a header or a line above counts in hundreds or more, and a flag per table."""
    if not _may_scale(text):
        return found, ()
    around = [_around(text, match) for match in _SCALED.finditer(text)]
    strange: dict[str, None] = {}
    for table in tables if around else ():
        labels = [form for form in table.table.header_forms | table.table.column_forms if len(form) >= _TELLING]
        if any(label in near for near in around for label in labels):
            strange |= dict.fromkeys(table.table.heads())
    if not strange:
        return found, ()
    return tuple([_masked(cell, strange) for cell in found]), tuple(f"count_scaled:{head}" for head in strange)


def money(
    text: str, tables: Iterable[ReadTable], found: tuple[FigureCell, ...]
) -> tuple[tuple[FigureCell, ...], tuple[str, ...]]:
    """The cells, those of money null that stand below 单位：元 and do not name their own unit, and a flag per table."""
    below = [_FIGURE.split(text[at : at + _NEAR])[0] for at in _yuan(text)]
    if not below:
        return found, ()
    near = fold("|".join(below))
    paths = {
        table.table.path(row, column)
        for table in tables
        for part in table.table.parts
        for column in part.columns
        if column.kind == "money" and any(form in near for form in column.label.forms)
        for row in part.rows
    }
    doubted = {cell.path for cell in found if cell.path in paths and cell.value and cell.unit_source != "cell"}
    if not doubted:
        return found, ()
    masked = [
        cell._replace(value=None, semantic=Semantic.UNREADABLE, unit=None, unit_source=None)
        if cell.path in doubted
        else cell
        for cell in found
    ]
    heads = dict.fromkeys(path.partition(".")[0] for path in sorted(doubted))
    return tuple(masked), tuple(f"unit_missing:{head}" for head in heads)


def _yuan(text: str) -> list[int]:
    """Where the lines end that say that money is in 元."""
    ends, at = [], 0
    for before in text.split("单位")[:-1]:
        at += len(before) + len("单位")
        if said := _YUAN_BELOW.match(text, at):
            ends.append(said.end())
    return ends


def _may_scale(text: str) -> bool:
    """Is anything counted in hundreds? Single characters are found ten times sooner than words that are not there."""
    return any(part[:1] in _UNITS for scale in _SCALES if scale in text for part in text.split(scale)[1:])


def _around(text: str, match: re.Match[str]) -> str:
    """What stands beside the unit, up to the next figures."""
    before = _FIGURE.split(text[max(0, match.start() - _NEAR) : match.start()])[-1]
    behind = _FIGURE.split(text[match.end() : match.end() + _NEAR])[0]
    return fold(f"{before}|{behind}")


def _masked(cell: FigureCell, heads: Iterable[str]) -> FigureCell:
    if not cell.value or cell.unit is not None or cell.path.partition(".")[0] not in heads:
        return cell
    return cell._replace(value=None, semantic=Semantic.UNREADABLE)
