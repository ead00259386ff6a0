"""Compound files (OLE): what Office wrote before 2007, and the shell around a document with a password."""

from __future__ import annotations

from doc2docx.cfb import CompoundFile, CompoundFileLimits, ObjectType
from doc2docx.errors import Doc2DocxError

from parsers.documents.foreign import guarded
from parsers.documents.limits import refuse_above
from parsers.documents.media import DOC, OLE, XLS
from parsers.errors import Unreadable

MAX_OLE_BYTES = 64 << 20
LIMITS = CompoundFileLimits(MAX_OLE_BYTES, MAX_OLE_BYTES, 10_000)
"""Bytes of the file, bytes of one stream, streams."""
_BODIES = (("worddocument", DOC), ("workbook", XLS), ("book", XLS))
_LOCKED = ("encryptedpackage", "drmencrypteddatacontent")


def kind(content: bytes, guess: str) -> str:
    """The media type by the streams at the root: a Word file may hold a whole Excel file further down, and the
    reverse. `guess` (DOC, XLS or OLE) holds where the list of streams is damaged: there are readers that do without.
    Raises Unreadable("damaged" | "encrypted" | "too_large").
    """
    refuse_above(len(content), MAX_OLE_BYTES, "the compound file")
    try:
        with guarded("the compound file", Doc2DocxError):
            entries = CompoundFile(content, limits=LIMITS).entries
    except Unreadable:
        if guess == OLE:
            raise
        return guess
    root = {entry.path.lower() for entry in entries if entry.object_type is ObjectType.STREAM and "/" not in entry.path}
    if root.intersection(_LOCKED):
        raise Unreadable("encrypted", "the file is protected by a password")
    return next((media_type for name, media_type in _BODIES if name in root), OLE)
