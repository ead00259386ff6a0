"""The figures of one size of archive, which of them have a target, and how they grow from one size to the next."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Target:
    figure: str
    most: float
    unit: str


TARGETS = (
    Target("selecting, s", 2.0, "s"),
    Target("outside the parser, share", 0.30, ""),
)


@dataclass
class Figures:
    """Name -> value, in the order in which they were measured."""

    reports: int
    values: dict[str, float] = field(default_factory=dict)

    def note(self, name: str, value: float) -> None:
        self.values[name] = value

    def verdicts(self) -> list[str]:
        """A line for each target."""
        lines = []
        for target in TARGETS:
            value = self.values.get(target.figure)
            if value is not None:
                word = "kept" if value <= target.most else "MISSED"
                lines.append(f"{target.figure:45} {value:.2f}, target at most {target.most:g} {target.unit}: {word}")
        return lines


def growth(small: Figures, large: Figures) -> list[str]:
    """A line for each figure: what it was, what it is, by how much it grew while the archive grew."""
    lines = [f"{'':45} {small.reports:>12,} {large.reports:>12,}      x {large.reports / small.reports:.1f}"]
    for name, before in small.values.items():
        after = large.values.get(name)
        if after is not None:
            grew = f"x {after / before:.2f}" if before else "–"
            lines.append(f"{name:45} {before:>12,.2f} {after:>12,.2f}      {grew}")
    return lines
