"""The speed of flattened texts is measured for every layout and form that is asked for."""

from __future__ import annotations

import pytest

from benchmarks.text_speed import main


def test_every_text_is_read_and_the_dearest_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--each", "1", "--readings", "1", "--only", "glued"]) in (0, 1)
    layout, last = capsys.readouterr().out.strip().splitlines()
    assert layout.startswith("text_glued") and " 4 texts, " in layout
    assert last.startswith("All 4: median ") and "/text_glued/0)" in last
