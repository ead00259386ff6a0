"""One invented report, rendered and perhaps damaged, parsed and judged: all of it from a name, so that it can be repeated.

`report/e2019_v60/html_word/7` is the eighth report of that template in that carrier, `damage/delete a cell/150` the
151st case of that mutation; with a seed both are always the same.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from parsers import Source, parse
from parsers.errors import ParseError
from tests.parsers.generator.carriers import CARRIERS
from tests.parsers.generator.judge import Judged, judge
from tests.parsers.generator.model import Number
from tests.parsers.generator.reports import TEMPLATES, invent
from tests.parsers.mutations.registry import MUTATIONS, unnoticeable

Truth = dict[str, frozenset[Number]]


@dataclass(frozen=True)
class Case:
    name: str
    template: str
    carrier: str
    mutation: str | None
    content: bytes
    title: str
    year: int
    truth: Truth


@dataclass(frozen=True)
class Outcome:
    name: str
    template: str
    carrier: str
    mutation: str | None
    judged: Judged | None
    """None where the parser refused the file."""
    fault: str | None = None
    """The refusal, or what of the identity is wrong."""


def make(name: str, seed: int | str = 0) -> Case | None:
    """The case of that name; None where the mutation does not apply to the report that was drawn."""
    kind, *rest = name.split("/")
    if kind == "report":
        template, carrier, _ = rest
        rng = random.Random(f"{seed}/{name}")
        report = invent(template, rng)
        content = CARRIERS[carrier].render(report, rng)
        return Case(name, template, carrier, None, content, "", report.year, report.truth())
    mutation, _ = rest
    rng = random.Random(f"{seed}/{name}")
    template, carrier = rng.choice(TEMPLATES), rng.choice(list(CARRIERS))
    if unnoticeable(mutation, carrier):
        return None
    report = invent(template, rng)
    damaged = MUTATIONS[mutation].apply(report, CARRIERS[carrier], rng)
    if damaged is None:
        return None
    # The list page knows the title, also when the damage took it off the page.
    return Case(name, template, carrier, mutation, damaged[0], report.title, report.year, damaged[1])


def judged(case: Case) -> Outcome:
    try:
        report = parse(Source(content=case.content, title=case.title or None))
    except ParseError as error:
        return Outcome(case.name, case.template, case.carrier, case.mutation, None, f"refused: {error.reason}")
    fault = None
    if case.mutation is None and report.report_year != case.year:
        fault = f"year {report.report_year}, not {case.year}"
    elif case.mutation is None and report.template.id != case.template:
        fault = f"template {report.template.id}"
    return Outcome(case.name, case.template, case.carrier, case.mutation, judge(report, case.truth), fault)


def run(name: str, seed: int | str = 0) -> Outcome | None:
    case = make(name, seed)
    return None if case is None else judged(case)


def names(damages: int, reports: int) -> list[str]:
    """`damages` cases over all mutations in turn, `reports` whole reports for each template and carrier."""
    whole = [
        f"report/{template}/{carrier}/{number}"
        for carrier in CARRIERS
        for template in TEMPLATES
        for number in range(reports)
    ]
    kinds = list(MUTATIONS)
    return [*whole, *(f"damage/{kinds[number % len(kinds)]}/{number // len(kinds)}" for number in range(damages))]
