"""Whatever is put into `nianbao parse`: one JSON document, one clear line, no traceback, no hang."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.nianbao.conftest import CommandLine

REPORT = """<html><head><meta charset="{charset}"><title>示例县水利局2020年政府信息公开工作年度报告</title></head>
<body><h1>示例县水利局2020年政府信息公开工作年度报告</h1>
<p>根据《中华人民共和国政府信息公开条例》，现公布示例县水利局2020年政府信息公开工作年度报告。</p>
<p>一、总体情况</p><p>2020年本机关依法做好政府信息公开工作。</p>
<p>二、主动公开政府信息情况</p><p>无。</p>
<p>三、收到和处理政府信息公开申请情况</p><p>2020年未收到政府信息公开申请。</p>
<p>四、政府信息公开行政复议、行政诉讼情况</p><p>无。</p>
<p>五、存在的主要问题及改进情况</p><p>继续努力。</p>
<p>六、其他需要报告的事项</p><p>无。</p></body></html>"""


def empty() -> bytes:
    return b""


def blank() -> bytes:
    return b" \r\n\t" * 1000


def rubbish() -> bytes:
    return random.Random(20261122).randbytes(300_000)


def zeros() -> bytes:
    return bytes(200_000)


def page_of_50_megabytes() -> bytes:
    paragraph = "<p>政府信息公开工作年度报告</p>\n".encode()
    return b"<html><body>" + paragraph * (50 * 2**20 // len(paragraph)) + b"</body></html>"


def ten_thousand_nested_tables() -> bytes:
    return b"<html><body>" + b"<table><tr><td>" * 10_000 + b"1" + b"</td></tr></table>" * 10_000


def cut_off_pdf() -> bytes:
    return b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n" + bytes(500)


def cut_off_docx() -> bytes:
    return b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00word/document.xml" + bytes(400)


def entity_bomb() -> bytes:
    rounds = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    return f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "年">{rounds}]><x>&a11;</x>'.encode()


def half_a_surrogate() -> bytes:
    return "<html><title>年报</title><body>".encode() + b"\xed\xa0\x80" + "政府信息公开 &#xD800;".encode()


@pytest.mark.parametrize(
    "content",
    [
        empty,
        blank,
        rubbish,
        zeros,
        page_of_50_megabytes,
        ten_thousand_nested_tables,
        cut_off_pdf,
        cut_off_docx,
        entity_bomb,
        half_a_surrogate,
    ],
)
def test_bad_input_gets_one_document_and_one_line(
    nianbao: CommandLine, tmp_path: Path, content: Callable[[], bytes]
) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(content())

    done = nianbao("parse", page, "--json")

    (document,) = done.documents
    kind = "unreadable" if done.code else "not_a_report"
    assert document[kind] is True
    assert document["reason"]
    assert done.code in (0, 1)
    assert (str(page) in done.err) == (done.code == 1)
    assert not nianbao.home.exists(), "parse needs no archive and must make none"


def test_an_empty_file_is_told_from_a_page_that_is_no_report(nianbao: CommandLine, tmp_path: Path) -> None:
    page = tmp_path / "empty.html"
    page.touch()

    done = nianbao("parse", page)

    assert done.code == 1
    assert "empty" in done.err


@pytest.mark.parametrize(("written", "claimed"), [("gb18030", "utf-8"), ("utf-8", "gb2312")])
def test_a_page_that_lies_about_its_charset_is_read(
    nianbao: CommandLine, tmp_path: Path, written: str, claimed: str
) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(REPORT.format(charset=claimed).encode(written))

    (document,) = nianbao("parse", page, "--json").documents

    assert document["organ"]["name"] == "示例县水利局"
    assert document["report_year"] == 2020


def test_a_pdf_named_html_is_read_as_a_pdf(nianbao: CommandLine, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(small_pdf())

    (document,) = nianbao("parse", page, "--json").documents

    assert document["not_a_report"] is True, document


def small_pdf() -> bytes:
    """One page that says Hello, with a right cross-reference table."""
    text = b"BT /F1 24 Tf 72 720 Td (Hello) Tj ET"
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    count = len(bodies) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, table)
    return out + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, out.rindex(b"xref"))
