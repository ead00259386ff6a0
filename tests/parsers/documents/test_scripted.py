"""Text that stands in a page's script, or in the answer that its script would get."""

from __future__ import annotations

import json

import pytest

from parsers import documents
from parsers.documents.media import HTML, sniff
from parsers.documents.scripted import page_text

TEXT = (
    "<p>"
    + "本机关认真贯彻落实条例，做好政府信息公开各项工作。" * 10
    + "</p><table><tr><td>总计</td><td>7</td></tr></table>"
)


def gkmlpt(content: str) -> str:
    return (
        "<html><head><title>连平县2020年政府信息公开工作年度报告</title></head><body><div id='app'></div>"
        f'<script>window._CONFIG = {{ SID: \'7\', DETAIL: {{"id": 5, "content": {content}, "title": "x"}} }};</script></body></html>'
    )


@pytest.mark.parametrize("escaped", [json.dumps(TEXT), json.dumps(TEXT, ensure_ascii=False).replace("<", "\\u003C")])
def test_the_text_of_a_script_is_read(escaped: str) -> None:
    document = documents.read(gkmlpt(escaped).encode())
    assert "做好政府信息公开各项工作" in document.text() and len(list(document.grids())) == 1
    assert document.title == "连平县2020年政府信息公开工作年度报告"


def test_what_the_page_shows_already_is_not_read_twice() -> None:
    page = gkmlpt(json.dumps(TEXT, ensure_ascii=False)).replace(
        "<div id='app'>", f"<div class='article-content'>{TEXT}"
    )
    assert page_text(page) == page
    assert len(list(documents.read(page.encode()).grids())) == 1


@pytest.mark.parametrize("content", ['"short"', '"broken \\u00', "null", "7"])
def test_a_script_without_a_text_leaves_the_page_alone(content: str) -> None:
    page = gkmlpt(content)
    assert page_text(page) == page


@pytest.mark.parametrize("written", ["{}", "callback({});", "jQuery_1.cb({})"])
@pytest.mark.parametrize("less", ["<", "\\u003c", "&lt;"])
def test_an_interfaces_answer_is_a_page(less: str, written: str) -> None:
    held = {"infotitle": "弓长岭区司法局2023年政府信息公开工作年度报告", "infodate": "2024-01-20", "infocontent": TEXT}
    answer = json.dumps({"code": 1, "custom": {"data": [held], "other": "<p>x</p>"}}, ensure_ascii=False)
    content = written.replace("{}", answer.replace("<", less)).encode()
    assert sniff(content, "application/json") == HTML
    document = documents.read(content, media_type="application/json")
    assert document.title == held["infotitle"] and len(list(document.grids())) == 1
    assert "2024-01-20" in dict(document.meta).values()


@pytest.mark.parametrize("text", ["{", "[" * 5000, '{"a": "<p>short</p>"}', "{}", "[1, 2]", '{"a": ' * 3000])
def test_what_is_no_such_answer_stays_as_it_is(text: str) -> None:
    assert page_text(text) == text
