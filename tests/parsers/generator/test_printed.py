"""The same for PDF, as a real Chromium prints it: tables cut by pages, a page number at the foot of each."""

from __future__ import annotations

import random
import re

import pytest

from parsers import Source, parse
from tests.parsers.generator import printed
from tests.parsers.generator.judge import judge
from tests.parsers.generator.model import Invented
from tests.parsers.generator.reports import TEMPLATES, invent

WHY_NOT = printed.why_not()
pytestmark = [pytest.mark.browser, pytest.mark.skipif(WHY_NOT is not None, reason=WHY_NOT or "")]


PAPERS = dict(zip(TEMPLATES, ("small", "running head", "small", "running head"), strict=True))


@pytest.fixture(scope="session", params=TEMPLATES)
def paper(request: pytest.FixtureRequest) -> tuple[Invented, bytes]:
    """One report of each template with its print."""
    report = invent(request.param, random.Random(f"print/{request.param}"))
    return report, printed.page(report, printed.PAPERS[PAPERS[request.param]])


def test_a_printed_report_reads_back(paper: tuple[Invented, bytes]) -> None:
    report, content = paper
    found = parse(Source(content=content))
    outcome = judge(found, report.truth())
    assert (outcome.silent, outcome.wrong) == ((), ())
    assert len(outcome.missing) <= len(report.truth()) // 10
    assert (found.report_year, found.organ.name) == (report.year, report.organ)
    lines = [line.strip() for section in found.sections for line in section.text.splitlines()]
    assert not [line for line in lines if re.fullmatch(r"-\s*\d+\s*-", line)]
    assert lines.count(report.title) <= 1 and lines.count(report.organ) <= 1


def test_a_print_that_lost_its_end_is_never_read_wrong(paper: tuple[Invented, bytes]) -> None:
    """A page is gone: what stood on it is null, and its table says so."""
    report, content = paper
    outcome = judge(parse(Source(content=_without_last_page(content), title=report.title)), report.truth())
    assert outcome.silent == ()


def _without_last_page(content: bytes) -> bytes:
    import io

    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    if len(document) > 1:
        document.del_page(len(document) - 1)
    file = io.BytesIO()
    document.save(file)
    document.close()
    return file.getvalue()
