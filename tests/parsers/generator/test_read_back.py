"""Every carrier reads back what it holds: identical figures where it keeps everything, else null and flagged."""

from __future__ import annotations

import pytest

from benchmarks.cases import run
from tests.parsers.generator.carriers import CARRIERS
from tests.parsers.generator.reports import TEMPLATES

EACH = 2
"""Reports for each template and carrier; `make accuracy` reads thousands."""
BY_SUMS = {"text_air"}
"""Keeps every cell, but says so only by gaps: where a form has few figures the gaps cannot be measured."""


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("carrier", CARRIERS)
def test_a_report_reads_back(carrier: str, template: str) -> None:
    for number in range(EACH):
        outcome = run(f"report/{template}/{carrier}/{number}", seed="ci")
        assert outcome is not None
        assert outcome.judged is not None, outcome.fault
        assert outcome.judged.silent == ()
        if CARRIERS[carrier].keeps and carrier not in BY_SUMS:
            assert (outcome.judged.missing, outcome.judged.wrong, outcome.fault) == ((), (), None)
