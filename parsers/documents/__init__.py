"""Readers: bytes of any kind -> one Document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from parsers.documents import media
from parsers.documents.html import read_html
from parsers.documents.model import Document
from parsers.documents.text import read_text
from parsers.errors import Unreadable

__all__ = ["read"]

_ARCHIVES = frozenset((media.ZIP, media.RAR, media.SEVEN_ZIP, media.MAIL))


def read(
    content: bytes, *, url: str | None = None, media_type: str | None = None, body: Sequence[str] = ()
) -> Document:
    """Read `content`, whatever it is; the type is decided by the bytes, `media_type` (declared) only helps.

    `url` makes links and pictures absolute; `body` are CSS selectors of the report's body, for pages. Of an archive
    the likeliest report inside is read. Raises Unreadable with one of the reasons empty, binary, damaged, encrypted,
    too_large, too_small, too_deep, no_report, no_text, ocr_missing, unsupported_media:<type>.
    """
    if not content.strip():
        raise Unreadable("empty", "the file has no content")
    found = media.sniff(content, media_type)
    if found in _ARCHIVES:
        from parsers.documents.archives import read_archive

        return read_archive(content, found, partial(_read_member, url=url))
    return _read(content, found, url, media_type, body)


def _read_member(content: bytes, name: str, url: str | None) -> Document:
    """One file of an archive; an archive inside an archive is not opened."""
    found = media.sniff(content)
    if found == media.MAIL:
        found = media.MHTML  # what its own page says, beside its files
    if found in _ARCHIVES:
        raise Unreadable(f"unsupported_media:{found}", f"{name} is an archive inside an archive")
    return _read(content, found, url, None, ())


def _read(content: bytes, found: str, url: str | None, declared: str | None, body: Sequence[str]) -> Document:
    """`content` of the type `found`, with the pairs of labels and values at its top."""
    document = _of(content, found, url, declared, body)
    if document.pairs or found in (media.HTML, media.TEXT, media.MHTML):
        return document
    from parsers.documents.pairs import from_blocks

    pairs = from_blocks(document.blocks)
    return replace(document, pairs=pairs) if pairs else document


def _of(content: bytes, found: str, url: str | None, declared: str | None, body: Sequence[str]) -> Document:
    """Readers are imported where they are used: a crawl of pages pays for none of the others."""
    if found == media.HTML:
        return read_html(content, url=url, media_type=declared, body=body)
    if found == media.TEXT:
        return read_text(content, declared)
    if found == media.CSV:
        from parsers.documents.delimited import read_csv

        return read_csv(content, declared)
    if found == media.PDF:
        from parsers.documents.pdf import read_pdf

        document = read_pdf(content)
        if not any(document.pictures()):
            return document
        from parsers.documents.scans import with_scans

        return with_scans(content, document)
    if found == media.DOCX:
        from parsers.documents.docx import read_docx
        from parsers.documents.foreign import guarded

        with guarded("the Word file"):
            return read_docx(content)
    if found in (media.DOC, media.XLS, media.OLE):
        from parsers.documents import ole

        found = ole.kind(content, found)
        if found == media.DOC:
            from parsers.documents.word_binary import read_doc

            return read_doc(content)
    if found in (media.XLS, media.XLSX, media.XLSB, media.ODS, media.SHEET_XML):
        from parsers.documents.spreadsheet import read_spreadsheet

        return read_spreadsheet(content, found)
    if found == media.ODT:
        from parsers.documents.odt import read_odt

        return read_odt(content)
    if found == media.RTF:
        from parsers.documents.rtf import read_rtf

        return read_rtf(content)
    if found == media.MHTML:
        from parsers.documents.mhtml import read_mhtml

        return read_mhtml(content, url=url, body=body)
    if found == media.WORD_XML:
        from parsers.documents.word_xml import read_word_xml

        return read_word_xml(content)
    if found == media.OFD:
        from parsers.documents.ofd import read_ofd

        return read_ofd(content)
    if found.startswith("image/"):
        from parsers.documents.pictures import read_picture

        return read_picture(content, found)
    if found == media.BINARY:
        raise Unreadable("binary", "the bytes are neither text nor a known kind of file")
    what = "presentations" if "presentation" in found else f"files of the type {found}"
    raise Unreadable(
        f"unsupported_media:{found}",
        f"{what} are not read: a report is looked for in pages, texts, PDF, "
        "Word, OpenDocument texts and workbooks, workbooks of Excel and pictures",
    )
