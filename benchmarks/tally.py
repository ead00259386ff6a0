"""Outcomes of many cases, added up for a table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field

from benchmarks.cases import Outcome


@dataclass
class Tally:
    reports: int = 0
    refused: int = 0
    right: int = 0
    missing: int = 0
    unflagged: int = 0
    """Missing without a word about it."""
    wrong: int = 0
    silent: int = 0
    faults: int = 0

    def add(self, outcome: Outcome) -> None:
        self.reports += 1
        if outcome.judged is None:
            self.refused += 1
            return
        self.faults += outcome.fault is not None
        self.right += outcome.judged.right
        self.missing += len(outcome.judged.missing)
        self.unflagged += len(outcome.judged.unflagged)
        self.wrong += len(outcome.judged.wrong)
        self.silent += len(outcome.judged.silent)

    @property
    def share_right(self) -> float:
        """Of all figures; wrong ones count, flagged or not."""
        return self.right / max(1, self.right + self.missing + self.wrong)


@dataclass
class Table:
    """One line for each key, and their sum."""

    title: str
    rows: dict[str, Tally] = field(default_factory=dict)

    def add(self, key: str, outcome: Outcome) -> None:
        self.rows.setdefault(key, Tally()).add(outcome)

    def total(self) -> Tally:
        total = Tally()
        for row in self.rows.values():
            for name, value in asdict(row).items():
                setattr(total, name, getattr(total, name) + value)
        return total

    def lines(self) -> Iterable[str]:
        width = max(map(len, [*self.rows, self.title]))
        columns = ("reports", "refused", "right", "missing", "unflagged", "wrong", "silent", "% right", "faults")
        yield f"{self.title:{width}}" + "".join(f"{name:>11}" for name in columns)
        for key, tally in [*self.rows.items(), ("all", self.total())]:
            counts = (
                tally.reports,
                tally.refused,
                tally.right,
                tally.missing,
                tally.unflagged,
                tally.wrong,
                tally.silent,
            )
            cells = "".join(f"{count:>11,}" for count in counts)
            yield f"{key:{width}}{cells}{100 * tally.share_right:>11.2f}{tally.faults:>11,}"

    def data(self) -> dict[str, dict[str, int]]:
        return {key: asdict(tally) for key, tally in self.rows.items()}
