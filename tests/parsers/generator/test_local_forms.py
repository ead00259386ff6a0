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
def test_a_local_form_in_text_reads_back_where_its_blanks_left_a_mark(carrier: str, form: str) -> None:
    """A row of which a blank is lost has no figures, and is flagged; of what is read as the national form's all is right."""
    report = invent(form, random.Random(f"{carrier}/{form}"))
    (sheet,) = report.sheets
    found = read(report, carrier, form)
    truth = {figure.value for figure in sheet.figures()}
    assert {cell.value for cell in found.cells if cell.value is not None} <= truth
    want = {line.labels[-1]: tuple(figure.value for figure in line.figures) for line in sheet.lines}
    rows = [row for table in found.figures.get("local_tables", ()) for row in table["rows"]]
    lost = [row for row in rows if want[row["label"]] != row["values"]]
    assert all(set(row["values"]) == {None} for row in lost)
    assert ("ambiguous_columns:local_tables" in found.flags) >= any(any(row["raw"]) for row in lost)
    assert len(rows) - len(lost) > 3 or carrier in UNREAD


UNREAD = ("text_glued", "text_pipes_broken")
"""Without anything between a label and its figures, and with labels broken at their units."""
