"""Zip containers (DOCX and its like): opened only when what they declare is within reason."""

from __future__ import annotations

import io
import zipfile

from parsers.documents.foreign import NO_ZIP
from parsers.documents.limits import MAX_UNPACKED_BYTES, refuse_above
from parsers.errors import Unreadable


def check_container(content: bytes, limit: int, what: str) -> None:
    """Raise Unreadable("too_large" | "damaged" | "encrypted") before anything is unpacked."""
    refuse_above(len(content), limit, what)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as container:
            members = container.infolist()
    except NO_ZIP as error:
        raise Unreadable("damaged", f"{what} is no whole zip container: {error}") from error
    if any(member.flag_bits & 0x1 for member in members):
        raise Unreadable("encrypted", f"{what} is protected by a password")
    refuse_above(sum(member.file_size for member in members), MAX_UNPACKED_BYTES, f"{what}, unpacked,")
