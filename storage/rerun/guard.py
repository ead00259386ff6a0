"""Before anything is written: does the rerun break more sums than it mends, and which, and where?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from storage.rerun.delta import Delta

MOST_PLACES = 20


@dataclass
class RuleTally:
    """One rule of the forms (T3-ROW …) over the whole rerun."""

    rule: str
    mended: int = 0
    broken: int = 0
    reports: int = 0
    """Reports in which it breaks."""
    places: list[str] = field(default_factory=list)
    """`410104/2020/own results.granted: pass -> fail`, the first of them."""


@dataclass(frozen=True)
class Verdict:
    mended: int
    broken: int
    rules: tuple[RuleTally, ...]
    """Those of which anything is mended or broken, the most broken first."""

    @property
    def is_regression(self) -> bool:
        return self.broken > self.mended


def judge(deltas: Iterable[tuple[str, Delta]]) -> Verdict:
    """(report id, delta) of everything that would be written -> the verdict."""
    rules: dict[str, RuleTally] = defaultdict(lambda: RuleTally(""))
    for report_id, delta in deltas:
        for moved in delta.mended:
            rules[moved.rule].mended += 1
        for moved in delta.broken:
            tally = rules[moved.rule]
            tally.broken += 1
            if len(tally.places) < MOST_PLACES:
                where = f" {moved.where}" if moved.where else ""
                tally.places.append(f"{report_id}{where}: {moved.old or 'absent'} -> {moved.new or 'absent'}")
        for rule in {moved.rule for moved in delta.broken}:
            rules[rule].reports += 1
    for rule, tally in rules.items():
        tally.rule = rule
    ordered = sorted(rules.values(), key=lambda tally: (-tally.broken, -tally.mended, tally.rule))
    return Verdict(sum(one.mended for one in ordered), sum(one.broken for one in ordered), tuple(ordered))
