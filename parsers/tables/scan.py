"""Find the labels of the forms in a flattened text, and the one chain of them that reads as the form.

A label such as 其他 or 规章 also stands in prose. Two things tell the form from prose: behind a row's label stands a
figure, a separator or the next label, and the labels follow one another in the form's order.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from parsers.tables.labels import Folded, Label, fold, ordinal_start, strip_ordinal
from parsers.template import Table, Template

_FIGURE_FOLLOWS = re.compile(r"[|\d+\-/\\]|[增减]\d|无(?![\u4e00-\u9fff])")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One label in the text: folded [begin, end), `begin` including its ordinal."""

    form: str
    begin: int
    start: int
    end: int
    closes: bool
    """Stands a figure, a separator, another label, a line's end or the text's end behind it?"""
    figure: bool


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
            for part in table.parts:
                for label in (*part.groups, *((part.captions,) if part.captions else ())):
                    add(label)
                for label in (*(column.label for column in part.columns), *(row.label for row in part.rows)):
                    add(label)
    forms = sorted(numbers, key=lambda form: (-len(form), form))
    return re.compile("|".join(map(re.escape, forms))), numbers


def occurrences(text: Folded, templates: tuple[Template, ...]) -> list[Occurrence]:
    """Every label in the text, left to right, without overlaps."""
    pattern, numbers = vocabulary(templates)
    spans = [
        (
            match.group(),
            ordinal_start(text, match.start(), numbers[match.group()]),
            match.start(),
            match.end(),
        )
        for match in pattern.finditer(text.text)
    ]
    found: list[Occurrence] = []
    for index, (form, begin, start, end) in enumerate(spans):
        next_begin = spans[index + 1][1] if index + 1 < len(spans) else len(text.text)
        figure = bool(_FIGURE_FOLLOWS.match(text.text, end))
        closes = figure or end >= next_begin or end == len(text.text) or _ends_line(text, end)
        found.append(Occurrence(form, begin, start, end, closes, figure))
    return found


def _ends_line(text: Folded, end: int) -> bool:
    between = text.raw[text.origin[end - 1] + 1 : text.origin[end]]
    return "\n" in between


def chain(found: Sequence[Occurrence], labels: Sequence[Label]) -> dict[int, Occurrence]:
    """Label index -> occurrence: the heaviest choice in which places and labels both ascend.

    Linear in the text for the labels of a form: candidates are only occurrences that close, and the best chain that
    ends at each label is kept while walking from left to right.
    """
    positions: dict[str, list[int]] = {}
    for index, label in enumerate(labels):
        for form in label.forms:
            positions.setdefault(form, []).append(index)
    best: list[tuple[int, tuple[int, Occurrence, object] | None]] = [(0, None)] * (len(labels) + 1)
    # best[k]: heaviest chain that uses labels below k; a linked list keeps the choices.
    for occurrence in found:
        if not occurrence.closes:
            continue
        weight = 4 + len(occurrence.form) + (4 if occurrence.figure else 0)
        for index in reversed(positions.get(occurrence.form, ())):
            total = best[index][0] + weight
            if total > best[index + 1][0]:
                entry = (total, (index, occurrence, best[index][1]))
                for later in range(index + 1, len(best)):
                    if best[later][0] >= total:
                        break
                    best[later] = entry
    chosen: dict[int, Occurrence] = {}
    link = best[-1][1]
    while link is not None:
        index, occurrence, link = link  # type: ignore[assignment]
        chosen[index] = occurrence
    return chosen


def next_begin(found: Sequence[Occurrence], end: int, limit: int) -> int:
    """Where the next label (with its ordinal) begins at or behind `end`."""
    at = bisect_left(found, end, key=lambda occurrence: occurrence.start)
    return found[at].begin if at < len(found) else limit


def signs(found: Sequence[Occurrence], table: Table) -> int:
    """How many of the table's signature labels stand in the text."""
    seen = {occurrence.form for occurrence in found if occurrence.closes}
    return sum(1 for label in table.signature if seen.intersection(label.forms))
