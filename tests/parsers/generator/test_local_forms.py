"""Forms of a province's own read back from every carrier that has tables: each label with its unit and its figures."""

from __future__ import annotations

import random

import pytest

from parsers import Report, Source, parse
from tests.parsers.generator.carriers import CARRIERS
from tests.parsers.generator.local_forms import FORMS, invent
from tests.parsers.generator.model import Invented

TABLED = [name for name in CARRIERS if not name.startswith("text_")]
FLAT = [name for name in CARRIERS if name.startswith("text_")]


def read(report: Invented, carrier: str, seed: str) -> Report:
    return parse(Source(CARRIERS[carrier].render(report, random.Random(seed)), title=report.title))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("carrier", TABLED)
def test_a_local_form_reads_back(carrier: str, form: str) -> None:
    report = invent(form, random.Random(f"{carrier}/{form}"))
    (sheet,) = report.sheets
    found = read(report, carrier, form)
    (table,) = found.figures["local_tables"]
    have = [(row["label"], row["unit"], row["values"]) for row in table["rows"]]
    assert have == [
        (line.labels[-1], line.unit, tuple(figure.value for figure in line.figures)) for line in sheet.lines
    ]
    if form == "shanghai":
        assert [row["code"] for row in table["rows"]] == [line.labels[0] for line in sheet.lines]
    assert [cell for cell in found.cells if "table" in (cell.at or {})] == []


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("carrier", FLAT)
def test_a_local_form_without_its_table_is_taken_for_no_other(carrier: str, form: str) -> None:
    """Its labels stand in text beside figures: what of it is read as the national form's must be right."""
    report = invent(form, random.Random(f"{carrier}/{form}"))
    found = read(report, carrier, form)
    truth = {figure.value for figure in report.sheets[0].figures()}
    assert {cell.value for cell in found.cells if cell.value is not None} <= truth
