"""What a report's checks and flags say when somebody has put a figure, its organ or its year right: only what it concerns
is worked out anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from parsers import checks
from parsers.identity import due
from parsers.identity.due import Punctuality
from parsers.identity.organs import rank
from parsers.report import Check, FigureCell, Level, Organ, Semantic, Status
from parsers.template import CheckRule, Template
from parsers.trust import trust as judged

X_DATE = "X-DATE"
Stored = Mapping[str, Any]
"""A cell or a check as a report's document has it."""


def recheck(
    held: Sequence[Stored],
    cells: Sequence[Stored],
    changed: set[str],
    trust: Mapping[str, str],
    flags: Sequence[str],
    templates: Sequence[Template],
    organ: Stored,
    *,
    is_other_organ: bool = False,
) -> tuple[list[dict[str, Any]], dict[str, str], list[str]]:
    """(checks, trust, flags) for the cells and the organ as they are now. `changed`: paths of the cells that are not as
    they were.

    With another organ, or another level of it, the rules that depend on the level are asked again (T2-LEVEL: 规章 are made
    by few). A check that no template knows any more keeps its answer; a comparison with a sentence keeps what it says.
    """
    rules = _rules(templates)
    figures = [_cell(cell) for cell in cells]
    by_path = {cell.path: cell for cell in figures}
    level = rank(Organ(**organ))
    found: list[Check] = []
    for one in map(_check, held):
        rule = rules.get((one.rule, one.where, one.cells))
        depends = is_other_organ and rule is not None and bool(rule.levels)
        if not depends and not changed.intersection(one.cells):
            found.append(one)
        elif rule is not None:
            found += checks.run([rule], figures, level)
        else:
            found.append(_told(one, by_path))
    answered = {(one.rule, one.where, one.cells) for one in found}
    for key, rule in rules.items():
        # Counts that are whole have no line; a corrected one may need it now.
        if rule.relation == "whole" and changed.intersection(rule.left) and key not in answered:
            found += checks.run([rule], figures, level)
    says = _reflag(flags, map(_check, held), found, rules.values())
    return [_stored(one) for one in found], judged(trust, figures, found, says, templates), says


def _reflag(
    flags: Sequence[str], before: Iterable[Check], after: Iterable[Check], rules: Iterable[CheckRule]
) -> list[str]:
    """The flags without those of rules that hold now, and with those of rules that do not any more."""
    rules = list(rules)
    said, says = (checks.flags(rules, some) for some in (before, after))
    return list(dict.fromkeys([*(flag for flag in flags if flag not in said or flag in says), *says]))


def redate(
    held: Sequence[Stored], flags: Sequence[str], published: str | None, year: int, level: str | None
) -> tuple[list[dict[str, Any]], list[str]]:
    """(checks, flags) with X-DATE for another year or level: late, early or in time. `published`: ISO day."""
    day = date.fromisoformat(published) if published else None
    new = [_stored(check) for check in due.check(day, year, level)]
    said = [str(word) for word in Punctuality]
    says = [str(found)] if day and (found := due.punctuality(day, year, level)) is not Punctuality.ON_TIME else []
    kept = [dict(check) for check in held if check["rule"] != X_DATE]
    return [*kept, *new], [*(flag for flag in flags if flag not in said), *says]


def _rules(templates: Iterable[Template]) -> dict[tuple[str, str, tuple[str, ...]], CheckRule]:
    every = (rule for template in templates for rule in template.checks)
    return {(rule.rule, rule.where, (*rule.left, *rule.right)): rule for rule in every}


def _told(check: Check, cells: Mapping[str, FigureCell]) -> Check:
    """N-T3 and its kin: a sentence against the one cell that it speaks of."""
    if check.level is not Level.SOFT or len(check.cells) != 1 or check.left is None or check.cells[0] not in cells:
        return check
    value = cells[check.cells[0]].value
    status = Status.NOT_ASSESSABLE if value is None else Status.PASS if value == check.left else Status.FAIL
    return Check(check.rule, check.level, status, check.left, value, check.cells, check.where)


def _cell(cell: Stored) -> FigureCell:
    return FigureCell(
        path=cell["path"],
        raw=cell["raw"],
        value=cell["value"],
        semantic=Semantic(cell["semantic"]),
        unit=cell["unit"],
        unit_source=cell["unit_source"],
    )


def _check(check: Stored) -> Check:
    return Check(
        rule=check["rule"],
        level=Level(check["level"]),
        status=Status(check["status"]),
        left=check["left"],
        right=check["right"],
        cells=tuple(check["cells"]),
        where=check["where"],
    )


def _stored(check: Check) -> dict[str, Any]:
    return {**check._asdict(), "level": str(check.level), "status": str(check.status), "cells": list(check.cells)}
