"""Reports of nothing but prose read back from every carrier: each figure that a sentence says, and no other."""

from __future__ import annotations

import random

import pytest

from parsers import Source, parse
from tests.parsers.generator.carriers import CARRIERS
from tests.parsers.generator.judge import judge
from tests.parsers.generator.narrative import YEARS, invent

TOLD = [name for name in CARRIERS if not name.startswith("text_")] + ["text_tabs"]
"""A dump of prose is one and the same, whatever it does to tables."""
EACH = 3


@pytest.mark.parametrize("template", YEARS)
@pytest.mark.parametrize("carrier", TOLD)
def test_prose_reads_back(carrier: str, template: str) -> None:
    for number in range(EACH):
        rng = random.Random(f"narrative/{template}/{carrier}/{number}")
        report, truth = invent(template, rng)
        found = parse(Source(CARRIERS[carrier].render(report, rng)))
        outcome = judge(found, truth)
        assert (outcome.wrong, outcome.missing) == ((), ())
        assert (found.template.id, found.report_year, found.organ.name) == (template, report.year, report.organ)
        assert len([section for section in found.sections if section.key]) == 6
