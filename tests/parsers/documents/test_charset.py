"""Which charset, whatever the page and its server say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.documents.charset import decode
from parsers.documents.media import HTML, sniff

TEXT = "某县人民政府2019年政府信息公开工作年度报告，一、总体情况。朱镕基、喆、莙。收到申请三件，均已按时答复。"
TRADITIONAL = "雲浮市人民政府辦公室2015年政府信息公開工作年度報告，現公布如下，歡迎社會各界監督。"


def page(charset: str, text: str = TEXT) -> str:
    return f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}"></head>{text}</html>'


@pytest.mark.parametrize(
    ("encoding", "says", "header", "found"),
    [
        ("utf-8", "utf-8", None, "utf-8"),
        ("utf-8", "gb2312", "text/html; charset=gb2312", "utf-8"),
        ("gb18030", "gb2312", None, "gb18030"),
        ("gb18030", "utf-8", "text/html; charset=utf-8", "gb18030"),
        ("gb18030", "iso-8859-1", "text/html; charset=ISO-8859-1", "gb18030"),
        ("gb18030", "", None, "gb18030"),
        ("utf-8-sig", "gbk", None, "utf-8"),
        ("utf-16", "utf-8", None, "utf-16"),
    ],
)
def test_simplified_pages(encoding: str, says: str, header: str | None, found: str) -> None:
    content = page(says).encode(encoding)
    assert decode(content, header) == (page(says), found)


@pytest.mark.parametrize("says", ["big5", ""])
def test_traditional_pages_in_big5(says: str) -> None:
    text, encoding = decode(page(says, TRADITIONAL).encode("big5"))
    assert (text, encoding) == (page(says, TRADITIONAL), "big5hkscs")


def test_a_few_damaged_bytes_do_not_spoil_a_page() -> None:
    content = (TEXT * 20).encode()
    text, encoding = decode(content[:900] + b"\xff" + content[900:])
    assert encoding == "utf-8"
    assert text.count("\ufffd") == 1
    assert text.count("某县人民政府") == 20


def test_a_text_cut_in_the_middle_of_a_character() -> None:
    text, encoding = decode(TEXT.encode("gb18030")[:-1])
    assert encoding == "gb18030"
    assert text.startswith("某县人民政府2019年")


@given(
    st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1),
    st.sampled_from(["utf-8", "gb18030"]),
)
def test_any_chinese_text_comes_back_from_its_own_charset(text: str, encoding: str) -> None:
    whole = TEXT * 3 + text
    assert decode(whole.encode(encoding))[0] == whole


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_page_in_utf_16_without_a_mark(encoding: str) -> None:
    page = "\r\n<html><body>政府信息公开</body></html>"
    assert decode(page.encode(encoding)) == (page, "utf-16")
    assert sniff(page.encode(encoding)) == HTML
