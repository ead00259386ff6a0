"""Find the labels of the forms in a flattened text, and the one chain of them that reads as the form.

A label such as 其他 or 规章 also stands in prose. Two things tell the form from prose: behind a row's label stands a
figure, a separator or the next label, and the labels follow one another in the form's order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from parsers.tables.labels import ENDS_OF_ORDINALS, Folded, Label, Order, fold, ordinal_start, strip_ordinal
from parsers.template import Template

_FIGURE_FOLLOWS = re.compile(r"[|\d+\-/\\]|[增减]\d|无+(?![\u4e00-\u9fff])")
_UNITS = "亿元|万元|千元|元|人次|平方米|[件条项个次篇人名家份场部期起宗例年月日%倍万亿]"
_FIRST = frozenset(r"|+-/\.,增减无亿万千元人平件条项个次篇名家份场部期起宗例年月日%倍")
"""With digits, what all of these patterns begin with."""
_CELL_ENDS = frozenset("\n\t|")
_UNIT_FIRST = re.compile(rf"(?:{_UNITS})(?=[|\d+\-/\\无]|$)")
"""The 单位 column of the 2014 form stands between the label and the figure."""
_NONE = re.compile("无+")
_ONLY_FIGURES = re.compile(r"[\d+\-/\\.,|增减无]+")
_UNIT_AND_FIGURES = re.compile(rf"(?:{_UNITS})[\d+\-/\\.,增减无]*")
"""Cells that run together with that column: 当面申请数件0传真申请数件. In a sentence the unit stands behind the figure."""
_NOTE = re.compile(rf"\((?![一二三四五六七八九十]{{1,3}}\)|单位|(?:{_UNITS})\))[^()|]*[\u4e00-\u9fff][^()|]*\)")
"""What is said of a row behind its label: 规章(县级无此项). An ordinal is the next row's, a unit the column's."""
_LONGEST_NOTE = 40
_COUNTED = re.compile(rf"[+\-]?\d[\d,.]*(?P<unit>{_UNITS})(?P<after>[,;。:、]?)")
"""`行政许可7310件,`: a sentence counts, with the unit behind the figure."""


class Occurrence(NamedTuple):
    """One label in the text: folded [begin, end), `begin` including its ordinal."""

    form: str
    begin: int
    start: int
    end: int
    closes: bool
    """Stands a figure, a separator, another label, a line's end or the text's end behind it?"""
    figure: bool
    alone: bool = False
    """Does it fill a cell: a line's end, a tab or a pipe on both sides?"""


@lru_cache(maxsize=16)
def vocabulary(templates: tuple[Template, ...]) -> tuple[re.Pattern[str], dict[str, str | None]]:
    """Every form of every label as one pattern, longest first, and the digit ordinal of each form."""
    numbers: dict[str, str | None] = {}

    def add(label: Label) -> None:
        for form in label.forms:
            numbers.setdefault(form, label.number)
            if label.number is not None:
                numbers[form] = label.number

    for template in templates:
        for section in template.sections:
            for text in section.labels:
                numbers.setdefault(strip_ordinal(fold(text)), None)
        for table in template.tables:
            for label in table.signature:
                add(label)
            for part in table.parts:
                for label in (*part.groups, *((part.captions,) if part.captions else ())):
                    add(label)
                for label in (*(column.label for column in part.columns), *(row.label for row in part.rows)):
                    add(label)
    return re.compile(_tree(sorted(numbers))), numbers


def _tree(words: Sequence[str]) -> str:
    """A pattern for the longest of `words`, those with the same beginning tried together."""
    below: dict[str, list[str]] = {}
    for word in words:
        if word:
            below.setdefault(word[0], []).append(word[1:])
    branches = [re.escape(first) + _tree(rest) for first, rest in below.items()]
    if "" in words:
        return f"(?:{'|'.join(branches)}|)" if branches else ""
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"


