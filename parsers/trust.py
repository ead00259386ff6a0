"""How far a table can be relied on: one word for it, from its sums, its cells and what was flagged of it.

    verified    every row and column of its form is there, every figure was read in its own place, all hard sums hold
    consistent  nothing speaks against it, and its sums do not prove it
    doubtful    a hard sum fails, or a cell could not be read
    unreadable  most cells could not be read

The sums prove nothing of a figure that they do not hold, that they were used to find, or that is not there: `CAPS`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from enum import StrEnum
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

from parsers.report import Check, FigureCell, Level, Semantic, Status
from parsers.template import Template


class Trust(StrEnum):
    """From good to bad."""

    VERIFIED = "verified"
    CONSISTENT = "consistent"
    DOUBTFUL = "doubtful"
    UNREADABLE = "unreadable"


CAPS: Mapping[str, tuple[Trust, str]] = {
    "rows_missing": (Trust.CONSISTENT, "what is not there takes part in no sum"),
    "rows_repeated": (Trust.CONSISTENT, "the table stands twice, and one of them is wrong"),
    "rows_by_position": (Trust.CONSISTENT, "rows known by their order alone; two that change places leave the sums as they are"),
    "columns_by_position": (Trust.CONSISTENT, "columns known by their order alone; two that change places leave the sums as they are"),
    "label_damaged": (Trust.CONSISTENT, "a row known by its neighbours alone"),
    "ambiguous_columns": (Trust.CONSISTENT, "a row whose figures have more than one place"),
    "cells_placed": (Trust.CONSISTENT, "the sums chose the figures' places, so they cannot prove them"),
    "digits_split": (Trust.CONSISTENT, "the sums told the figures apart, so they cannot prove them"),
    "cells_surplus": (Trust.CONSISTENT, "a row with a cell that belongs to no column"),
    "unknown_label": (Trust.CONSISTENT, "a row or column that no template knows may belong to the sums"),
    "totals_only": (Trust.CONSISTENT, "sums of blanks"),
    "text_in_cell": (Trust.CONSISTENT, "words where a figure belongs: null by us, counted as nothing"),
    "odd_figure": (Trust.CONSISTENT, "a figure that is not written as figures are: 00"),
    "count_scaled": (Trust.CONSISTENT, "counts said to be in hundreds or more"),
    "unit_missing": (Trust.CONSISTENT, "an amount of which nobody knows whether it is 元 or 万元"),
    "decisions_equal_items": (Trust.CONSISTENT, "a column that was filled in with something else"),
    "facts_disagree": (Trust.CONSISTENT, "two sentences give two figures"),
    "facts_doubtful": (Trust.CONSISTENT, "a sentence that may count something else as well"),
    "facts_set_aside": (Trust.CONSISTENT, "a sentence's figure is another organ's, another time's or a plan: null by us"),
    "facts_unread": (Trust.CONSISTENT, "sentences count something in words that nobody knows: a null may stand there"),
    "facts_rounded": (Trust.CONSISTENT, "a figure that is said to be approximate, or written in 万"),
    "other_year": (Trust.CONSISTENT, "a heading of another year: its form was copied, or its figures"),
    "other_period": (Trust.CONSISTENT, "a heading of a part of the year"),
    "other_organ": (Trust.CONSISTENT, "a heading of another organ, or of a whole area that the organ does not govern"),
    "unconfirmed": (Trust.CONSISTENT, "made out of pixels, and no sum holds"),
}  # fmt: skip
"""Flag -> the best word that its table can have, and why. A flag that stands neither here nor in `HARMLESS`: consistent."""

HARMLESS: Mapping[str, str] = {
    "recognised": "made out of pixels; every figure that is left stands in a hard sum that holds (see recognised.py)",
    "table_missing": "the table is not there, so nothing is said of it",
    "corrected": "people looked; the sums are worked out anew with what they found",
    "correction_reopened": "what people had put right: the figure is as its source says",
    "member_unread": "it names a file of the same archive and no table, whatever the file is called",
    "sources_disagree": "what another address says; this is how far one reading can be relied on",
}
"""Flags of a table that say nothing about how far its figures can be relied on, and why."""

_ORDER = tuple(Trust)
_MOST_PATHS = 16_384
_HARD, _PASS, _FAIL = Level.HARD, Status.PASS, Status.FAIL


def trust(
    heads: Iterable[str],
    cells: Sequence[FigureCell],
    checks: Iterable[Check],
    flags: Iterable[str],
    templates: Iterable[Template],
) -> dict[str, str]:
    """Head of the figures' paths (requests, reconsideration …) -> word. `templates`: those that have such tables."""
    own: dict[str, list[FigureCell]] = {head: [] for head in heads}
    start = 0
    for head, some in groupby(heads_of(cells)):
        # The cells of a table stand together.
        end = start + len(list(some))
        if head in own:
            own[head].extend(cells[start:end])
        start = end
    hard: dict[str, list[Check]] = {}
    for check in checks:
        if check[1] is _HARD:
            for head in _heads_of(check.cells):
                hard.setdefault(head, []).append(check)
    said: dict[str, list[Trust]] = {}
    for flag in flags:
        name, _, head = flag.partition(":")
        if head in own and name not in HARMLESS:
            said.setdefault(head, []).append(cap(name))
    forms = _forms(tuple(templates))
    return {
        head: str(_worst([_told(some, hard.get(head, ()), forms.get(head, ())), *said.get(head, ())]))
        for head, some in own.items()
    }


