"""Figures that lost their blanks: what is counted is what a list of all ways would say."""

from __future__ import annotations

import random
from itertools import combinations

import pytest

from parsers.tables.found import Slot
from parsers.tables.numbers import read
from parsers.tables.scattered import Scattered, anywhere
from parsers.tables.ways import Assignment, Signed

TABLE_FOUR = ((0, 4), (5, 9), (10, 14))


def every_way(figures: list[Slot], width: int) -> list[Assignment]:
    found: list[Assignment] = []
    for places in combinations(range(width), len(figures)):
        row: list[Slot | None] = [None] * width
        for place, slot in zip(places, figures, strict=True):
            row[place] = slot
        found.append(tuple(row))
    return found


def total_of(first: int, last: int, rng: random.Random) -> Signed:
    signed = [(1 if column == last else -1, column) for column in range(first, last + 1)]
    rng.shuffle(signed)
    return signed


def adds_up(way: Assignment, signed: Signed) -> bool:
    values = [(sign, way[column]) for sign, column in signed]
    return not sum(sign * (read(slot.raw).value or 0) for sign, slot in values if slot)


def is_the_list(counted: Scattered, ways: list[Assignment]) -> None:
    assert len(counted) == len(ways)
    assert list(counted) == ways
    for column in range(counted.width if ways else 0):
        said = {slot.raw if slot else "" for slot in (way[column] for way in ways)}
        assert sorted(counted.written(column)) == sorted(said)
    if ways:
        assert counted[0] == ways[0]


@pytest.mark.parametrize("seed", range(6))
def test_it_is_the_list_of_every_way_under_every_sum(seed: int) -> None:
    rng = random.Random(seed)
    cut = 0
    for _ in range(25):
        width, sums = rng.choice(((7, ((0, 6),)), (15, TABLE_FOUR), (9, ((2, 6),)), (8, ((0, 2), (5, 7)))))
        texts = [rng.choice(("0", "0", "/", "1", "1", "2", "3")) for _ in range(rng.randrange(1, 6))]
        figures = [Slot(text, {"line": line}) for line, text in enumerate(texts)]
        counted, ways = Scattered(figures, width), every_way(figures, width)
        is_the_list(counted, ways)
        for first, last in rng.sample(sums, len(sums)):
            signed = total_of(first, last, rng)
            left = counted.balanced(signed)
            ways = [way for way in ways if adds_up(way, signed)]
            assert isinstance(left, Scattered)
            is_the_list(left, ways)
            cut += 0 < len(left) < len(counted)
            counted = left
    assert cut > 5


def test_eight_noughts_in_table_four_are_not_laid_out() -> None:
    row = anywhere([Slot("0", {"line": 1})] * 8, 15)
    assert isinstance(row, Scattered) and row.is_nought and len(row) == 6435
    for first, last in TABLE_FOUR:
        assert row.balanced(total_of(first, last, random.Random(0))) is row
    assert "all" not in vars(row)


def test_what_has_no_place_has_no_way() -> None:
    slots = [Slot("1", {"line": 1})] * 30
    assert anywhere(slots, 29) == []
    assert anywhere(slots[:15], 30) == [], "155 million ways are not looked at"


def test_sums_that_share_columns_are_left_to_who_has_them_all() -> None:
    rng = random.Random(0)
    left = Scattered([Slot("1", None), Slot("1", None)], 5).balanced(total_of(0, 2, rng))
    assert isinstance(left, Scattered)
    assert left.balanced(total_of(2, 4, rng)) is None
    assert left.balanced([(1, 4)]) is None
