"""RTF, which portals offer as .doc: text by striprtf, tables by us (`rtf_tables`), as striprtf knows no columns."""

from __future__ import annotations

import re

from striprtf.striprtf import rtf_to_text

from parsers.documents import rtf_runs, rtf_tables
from parsers.documents.foreign import guarded
from parsers.documents.limits import MAX_TEXT_BYTES, refuse_above
from parsers.documents.media import RTF
from parsers.documents.model import Document, InnerPicture, Picture
from parsers.documents.rtf_pictures import take_out
from parsers.documents.rtf_tables import END, SHOWN
from parsers.errors import Unreadable

MAX_RTF_BYTES = 64 << 20
MAX_BEFORE = 64
"""Bytes of blanks and marks that servers and editors put in front of a file."""
_PICTURE_DATA = re.compile(r"(?:[0-9a-f]{2}\s*){256,}")
_BINARY = re.compile(rb"\\bin(\d{1,9}) ?")
_BEYOND = re.compile(r"[^\x00-\x7f]+")
_GB_PAIR = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]|[\x80-\xff]")
_HALF_ESCAPED = re.compile(r"((?:\\'[0-9a-f]{2})+)([@-Z^-z|~])?", re.IGNORECASE)


def read_rtf(content: bytes) -> Document:
    """Read an RTF file. Raises Unreadable("damaged" | "too_large")."""
    refuse_above(len(content), MAX_RTF_BYTES, "the RTF file")
    content = content[max(content.find(b"{\\rtf", 0, MAX_BEFORE), 0) :]
    content, pictures = take_out(content, _picture_mark)
    source = _prepared(content)
    refuse_above(len(source), MAX_TEXT_BYTES, "the RTF file without its pictures")
    with guarded("the RTF file"):
        text: str = rtf_to_text(source, encoding="cp936", errors="replace")  # type: ignore[no-untyped-call]
        # Characters beyond U+FFFF are written as two halves.
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\x00", "")
    if not text.strip():
        raise Unreadable("damaged", "the RTF file holds no text")
    blocks = rtf_tables.blocks_of(text)
    shown = {block.url for block in blocks if isinstance(block, Picture)}
    inner = tuple(InnerPicture(f"#image={number}", picture) for number, picture in enumerate(pictures, start=1))
    # What stands in a drawing that the text does not hold is shown at the end.
    drawn = (Picture(picture.url) for picture in inner if picture.url not in shown)
    return Document(blocks=(*blocks, *drawn), media_type=RTF, inner=inner)


def _prepared(content: bytes) -> str:
    """The file in the form that striprtf reads well, table words marked."""
    content = _unicode_escaped(_without_binary(content))
    # Bytes of GBK that some writers leave bare would be read as Latin.
    content = _GB_PAIR.sub(lambda match: b"".join(b"\\'%02x" % byte for byte in match[0]), content)
    text = rtf_runs.marked(_PICTURE_DATA.sub("", content.decode("latin-1")))
    if "\\ansicpg936" in text:
        text = text.replace("\\fcharset0", "\\fcharset134")
        text = _HALF_ESCAPED.sub(_whole_characters, text)
    # striprtf searches for the addresses of links with a pattern that gets slow; a space after \field hides them.
    text = text.replace("\\softline", "\\line").replace("\\field{", "\\field {").replace("}", "}\n")
    return rtf_tables.marked(text)


def _unicode_escaped(content: bytes) -> bytes:
    """Some programs write UTF-8 as it is, which RTF does not know."""
    try:
        text = content.decode("utf-8") if not content.isascii() else ""
    except UnicodeDecodeError:
        text = ""
    if not text:
        return content
    return _BEYOND.sub(lambda match: "".join(map(_escape, match[0])), text).encode("ascii")


def _escape(character: str) -> str:
    halves = character.encode("utf-16-le")
    codes = (int.from_bytes(halves[n : n + 2], "little") for n in range(0, len(halves), 2))
    return "".join(f"{{\\uc0\\u{code - 0x10000 if code > 0x7FFF else code} }}" for code in codes)


def _without_binary(content: bytes) -> bytes:
    """Leave out `\\binN`, N raw bytes of a picture."""
    parts = []
    position = 0
    while match := _BINARY.search(content, position):
        parts.append(content[position : match.start()])
        position = match.end() + int(match[1])
    parts.append(content[position:])
    return b"".join(parts)


def _whole_characters(match: re.Match[str]) -> str:
    """`\\'b4@`: the second half of a GBK character may stand as a letter; write it as an escape, too."""
    if match[2] is None:
        return match[0]
    data = bytes.fromhex(match[1].replace("\\'", ""))
    position = 0
    while position < len(data):
        position += 2 if data[position] > 0x80 else 1
    return f"{match[1]}\\'{ord(match[2]):02x}" if position > len(data) else match[0]


def _picture_mark(number: int) -> bytes:
    """A mark of plain text; `rtf_tables.marked` leaves it alone."""
    return f"{{\\uc0\\u{ord(SHOWN) - 0x10000} }}{number}{{\\uc0\\u{ord(END) - 0x10000} }}".encode("ascii")
