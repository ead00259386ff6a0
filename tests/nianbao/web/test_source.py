"""Copies of archived pages: every figure's place is where the report says, and nothing of the page can act."""

from __future__ import annotations

import re

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

from nianbao.sample.portal import SITE
from nianbao.web.archive import WebArchive
from nianbao.web.source.carrier import carriers
from nianbao.web.source.html_view import html_view
from nianbao.web.source.pdf_view import pdf_view
from nianbao.web.source.places import Places
from nianbao.web.source.workshop import CannotShow, Workshop
from parsers.chinese import simplify
from storage.archive import Archive
from storage.base import Doc
from tests.nianbao.web import fates
from tests.nianbao.web.stock import HONGZE

_NOTHING = Places()


def copy(web: httpx.Client, report: Doc) -> LexborHTMLParser:
    number = next(file.number for file in carriers(report) if file.is_read)
    answer = web.get(f"/reports/{report['_id']}/source/{number}")
    assert answer.status_code == 200
    return LexborHTMLParser(answer.text)


def marked(tree: LexborHTMLParser, path: str) -> str | None:
    """What the mark of a figure encloses, without white space; None where it has none."""
    found = [node for node in tree.css("i[id]") if node.attributes["id"] == path]
    if not found:
        return None
    assert len(found) == 1, path
    holder = found[0].parent
    assert holder is not None and "nb-cell" in (holder.attributes.get("class") or ""), path
    return "".join(holder.text().split())


def test_every_figure_of_every_report_is_marked_at_its_place(web: httpx.Client, archive: WebArchive) -> None:
    count = 0
    for row in archive.shelf.rows:
        if row.id == HONGZE:
            continue  # a PDF has boxes: see below
        report = archive.report(row.id)
        assert report is not None
        tree = copy(web, report)
        for cell in report["cells"]:
            if not cell["at"]:
                continue
            words = marked(tree, cell["path"])
            assert words is not None, (row.id, cell)
            assert "".join(cell["raw"].split()) in simplify(words), (row.id, cell)
            count += 1
        assert "未能找到" not in tree.css_first("main").text()
    assert count > 2500


def test_a_pdf_without_boxes_says_so() -> None:
    content = (SITE / "zwgk/zfxxgk/zfxxgknb/202401/P020240131_2001.pdf").read_bytes()
    cells = [{"path": "a.b", "at": {"page": 2}}, {"path": "a.c", "at": {"start": 3, "end": 5}}]
    page = pdf_view(content, Places.of(cells), lambda number: f"{number}.png").decode()
    assert "1 个数据只知道在哪一页，没有位置框" in page
    assert "places of 1 figures were not found" in page
    boxed = [{"path": "a.b", "at": {"page": 1, "box": [1, 2, 3, 4]}}]
    assert "nb-note" not in pdf_view(content, Places.of(boxed), str).decode().partition("</style>")[2]


def test_the_boxes_on_a_pdf_page_hold_their_figures(web: httpx.Client, archive: WebArchive) -> None:
    """What PDFium finds inside the box is what the report read, and nothing else."""
    import pypdfium2 as pdfium

    report = archive.report(HONGZE)
    assert report is not None
    file = next(one for one in carriers(report) if one.is_read)
    assert file.raw_sha256 is not None
    pdf = pdfium.PdfDocument(Archive(archive.db).raw.content(file.raw_sha256))
    tree = copy(web, report)
    pages = tree.css("svg")
    raw = {cell["path"]: cell["raw"] for cell in report["cells"] if cell["at"]}
    boxed = 0
    for number, svg in enumerate(pages):
        text = pdf[number].get_textpage()
        height = pdf[number].get_height()
        for box in svg.css("rect"):
            x, y, width, tall = (float(box.attributes[name] or "") for name in ("x", "y", "width", "height"))
            inside = text.get_text_bounded(x + 2, height - y - tall + 2, x + width - 2, height - y - 2)
            assert "".join(inside.split()) == "".join(raw[box.attributes["id"] or ""].split()), box.attributes
            boxed += 1
    assert boxed == len(raw)
    pdf.close()


@pytest.mark.parametrize(
    "markup",
    [
        "<p><script>x()</script>字</p>",
        "<p onclick='x()' style='background:url(//e.example/a)'>字</p>",
        "<a href='javascript:x()'>字</a><img src=x onerror=x()>",
        "<svg><script>x()</script><a xlink:href='javascript:x()'>字</a></svg>字",
        "<iframe srcdoc='<script>x()</script>'></iframe>字<object data=x></object><embed src=x>",
        "<form action=//e.example><button formaction=javascript:x()>走</button></form>字",
        "<p style='color:red;position:fixed;behavior:url(x);w\\idth:expression(x())'>字</p>",
        "<math><mtext><style><img src=x onerror=x()></style></mtext></math>字",
        "字<noscript><p title='</noscript><img src=x onerror=x()>'></noscript>",
        "<base href=//e.example><meta http-equiv=refresh content='0;url=//e.example'><link rel=stylesheet href=//e.example>字",
        "<td width='\"><script>x()</script>'>字<table background=//e.example/b><tr><td>字",
        "<p id='requests.received_new.total' class='nb-cell' lang='\"><script>'>字</p>",
    ],
)
def test_nothing_of_a_page_can_act_or_load(markup: str) -> None:
    page = f"<html><body>{markup}</body></html>".encode()
    made = html_view(page, "text/html; charset=utf-8", (), _NOTHING).decode()
    body = made[made.index("<main>") :]
    assert "字" in body
    tree = LexborHTMLParser(body)
    names = {node.tag for node in tree.css("main *")}
    assert not names & {
        "script",
        "style",
        "iframe",
        "object",
        "embed",
        "form",
        "button",
        "img",
        "svg",
        "math",
        "a",
        "base",
    }
    for node in tree.css("main *"):
        for name, value in node.attributes.items():
            assert not name.startswith("on") and name not in ("href", "src", "action", "background", "id"), (
                name,
                value,
            )
            assert not re.search(r"url\(|expression|javascript|position|behavior", value or "", re.IGNORECASE), value


def test_the_frame_has_a_policy_under_which_nothing_runs(web: httpx.Client, archive: WebArchive) -> None:
    headers = web.get(f"/reports/{archive.shelf.rows[0].id}/source/0").headers
    policy = headers["content-security-policy"]
    assert policy.startswith("sandbox; default-src 'none'")
    assert "script-src" not in policy
    assert "allow-" not in policy
    assert headers["x-content-type-options"] == "nosniff"


def test_raw_bytes_are_handed_out_to_be_kept_and_never_shown(web: httpx.Client, archive: WebArchive) -> None:
    report = archive.report(HONGZE)
    assert report is not None
    for file in carriers(report):
        answer = web.get(f"/reports/{HONGZE}/raw/{file.number}")
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-disposition"].startswith("attachment")
        assert file.raw_sha256 is not None
        assert answer.content == Archive(archive.db).raw.content(file.raw_sha256)
    assert web.get(f"/reports/{HONGZE}/raw/9").status_code == 404
    assert web.get(f"/reports/{HONGZE}/source/1/99.png").status_code == 404


def test_a_file_that_ends_its_reader_ends_no_more() -> None:
    workshop = Workshop()
    try:
        with pytest.raises(CannotShow):
            workshop.make("dead", fates.dies)
        assert workshop.make("alive", fates.lives, "字") == "字".encode()
        with pytest.raises(CannotShow, match="damaged"):
            workshop.make("wrong", fates.refuses)
    finally:
        workshop.close()
