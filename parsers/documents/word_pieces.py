"""The text of an old Word file by its table of pieces ([MS-DOC] 2.4.1): what was deleted, and what an earlier save has left
in the file, stands in none of them.

It checks what a reader without tables found (`word_binary.py`): that one takes the first thing in the file that looks like
a table of pieces, which may be that of an earlier save.
"""

from __future__ import annotations

import re
import struct

from doc2docx.cfb import CompoundFile
from doc2docx.errors import Doc2DocxError

from parsers.documents.foreign import CONFUSED
from parsers.documents.ole import LIMITS

_FLAGS, _PLACE_OF_PIECES = 0x0A, 0x01A2
_SECOND_TABLE = 0x0200
_PROPERTIES, _PIECES = 1, 2
_ONE_BYTE = 0x40000000
_DIGITS = re.compile(r"\d+")


def is_of_pieces(text: str, content: bytes) -> bool:
    """Does every number in `text` stand in the file's own pieces? Where the file cannot say, nothing speaks against it."""
    try:
        own = "".join(_pieces(content))
    except (Doc2DocxError, *CONFUSED):
        return True
    return set(_DIGITS.findall(text)) <= set(_DIGITS.findall(own))


def _pieces(content: bytes) -> list[str]:
    file = CompoundFile(content, limits=LIMITS)
    words = bytes(file.open_stream("WordDocument"))
    (flags,) = struct.unpack_from("<H", words, _FLAGS)
    table = bytes(file.open_stream("1Table" if flags & _SECOND_TABLE else "0Table"))
    start, size = struct.unpack_from("<II", words, _PLACE_OF_PIECES)
    described = table[start : start + size]
    at = 0
    while described[at] == _PROPERTIES:
        at += 3 + int(struct.unpack_from("<H", described, at + 1)[0])
    if described[at] != _PIECES:
        raise ValueError("no table of pieces")
    (length,) = struct.unpack_from("<I", described, at + 1)
    listed = described[at + 5 : at + 5 + length]
    count = (length - 4) // 12
    ends = struct.unpack_from(f"<{count + 1}I", listed)
    found = []
    for number in range(count):
        (place,) = struct.unpack_from("<I", listed, 4 * (count + 1) + 8 * number + 2)
        characters = max(ends[number + 1] - ends[number], 0)
        if place & _ONE_BYTE:
            begin = (place ^ _ONE_BYTE) // 2
            found.append(words[begin : begin + characters].decode("cp1252", "replace"))
        else:
            found.append(words[place : place + 2 * characters].decode("utf-16-le", "replace"))
    return found
