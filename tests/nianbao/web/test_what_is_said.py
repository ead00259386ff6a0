"""The words of the pages: what a reader without English, or without luck in a search, is told."""

from __future__ import annotations

from urllib.parse import urlencode

import httpx

from nianbao.web import words
from nianbao.web.archive import WebArchive
from tests.nianbao.web.stock import GUANCHENG


def test_cells_of_a_text_are_told_apart(web: httpx.Client, archive: WebArchive) -> None:
    """`568<tab>0` is drawn as 5680 where a tabulator ends just behind the last digit."""
    document = archive.report(GUANCHENG)
    assert document is not None
    assert any("568\t0\t14,358" in section["text"] for section in document["sections"])
    page = web.get(f"/reports/{GUANCHENG}").text
    assert "568\u20030\u200314,358" in page
    assert "568\t0" not in page


def test_a_search_that_finds_nothing_says_where_to_look(web: httpx.Client) -> None:
    page = web.get("/reports", params={"q": "查无此词", "year": 2020}).text
    for path in ("/reports", "/coverage"):
        assert f'href="{path}?{urlencode({"q": "查无此词"})}"' in page, path
    assert "/coverage?q=" not in web.get("/reports", params={"year": 1999}).text


def test_problems_and_counts_of_a_run_are_said_in_chinese(web: httpx.Client, archive: WebArchive) -> None:
    page = web.get(f"/runs/{archive.runs(1)[0].id}").text
    assert "拒绝访问" in page
    assert "取页" in page
    assert words.of("count", "problems_not_found") == words.Pair("问题：页面不存在", "problems: dead link")
    assert words.of("count", "problems_of_a_new_kind").en == "problems: of a new kind"
