"""The sums of the forms (勾稽关系, domain.md section 2): four-valued, with both sides and the cells. Never a repair."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Mapping, Sequence, Set
from decimal import Decimal

from parsers.report import Check, FigureCell, Number, Semantic, Status
from parsers.tables.numbers import plain
from parsers.template import CheckRule

_SAYS_NOTHING = frozenset({Semantic.UNREADABLE, Semantic.TEXT})


def run(rules: Iterable[CheckRule], cells: Sequence[FigureCell], organ_level: str | None = None) -> tuple[Check, ...]:
    """Every rule against the cells. A rule whose cells the report does not have at all is left out.

    Blank and "/" count as 0 for the sum only. A cell that could not be read, or a rule of which every cell is
    blank, makes it `not_assessable`; so does an unknown `organ_level` a rule that depends on it.
    """
    values = {cell.path: cell.value for cell in cells}
    silent = {cell.path for cell in cells if cell.semantic in _SAYS_NOTHING}
    uncountable = {path for path, value in values.items() if not (value is None or (type(value) is int and value >= 0))}
    checks = []
    for rule in rules:
        if rule.relation == "whole":
            # One for every cell that counts, a blank counts nothing. Only a break is worth a line: 161 passes would
            # drown the rest.
            if rule.left[0] in uncountable:
                value = values[rule.left[0]]
                checks.append(Check(rule.rule, rule.level, Status.FAIL, value, None, rule.left, rule.where))
        elif (check := _check(rule, values, silent, organ_level)) is not None:
            checks.append(check)
    return tuple(checks)


def flags(rules: Iterable[CheckRule], checks: Iterable[Check]) -> list[str]:
    """What the rules that are broken say of their tables: `decisions_equal_items:proactive`."""
    named = {(rule.rule, rule.where): rule.flag for rule in rules if rule.flag}
    broken = (check for check in checks if check.status is Status.FAIL and (check.rule, check.where) in named)
    return [f"{named[check.rule, check.where]}:{check.cells[0].split('.', 1)[0]}" for check in broken]


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
    if figures.count(None) == len(figures) or not silent.isdisjoint(paths):
        return Check(rule.rule, rule.level, Status.NOT_ASSESSABLE, None, None, paths, rule.where)
    left, right = _sum(figures[: len(rule.left)]), _sum(figures[len(rule.left) :])
    if (rule.levels and organ_level is None) or (rule.times is not None and not right):
        return Check(rule.rule, rule.level, Status.NOT_ASSESSABLE, left, right, paths, rule.where)
    if rule.times is not None:
        right *= rule.times
    if rule.relation == "differs" and (left == 0 or None in figures):
        return Check(rule.rule, rule.level, Status.NOT_ASSESSABLE, left, right, paths, rule.where)
    holds = _HOLDS[rule.relation](left, right) or organ_level in rule.levels
    status = Status.PASS if holds else Status.FAIL
    other = right if rule.right else None
    return Check(rule.rule, rule.level, status, left, other, paths, rule.where)


def _sum(figures: Sequence[Number | None]) -> Number:
    """Blank is nothing. Counts are added as they are, money exactly: 0.1 + 0.2 is 0.3."""
    filled = [value for value in figures if value is not None]
    total = sum(filled)
    if type(total) is int:
        return total
    return plain(sum((Decimal(str(value)) for value in filled), Decimal(0)))
