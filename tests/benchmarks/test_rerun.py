"""`make bench-rerun` on a handful of reports: it runs, measures what it says, and leaves nothing behind."""

from __future__ import annotations

import os

import pytest

from benchmarks.rerun_figures import Figures, growth
from benchmarks.rerun_measure import of_size
from tests.storage.rerun.site import Here


def test_a_small_archive_is_measured(server_uri: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = os.environ.get("NIANBAO_CONFIG")
    found = of_size(12, server_uri, Here().hire)
    told = capsys.readouterr().out
    assert "selecting 6 that are out of date" in told and "selecting again: 0 left" in told
    assert "rerun of all, nothing changed: 12" in told
    assert 0 < found.values["outside the parser, share"] < 1
    assert found.values["rerun of all, nothing changed, reports/s"] > 0
    assert found.values["parallel efficiency on two workers, share"] > 0
    assert found.values["peak memory of this process, MB"] > 10
    assert os.environ.get("NIANBAO_CONFIG") == before


def test_growth_and_targets_are_told() -> None:
    small = Figures(2000, {"selecting, s": 0.5, "outside the parser, share": 0.2, "disk, KB a report": 40.0})
    large = Figures(20000, {"selecting, s": 2.5, "outside the parser, share": 0.25, "disk, KB a report": 40.0})
    lines = growth(small, large)
    assert lines[0].endswith("x 10.0")
    assert [line.split()[-1] for line in lines[1:]] == ["5.00", "1.25", "1.00"]
    assert [line.rpartition(": ")[2] for line in large.verdicts()] == ["MISSED", "kept"]
