"""Golden reports of every template and carrier: whose, which year, every figure, every flag.

`tests/fixtures/<template>/<name>/`. The figures are those that people read in the published report. To add one write
`provenance.json` and `expected.json` with organ, report_year and figures, and run `python -m tests.fixtures.make`;
what the test then finds missing in `expected.json` it prints, to be looked over and added.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from parsers import Source, parse
from parsers.report import Report
from tests.fixtures.make import fixtures, page_of, read
from tests.parsers.generator.judge import judge

FOLDERS = fixtures()


def told(report: Report) -> dict[str, Any]:
    """What a fixture expects beside the figures."""
    return {
        "organ": report.organ.name,
        "report_year": report.report_year,
        "template": report.template.id,
        "scope": str(report.scope),
        "trust": dict(report.trust),
        "flags": sorted(report.flags),
        "sections": [section.key for section in report.sections if section.key],
        "failed": sorted({f"{check.rule} {check.where}" for check in report.checks if check.status == "fail"}),
    }


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_golden(folder: Path) -> None:
    expected, made = read(folder, "expected.json"), read(folder, "provenance.json")
    page = page_of(folder)
    report = parse(Source(content=page.read_bytes(), url=made.get("url"), title=made.get("title")))
    truth = {path: frozenset(() if value is None else (value,)) for path, value in expected["figures"].items()}
    outcome = judge(report, truth)
    assert (outcome.wrong, outcome.missing) == ((), ())
    assert told(report) == {name: expected.get(name) for name in told(report)}
    local = [row for table in report.figures.get("local_tables", ()) for row in table["rows"]]
    assert [[row["label"], row["unit"], list(row["values"])] for row in local] == expected.get("local", [])


def test_every_template_has_one_and_says_where_it_is_from() -> None:
    assert {folder.parent.name for folder in FOLDERS} == {
        "e2008_freeform", "e2014_stats", "e2014_narrative", "e2019_v60", "e2021_v30", "mixed"
    }  # fmt: skip
    assert {page_of(folder).suffix for folder in FOLDERS} >= {".html", ".txt", ".md", ".docx", ".xlsx", ".rtf", ".pdf"}
    for folder in FOLDERS:
        made = read(folder, "provenance.json")
        assert made["figures_from"] and made["made_by"]
