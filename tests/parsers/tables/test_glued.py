"""Digits that ran together: a run that is too long is no row, and costs nothing."""

from __future__ import annotations

import pytest

from parsers.tables import glued
from parsers.tables.found import Slot
from parsers.tables.glued import split_digits


def test_every_split_of_a_short_run() -> None:
    found = split_digits([Slot("170", None)], 2, False)
    assert [[slot.raw for slot in row if slot is not None] for row in found] == [["1", "70"], ["17", "0"]]


@pytest.mark.parametrize("width", [2, 3, 7])
def test_a_run_of_two_hundred_digits_is_not_even_cut(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut(piece: str) -> bool:
        raise AssertionError(f"looked at {piece}")

    monkeypatch.setattr(glued, "_is_figure", cut)
    for blanks_lost in (False, True):
        assert split_digits([Slot("1" * 201, None)], width, blanks_lost) == []
