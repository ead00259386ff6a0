"""Pictures inside an RTF file: PNG and JPEG, as hexadecimal digits or as raw bytes (`\\binN`).

Word writes each picture twice, for new readers (`\\shppict`) and as a metafile for old ones (`\\nonshppict`); only PNG and
JPEG are kept, so none is kept twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_MAX_PICTURES = 200
_PICTURE = re.compile(rb"(?:\{\\\*\\shppict\s*)?\{\\pict(?![a-z])")
_KIND = re.compile(rb"\\(?:png|jpeg)blip(?![a-z])")
_WORDS = re.compile(rb"(?:\s|\{[^{}]*\}|\\(?!bin\d)[a-z]+-?\d*)*")
"""Sizes and identifiers between the kind of a picture and its data: `\\bliptag7 ` ends with a digit of its own."""
_DATA = re.compile(rb"\\bin(\d{1,9}) ?|[0-9a-fA-F\s]{128,}")


def take_out(content: bytes, mark: Callable[[int], bytes]) -> tuple[bytes, tuple[bytes, ...]]:
    """The file with a mark in front of every picture, `mark(number)` from 1, and the pictures' bytes.

    The pictures stay where they are: whoever reads the text skips them.
    """
    parts: list[bytes] = []
    pictures: list[bytes] = []
    position = 0
    starts = [match.span() for match in _PICTURE.finditer(content)]
    for number, (start, end) in enumerate(starts):
        if start < position or len(pictures) == _MAX_PICTURES:
            continue
        limit = starts[number + 1][0] if number + 1 < len(starts) else len(content)
        kind = _KIND.search(content, end, limit)
        picture = _data(content, kind.end(), limit) if kind else b""
        if picture:
            pictures.append(picture)
            parts += [content[position:start], mark(len(pictures))]
            position = start
    parts.append(content[position:])
    return b"".join(parts), tuple(pictures)


def _data(content: bytes, start: int, limit: int) -> bytes:
    words = _WORDS.match(content, start, limit)
    data = _DATA.match(content, words.end() if words else start, limit)
    if data is None:
        return b""
    if data[1] is not None:
        return content[data.end() : data.end() + int(data[1])]
    digits = b"".join(data[0].split())
    return bytes.fromhex(digits[: len(digits) // 2 * 2].decode("ascii"))
