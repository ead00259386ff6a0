"""MHTML: a page and its pictures in one mail-like file, which Word calls 单个文件网页 and portals offer as .doc."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from email import message_from_bytes
from email.errors import MessageError
from email.message import Message

from parsers.documents.foreign import guarded
from parsers.documents.html import read_html
from parsers.documents.limits import MAX_HTML_BYTES, refuse_above
from parsers.documents.media import MHTML
from parsers.documents.model import Document
from parsers.errors import Unreadable


def read_mhtml(content: bytes, *, url: str | None = None, body: Sequence[str] = ()) -> Document:
    """Read the first page inside. Raises Unreadable("damaged" | "too_large")."""
    refuse_above(len(content), MAX_HTML_BYTES, "the MHTML file")
    with guarded("the MHTML file", MessageError):
        part = next(
            (part for part in message_from_bytes(content).walk() if part.get_content_type() == "text/html"), None
        )
        page = _payload(part) if part is not None else b""
        declared = f"text/html; charset={part.get_content_charset()}" if part is not None else None
    if not page.strip():
        raise Unreadable("damaged", "the MHTML file holds no page")
    return replace(read_html(page, url=url, media_type=declared, body=body), media_type=MHTML)


def _payload(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""
