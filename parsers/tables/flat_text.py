"""A flattened text prepared once for all forms: its labels, its lines, and what stands between them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate

from parsers.tables.labels import Folded, fold_with_origin
from parsers.tables.scan import Occurrence, occurrences
from parsers.tables.slots import Air, Cut, cut, measure_air
from parsers.template import Part, Table, Template

_STRANGE = re.compile(r"[^0-9.,+\-/\\|增减无件条次篇个人万元()]")
"""What is neither part of a figure nor a unit."""
_UNIT_LENGTH = 2
_FAR = 300
"""Characters between two labels: fifteen figures of table four and their pipes are fewer."""


@dataclass(frozen=True)
class FlatText:
    """A text prepared once for all templates."""

    folded: Folded
    found: tuple[Occurrence, ...]
    lines: Sequence[str]
    """As they stand."""
    air: Air | None
    strange: Mapping[int, int]
    """Where a label begins or ends -> how many characters in front of it belong to no label and no figure; of those
    between two labels no more are counted than tell that these are no neighbours."""
    _cuts: dict[tuple[int, bool, bool], Cut] = field(default_factory=dict)
    """By where the label stands. The forms since 2019 have most in common: what stands behind one is cut once."""

    @cached_property
    def _starts(self) -> list[int]:
        """Where the labels begin behind their ordinals."""
        return [occurrence.start for occurrence in self.found]

    @cached_property
    def _line_starts(self) -> list[int]:
        return [start + number for number, start in enumerate(accumulate(map(len, self.lines[:-1]), initial=0))]

    @cached_property
    def with_figures(self) -> Mapping[str, Sequence[Occurrence]]:
        """By their spelling."""
        found: dict[str, list[Occurrence]] = {}
        for occurrence in self.found:
            if occurrence.figure:
                found.setdefault(occurrence.form, []).append(occurrence)
        return found

    @cached_property
    def _closing(self) -> frozenset[str]:
        return frozenset([occurrence.form for occurrence in self.found if occurrence.closes])

    def signs(self, table: Table) -> int:
        """How many of the table's signature labels stand in the text."""
        return len([label for label in table.signature if not self._closing.isdisjoint(label.forms)])

    def number(self, occurrence: Occurrence) -> int:
        """Which of `found` it is."""
        return bisect_left(self._starts, occurrence.start)

    def line(self, raw_offset: int) -> int:
        return bisect_right(self._line_starts, raw_offset)

    def line_of(self, occurrence: Occurrence) -> int:
        return self.line(self.folded.origin[occurrence.start])

    def neighbours(self, before: Occurrence, after: Occurrence) -> bool:
        """Does nothing but figures, units and other labels of a form stand between the two?"""
        return self.strange[after.begin] - self.strange[before.end] <= _UNIT_LENGTH

    def cut_after(self, occurrence: Occurrence, part: Part) -> Cut:
        unit_column = len(part.values) < len(part.columns)
        key = (occurrence.start, part.is_record, unit_column)
        known = self._cuts.get(key)
        if known is None:
            known = self._cuts[key] = self._cut(occurrence, part.is_record, unit_column)
        return known

    def _cut(self, occurrence: Occurrence, record: bool, unit_column: bool) -> Cut:
        following = bisect_left(self._starts, occurrence.end)
        stop = self.found[following].begin if following < len(self.found) else len(self.folded.text)
        start = self.folded.raw_end(occurrence.end)
        end, line = self.folded.origin[stop], self.line(start)
        return cut(self.folded.raw, start, end, line, record=record, unit_column=unit_column, air=self.air)


def prepare(text: str, templates: tuple[Template, ...], wanted: Sequence[Table]) -> FlatText | None:
    """The text ready for `find_table`; None where none of the `wanted` tables can stand in it."""
    folded = fold_with_origin(text)
    if not any(_may_stand(folded.text, table) for table in wanted):
        return None
    found, lines = tuple(occurrences(folded, templates)), text.split("\n")
    return FlatText(folded, found, lines, measure_air(lines), _strange(folded.text, found))


def _may_stand(folded: str, table: Table) -> bool:
    """A table with a signature does not stand where no word of that stands."""
    return not table.signature or any(map(folded.__contains__, table.signature_forms))


def _strange(text: str, found: Sequence[Occurrence]) -> dict[int, int]:
    """FlatText.strange. Far from a label everything is taken for strange: between two cells stands little."""
    enough = _UNIT_LENGTH + 1
    counts: dict[int, int] = {}
    count = position = 0
    for occurrence in found:
        gap = text[position : occurrence.begin]
        count += enough if len(gap) > _FAR else len(_STRANGE.findall(gap)[:enough]) if gap else 0
        counts[occurrence.begin] = count
        counts[occurrence.end] = count
        position = occurrence.end
    return counts
