"""A statistics table on a page or in a file of its own is read into its report (domain.md sections 1.2 and 3.4)."""

from __future__ import annotations

import io
import random
import zipfile
from dataclasses import replace

import pytest

from parsers import Attachment, Report, Source, parse
from tests.parsers.generator import html, word, workbook
from tests.parsers.generator.judge import judge
from tests.parsers.generator.model import Invented, Prose, Sheet
from tests.parsers.generator.reports import invent

PROSE = "本年度依法公开各类政府信息，办理结果及时答复申请人，未收取任何费用。" * 12
URL = "http://www.example.gov.cn/gknb/2.html"


def halves(seed: int = 3) -> tuple[Invented, Invented]:
    """A report of 2014 to 2018 without its form, and the form with its heading."""
    whole = invent("e2014_stats", random.Random(seed), traps=False)
    at = next(n for n, part in enumerate(whole.body) if isinstance(part, Sheet)) - 1
    return replace(whole, body=(*whole.body[:at], Prose(PROSE))), replace(whole, body=whole.body[at:])


def page(report: Invented) -> bytes:
    return html.page(report, html.STYLES["chrome"]).encode()


def read(report: Invented, *attachments: Attachment) -> Report:
    source = Source(page(report), "http://www.example.gov.cn/gknb/1.html", title=report.title, attachments=attachments)
    return parse(source)


def name(report: Invented, year: int | None = None) -> str:
    return f"{report.organ}{year or report.year}年政府信息公开情况统计表"


def test_the_table_of_another_page_is_the_reports() -> None:
    report, form = halves()
    found = read(report, Attachment(URL, name(form), page(form), "text/html"))
    outcome = judge(found, form.truth())
    assert (outcome.wrong, outcome.missing) == ((), ())
    assert found.template.id == "e2014_stats" and "table_missing:statistics" not in found.flags
    assert {cell.at["attachment"] for cell in found.cells if cell.at and "table" in cell.at} == {URL}
    assert [(use.url, use.role) for use in found.source.attachments] == [(URL, "table")]
    assert found.trust["statistics"] == "verified"
    assert found.title == report.title


def test_it_is_part_of_what_the_report_was_made_from() -> None:
    report, form = halves()
    one = read(report, Attachment(URL, name(form), page(form)))
    other = read(report, Attachment(URL, name(form), page(form) + b"<!-- -->"))
    assert one.derived.fingerprint != other.derived.fingerprint


@pytest.mark.parametrize("called", ["附件1：统计表.xlsx", "附件.xlsx", "附件下载", "2.xlsx"])
def test_a_file_behind_the_page_is_one_too(called: str) -> None:
    report, form = halves()
    found = read(report, Attachment("http://www.example.gov.cn/f/2.xlsx", called, workbook.page(form)))
    assert judge(found, form.truth()).missing == ()


def test_a_word_file_never_stands_for_the_page_beside_it() -> None:
    """The page is only a cover; the report is the PDF-less Word file and not the table, whatever stands first."""
    report, form = halves()
    cover = replace(report, body=(Prose(report.title, heading=True), Prose("详见附件。")))
    found = read(
        cover,
        Attachment("http://www.example.gov.cn/f/1.docx", name(form) + ".docx", word.page(form)),
        Attachment("http://www.example.gov.cn/f/2.docx", report.title + ".docx", word.page(report)),
    )
    assert judge(found, form.truth()).missing == ()
    assert {use.name: use.role for use in found.source.attachments} == {
        name(form) + ".docx": "table",
        report.title + ".docx": "report",
    }
    assert len(found.sections) > 3


def archive(files: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        for called, content in files.items():
            packed.writestr(called, content)
    return file.getvalue()


def test_a_table_beside_the_report_in_one_archive() -> None:
    report, form = halves()
    files = {"年报/附件1.统计表.xlsx": workbook.page(form), f"年报/{report.title}.docx": word.page(report)}
    found = parse(Source(archive(files), title=report.title))
    outcome = judge(found, form.truth())
    assert (outcome.wrong, outcome.missing) == ((), ())
    (place,) = {cell.at["attachment"] for cell in found.cells if cell.at and "table" in cell.at}
    assert [(use.name, use.role) for use in found.source.attachments if use.url == place] == [
        ("附件1.统计表.xlsx", "table")
    ]
    assert len(found.sections) > 3


def test_an_archive_behind_its_page_is_looked_through_as_well() -> None:
    report, form = halves()
    cover = replace(report, body=(Prose(report.title, heading=True), Prose("详见附件。")))
    files = {f"{report.title}.docx": word.page(report), "附表.xlsx": workbook.page(form)}
    found = read(cover, Attachment("http://www.example.gov.cn/f/1.zip", "附件.zip", archive(files)))
    assert judge(found, form.truth()).missing == ()


def test_what_else_an_archive_holds_is_no_table_of_the_report() -> None:
    report, form = halves()
    other = replace(form, body=(Prose(f"统计表（{form.year - 1}年度）", heading=True), *form.body[1:]))
    for called, content in (
        ("附表.xlsx", workbook.page(other)),
        ("说明.xlsx", workbook.page(form)),
        ("附表.xlsx", b"PK"),
    ):
        found = parse(Source(archive({f"{report.title}.docx": word.page(report), called: content}), title=report.title))
        assert not [cell for cell in found.cells if "table" in (cell.at or {})]


@pytest.mark.parametrize("said", ["name", "page"])
def test_a_table_of_another_year_is_not(said: str) -> None:
    report, form = halves()
    other = replace(form, body=(Prose(f"政府信息公开情况统计表（{form.year - 1}年度）", heading=True), *form.body[1:]))
    called = name(form, form.year - 1) if said == "name" else "附件：统计表"
    found = read(report, Attachment(URL, called, page(other if said == "page" else form)))
    assert not [cell for cell in found.cells if "table" in (cell.at or {})]


def test_a_table_in_the_report_itself_stands() -> None:
    """The same form on a page of its own as well: the report's own is read, the other is an annex."""
    whole = invent("e2014_stats", random.Random(3), traps=False)
    _, other = halves(4)
    found = read(whole, Attachment(URL, name(whole), page(other)))
    assert judge(found, whole.truth()).wrong == ()
    assert not [cell for cell in found.cells if cell.at and "attachment" in cell.at]


def test_a_local_form_on_its_own_page_is_kept_with_its_place() -> None:
    """Shanghai's 指标统计附表 (domain.md section 1.1)."""
    report, _ = halves()
    rows = "".join(f"<tr><td>{label}</td><td>条</td><td>{number}</td></tr>" for label, number in LOCAL)
    form = f"<h1>指标统计附表</h1><table><tr><td>指标名称</td><td>计量单位</td><td>统计数</td></tr>{rows}</table>"
    content = f"<html><body><div id='zoom'>{form}</div></body></html>".encode()
    found = read(report, Attachment(URL, f"{report.organ}{report.year}年政府信息公开指标统计附表", content))
    (table,) = found.figures["local_tables"]
    assert [row["values"] for row in table["rows"]] == [(number,) for _, number in LOCAL]
    assert table["attachment"] == URL


LOCAL = (
    ("主动公开信息数", 812),
    ("其中：全文电子化的主动公开信息数", 800),
    ("依申请公开信息目录数", 4),
    ("申请总数", 31),
)
