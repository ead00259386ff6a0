"""A damaged report is never read as another one: right, or null, or flagged. `make accuracy` tries 10,000 cases."""

from __future__ import annotations

import pytest

from benchmarks.cases import run
from tests.parsers.mutations.registry import MUTATIONS, UNNOTICEABLE

EACH = 12


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_damage_is_never_read_silently(mutation: str) -> None:
    tried = 0
    for number in range(EACH):
        outcome = run(f"damage/{mutation}/{number}", seed="ci")
        if outcome is None or outcome.judged is None:
            continue
        tried += 1
        assert outcome.judged.silent == (), outcome.name
    assert tried


def test_what_is_left_out_is_left_out_for_a_reason() -> None:
    assert {mutation for mutation, _ in UNNOTICEABLE} <= set(MUTATIONS)
    assert all(why for why in UNNOTICEABLE.values())
