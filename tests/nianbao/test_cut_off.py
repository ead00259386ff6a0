"""What `nianbao runs` says of a run that was killed: what it last told, as that, and never `0 pages, 0.0 s`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from nianbao.commands.runs import _known
from storage.runs import CUT_OFF
from storage.shape.records import RunRecord, RunState

BEGAN = datetime(2026, 1, 20, 4, 0, tzinfo=UTC)


def a_run(seconds: float, counts: dict[str, int], message: str = CUT_OFF) -> RunRecord:
    until = BEGAN + timedelta(seconds=seconds)
    state = RunState.INTERRUPTED
    return RunRecord("r", "2026-01", "crawl", {}, BEGAN, until, until, state, counts, 0, message, "here", 1, 1.0)


@pytest.mark.parametrize(
    ("run", "took", "counted"),
    [
        (a_run(0.0, {}), "? 未知", "cut off before it counted anything 被切断; what it stored is kept"),
        (
            a_run(7.0, {"pages": 12, "reports_new": 3}),
            "≥ 7.0 s",
            "cut off 被切断, at least 12 pages, 3 reports (3 new), 0 problems; what it stored is kept",
        ),
        (a_run(7.0, {"pages": 12}, "stopped before the end"), "7.0 s", "12 pages, 0 reports, 0 problems"),
    ],
)
def test_a_run_that_was_killed_tells_what_it_last_knew(run: RunRecord, took: str, counted: str) -> None:
    assert _known(run) == (took, counted)
