"""A report that has another organ now is found under its old address, and a dead source is called so."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import httpx

from nianbao.web.app import create_app
from nianbao.web.archive import WebArchive
from storage.archive import Archive
from storage.base import Db
from storage.reports import Reports
from storage.settings import load
from tests.storage.synthetic import capture, report, write

URL = "http://www.a.gov.cn/2020.html"


def get(archive: WebArchive, path: str) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=create_app(archive))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.get(path)

    return asyncio.run(ask())


def test_an_old_address_leads_to_the_new_one_and_dead_pages_are_named(database: Db, tmp_path: Path) -> None:
    (kept,) = Archive(database).store([replace(capture(1, b"page"), url=URL, canonical_url=URL)])
    first = replace(write(report(1, url=URL, content=b"page")), capture_id=kept.capture_id)
    reports = Reports(database)
    old = str(first.document["_id"])
    document = {**first.document, "_id": "elsewhere/2020/own", "organ": {**first.document["organ"], "id": "elsewhere"}}
    reports.save([first])
    reports.save([replace(first, document=document)])
    reports.address_died({URL: "dead link (404)"})
    archive = WebArchive(database, load({"NIANBAO_HOME": str(tmp_path)}))
    archive.keeper.open()
    moved = get(archive, f"/reports/{old}")
    assert (moved.status_code, moved.headers["location"]) == (307, "/reports/elsewhere/2020/own")
    page = get(archive, moved.headers["location"])
    assert page.status_code == 200 and "网页已失效" in page.text
    assert get(archive, "/reports/nobody/2020/own").status_code == 404
