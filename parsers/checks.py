"""The sums of the forms (勾稽关系, domain.md section 2): four-valued, with both sides and the cells. Never a repair."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Mapping, Sequence, Set
from decimal import Decimal
from functools import cached_property

from parsers.report import Check, FigureCell, Number, Semantic, Status
from parsers.tables.numbers import plain
from parsers.template import CheckRule

_PATH, _VALUE = operator.itemgetter(0), operator.itemgetter(2)
"""Of a cell."""
_PASS, _FAIL, _NOT_ASSESSABLE = Status.PASS, Status.FAIL, Status.NOT_ASSESSABLE
"""Asking an enumeration for its member costs more than comparing two figures."""
_SAYS_NOTHING = frozenset({Semantic.UNREADABLE, Semantic.TEXT})


class Rules(tuple[CheckRule, ...]):
    """The rules of some tables. Most ask whether one cell counts something: they are left out where all cells do."""

    @cached_property
    def of_sums(self) -> tuple[CheckRule, ...]:
        return tuple([rule for rule in self if rule.relation != "whole"])


def run(rules: Iterable[CheckRule], cells: Sequence[FigureCell], organ_level: str | None = None) -> tuple[Check, ...]:
    """Every rule against the cells. A rule whose cells the report does not have at all is left out.

    Blank and "/" count as 0 for the sum only. A cell that could not be read, or a rule of which every cell is
    blank, makes it `not_assessable`; so does an unknown `organ_level` a rule that depends on it.
    """
    values = dict(zip(map(_PATH, cells), map(_VALUE, cells), strict=True))
    silent = {cell[0] for cell in cells if cell[3] in _SAYS_NOTHING}
    uncountable = {
        path for path, value in values.items() if value is not None and (type(value) is not int or value < 0)
    }
    checks = []
    for rule in rules.of_sums if isinstance(rules, Rules) and not uncountable else rules:
        if rule.relation == "whole":
            # One for every cell that counts, a blank counts nothing. Only a break is worth a line: 161 passes would
            # drown the rest.
            if rule.left[0] in uncountable:
                value = values[rule.left[0]]
                checks.append(Check(rule.rule, rule.level, _FAIL, value, None, rule.left, rule.where))
        elif (check := _check(rule, values, silent, organ_level)) is not None:
            checks.append(check)
    return tuple(checks)


def flags(rules: Iterable[CheckRule], checks: Iterable[Check]) -> list[str]:
    """What the rules that are broken say of their tables: `decisions_equal_items:proactive`."""
    broken = [check for check in checks if check.status is _FAIL]
    if not broken:
        return []
    named = {(rule.rule, rule.where): rule.flag for rule in rules if rule.flag}
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
    if rule.relation == "=" and rule.right and rule.times is None and not rule.levels:
        # Two sides that are equal in every report, and nothing else: most are such.
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
    filled = [value for value in figures if value is not None]
    total = sum(filled)
    if type(total) is int:
        return total
    return plain(sum((Decimal(str(value)) for value in filled), Decimal(0)))
