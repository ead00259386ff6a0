"""The sums of the forms (勾稽关系, domain.md section 2): four-valued, with both sides and the cells. Never a repair."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache

from parsers.report import Check, FigureCell, Level, Number, Semantic, Status
from parsers.tables.numbers import plain
from parsers.template import CheckRule

_SAYS_NOTHING = frozenset({Semantic.UNREADABLE, Semantic.TEXT})


def run(rules: Iterable[CheckRule], cells: Sequence[FigureCell], organ_level: str | None = None) -> tuple[Check, ...]:
    """Every rule against the cells. A rule whose cells the report does not have at all is left out.

    Blank and "/" count as 0 for the sum only. A cell that could not be read, or a rule of which every cell is
    blank, makes it `not_assessable`; so does an unknown `organ_level` a rule that depends on it.
    """
    by_path = {cell.path: cell for cell in cells}
    uncountable = {path for path, cell in by_path.items() if not _is_count(cell.value)}
    checks = []
    for rule in rules:
        if rule.relation == "whole":
            # One for every cell that counts. Only a break is worth a line: 161 passes would drown the rest.
            if rule.left[0] in uncountable:
                value = by_path[rule.left[0]].value
                checks.append(Check(rule.rule, rule.level, Status.FAIL, value, None, rule.left, rule.where))
        elif (check := _check(rule, by_path, organ_level)) is not None:
            checks.append(check)
    return tuple(checks)


def _is_count(value: Number | None) -> bool:
    """Counts are whole and not below nought; a blank counts nothing."""
    return value is None or (isinstance(value, int) and value >= 0)


def flags(rules: Iterable[CheckRule], checks: Iterable[Check]) -> list[str]:
    """What the rules that are broken say of their tables: `decisions_equal_items:proactive`."""
    named = {(rule.rule, rule.where): rule.flag for rule in rules if rule.flag}
    broken = (check for check in checks if check.status is Status.FAIL and (check.rule, check.where) in named)
    return [f"{named[check.rule, check.where]}:{check.cells[0].split('.', 1)[0]}" for check in broken]


_HOLDS = {"=": operator.eq, "<=": operator.le, ">=": operator.ge, "differs": operator.ne}


def _check(rule: CheckRule, cells: Mapping[str, FigureCell], organ_level: str | None) -> Check | None:
    paths = (*rule.left, *rule.right)
    present = [cells[path] for path in paths if path in cells]
    if not present:
        return None
    readable = len(present) == len(paths) and not any(cell.semantic in _SAYS_NOTHING for cell in present)
    filled = [cell for cell in present if cell.value is not None]
    if not readable or not filled:
        return Check(rule.rule, rule.level, Status.NOT_ASSESSABLE, None, None, paths, rule.where)
    left, right = _sum(rule.left, cells), _sum(rule.right, cells)
    if (rule.levels and organ_level is None) or (rule.times is not None and not right):
        return Check(rule.rule, rule.level, Status.NOT_ASSESSABLE, left, right, paths, rule.where)
    if rule.times is not None:
        right *= rule.times
    if rule.relation == "differs" and (left == 0 or not all(cells[path].value is not None for path in paths)):
        return Check(rule.rule, rule.level, Status.NOT_ASSESSABLE, left, right, paths, rule.where)
    holds = _HOLDS[rule.relation](left, right) or organ_level in rule.levels
    status = Status.PASS if holds else Status.FAIL
    other = right if rule.right else None
    return Check(rule.rule, rule.level, status, left, other, paths, rule.where)


def _sum(paths: Iterable[str], cells: Mapping[str, FigureCell]) -> Number:
    """Blank is nothing. Counts are added as they are, money exactly: 0.1 + 0.2 is 0.3."""
    values = [value for path in paths if (value := cells[path].value) is not None]
    if all(isinstance(value, int) for value in values):
        return sum(values)
    return plain(sum((Decimal(str(value)) for value in values), Decimal(0)))


def trust(heads: Iterable[str], cells: Sequence[FigureCell], checks: Sequence[Check]) -> dict[str, str]:
    """Per table: verified (all its hard sums pass), consistent (none fails), doubtful, unreadable."""
    own: dict[str, list[FigureCell]] = {}
    for cell in cells:
        own.setdefault(cell.path.split(".", 1)[0], []).append(cell)
    hard: dict[str, list[Check]] = {}
    for check in checks:
        if check.level is Level.HARD:
            for head in _heads_of(check.cells):
                hard.setdefault(head, []).append(check)
    return {head: _trust(own.get(head, ()), hard.get(head, ())) for head in heads}


@lru_cache(maxsize=4096)
def _heads_of(paths: tuple[str, ...]) -> frozenset[str]:
    """The tables of these figures; a form has but so many sums."""
    return frozenset(path.split(".", 1)[0] for path in paths)


def _trust(cells: Sequence[FigureCell], hard: Sequence[Check]) -> str:
    failed = any(check.status is Status.FAIL for check in hard)
    unread = sum(1 for cell in cells if cell.semantic is Semantic.UNREADABLE)
    sums = [check for check in hard if check.right is not None]
    if cells and unread * 2 > len(cells):
        return "unreadable"
    if failed or unread:
        return "doubtful"
    if sums and all(check.status is Status.PASS for check in sums):
        return "verified"
    return "consistent"
