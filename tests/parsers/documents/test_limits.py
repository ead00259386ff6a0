"""Pages that no browser would like: nothing hangs, nothing crashes, text stays complete or a reason is given."""

from __future__ import annotations

import io
import time
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.documents import read
from parsers.documents.limits import flatten
from parsers.documents.text import read_text
from parsers.errors import ParseError, Unreadable

SOON = 10.0
"""Seconds of a processor, whatever else it does meanwhile; each of these takes well below one."""


@pytest.mark.parametrize(
    "markup",
    [
        "<table><tr><td>" * 10_000 + "正文" + "</td></tr></table>" * 10_000,
        "<table><tr><td>" * 10_000 + "正文",
        "<div>" * 50_000 + "正文",
        "".join(f"<font color={n}>" for n in range(20_000)) + "正文",
        "<a href=x>" * 50_000 + "正文",
        "<ul><li>" * 20_000 + "正文",
        "<p>" * 20_000 + "正文",
        "正文" + "<" * 200_000,
        "正文" + "<a " * 100_000,
        "正文" + "</div>" * 50_000,
        "正文<!--" + "<!--" * 50_000,
    ],
)
def test_bottomless_markup_keeps_its_text(markup: str) -> None:
    started = time.process_time()
    document = read(f"<html><body>{markup}".encode())
    assert "正文" in document.text()
    assert time.process_time() - started < SOON


def test_ordinary_markup_is_left_alone() -> None:
    markup = "<table><tr><td><p>一<p>二</td></tr></table>" * 100
    assert flatten(markup) is markup


def test_depth_is_cut_and_siblings_stay_siblings() -> None:
    deep = "<div>" * 600 + "甲" + "</div>" * 600 + "<p>乙</p>"
    assert flatten(deep).count("<div>") == 512
    assert [block.text for block in read(f"<body>{deep}".encode()).blocks] == ["甲", "乙"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "content",
    [
        b"<html><body>" + "<p>政府信息公开</p>".encode() * 3_000_000,
        "政府信息公开年度报告\n".encode() * 1_000_000,
    ],
    ids=["page", "text"],
)
def test_too_large(content: bytes) -> None:
    started = time.process_time()
    with pytest.raises(Unreadable) as caught:
        read(content)
    assert caught.value.reason == "too_large"
    assert "limit" in caught.value.detail
    assert time.process_time() - started < SOON


def test_pictures_written_into_the_page_do_not_count() -> None:
    picture = "data:image/png;base64," + "iVBORw0KGgo" * 1_500_000
    document = read(f"<html><body><div id='zoom'><p>正文</p><img src='{picture}'></div></body></html>".encode())
    assert document.text().strip() == "正文"


def test_spans_without_end() -> None:
    row = "<tr><td colspan=1000 rowspan=65534>1<td colspan=100000>2"
    with pytest.raises(Unreadable) as caught:
        read(f"<html><body><table>{row * 2000}</table></body></html>".encode())
    assert caught.value.reason == "too_large"


def test_a_container_that_unpacks_without_end() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr("word/document.xml", bytes(300 << 20))
    with pytest.raises(Unreadable) as caught:
        read(buffer.getvalue())
    assert caught.value.reason == "too_large"


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_with_a_reason(content: bytes) -> None:
    try:
        read(content)
    except ParseError as error:
        assert error.reason


@given(
    st.lists(
        st.sampled_from(
            [
                "<table>",
                "<tr>",
                "<td rowspan=3>",
                "</td>",
                "</table>",
                "<p>",
                "</p>",
                "<br>",
                "文",
                "&nbsp;",
                "<div>",
                "</div>",
                "<img src=a.png>",
                "<b>",
                "</b>",
                "<ul><li>",
                "索引号：1",
            ]
        ),
        max_size=40,
    )
)
def test_any_markup_is_read(parts: list[str]) -> None:
    document = read(("<html><body>" + "".join(parts)).encode())
    for grid in document.grids():
        assert {len(row) for row in grid.rows} == {grid.width}
    assert document.text().count("文") == parts.count("文")


@given(st.text(max_size=300))
def test_any_text_is_kept(text: str) -> None:
    content = text.encode("utf-8", "surrogatepass") if text.isprintable() else text.encode("utf-8", "replace")
    document = read_text(content or b"x")
    assert document.blocks
