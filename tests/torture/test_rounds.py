"""Two rounds of `make torture`, with a seed of few kills: a crawler is killed, and a database is, twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.torture.rounds import Victim, torture


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_killed_at_random_points_nothing_is_lost_and_nothing_is_there_twice(tmp_path: Path) -> None:
    told = torture([Victim.CRAWLER, Victim.DATABASE], seed=8, folder=tmp_path)
    assert told.rounds == 2
    assert told.kills.total() >= 3
    assert told.acknowledged > 20
