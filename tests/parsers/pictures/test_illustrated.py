"""Forms that are pictures: their figures count where the sums confirm them, and nowhere else. With recorded readings,
so that none of it needs the extra `ocr`; with the extra, the pictures are really read in documents/test_pictures.py."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import replace

import docx
import pytest

from parsers import Attachment, Report, Source, parse
from parsers.documents import pictures
from parsers.documents.pdf_tables import PdfCell, PdfTable
from parsers.documents.sheets import Sheet
from parsers.pictures import recognition
from parsers.report import Semantic
from tests.parsers.documents import invented, recorded
from tests.parsers.documents.files import fixture
from tests.parsers.illustrations import ADDRESSES, PAGE, PROSE, in_mhtml, in_page, in_rtf, in_word, source

Look = Callable[[Callable[[PdfCell], PdfCell]], None]


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Look:
    """The recorded reading stands for recognition; a test may change its cells."""
    monkeypatch.setattr(recognition, "available", lambda: True)
    monkeypatch.setattr(recognition, "version", lambda: "recorded")

    def change(cell: Callable[[PdfCell], PdfCell]) -> None:
        def look(contents: Sequence[bytes], *, around: bool = False) -> list[Sheet]:
            assert list(contents) == [fixture(name) for name in recorded.PICTURES]
            return [
                replace(sheet, items=tuple(_changed(item, cell) for item in sheet.items))
                for sheet in recorded.sheets(around=around)
            ]

        monkeypatch.setattr(pictures, "look", look)

    change(lambda cell: cell)
    return change


def _changed(item: object, cell: Callable[[PdfCell], PdfCell]) -> object:
    return replace(item, cells=tuple(map(cell, item.cells))) if isinstance(item, PdfTable) else item


def values(report: Report) -> dict[str, object]:
    return {cell.path: cell.value for cell in report.cells}


def test_the_sums_confirm_tables_three_and_four(seen: Look) -> None:
    report = parse(source())
    found = values(report)
    summed = {path: int(text) for path, text in invented.FIGURES.items() if not path.startswith("proactive.")}
    assert {path: found[path] for path in summed} == summed
    assert {report.trust[table] for table in ("requests", "reconsideration", "litigation_direct")} == {"verified"}
    assert "recognised:requests" in report.flags and "unconfirmed:requests" not in report.flags
    assert report.template.id == "e2021_v30"
    assert "table_image" not in report.flags and "ocr_missing" not in report.flags


def test_what_no_sum_confirms_is_null_and_shows_what_was_read(seen: Look) -> None:
    """Table two has no sums: its figures stay what the picture shows, unconfirmed."""
    report = parse(source())
    own = [cell for cell in report.cells if cell.path.startswith("proactive.")]
    assert len(own) == 10
    assert {cell.value for cell in own} == {None}
    assert {cell.semantic for cell in own} == {Semantic.UNREADABLE}
    assert {cell.path: cell.raw for cell in own}["proactive.administrative_licensing.decisions"] == "14358"
    assert "unconfirmed:proactive" in report.flags
    assert report.trust["proactive"] == "unreadable"


def test_one_misread_digit_takes_its_sums_with_it(seen: Look) -> None:
    seen(lambda cell: replace(cell, text="68") if cell.text == "69" else cell)
    report = parse(source())
    found = values(report)
    wrong = {p: v for p, v in found.items() if v is not None and str(v) != invented.FIGURES.get(p, "0")}
    assert wrong == {}
    assert found["requests.results.granted.natural_person"] is None
    assert found["reconsideration.total"] == int(invented.FIGURES["reconsideration.total"])
    assert "unconfirmed:requests" in report.flags


def test_a_figure_that_two_readings_dispute_is_no_figure(seen: Look) -> None:
    seen(lambda cell: replace(cell, text=f"{cell.text}?") if cell.text in ("69", "17") else cell)
    found = values(parse(source()))
    assert found["requests.results.granted.natural_person"] is None
    assert found["requests.results.granted.business_enterprise"] is None


def test_the_place_of_a_figure_on_its_picture(seen: Look) -> None:
    report = parse(source())
    (cell,) = (cell for cell in report.cells if cell.path == "reconsideration.upheld")
    assert cell.at is not None
    assert cell.at["picture"] == ADDRESSES[1]
    box = cell.at["box"]
    assert isinstance(box, tuple)
    x0, top, x1, bottom = box
    assert 0 <= x0 < x1 <= 1000 and 0 <= top < bottom <= 1000
    roles = {use.url: use.role for use in report.source.attachments}
    assert [roles[address] for address in ADDRESSES] == ["table", "table"]


def test_the_pictures_are_part_of_what_the_report_was_made_from(seen: Look) -> None:
    report = parse(source())
    assert "ocr:recorded" in report.derived.made_of
    seen(lambda cell: cell)
    assert parse(source()).derived == report.derived


def test_pictures_stand_where_the_page_shows_them(seen: Look) -> None:
    (section,) = (section for section in parse(source()).sections if section.key == "proactive")
    assert "行政许可" in section.text and "结转下年度继续办理" in section.text


def test_without_the_extra_the_report_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognition, "available", lambda: False)
    report = parse(source())
    assert {"table_image", "ocr_missing", "table_missing:requests"} <= set(report.flags)
    assert "ocr:none" in report.derived.made_of
    assert report.cells == ()


def test_a_page_of_nothing_but_pictures_is_read_whole(seen: Look) -> None:
    content = (
        f"<html><head><title>{invented.TITLE}</title></head><body><h1>{invented.TITLE}</h1>"
        '<p><img src="images/form_1.png"></p><p><img src="images/form_2.png"></p></body></html>'
    )
    report = parse(replace(source(), content=content.encode()))
    assert values(report)["requests.received_new.total"] == int(invented.FIGURES["requests.received_new.total"])
    assert "attachment_unread" not in report.flags
    assert any("本年度收到政府信息公开申请" in section.text for section in report.sections)


def test_sentences_out_of_pixels_prove_nothing(seen: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page of pictures that says 收到申请3件 gives no figure: no sum confirms a sentence."""

    def look(contents: Sequence[bytes], *, around: bool = False) -> list[Sheet]:
        sheet = recorded.sheets(around=True)[0]
        lines = tuple(item for item in sheet.items if not isinstance(item, PdfTable))
        told = replace(lines[-1], text="全年共收到政府信息公开申请3件，全部按期办结。" + PROSE)  # type: ignore[arg-type]
        return [replace(sheet, items=(*lines, told))]

    monkeypatch.setattr(pictures, "look", look)
    title = "青河市数据局2016年政府信息公开工作年度报告"
    content = (
        f"<html><head><title>{title}</title></head><body><h1>{title}</h1><img src='images/form_1.png'></body></html>"
    )
    report = parse(replace(source(), content=content.encode()))
    told = {cell.path: cell for cell in report.cells}
    assert told["statistics.requests.received.total"].value is None
    assert told["statistics.requests.received.total"].semantic is Semantic.UNREADABLE
    assert "unconfirmed:statistics" in report.flags


