"""Pages that are kept ready: made once for each state of the archive, beside the readers, and never shown when old."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import httpx
import pytest
from fastapi import FastAPI
from starlette.requests import Request

from nianbao.web import ready
from nianbao.web.app import READY, create_app
from nianbao.web.archive import WebArchive
from storage.base import Db
from storage.coverage import update as coverage
from storage.runs import Runs
from storage.settings import load
from tests.storage.synthetic import report, save


@dataclass
class House:
    """A small archive behind its pages, and which pages were made, each with its language."""

    db: Db
    archive: WebArchive
    app: FastAPI
    cookies: dict[str, str] = field(default_factory=dict)
    made: list[str] = field(default_factory=list)

    def write(self, number: int) -> None:
        run = Runs(self.db).start("crawl", {})
        save(self.db, report(number), run_id=run)
        Runs(self.db).finish(run)

    def got(self, path: str) -> str:
        answer = self.answer(path)
        assert answer.status_code == 200
        return answer.text

    def answer(self, path: str, **headers: str) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app)
            async with httpx.AsyncClient(
                transport=transport, base_url="http://127.0.0.1", cookies=self.cookies
            ) as client:
                return await client.get(path, headers=headers)

        return asyncio.run(ask())


@pytest.fixture
def house(database: Db, tmp_path: Path) -> Iterator[House]:
    archive = WebArchive(database, load({"NIANBAO_HOME": str(tmp_path)}))
    found = House(database, archive, create_app(archive))
    plain = ready.html_of

    def html_of(request: Request, template: str, **context: Any) -> bytes:
        found.made.append(f"{template.removesuffix('.html')} {request.cookies.get('nianbao_lang', '')}".strip())
        return plain(request, template, **context)

    found.write(1)
    with mock.patch.object(ready, "html_of", html_of):
        archive.keeper.open()
        yield found


def test_every_page_is_made_before_it_is_asked_for(house: House) -> None:
    house.archive.follow()
    assert sorted(house.made) == ["coverage zh", "dictionary zh", "organs zh", "overview zh", "portals zh"]

    for path in READY:
        house.got(path)
        house.got(path)

    assert len(house.made) == len(READY)


def test_what_a_run_wrote_is_on_the_page_and_the_page_was_made_beside_its_readers(house: House) -> None:
    house.cookies["nianbao_lang"] = "en"
    for path in READY:
        house.got(path)
    before = house.got("/organs")
    house.write(2)
    house.made.clear()

    house.archive.keeper.settle()
    assert "organs en" in house.made
    house.made.clear()
    after = house.got("/organs")

    assert "第2县人民政府" not in before
    assert "第2县人民政府" in after
    assert house.made == []


def test_a_page_that_is_old_is_never_shown(house: House) -> None:
    """Also where nobody made it ready: the archive was read anew this moment, or coverage was counted by hand."""
    house.archive.on_read = lambda: None
    before = house.got("/coverage"), house.got("/?year=2020")
    house.write(2)
    house.archive.keeper.settle()
    assert house.got("/?year=2020") != before[1]
    house.made.clear()
    coverage.rebuild(house.db)
    house.archive.keeper.settle()

    assert house.got("/coverage") != before[0]
    assert house.made == ["coverage"]
    house.got("/coverage")
    assert house.made == ["coverage"]


def test_an_unchanged_page_is_not_sent_again(house: House) -> None:
    first = house.answer("/coverage")
    again = house.answer("/coverage", **{"If-None-Match": first.headers["etag"]})

    assert again.status_code == 304
    assert house.made == ["coverage"]


def test_only_so_many_are_kept(house: House) -> None:
    for number in range(ready.MOST + 4):
        house.got(f"/organs?q={number}")
    house.made.clear()
    house.got(f"/organs?q={ready.MOST + 3}")
    assert house.made == []
    house.got("/organs?q=0")
    assert house.made == ["organs"]
