"""The judge counts as the acceptance checks do."""

from __future__ import annotations

import random

from parsers import Source, parse
from tests.parsers.generator import html
from tests.parsers.generator.judge import judge
from tests.parsers.generator.reports import invent
from tests.shared import scorer


def test_the_judge_and_the_acceptance_checks_agree() -> None:
    report = invent("e2019_v60", random.Random(7))
    truth = report.truth()
    found = parse(Source(content=html.page(report, html.STYLES["plain"]).encode()))
    # Some figures are wrong on purpose, in a table that nothing is said about and in one that is flagged.
    gold = {path: next(iter(numbers), None) for path, numbers in truth.items()}
    for path in ("proactive.rules.made_new", "reconsideration.total", "requests.received_new.total"):
        gold[path] = 4711
    right, missing, wrong, silent, _ = scorer()({"figures": gold}, found.to_document())
    outcome = judge(found, {path: frozenset() if n is None else frozenset({n}) for path, n in gold.items()})
    assert outcome.right == len(right)
    assert set(outcome.missing) == {path for path, *_ in missing}
    assert {path for path, *_ in outcome.wrong} == {path for path, *_ in wrong}
    assert {path for path, *_ in outcome.silent} == set(silent)


def test_a_figure_that_the_source_does_not_have_is_wrong() -> None:
    report = invent("e2021_v30", random.Random(3))
    found = parse(Source(content=html.page(report, html.STYLES["plain"]).encode()))
    assert judge(found, {}).right == 0
    assert judge(found, {}).wrong