def beside(*pictures: Attachment) -> Source:
    """A report without forms; they are pictures on a page of their own."""
    year, form = "2024", "http://www.example.gov.cn/gknb/2025/form.html"
    whole = source()
    content = whole.content.decode()
    report = content.replace("images/form_1.png", "images/seal.png").replace("images/form_2.png", "images/seal.png")
    page = content.replace(PROSE, "").replace(invented.TITLE, f"{year}年政府信息公开情况统计表")
    companion = Attachment(form, f"{year}年政府信息公开情况统计表", page.encode(), "text/html")
    return replace(whole, content=report.encode(), attachments=(companion, *pictures))


def test_a_table_that_is_a_picture_on_a_page_of_its_own(seen: Look) -> None:
    report = parse(beside(*source().attachments))
    found = values(report)
    assert found["requests.received_new.total"] == int(invented.FIGURES["requests.received_new.total"])
    assert "recognised:requests" in report.flags
    (cell,) = (cell for cell in report.cells if cell.path == "reconsideration.upheld")
    assert cell.at is not None
    assert (cell.at["attachment"], cell.at["picture"]) == (
        "http://www.example.gov.cn/gknb/2025/form.html",
        ADDRESSES[1],
    )
    assert [use.role for use in report.source.attachments] == ["table"] * 3


def test_a_picture_on_a_page_of_its_own_that_cannot_be_read_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognition, "available", lambda: False)
    report = parse(beside(*source().attachments))
    assert {"ocr_missing", "table_missing:requests"} <= set(report.flags)


# --- pictures inside the file ---------------------------------------------------------------------------------------


INSIDE = {
    "data addresses of a page": in_page,
    "parts of a Word file": in_word,
    "parts of an MHTML file": in_mhtml,
    "an RTF file": in_rtf,
}


@pytest.mark.parametrize("made", INSIDE.values(), ids=INSIDE)
def test_pictures_inside_the_file_are_read_like_others(made: Callable[[], Source], seen: Look) -> None:
    report = parse(made())
    found = values(report)
    summed = {path: int(text) for path, text in invented.FIGURES.items() if not path.startswith("proactive.")}
    assert {path: found[path] for path in summed} == summed
    (cell,) = (cell for cell in report.cells if cell.path == "reconsideration.upheld")
    assert cell.at is not None and cell.at["picture"] == "#image=2"
    assert report.source.attachments == ()
    assert "ocr:recorded" in report.derived.made_of


@pytest.mark.parametrize("made", INSIDE.values(), ids=INSIDE)
def test_pictures_inside_the_file_that_cannot_be_read_are_told(
    made: Callable[[], Source], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recognition, "available", lambda: False)
    report = parse(made())
    assert {"table_image", "ocr_missing", "table_missing:requests"} <= set(report.flags)
    assert "ocr:none" in report.derived.made_of


def test_a_word_file_of_nothing_but_pictures_behind_its_page(seen: Look) -> None:
    cover = f"<html><head><title>{invented.TITLE}</title></head><body><h1>{invented.TITLE}</h1><a href='1.docx'>年报</a></body></html>"
    made = docx.Document()
    for name in recorded.PICTURES:
        made.add_picture(io.BytesIO(fixture(name)))
    file = io.BytesIO()
    made.save(file)
    behind = Attachment("http://www.example.gov.cn/gknb/2025/1.docx", "年报.docx", file.getvalue())
    report = parse(Source(content=cover.encode(), url=PAGE, attachments=(behind,)))
    assert values(report)["requests.received_new.total"] == int(invented.FIGURES["requests.received_new.total"])
    assert "attachment_only" in report.flags
    assert [use.role for use in report.source.attachments] == ["report"]


@pytest.mark.skipif(not recognition.available(), reason="the extra `ocr` is not installed: make ocr")
@pytest.mark.parametrize("made", [in_mhtml, in_rtf])
def test_pictures_inside_mhtml_and_rtf_are_really_read(made: Callable[[], Source]) -> None:
    report = parse(made())
    found = values(report)
    known = {path: value for path, value in found.items() if value is not None}
    summed = {path: int(text) for path, text in invented.FIGURES.items() if not path.startswith("proactive.")}
    assert known == summed, "every figure that a sum confirms, and no other"
    assert {flag for flag in report.flags if flag.startswith("unconfirmed")} == {"unconfirmed:proactive"}
    assert f"ocr:{recognition.version()}" in report.derived.made_of
