"""Old Word files: tables kept, text alone where the converter gives up, nothing left behind on disk."""

from __future__ import annotations

import struct
import tempfile
from dataclasses import replace
from pathlib import Path

import legacy_doc
import pytest

from parsers.documents import ole, read, word_binary
from parsers.documents.media import DOC, OLE, XLS
from parsers.documents.word_pieces import is_of_pieces
from parsers.errors import Unreadable
from tests.parsers.documents import invented
from tests.parsers.documents.files import fixture
from tests.parsers.documents.files import ole as ole_file


def reason(content: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        read(content)
    return caught.value.reason


@pytest.mark.parametrize("declared", ["application/msword", "application/vnd.ms-works", "text/html", None])
def test_every_figure_and_every_line(declared: str | None) -> None:
    """.wps is the same file under another name: what the server calls it does not matter."""
    document = read(fixture("report.doc"), media_type=declared)
    assert document.media_type == DOC
    assert invented.wrong(document) == {}
    text = document.text()
    assert all(line in text for line in (*invented.BEFORE, *invented.AFTER))


def test_no_file_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    read(fixture("report.doc"))
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_list_of_streams_leaves_the_text() -> None:
    """Number of sectors of the small allocation table, impossible: doc2docx refuses, legacy-doc reads on."""
    content = bytearray(fixture("report.doc"))
    content[0x40:0x44] = struct.pack("<I", 0xFFFF)
    document = read(bytes(content))
    assert not any(document.grids())
    assert invented.BEFORE[1] in document.text()
    read_wrongly = {path: pair for path, pair in invented.wrong(document).items() if pair[1] is not None}
    assert read_wrongly == {}


def test_numbers_of_an_earlier_save_are_told_from_those_of_the_file() -> None:
    content = fixture("report.doc")
    text = read(content).text()
    assert is_of_pieces(text, content)
    assert not is_of_pieces(f"{text}\n行政许可 77777", content)
    assert is_of_pieces("77777", content[:4000])  # nothing tells


def test_the_text_of_an_earlier_save_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """doc2docx gives up, and legacy-doc finds the table of pieces that the last save has replaced."""
    content = bytearray(fixture("report.doc"))
    (characters,) = struct.unpack_from("<I", content, content.index(b"\xec\xa5") + 0x4C)
    struct.pack_into("<I", content, content.index(b"\xec\xa5") + 0x4C, characters + 1)
    assert invented.BEFORE[1] in read(bytes(content)).text()
    stale = replace(legacy_doc.extract_text(bytes(content)), text="行政许可 77777")
    monkeypatch.setattr(word_binary, "extract_text", lambda *_, **__: stale)
    assert reason(bytes(content)) == "damaged"


def test_a_password_is_named() -> None:
    content = bytearray(fixture("report.doc"))
    flags = content.index(b"\xec\xa5") + 10
    content[flags : flags + 2] = struct.pack("<H", struct.unpack_from("<H", content, flags)[0] | 0x0100)
    assert reason(bytes(content)) == "encrypted"
    assert reason(ole_file("EncryptedPackage")) == "encrypted"


def test_cut_off_is_damaged() -> None:
    assert reason(fixture("report.doc")[:4000]) == "damaged"


def test_the_streams_at_the_root_decide() -> None:
    assert ole.kind(ole_file("Workbook"), DOC) == XLS
    assert ole.kind(ole_file("WordDocument", "1Table"), OLE) == DOC
    assert ole.kind(ole_file("PowerPoint Document"), OLE) == OLE
    assert reason(ole_file("PowerPoint Document")) == f"unsupported_media:{OLE}"
