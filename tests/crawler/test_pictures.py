"""Tables that are pictures, through the whole archive: fetched with their report, asked for again only if they changed, read
again from what is stored once recognition is there (portals.md section 5: 四川教育厅 2018 and 2019)."""

from __future__ import annotations

import importlib.util
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from crawler.profiles import RegistryProfiles
from nianbao.sample.server import Answer
from parsers.documents import pictures
from parsers.documents.sheets import Sheet
from parsers.pictures import recognition
from storage.base import Doc
from storage.rerun.run import Options, rerun
from storage.rerun.stale import Selection
from storage.rerun.summary import Summary
from storage.settings import load
from tests.crawler.crawling import Crawls
from tests.crawler.real_pages import rows
from tests.crawler.site import Site, html, report, with_validators
from tests.parsers import illustrations
from tests.parsers.documents import invented, recorded
from tests.parsers.documents.files import fixture
from tests.parsers.generator import html as pages
from tests.parsers.generator.reports import invent
from tests.storage.rerun.site import Here

ORNAMENTS = (
    "<img src='/images/logo.png'><img src='images/ewm.png'><img src='images/t.png' alt='扫一扫在手机打开'>"
    "<img src='/nb/print.gif'>"
)
"""In the middle of the report, as editors put them."""
TABLE = "洪泽区人民政府2018年政府信息公开情况统计表"
WHOLE = invent("e2021_v30", random.Random(5), traps=False, organ="洪泽区人民政府", year=2022)


def picture(name: str) -> Answer:
    return with_validators(Answer(200, fixture(name), {"Content-Type": "image/png"}))


def site() -> Site:
    lines = [
        ("2024.html", invented.TITLE, "2025-01-20"),
        ("2022.html", WHOLE.title, "2023-01-20"),
        ("2018.html", "洪泽区人民政府2018年政府信息公开工作年度报告", "2019-03-20"),
    ]
    column = html(f"<h1>政府信息公开年报</h1>{rows(*lines)}", head="<title>政府信息公开年报</title>")
    pictured = illustrations.source().content.decode().replace("//www.example.gov.cn/gknb/2025/", "/nb/")
    photograph = "<p><img src='/nb/photo.jpg' alt='培训现场'></p>"
    link = f"<p>附件：<a href='2018b.html'>{TABLE}</a></p>"
    table = f"<h1>{TABLE}</h1><div id='zoom'><p><img src='t1.png'></p>{ORNAMENTS}</div>"
    return Site(
        {
            "/nb/": column,
            "/nb/2024.html": with_validators(
                Answer(200, pictured.replace("<p><img", f"{ORNAMENTS}<p><img", 1).encode())
            ),
            "/nb/images/form_1.png": picture("form_1.png"),
            "/nb/images/form_2.png": picture("form_2.png"),
            "/nb/2022.html": html(pages.page(WHOLE, pages.STYLES["plain"]).replace("</body>", f"{photograph}</body>")),
            "/nb/2018.html": with_validators(report(2018, more=link)),
            "/nb/2018b.html": with_validators(html(table, head=f"<title>{TABLE}</title>")),
            "/nb/t1.png": picture("form_1.png"),
        }
    )


def look(contents: Sequence[bytes], *, around: bool = False) -> list[Sheet]:
    """The recorded reading, in the stead of recognition."""
    known = [fixture(name) for name in recorded.PICTURES]
    assert all(content in known for content in contents)
    return recorded.sheets(around=around)[: len(contents)]


PICTURES = {"/nb/images/form_1.png", "/nb/images/form_2.png", "/nb/t1.png"}


def test_tables_that_are_pictures(crawls: Crawls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognition, "available", lambda: False)
    with site() as portal:
        told = crawls.run(urls=[f"{portal.url}nb/"], home=None)
        assert not told.problems
        shown = {path for path in portal.asked if path.endswith((".png", ".jpg", ".gif"))}
        assert shown == PICTURES, "neither ornaments, nor a photograph beside a whole form"
        first = reports(crawls)
        if not recognition_is_installed():
            assert {"table_image", "ocr_missing"} <= set(first[2024]["flags"])
            assert "ocr_missing" in first[2018]["flags"], "the pictures of its table's own page"
        assert not {"table_image", "ocr_missing"} & set(first[2022]["flags"])
        assert linked(crawls, first[2024]) == [f"{portal.url}nb/images/form_{number}.png" for number in (1, 2)]
        assert linked(crawls, first[2018]) == [f"{portal.url}nb/2018b.html", f"{portal.url}nb/t1.png"]

        portal.requests.clear()
        again = crawls.run(urls=[f"{portal.url}nb/"], home=None)
        asked = {one.path: one.headers.get("if-none-match") for one in portal.requests if one.path in PICTURES}
        assert asked.keys() == PICTURES and all(asked.values()), "once each, only if it changed"
        assert (again.counts["reports_unchanged"], again.counts.get("parsed", 0)) == (3, 0)

    # From here on without the portal: as it was read, and as it is read once recognition is there.
    assert read_again(crawls, tmp_path, dry_run=True).outcomes == {"unchanged": 3}
    monkeypatch.setattr(recognition, "available", lambda: True)
    monkeypatch.setattr(recognition, "version", lambda: "recorded")
    monkeypatch.setattr(pictures, "look", look)
    assert read_again(crawls, tmp_path).outcomes["applied"] >= 1
    after = reports(crawls)[2024]
    assert after["trust"]["requests"] == "verified" and after["figures"]["reconsideration"]["upheld"] == 6
    assert not {"table_image", "ocr_missing"} & set(after["flags"])


def recognition_is_installed() -> bool:
    """In the crawl's own process, which no patch reaches."""
    return all(importlib.util.find_spec(name) is not None for name in recognition._MODULES)


def reports(crawls: Crawls) -> dict[int, Doc]:
    return {one["report_year"]: one for one in crawls.db["reports"].find({})}


def linked(crawls: Crawls, report: Doc) -> list[str]:
    """The files that the report's capture names, each of which is a capture of its own."""
    (capture,) = crawls.db["captures"].find({"_id": report["source"]["capture_id"]})
    files = capture["found"]["attachments"]
    held = {
        one["_id"]: one for one in crawls.db["captures"].find({"_id": {"$in": [file["capture_id"] for file in files]}})
    }
    assert all(held[file["capture_id"]]["kind"] == "attachment" for file in files)
    return [file["url"] for file in files]


def read_again(crawls: Crawls, home: Path, **given: Any) -> Summary:
    options = Options(home=home, archive="test", limits=load().parse, hire=Here().hire, **given)
    return rerun(crawls.db, Selection(everything=True), RegistryProfiles(), options)