class _Heads(dict[str, str]):
    """`requests` of `requests.received_new.total`."""

    def __missing__(self, path: str) -> str:
        if len(self) >= _MOST_PATHS:
            self.clear()
        self[path] = head = path.partition(".")[0]
        return head


_heads = _Heads()


def heads_of(cells: Sequence[FigureCell]) -> Iterator[str]:
    """For each cell its table."""
    return map(_heads.__getitem__, map(itemgetter(0), cells))


def cap(flag: str) -> Trust:
    """The best word for a table with this flag (`rows_missing`), which is not one of `HARMLESS`."""
    return CAPS[flag][0] if flag in CAPS else Trust.CONSISTENT


def _worst(words: Sequence[Trust]) -> Trust:
    return max(words, key=_ORDER.index) if len(words) > 1 else words[0]


def _told(cells: Sequence[FigureCell], hard: Sequence[Check], forms: Sequence[Set[str]]) -> Trust:
    """By the cells and the sums alone; `forms`: the paths of each form that such a table may have."""
    meanings = [cell[3] for cell in cells]
    unread = meanings.count(Semantic.UNREADABLE)
    if cells and unread * 2 > len(cells):
        return Trust.UNREADABLE
    if unread or _FAIL in [check[2] for check in hard]:
        return Trust.DOUBTFUL
    sums = [check for check in hard if check.right is not None]
    hold = bool(sums) and all(check[2] is _PASS for check in sums)
    if not hold or Semantic.TEXT in meanings:
        return Trust.CONSISTENT
    paths = {cell[0] for cell in cells}
    return Trust.VERIFIED if any(form <= paths for form in forms) else Trust.CONSISTENT


@lru_cache(maxsize=4096)
def _heads_of(paths: tuple[str, ...]) -> frozenset[str]:
    """The tables of these figures; a form has but so many sums."""
    return frozenset(path.split(".", 1)[0] for path in paths)


@lru_cache(maxsize=64)
def _forms(templates: tuple[Template, ...]) -> Mapping[str, tuple[frozenset[str], ...]]:
    """Head -> the paths below it, once for each form that has it."""
    found: dict[str, list[frozenset[str]]] = {}
    for template in templates:
        for table in template.tables:
            for head in table.heads():
                found.setdefault(head, []).append(
                    frozenset(path for path in table.paths() if path.partition(".")[0] == head)
                )
    return {head: tuple(some) for head, some in found.items()}
