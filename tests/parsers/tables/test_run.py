"""What a run of digits says without making every way to cut it, beside a list of all of them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import combinations

import pytest

from parsers.tables.found import Slot
from parsers.tables.run import Run
from parsers.tables.scattered import anywhere
from parsers.tables.ways import Assignment


def every_way(text: str, width: int, counts: range) -> list[Assignment]:
    found: list[Assignment] = []
    for figures in counts:
        for cuts in combinations(range(1, len(text)), figures - 1):
            pieces = [text[a:b] for a, b in zip((0, *cuts), (*cuts, len(text)), strict=True)]
            if all(len(piece) == 1 or (piece.isdecimal() and piece[0] not in "0０") for piece in pieces):
                slots = [Slot(piece, {"line": 1}) for piece in pieces]
                found.extend([tuple(slots)] if figures == width else anywhere(slots, width))
    return found


def value(slot: Slot | None) -> int:
    return int(slot.raw) if slot and slot.raw.isdecimal() else 0


def adds_up(way: Assignment, signed: Sequence[tuple[int, int]]) -> bool:
    return sum(sign * value(way[column]) for sign, column in signed) == 0


def drawn(rng: random.Random) -> tuple[str, int, range]:
    """A text, a width, how many figures it may make; many texts are rows that end with their total."""
    width = rng.randrange(2, 8)
    if rng.random() < 0.5:
        numbers = [rng.choice((0, 0, 1, 2, 5, 12, 30, 104)) for _ in range(width - 1)]
        text = "".join(map(str, (*numbers, sum(numbers))))[:11]
    else:
        text = "".join(rng.choices(rng.choice(("0001234", "0123456789", "012—7/无", "０1２")), k=rng.randrange(1, 11)))
    fewest = rng.choice((1, width)) if len(text) >= width else 1
    return text, width, range(fewest, min(width, len(text)) + 1)


@pytest.mark.parametrize("seed", range(8))
def test_it_is_the_list_of_every_way(seed: int) -> None:
    rng = random.Random(seed)
    asked = 0
    for _ in range(60):
        text, width, counts = drawn(rng)
        run, ways = Run(text, {"line": 1}, width, counts), every_way(text, width, counts)
        assert len(run) == len(ways)
        assert list(run) == ways
        for column in range(width if ways else 0):
            assert sorted(run.written(column)) == sorted(
                {slot.raw if slot else "" for slot in (w[column] for w in ways)}
            )
        first, last = sorted(rng.sample(range(width), 2)) if rng.random() < 0.4 else (0, width - 1)
        signed = [(1 if column == last else -1, column) for column in range(first, last + 1)]
        rng.shuffle(signed)
        left = run.balanced(signed)
        if left is not None:
            asked += 1
            assert list(left) == [way for way in ways if adds_up(way, signed)]
    assert asked > 30


def test_it_tells_the_first_way_and_how_many_without_making_any() -> None:
    run = Run("1" * 40, {"line": 1}, 7, range(7, 8))
    assert len(run) == 3_262_623
    assert [slot and slot.raw for slot in run[0]] == ["1"] * 6 + ["1" * 34]
    assert [len(set(run.written(column))) for column in (0, 6)] == [34, 34]


def test_a_sum_of_other_columns_is_left_to_who_has_them_all() -> None:
    run = Run("100010", {"line": 1}, 4, range(4, 5))
    assert run.balanced([(1, 0)]) is None
    assert run.balanced([(1, 0), (-1, 2)]) is None
    assert run.balanced([(1, 0), (-1, 1), (-1, 2), (-1, 3)]) is None
    assert [[s and s.raw for s in way] for way in run.balanced([(1, 3), (-1, 0), (-1, 1), (-1, 2)]) or ()] == [
        ["10", "0", "0", "10"]
    ]
