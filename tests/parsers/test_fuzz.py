"""Spoiled files of every kind give a report or a plain refusal. `make fuzz` tries a hundred thousand."""

from __future__ import annotations

import pytest

from benchmarks.corpus import files
from benchmarks.fuzz import PICTURES, make, outcome

EACH = 12
KINDS = [kind for kind in files() if kind not in PICTURES]


@pytest.mark.parametrize("kind", KINDS)
def test_spoiled_files(kind: str) -> None:
    for number in range(EACH):
        told = outcome(make(number, seed=2026, kind=kind)[1])
        assert not told.startswith("crash"), f"input {number}: {told}"


def test_every_kind_of_carrier_is_tried() -> None:
    assert len(KINDS) >= 9, KINDS
