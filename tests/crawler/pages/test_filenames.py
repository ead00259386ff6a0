"""What portals call the files that they send."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from crawler.pages.filenames import name_of, sent_name

NAME = "教育局2019年年度报告.doc"


def raw(encoding: str) -> str:
    """As a header comes out of the archive: each byte one character."""
    return NAME.encode(encoding).decode("latin-1")


@pytest.mark.parametrize(
    "value",
    [
        f"attachment; filename*=UTF-8''{quote(NAME)}",
        f"attachment; filename=\"x.doc\"; filename*=utf-8'zh'{quote(NAME)}",
        f"attachment;filename={quote(NAME)}",
        f'attachment; filename="{raw("utf-8")}"',
        f'attachment; filename="{raw("gbk")}"',
        f"inline; filename={raw('gb18030')}; size=7",
        f'attachment; filename="C:\\upload\\{raw("gbk")}"',
        f'attachment; filename="../../{raw("utf-8")}"',
    ],
)
def test_names_in_a_header(value: str) -> None:
    assert sent_name(value) == NAME


@pytest.mark.parametrize("value", ["", "attachment", "attachment; filename=", 'attachment; filename=""', "\x00;;="])
def test_headers_without_a_name(value: str) -> None:
    assert sent_name(value) == ""
    assert name_of({"Content-Disposition": value}, "点击下载") == "点击下载"


def test_the_words_of_the_link_count_where_they_name_a_file() -> None:
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(NAME)}"}
    assert name_of(headers, "附件1：2019年度报告.pdf") == "附件1：2019年度报告.pdf"
    assert name_of(headers, "点击下载") == NAME
    assert name_of({}, "附件") == "附件"
