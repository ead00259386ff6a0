"""Signs of life of a run."""

from __future__ import annotations

from crawler.pulse import pause_after


def test_a_young_run_gives_more_signs_of_life() -> None:
    assert [pause_after(seconds) for seconds in (0.0, 1.0, 2.5, 60.0)] == [1.0, 1.0, 2.5, 5.0]
