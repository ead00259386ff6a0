"""With the server's token a figure can be put right; without it, or without a token at all, nothing can be written."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest import mock
from urllib.parse import urlencode

import httpx
import pytest

from nianbao.web.app import create_app
from nianbao.web.archive import WebArchive
from storage.corrections import writing
from storage.corrections.files import load_corrections
from tests.nianbao.conftest import CommandLine
from tests.nianbao.web.stock import GUANCHENG

TOKEN = "a-token-of-this-test-only"
WISH = {
    "figure": "requests.received_new.total",
    "correct": "112",
    "by": "张三",
    "why": 'two letters\nwere left out: "both" # of them',
    "source": "电话",
    "token": TOKEN,
}


@dataclass(frozen=True)
class Desk:
    archive: WebArchive
    folder: Path
    token: str = TOKEN

    def send(
        self, form: dict[str, str], path: str = f"/reports/{GUANCHENG}/corrections", **headers: str
    ) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(app=create_app(self.archive, token=self.token))
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
                kind = {"Content-Type": "application/x-www-form-urlencoded"}
                return await client.post(path, content=urlencode(form), headers={**kind, **headers})

        return asyncio.run(ask())

    @property
    def files(self) -> list[str]:
        return sorted(path.name for path in self.folder.glob("corrections/*.yaml"))


@pytest.fixture
def desk(archive: WebArchive, tmp_path: Path) -> Iterator[Desk]:
    with mock.patch.object(writing, "config_directory", return_value=tmp_path):
        yield Desk(archive, tmp_path)
    archive.on_read = lambda: None


def test_a_correction_is_written_as_a_person_would(desk: Desk) -> None:
    first = desk.send(WISH, Origin="http://127.0.0.1:8080")
    header = {"Authorization": f"Bearer {TOKEN}"}
    second = desk.send({**WISH, "figure": "requests.carried_over.total", "correct": "", "token": ""}, **header)

    assert (first.status_code, second.status_code) == (201, 201), (first.text, second.text)
    assert "nianbao rerun" in first.text
    one, other = load_corrections(desk.folder / "corrections").of(GUANCHENG)
    assert (one.source_says, one.correct, one.by, one.source) == (110, 112, "张三", "电话")
    assert one.why == 'two letters were left out: "both" # of them'
    assert (other.path, other.correct) == ("requests.carried_over.total", None)


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"token": "another"}, 403, "token"),
        ({"token": ""}, 403, "token"),
        ({"correct": "110"}, 400, "another number"),
        ({"correct": "many"}, 400, "must be a number"),
        ({"correct": "1e300"}, 400, "larger than any figure"),
        ({"correct": "nan"}, 400, "larger than any figure"),
        ({"figure": "requests.nothing"}, 400, "no figure of any template"),
        ({"why": " "}, 400, "must say something"),
        ({"source": "x" * 600}, 400, "at most 500"),
        ({"by": "x" * 30_000}, 413, "too large"),
    ],
)
def test_what_is_refused_changes_nothing(desk: Desk, change: dict[str, str], status: int, words: str) -> None:
    done = desk.send({**WISH, **change})

    assert done.status_code == status, done.text
    assert words in done.text
    assert str(desk.folder) not in done.text
    assert desk.files == []


def test_a_figure_is_put_right_once(desk: Desk) -> None:
    assert desk.send(WISH).status_code == 201
    before = (desk.folder / "corrections" / "410104.yaml").read_bytes()

    again = desk.send({**WISH, "correct": "113"})

    assert again.status_code == 400
    assert "put right twice" in again.text
    assert (desk.folder / "corrections" / "410104.yaml").read_bytes() == before


def test_nothing_else_can_be_written_and_nobody_else_may(desk: Desk) -> None:
    without = Desk(desk.archive, desk.folder, token="")

    assert without.send(WISH).status_code == 405
    assert desk.send(WISH, path="/reports/corrections").status_code in (404, 405)
    assert desk.send(WISH, path=f"/reports/{GUANCHENG}").status_code == 405
    assert desk.send(WISH, path="/reports/410104/1999/own/corrections").status_code == 404
    assert desk.send(WISH, Origin="http://evil.example").status_code == 403
    assert desk.send(WISH, Host="evil.example").status_code == 421
    assert desk.files == []


def test_a_short_token_is_refused(nianbao: CommandLine) -> None:
    done = nianbao.quick("serve", "--port", "0", "--token", "short")

    assert done.code == 2
    assert "16 characters" in done.last
