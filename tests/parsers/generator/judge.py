"""What was read against what stands there, by the definition of the acceptance checks: right, missing, wrong, silent.

A wrong figure is silent when no failed check names its cell or another of its table, no cell of its table is
unreadable and no flag is raised on its table.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Any

from parsers.report import Report, Semantic, Status
from tests.parsers.generator.model import Number


@dataclass(frozen=True)
class Judged:
    right: int
    missing: tuple[str, ...]
    """Paths that have a number in the source and none in the report."""
    unflagged: tuple[str, ...]
    """Those of `missing` about which nothing is raised."""
    wrong: tuple[tuple[str, frozenset[Number], Number], ...]
    silent: tuple[tuple[str, frozenset[Number], Number], ...]


def judge(report: Report, truth: Mapping[str, Set[Number]]) -> Judged:
    """`truth`: path -> the numbers that may be read there, none where the source has none.

    A figure of the report that `truth` does not name is wrong too: the source does not have it.
    """
    got = dict(_leaves(report.figures))
    doubted = {path for check in report.checks if check.status is Status.FAIL for path in check.cells}
    doubted |= {cell.path for cell in report.cells if cell.semantic is Semantic.UNREADABLE}
    raised = {path.split(".")[0] for path in doubted}
    raised |= {flag.split(":")[-1].split(".")[0] for flag in report.flags}
    right = 0
    missing: list[str] = []
    wrong: list[tuple[str, frozenset[Number], Number]] = []
    for path in {**dict.fromkeys(truth), **dict.fromkeys(got)}:
        have, want = got.get(path), truth.get(path, frozenset())
        if have is None:
            if want:
                missing.append(path)
            else:
                right += path in truth
        elif any(math.isclose(have, number, rel_tol=1e-9, abs_tol=1e-9) for number in want):
            right += 1
        else:
            wrong.append((path, frozenset(want), have))

    def is_raised(path: str) -> bool:
        return path in doubted or path.split(".")[0] in raised

    return Judged(
        right,
        tuple(missing),
        tuple(path for path in missing if not is_raised(path)),
        tuple(wrong),
        tuple(item for item in wrong if not is_raised(item[0])),
    )


def _leaves(node: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Number | None]]:
    for key, value in node.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{prefix}{key}.")
        elif not isinstance(value, (list, tuple)):
            yield f"{prefix}{key}", value
