"""How often a run writes its counts into its record: what is killed leaves no more behind than its last sign of life."""

from __future__ import annotations

LONGEST_PAUSE = 5.0
"""Seconds between two signs of life."""


def pause_after(seconds: float) -> float:
    """Until the next sign of life of a run that has lasted so long: a young one gives more, for it has told nothing yet."""
    return min(LONGEST_PAUSE, max(1.0, seconds))
