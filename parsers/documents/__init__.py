"""Readers: bytes of any kind -> one Document."""

from __future__ import annotations

from collections.abc import Sequence

from parsers.documents import media
from parsers.documents.html import read_html
from parsers.documents.model import Document
from parsers.documents.text import read_text
from parsers.errors import Unreadable

__all__ = ["read"]


def read(
    content: bytes, *, url: str | None = None, media_type: str | None = None, body: Sequence[str] = ()
) -> Document:
    """Read `content`, whatever it is; the type is decided by the bytes, `media_type` (declared) only helps.

    `url` makes links and pictures absolute; `body` are CSS selectors of the report's body, for pages.
    Raises Unreadable with one of the reasons empty, binary, damaged, encrypted, too_large, too_deep,
    unsupported_media:<type>.
    """
    if not content.strip():
        raise Unreadable("empty", "the file has no content")
    found = media.sniff(content, media_type)
    if found == media.HTML:
        return read_html(content, url=url, media_type=media_type, body=body)
    if found == media.TEXT:
        return read_text(content, media_type)
    if found == media.PDF:
        # Imported here: a crawl of pages never pays for the PDF machinery.
        from parsers.documents.pdf import read_pdf

        return read_pdf(content)
    if found == media.DOCX:
        from parsers.documents.docx import read_docx

        return read_docx(content)
    if found == media.BINARY:
        raise Unreadable("binary", "the bytes are neither text nor a known kind of file")
    raise Unreadable(f"unsupported_media:{found}", f"no reader for {found} yet")
