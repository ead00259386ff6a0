"""Old Word files (.doc) and what WPS Office calls .wps: OLE -> DOCX -> Document, tables kept.

doc2docx converts tables with their spans; where it gives up, legacy-doc still finds the text, cells as words of a
line. Neither needs Word, WPS or LibreOffice.
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from doc2docx import convert
from doc2docx.errors import Doc2DocxError, EncryptedDocumentError
from legacy_doc import ExtractionOptions, LegacyDocError, extract_text

from parsers.documents import word_pieces
from parsers.documents.docx import read_docx
from parsers.documents.foreign import guarded
from parsers.documents.limits import MAX_TEXT_BYTES, refuse_above
from parsers.documents.media import DOC
from parsers.documents.model import Document, Paragraph
from parsers.documents.ole import LIMITS, MAX_OLE_BYTES
from parsers.errors import Unreadable


def read_doc(content: bytes) -> Document:
    """Read an old Word file. Raises Unreadable("damaged" | "encrypted" | "too_large")."""
    refuse_above(len(content), MAX_OLE_BYTES, "the Word file")
    try:
        with guarded("the Word file"):
            return replace(read_docx(_converted(content)), media_type=DOC)
    except Unreadable as error:
        if error.reason != "damaged":
            raise
        try:
            return _text_only(content)
        except Unreadable:
            raise error from None


def _converted(content: bytes) -> bytes:
    """The file as DOCX. The converter takes paths only: both live in a private folder for that moment."""
    with tempfile.TemporaryDirectory(prefix="nianbao-") as folder:
        source, target = Path(folder, "source.doc"), Path(folder, "target.docx")
        source.write_bytes(content)
        with guarded("the Word file", Doc2DocxError):
            try:
                convert(source, target, limits=LIMITS)
            except EncryptedDocumentError as error:
                raise Unreadable("encrypted", "the Word file is protected by a password") from error
            return target.read_bytes()


def _text_only(content: bytes) -> Document:
    """The text without its tables: a row is a line, its cells words."""
    options = ExtractionOptions(max_file_bytes=MAX_OLE_BYTES, max_text_bytes=MAX_TEXT_BYTES)
    with guarded("the Word file", LegacyDocError):
        text = extract_text(content, options=options).text
    if not word_pieces.is_of_pieces(text, content):
        raise Unreadable("damaged", "the Word file holds the text of an earlier save, and which one counts is not sure")
    return Document(blocks=tuple(Paragraph(line) for line in text.split("\n")), media_type=DOC)
