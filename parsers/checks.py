"""The sums of the forms (勾稽关系, domain.md section 2): four-valued, with both sides and the cells. Never a repair."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from parsers.report import Check, FigureCell, Level, Number, Semantic, Status
from parsers.tables.numbers import plain
from parsers.template import CheckRule

_PATH, _VALUE, _SEMANTIC = map(operator.itemgetter, (0, 2, 3))
"""Of a cell."""
_PASS, _FAIL, _NOT_ASSESSABLE = Status.PASS, Status.FAIL, Status.NOT_ASSESSABLE
"""Asking an enumeration for its member costs more than comparing two figures."""
_COUNTS = {int, type(None)}
_SAYS_NOTHING = frozenset({Semantic.UNREADABLE, Semantic.TEXT})


class _Equal(NamedTuple):
    """A rule of two sides that are equal in every report, and nothing else: most are such."""

    rule: str
    level: Level
    where: str
    paths: tuple[str, ...]
    figures: Callable[[Mapping[str, Number]], tuple[Number, ...]]
    """The figures of these paths."""
    border: int
    """So many of them stand on the left."""


class Rules(tuple[CheckRule, ...]):
    """The rules of some tables. Most ask whether one cell counts something: they are left out where all cells do."""

    @cached_property
    def of_sums(self) -> tuple[tuple[CheckRule, _Equal | None], ...]:
        return tuple([(rule, _equal(rule)) for rule in self if rule.relation != "whole"])

    @cached_property
    def counting(self) -> frozenset[str]:
        """The figures that have to count something, or are added up as counts."""
        counting = [rule for rule in self if rule.relation == "whole" or _equal(rule) is not None]
        return frozenset(path for rule in counting for path in rule.paths)

    @cached_property
    def flagged(self) -> Mapping[tuple[str, str], str]:
        return _flagged(self)


def _flagged(rules: Iterable[CheckRule]) -> Mapping[tuple[str, str], str]:
    """Name and place of a rule -> what a report that breaks it is flagged with."""
    return {(rule.rule, rule.where): rule.flag for rule in rules if rule.flag}


def _equal(rule: CheckRule) -> _Equal | None:
    if not _is_equation(rule) or not rule.left:
        return None
    figures = operator.itemgetter(*rule.paths)
    return _Equal(rule.rule, rule.level, rule.where, rule.paths, figures, len(rule.left))


def _is_equation(rule: CheckRule) -> bool:
    return rule.relation == "=" and bool(rule.right) and rule.times is None and not rule.levels


def run(rules: Iterable[CheckRule], cells: Sequence[FigureCell], organ_level: str | None = None) -> tuple[Check, ...]:
    """Every rule against the cells. A rule whose cells the report does not have at all is left out.

    Blank and "/" count as 0 for the sum only. A cell that could not be read, or a rule of which every cell is
    blank, makes it `not_assessable`; so does an unknown `organ_level` a rule that depends on it.
    """
    values = dict(zip(map(_PATH, cells), map(_VALUE, cells), strict=True))
    if isinstance(rules, Rules) and _SAYS_NOTHING.isdisjoint(map(_SEMANTIC, cells)):
        filled = {path: value or 0 for path, value in values.items()}
        all_count = set(map(type, values.values())) <= _COUNTS and min(filled.values(), default=0) >= 0
        # Or what does not is only compared: an amount of money.
        if all_count or rules.counting.isdisjoint(_uncountable(values)):
            return tuple(_counted(rules, values, filled, organ_level))
    silent = {cell[0] for cell in cells if cell[3] in _SAYS_NOTHING}
    uncountable = _uncountable(values)
    checks = []
    for rule in rules:
        if rule.relation == "whole":
            # One for every cell that counts, a blank counts nothing. Only a break is worth a line: 161 passes would
            # drown the rest.
            if rule.left[0] in uncountable:
                value = values[rule.left[0]]
                checks.append(Check(rule.rule, rule.level, _FAIL, value, None, rule.left, rule.where))
        elif (check := _check(rule, values, silent, organ_level)) is not None:
            checks.append(check)
    return tuple(checks)


def _counted(
    rules: Rules, values: Mapping[str, Number | None], filled: Mapping[str, Number], organ_level: str | None
) -> Iterator[Check]:
    """The same for cells that all count something or are blank, as nearly everywhere: their sums are plain additions.
    `filled` has noughts for blanks."""
    blank = {path for path, value in values.items() if value is None} if None in values.values() else set()
    new = tuple.__new__
    for rule, equal in rules.of_sums:
        if equal is None:
            if (check := _check(rule, values, frozenset(), organ_level)) is not None:
                yield check
            continue
        name, level, where, paths, figures, border = equal
        try:
            both = figures(filled)
        except KeyError:  # Some of its cells are not there, or all.
            if (check := _check(rule, values, frozenset(), organ_level)) is not None:
                yield check
            continue
        left, right = sum(both[:border]), sum(both[border:])
        if not left and not right and blank and blank.issuperset(paths):
            yield Check(name, level, _NOT_ASSESSABLE, None, None, paths, where)
            continue
        yield new(Check, (name, level, _PASS if left == right else _FAIL, left, right, paths, where))


def _uncountable(values: Mapping[str, Number | None]) -> set[str]:
    return {path for path, value in values.items() if value is not None and (type(value) is not int or value < 0)}


def flags(rules: Iterable[CheckRule], checks: Iterable[Check]) -> list[str]:
    """What the rules that are broken say of their tables: `decisions_equal_items:proactive`."""
    broken = [check for check in checks if check.status is _FAIL]
    if not broken:
        return []
    named = rules.flagged if isinstance(rules, Rules) else _flagged(rules)
    told = [check for check in broken if (check.rule, check.where) in named]
    return [f"{named[check.rule, check.where]}:{check.cells[0].split('.', 1)[0]}" for check in told]


_HOLDS = {"=": operator.eq, "<=": operator.le, ">=": operator.ge, "differs": operator.ne}


def _check(
    rule: CheckRule, values: Mapping[str, Number | None], silent: Set[str], organ_level: str | None
) -> Check | None:
    paths = rule.paths
    try:
        figures = [values[path] for path in paths]
    except KeyError:  # Some of its cells are not there, or all.
        figures = []
        if not any(path in values for path in paths):
            return None
    if figures.count(None) == len(figures) or (silent and not silent.isdisjoint(paths)):
        return Check(rule.rule, rule.level, _NOT_ASSESSABLE, None, None, paths, rule.where)
    border = len(rule.left)
    left, right = _sum(figures[:border]), _sum(figures[border:])
    if _is_equation(rule):
        status = _PASS if left == right else _FAIL
        return tuple.__new__(Check, (rule.rule, rule.level, status, left, right, paths, rule.where))
    if (rule.levels and organ_level is None) or (rule.times is not None and not right):
        return Check(rule.rule, rule.level, _NOT_ASSESSABLE, left, right, paths, rule.where)
    if rule.times is not None:
        right *= rule.times
    if rule.relation == "differs" and (left == 0 or None in figures):
        return Check(rule.rule, rule.level, _NOT_ASSESSABLE, left, right, paths, rule.where)
    holds = _HOLDS[rule.relation](left, right) or organ_level in rule.levels
    status = _PASS if holds else _FAIL
    other = right if rule.right else None
    return tuple.__new__(Check, (rule.rule, rule.level, status, left, other, paths, rule.where))


def _sum(figures: Sequence[Number | None]) -> Number:
    """Blank is nothing. Counts are added as they are, money exactly: 0.1 + 0.2 is 0.3."""
    if len(figures) == 1 and (type(one := figures[0]) is int or one is None):
        return one or 0
    filled = [value for value in figures if value is not None]
    total = sum(filled)
    if type(total) is int:
        return total
    return plain(sum((Decimal(str(value)) for value in filled), Decimal(0)))
