"""What a server calls a file that it sends: Content-Disposition, in the ways in which portals write it (portals.md section 5)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from urllib.parse import unquote, unquote_to_bytes

from crawler.urls import FILE_ENDINGS

EXTENDED = re.compile(r"filename\*\s*=\s*([\w-]*)'[^']*'([^;\s]+)", re.IGNORECASE)
PLAIN = re.compile(r"filename\s*=\s*(?:\"([^\"]*)\"|([^;]+))", re.IGNORECASE)
ENDS_LIKE_A_FILE = re.compile(rf"\.(?:{FILE_ENDINGS}|jpe?g|png)$", re.IGNORECASE)


def name_of(headers: Mapping[str, str], link: str) -> str:
    """The name of a file: the link's words where they name one (`2019年报.pdf`), else what the server says, else the words.

    `headers` are as the archive has them: every byte one character (latin-1).
    """
    if ENDS_LIKE_A_FILE.search(link.strip()):
        return link
    value = next((value for name, value in headers.items() if name.lower() == "content-disposition"), "")
    return sent_name(value) or link


def sent_name(value: str) -> str:
    """The file's name in a Content-Disposition header; "" where it has none.

    `filename*=UTF-8''%E5%B9%B4` by the book; as raw bytes in UTF-8 or GBK, or percent-encoded, on most portals.
    """
    extended = EXTENDED.search(value)
    if extended:
        return _bare(_decoded(unquote_to_bytes(extended[2])))
    plain = PLAIN.search(value)
    if plain is None:
        return ""
    raw = (plain[1] or plain[2] or "").strip()
    return _bare(unquote(_decoded(raw.encode("latin-1", "replace"))))


def _decoded(raw: bytes) -> str:
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


def _bare(name: str) -> str:
    """Without folders, whatever way they are written, and without what no name has."""
    last = PurePosixPath(name.replace("\\", "/")).name
    return "".join(letter for letter in last if letter.isprintable()).strip()[:200]
