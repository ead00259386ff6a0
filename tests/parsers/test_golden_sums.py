"""What the golden reports are said to fail is what plain arithmetic over their figures says, without the parser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixtures.make import fixtures, read

APPLICANTS = ("natural_person", "business_enterprise", "research_institution", "public_welfare_org",
              "legal_service_org", "other_org")  # fmt: skip
BLOCKS = ("reconsideration", "litigation_direct", "litigation_after_reconsideration")
ENDS = ("upheld", "corrected", "other", "pending")
ITEMS = ("administrative_licensing", "other_external_services", "administrative_penalty", "administrative_coercion")
COUNTED = ("T3-ROW", "T3-COL", "T3-BAL", "T4-SUM", "T2A-NEW", "T2A-NEG", "T2A-CONF")


def broken(figures: dict[str, float | None]) -> Iterator[str]:
    """`rule where` for every rule of domain.md sections 2.1 to 2.4 that the figures break; blank counts as nothing."""

    def value(path: str) -> float:
        return figures.get(path) or 0

    rows = {path.removeprefix("requests.").rpartition(".")[0] for path in figures if path.startswith("requests.")}
    for row in rows:
        if value(f"requests.{row}.total") != sum(value(f"requests.{row}.{who}") for who in APPLICANTS):
            yield f"T3-ROW {row}"
    results = [row for row in rows if row.startswith("results.") and row != "results.total"]
    for who in (*APPLICANTS, "total"):
        if value(f"requests.results.total.{who}") != sum(value(f"requests.{row}.{who}") for row in results):
            yield f"T3-COL {who}"
        come = value(f"requests.received_new.{who}") + value(f"requests.carried_over.{who}")
        if come != value(f"requests.results.total.{who}") + value(f"requests.carried_forward.{who}"):
            yield f"T3-BAL {who}"
    for block in BLOCKS:
        if value(f"{block}.total") != sum(value(f"{block}.{end}") for end in ENDS):
            yield f"T4-SUM {block}"
    for row in ("rules", "normative_documents"):
        if value(f"proactive.{row}.disclosed_new") > value(f"proactive.{row}.disclosed_total"):
            yield f"T2A-NEW {row}"
    for row in ITEMS:
        now = value(f"proactive.{row}.items_prev_year") + value(f"proactive.{row}.items_change")
        if now < 0:
            yield f"T2A-NEG {row}"
        if f"proactive.{row}.items_change" in figures and now == value(f"proactive.{row}.decisions") != 0:
            yield f"T2A-CONF {row}"


@pytest.mark.parametrize("folder", fixtures(), ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_what_fails_is_what_arithmetic_says(folder: Path) -> None:
    expected = read(folder, "expected.json")
    said = {failed for failed in expected["failed"] if failed.split()[0] in COUNTED}
    assert said == set(broken(expected["figures"]))
