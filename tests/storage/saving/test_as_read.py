"""The digest by which a reading is known again, and that whoever reads needs no database for it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import pytest

from parsers.report import Report, Section, TemplateUse
from storage.saving.as_read import as_read
from storage.saving.compare import SIDES, content_sha256
from tests.storage.synthetic import report

ONE = report(1)
Edit = Callable[[Report], Report]


def with_first(name: str, value: Any) -> Report:
    """The report with something else in the place of the first of its cells, checks …"""
    first, *rest = getattr(ONE, name)
    return replace(ONE, **{name: (value(first), *rest)})


OTHER: dict[str, Edit] = {
    "title": lambda one: replace(one, title=f"{one.title} "),
    "year": lambda one: replace(one, report_year=one.report_year + 1),
    "form": lambda one: replace(one, template=replace(one.template, id="e2019_v60x")),
    "text": lambda _: with_first("sections", lambda one: replace(one, text=f"{one.text}。")),
    "figure": lambda one: replace(one, figures={**one.figures, "new": {"total": 1}}),
    "blank": lambda _: with_first("cells", lambda one: one._replace(value=None)),
    "place": lambda _: with_first("cells", lambda one: one._replace(at={"table": 9, "row": 9, "column": 9})),
    "check": lambda _: with_first("checks", lambda one: one._replace(left=99)),
    "flag": lambda one: replace(one, flags=(*one.flags, "late")),
    "trust": lambda one: replace(one, trust={**one.trust, "requests": "unreadable"}),
    "label": lambda one: replace(one, unknown_labels=("一个新的",)),
}


@pytest.mark.parametrize("what", OTHER)
def test_another_reading_has_another_digest(what: str) -> None:
    assert as_read(OTHER[what](ONE)) != as_read(ONE)


def test_the_same_reading_by_other_code_has_the_same() -> None:
    derived = replace(ONE.derived, parser_version="x", template_version="y", fingerprint="z", made_of=("w",))
    use = TemplateUse(ONE.template.id, "another version", "known by something else")
    again = replace(report(1), derived=derived, template=use, source=replace(ONE.source, url="http://moved.gov.cn/"))
    assert as_read(again) == as_read(ONE)
    assert content_sha256(again.to_document()) == content_sha256(ONE.to_document())


def test_every_field_of_a_report_is_looked_at_or_says_by_what_it_was_read() -> None:
    for item in fields(Report):
        if item.name not in SIDES:
            assert as_read(replace(ONE, **{item.name: ("other",)})) != as_read(ONE), item.name  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["\ud800", 2**70])
def test_what_has_no_plain_form_has_no_digest(text: Any) -> None:
    assert as_read(replace(ONE, sections=(Section(0, None, "", text),))) is None


def test_who_reads_loads_no_driver() -> None:
    """A worker would take as long for it again as for all of its own code."""
    code = "import sys, storage.rerun.read, crawler.reading, parsers; sys.exit('pymongo' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
