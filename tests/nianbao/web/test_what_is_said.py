"""The words of the pages: what a reader without English, or without luck in a search, is told."""

from __future__ import annotations

import asyncio
import logging
import sys
from urllib.parse import urlencode

import httpx
import pytest

from nianbao.commands.serve import _without_traceback
from nianbao.web import words
from nianbao.web.app import create_app
from nianbao.web.archive import WebArchive
from nianbao.web.ready import make_ready
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


def test_an_organ_that_is_not_known_has_its_pages(web: httpx.Client, archive: WebArchive) -> None:
    """A page that does not say whose it is (`organ_unknown`): its organ has an id and no name."""
    (row,) = (row for row in archive.shelf.rows if row.organ_id.startswith("unknown-"))
    assert row.organ_name == ""
    for path in ("/organs", "/reports?year=2021", f"/organs/{row.organ_id}", f"/reports/{row.id}"):
        answer = web.get(path)
        assert answer.status_code == 200
        assert "<bdi>机关不详</bdi>" in answer.text, path
    english = web.get("/organs", headers={"Cookie": "nianbao_lang=en"}).text
    assert english.count("<bdi>organ not known</bdi>") == 1
    assert web.get("/organs.json", params={"q": "管城"}).json()["items"][0]["name"] == "管城回族区人民政府"
    compared = web.get("/compare", params=[("organ", row.organ_id), ("organ", "410104")])
    assert compared.status_code == 200 and "机关不详" in compared.text


def test_a_fault_of_the_program_is_a_page_and_a_line(archive: WebArchive) -> None:
    app = create_app(archive)

    @app.get("/broken")
    def broken() -> None:
        raise KeyError("no such thing")

    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.get("/broken")

    answer = asyncio.run(asked())
    assert answer.status_code == 500
    assert "程序出错" in answer.text and "no such thing" not in answer.text

    try:
        broken()
    except KeyError:
        record = logging.LogRecord("uvicorn.error", logging.ERROR, __file__, 1, "in ASGI", (), sys.exc_info())
    assert _without_traceback(record)
    said = logging.Formatter().format(record)
    assert said.startswith("unexpected KeyError: 'no such thing'. ") and "NIANBAO_DEBUG=1" in said and "\n" not in said


def test_one_page_that_cannot_be_made_keeps_no_other_from_its_readers(
    archive: WebArchive, caplog: pytest.LogCaptureFixture
) -> None:
    made = []

    def broken(_: object) -> None:
        raise TypeError("of a fault")

    make_ready(create_app(archive), {"/broken": broken, "/well": made.append})
    assert len(made) == 1
    assert "the page /broken cannot be made: TypeError: of a fault" in caplog.text
