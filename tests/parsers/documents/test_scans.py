"""Scanned PDFs: pages without text are recognised, pages with text are left alone."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from parsers.documents import read
from parsers.documents.model import Picture
from parsers.errors import Unreadable
from parsers.pictures import recognition
from tests.parsers.documents import invented
from tests.parsers.documents.files import fixture

needs_ocr = pytest.mark.skipif(not recognition.available(), reason="the extra `ocr` is not installed: make ocr")
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def scanned() -> bytes:
    pages = [Image.open(io.BytesIO(fixture(name))).convert("L") for name in ("form_1.png", "form_2.png")]
    buffer = io.BytesIO()
    pages[0].save(buffer, "PDF", save_all=True, append_images=pages[1:], resolution=130, quality=90)
    return buffer.getvalue()


@needs_ocr
def test_every_figure_of_a_scan() -> None:
    document = read(scanned())
    assert document.media_type == "application/pdf" and document.ocr
    assert not any(document.pictures())
    assert invented.TITLE in document.text()
    assert [grid.index for grid in document.grids()] == list(range(len(list(document.grids()))))
    wrong = invented.wrong(document)
    assert {path: pair for path, pair in wrong.items() if pair[1] is not None} == {}
    assert len(wrong) < 10


def test_a_scan_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognition, "available", lambda: False)
    with pytest.raises(Unreadable) as caught:
        read(scanned())
    assert caught.value.reason == "ocr_missing"


@needs_ocr
def test_pages_beyond_the_limit_stay_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parsers.documents.scans.MAX_PAGES", 1)
    document = read(scanned())
    assert [block.url for block in document.blocks if isinstance(block, Picture)] == ["#page=2"]
    assert any(document.grids())
