"""Recognition comes to an archive that was read without it: the reports whose tables are pictures are read again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from parsers.documents import pictures
from parsers.documents.sheets import Sheet
from parsers.pictures import recognition
from parsers.template import load_templates
from storage.archive import Archive, Found, Mark
from storage.rerun.current import Current, Standing
from storage.rerun.stale import Selection, select
from storage.shape.records import Linked
from tests.parsers.documents import recorded
from tests.parsers.pictures.test_illustrated import source
from tests.storage.rerun.site import House, capture, page


def install(monkeypatch: pytest.MonkeyPatch, version: str | None) -> None:
    monkeypatch.setattr(recognition, "available", lambda: version is not None)
    monkeypatch.setattr(recognition, "version", lambda: version)


def look(contents: Sequence[bytes], *, around: bool = False) -> list[Sheet]:
    assert len(contents) == len(recorded.PICTURES)
    return recorded.sheets(around=around)


def store_pictured(house: House) -> str:
    """A page whose forms are pictures, with its pictures, as a crawl archives them."""
    given = source()
    archive = Archive(house.db)
    files = [
        capture(50 + n, file.content, url=file.url, canonical_url=file.url, kind="attachment", found=None,
                headers={"Content-Type": "image/png"})
        for n, file in enumerate(given.attachments)
    ]  # fmt: skip
    stored = archive.store(files)
    archive.mark_all([Mark(one.capture_id, judged_by=()) for one in stored])
    linked = tuple(
        Linked(file.url, file.name, "image/png", one.capture_id, file.sha256)
        for file, one in zip(given.attachments, stored, strict=True)
    )
    assert given.url is not None
    (capture_id,) = house.store(
        capture(1, given.content, url=given.url, canonical_url=given.url, found=Found(attachments=linked))
    )
    return capture_id


def selected(house: House) -> set[str]:
    current = Current(load_templates(), house.portals)
    return {item.capture_id for item in select(house.db, Selection(), current)}


def test_a_rerun_reads_the_pictures_once_recognition_is_there(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, None)
    pictured = store_pictured(house)
    house.store(capture(2, page(2, "e2021_v30")))
    assert house.rerun().outcomes == {"applied": 2}
    (before,) = house.db["reports"].find({"source.url": source().url})
    assert "ocr_missing" in before["flags"] and "requests" not in before["figures"]
    assert selected(house) == set()

    install(monkeypatch, "1.0")
    monkeypatch.setattr(pictures, "look", look)
    assert selected(house) == {pictured}
    assert house.rerun().outcomes == {"applied": 1}
    (after,) = house.db["reports"].find({"source.url": source().url})
    assert after["trust"]["requests"] == "verified" and after["figures"]["reconsideration"]["upheld"] == 6
    assert after["revision"] == before["revision"] + 1
    assert selected(house) == set()

    install(monkeypatch, None)
    assert selected(house) == set(), "what was read with recognition stays where it is not installed"
    install(monkeypatch, "2.0")
    assert selected(house) == {pictured}


@pytest.mark.parametrize(
    ("word", "installed", "standing"),
    [
        ("ocr:none", None, Standing.CURRENT),
        ("ocr:none", "1.0", Standing.STALE),
        ("ocr:1.0", "1.0", Standing.CURRENT),
        ("ocr:1.0", "1.1", Standing.STALE),
        ("ocr:1.0", None, Standing.CURRENT),
    ],
)
def test_what_the_word_says(
    house: House, monkeypatch: pytest.MonkeyPatch, word: str, installed: str | None, standing: Standing
) -> None:
    install(monkeypatch, installed)
    assert Current(load_templates(), replace(house.portals)).standing(word) is standing
