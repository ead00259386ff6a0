"""The sums of a report whose figures somebody has put right, worked out anew: only those that the figures take part in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from parsers import checks
from parsers.report import Check, FigureCell, Level, Semantic, Status
from parsers.template import CheckRule, Template

Stored = Mapping[str, Any]
"""A cell or a check as a report's document has it."""


def recheck(
    held: Sequence[Stored],
    cells: Sequence[Stored],
    changed: set[str],
    trust: Mapping[str, str],
    templates: Iterable[Template],
) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """(checks, trust) for the cells as they are now. `changed`: paths of the cells that are not as they were.

    A check that no template knows any more keeps its answer; a comparison with a sentence keeps what the sentence says.
    """
    rules = _rules(templates)
    figures = [_cell(cell) for cell in cells]
    by_path = {cell.path: cell for cell in figures}
    found: list[Check] = []
    for one in map(_check, held):
        rule = rules.get((one.rule, one.where, one.cells))
        if not changed.intersection(one.cells):
            found.append(one)
        elif rule is not None:
            found += checks.run([rule], figures)
        else:
            found.append(_told(one, by_path))
    answered = {(one.rule, one.where, one.cells) for one in found}
    for key, rule in rules.items():
        # Counts that are whole have no line; a corrected one may need it now.
        if rule.relation == "whole" and changed.intersection(rule.left) and key not in answered:
            found += checks.run([rule], figures)
    return [_stored(one) for one in found], checks.trust(trust, figures, found)


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
