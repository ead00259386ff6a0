"""The sums of the forms (勾稽关系, domain.md section 2): four-valued, with both sides and the cells. Never a repair."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from parsers.report import Check, FigureCell, Level, Number, Semantic, Status
from parsers.tables.numbers import plain
from parsers.template import CheckRule

_SAYS_NOTHING = frozenset({Semantic.UNREADABLE, Semantic.TEXT})


def run(rules: Iterable[CheckRule], cells: Sequence[FigureCell]) -> tuple[Check, ...]:
    """Every rule against the cells. A rule whose cells the report does not have at all is left out.

    Blank and "/" count as 0 for the sum only. A cell that could not be read, or a rule of which every cell is
    blank, makes it `not_assessable`.
    """
    by_path = {cell.path: cell for cell in cells}
    checks = (_check(rule, by_path) for rule in rules)
    return tuple(check for check in checks if check is not None)


def _check(rule: CheckRule, cells: Mapping[str, FigureCell]) -> Check | None:
    paths = (*rule.left, *rule.right)
    present = [cells[path] for path in paths if path in cells]
    if not present:
        return None
    if rule.relation == "whole":
        return _whole(rule, present[0])
    readable = len(present) == len(paths) and not any(cell.semantic in _SAYS_NOTHING for cell in present)
    filled = [cell for cell in present if cell.value is not None]
    if not readable or not filled:
        return Check(rule.rule, rule.level, Status.NOT_ASSESSABLE, None, None, paths, rule.where)
    left, right = _sum(rule.left, cells), _sum(rule.right, cells)
    if rule.relation == "differs" and (left == 0 or not all(cells[path].value is not None for path in paths)):
        return Check(rule.rule, rule.level, Status.NOT_ASSESSABLE, plain(left), plain(right), paths, rule.where)
    holds = {
        "=": left == right,
        "<=": left <= right,
        ">=": left >= right,
        "differs": left != right,
    }[rule.relation]
    status = Status.PASS if holds else Status.FAIL
    other = plain(right) if rule.right else None
    return Check(rule.rule, rule.level, status, plain(left), other, paths, rule.where)


def _whole(rule: CheckRule, cell: FigureCell) -> Check | None:
    """Counts are whole and not below nought. Only a break is worth a line: 161 passes would drown the rest."""
    value = cell.value
    if value is None or (isinstance(value, int) and value >= 0):
        return None
    return Check(rule.rule, rule.level, Status.FAIL, value, None, rule.left, rule.where)


def _sum(paths: Iterable[str], cells: Mapping[str, FigureCell]) -> Decimal:
    return sum((_decimal(cells[path].value) for path in paths), Decimal(0))


def _decimal(value: Number | None) -> Decimal:
    return Decimal(0) if value is None else Decimal(str(value))


def trust(heads: Iterable[str], cells: Sequence[FigureCell], checks: Sequence[Check]) -> dict[str, str]:
    """Per table: verified (all its hard sums pass), consistent (none fails), doubtful, unreadable."""
    result = {}
    for head in heads:
        own = [cell for cell in cells if cell.path.split(".")[0] == head]
        hard = [
            check
            for check in checks
            if check.level is Level.HARD and any(path.split(".")[0] == head for path in check.cells)
        ]
        failed = any(check.status is Status.FAIL for check in hard)
        unread = sum(1 for cell in own if cell.semantic is Semantic.UNREADABLE)
        sums = [check for check in hard if check.right is not None]
        if own and unread * 2 > len(own):
            result[head] = "unreadable"
        elif failed or unread:
            result[head] = "doubtful"
        elif sums and all(check.status is Status.PASS for check in sums):
            result[head] = "verified"
        else:
            result[head] = "consistent"
    return result
