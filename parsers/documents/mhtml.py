"""MHTML: a page and its pictures in one mail-like file, which Word calls 单个文件网页 and portals offer as .doc."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from email import message_from_bytes
from email.errors import MessageError
from email.message import Message
from urllib.parse import unquote

from parsers.documents.foreign import guarded
from parsers.documents.html import read_html
from parsers.documents.limits import MAX_HTML_BYTES, refuse_above
from parsers.documents.media import MHTML
from parsers.documents.model import Document, InnerPicture, Picture
from parsers.errors import Unreadable

_BEFORE = b"\xef\xbb\xbf \t\r\n"
"""What editors put in front of the first line."""


def read_mhtml(content: bytes, *, url: str | None = None, body: Sequence[str] = ()) -> Document:
    """Read the first page inside, with the pictures that it shows; of a workbook, whose first page is nothing but frames,
    the longest. Raises Unreadable("damaged" | "too_large")."""
    refuse_above(len(content), MAX_HTML_BYTES, "the MHTML file")
    with guarded("the MHTML file", MessageError):
        parts = list(message_from_bytes(content.lstrip(_BEFORE)).walk())
        pages = [part for part in parts if part.get_content_type() == "text/html"]
        part = pages[0] if pages else None
        if len(pages) > 1 and b"<frameset" in _payload(pages[0]).lower():
            part = max(pages[1:], key=lambda one: len(_payload(one)))
        page = _payload(part) if part is not None else b""
        declared = f"text/html; charset={part.get_content_charset()}" if part is not None else None
        pictures = _pictures(parts)
    if not page.strip():
        raise Unreadable("damaged", "the MHTML file holds no page")
    document = read_html(page, url=url, media_type=declared, body=body)
    return _with_pictures(replace(document, media_type=MHTML), pictures)


def _payload(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _pictures(parts: Iterable[Message]) -> dict[str, bytes]:
    """Name of each picture -> its bytes, as `_name` makes it of an address and `cid:` of an identifier."""
    found: dict[str, bytes] = {}
    for part in parts:
        if part.get_content_maintype() != "image":
            continue
        content = _payload(part)
        for name in (part.get("Content-Location"), part.get_filename()):
            if name:
                found.setdefault(_name(str(name)), content)
        if identifier := part.get("Content-ID"):
            found.setdefault(f"cid:{str(identifier).strip().strip('<>')}", content)
    return found


def _name(address: str) -> str:
    """The file's name: Word gives the part file:///C:/x/report.files/image001.png, the page report.files/image001.png."""
    address = address.strip()
    if address.lower().startswith("cid:"):
        return f"cid:{unquote(address[4:])}"
    return unquote(address.split("?")[0].split("#")[0].replace("\\", "/").rpartition("/")[2]).lower()


def _with_pictures(document: Document, pictures: dict[str, bytes]) -> Document:
    """The document whose pictures are the file's own: each gets the number that it has in the file."""
    inner = list(document.inner)
    numbers: dict[str, str] = {}
    blocks = []
    for block in document.blocks:
        name = _name(block.url) if isinstance(block, Picture) else ""
        if isinstance(block, Picture) and not block.url.startswith("#") and pictures.get(name):
            if name not in numbers:
                numbers[name] = f"#image={len(inner) + 1}"
                inner.append(InnerPicture(numbers[name], pictures[name]))
            block = replace(block, url=numbers[name])
        blocks.append(block)
    return replace(document, blocks=tuple(blocks), inner=tuple(inner)) if numbers else document
