"""What sentences count in words that no pattern knows stands on the report's page and in `show`, the clauses one by one."""

from __future__ import annotations

import io

import httpx
from rich.console import Console

from nianbao.ui.report import show_report
from nianbao.web.archive import WebArchive

NARRATIVE = "445300-bgs/2015/joint"


def test_a_report_shows_what_was_not_understood(web: httpx.Client, archive: WebArchive) -> None:
    report = archive.report(NARRATIVE)
    assert report is not None
    clauses = [one["text"] for one in report["unread"]]
    assert clauses
    assert "facts_unread:statistics" in report["flags"]

    page = web.get(f"/reports/{NARRATIVE}").text
    assert all(f"<li><bdi>{clause}</bdi></li>" in page for clause in clauses)

    printed = io.StringIO()
    show_report(Console(file=printed, width=200), report)
    shown = "".join(printed.getvalue().split())
    assert all(clause in shown for clause in clauses)