def occurrences(text: Folded, templates: tuple[Template, ...]) -> list[Occurrence]:
    """Every label in the text, left to right, without overlaps."""
    pattern, numbers = vocabulary(templates)
    folded = text.text
    spans = [(match.group(), *match.span()) for match in pattern.finditer(folded)]
    begins = [
        ordinal_start(text, start, numbers[form]) if start and folded[start - 1] in ENDS_OF_ORDINALS else start
        for form, start, _ in spans
    ]
    found: list[Occurrence] = []
    new, noted = tuple.__new__, 0
    for index, (form, start, end) in enumerate(spans):
        if start < noted:
            continue  # 行政许可(不含行政处罚): the second is no row
        begin = begins[index]
        next_begin = begins[index + 1] if index + 1 < len(spans) else len(folded)
        if end != next_begin and folded.startswith("(", end) and (noted := _note_end(text, end)):
            end = noted
            behind = zip(spans[index + 1 :], begins[index + 1 :], strict=True)
            next_begin = next((after for (_, at, _), after in behind if at >= end), len(folded))
        breaks = _breaks_behind(text, end)
        follows = folded[end : end + 1]
        # What neither a figure nor a unit begins with is neither.
        may_be = follows in _FIRST or follows.isdecimal()
        figure = may_be and (_has_figure(folded, end, next_begin, breaks) or _ends_line(text, end, _NONE))
        closes = figure or end >= next_begin or breaks == "\n" or (may_be and _ends_line(text, end, _UNIT_AND_FIGURES))
        alone = breaks in _CELL_ENDS and _begins_cell(text, begin)
        found.append(new(Occurrence, (form, begin, start, end, closes, figure, alone)))
    return found


def _note_end(text: Folded, start: int) -> int:
    """Where the note ends that begins at `start` behind a label; 0 where none does."""
    note = _NOTE.match(text.text, start, start + _LONGEST_NOTE)
    return 0 if note is None or _breaks_behind(text, start) else note.end()


def _has_figure(text: str, end: int, next_begin: int, breaks: str) -> bool:
    """Is what stands behind a label at `end` a figure of a table, and no count of a sentence?"""
    last = max(end, next_begin)
    if _ONLY_FIGURES.fullmatch(text, end, last) or _UNIT_AND_FIGURES.fullmatch(text, end, last):
        return True
    counted = _COUNTED.match(text, end)
    if counted and (not breaks or counted["after"]):
        # Money has its unit in its cell as well; a sentence goes on behind it.
        return counted["unit"] in ("万元", "元", "亿元") and not counted["after"]
    if breaks and _UNIT_FIRST.match(text, end):
        return True
    return bool(_FIGURE_FOLLOWS.match(text, end))


def _breaks_behind(text: Folded, end: int) -> str:
    """What ends the label's cell: a line's end, a tab or a pipe, a blank; "" where the text runs on."""
    if text.text.startswith("|", end):
        return "|"
    between = text.gap(end)
    if not between:
        return ""
    return "\n" if "\n" in between else "\t" if "\t" in between else " " if " " in between else ""


def _ends_line(text: Folded, end: int, pattern: re.Pattern[str]) -> bool:
    """Is that all which stands between a label's end and the line's?

    A unit: a blank cell that left no mark (传真申请数 件), or one that runs into its unit. Strokes: 行政强制无无无.
    """
    last = pattern.match(text.text, end)
    return last is not None and (last.end() == len(text.text) or _breaks_behind(text, last.end()) == "\n")


def _begins_cell(text: Folded, begin: int) -> bool:
    if begin == 0 or text.text[begin - 1] == "|":
        return True
    between = text.gap(begin)
    return "\n" in between or "\t" in between


Neighbours = Callable[[Occurrence, Occurrence], bool]


def chain(found: Sequence[Occurrence], order: Order, neighbours: Neighbours | None = None) -> dict[int, Occurrence]:
    """Label index -> occurrence: the heaviest choice in which places and labels both ascend.

    Linear in the text for the labels of a form: candidates are only occurrences that close, and the best chain that
    ends at each label is kept while walking from left to right. A label that fills a cell weighs more than one in a
    line of text, and so does one that follows the label before it in the form with nothing but figures between them
    (`neighbours`): `规章 3` in a sentence far above is not the row of the table.
    """
    places = order.places
    best: list[tuple[int, _Link | None]] = [(0, None)] * (order.size + 1)
    # best[k]: heaviest chain that uses labels below k; a linked list keeps the choices.
    for occurrence in found:
        form, _, _, _, closes, figure, alone = occurrence
        if not closes or form not in places:
            continue
        weight = 4 + len(form) + (4 if figure else 0) + (6 if alone else 0)
        for index in places[form]:
            total, link = best[index][0] + weight, best[index][1]
            if neighbours and link and link[0] == index - 1 and neighbours(link[1], occurrence):
                total += 12
            if total > best[index + 1][0]:
                entry = (total, (index, occurrence, link))
                for later in range(index + 1, len(best)):
                    if best[later][0] >= total:
                        break
                    best[later] = entry
    chosen: dict[int, Occurrence] = {}
    link = best[-1][1]
    while link is not None:
        index, occurrence, link = link
        chosen[index] = occurrence
    return chosen


_Link = tuple[int, Occurrence, "_Link | None"]
