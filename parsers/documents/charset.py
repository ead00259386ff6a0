"""Which characters the bytes stand for: one rule for pages and plain text, from the bytes alone.

Order (measured in parts.md section 7): byte order mark, strict UTF-8, the declared charset with gb2312 and gbk
read as gb18030, strict gb18030, UTF-8 with a few damaged bytes, and last charset-normalizer on everything.
A declaration that cannot be true is not believed: latin-1 accepts any bytes and so proves nothing, and Chinese
decoded under a wrong charset is made of rare characters.
"""

from __future__ import annotations

import codecs
import re

from parsers.errors import Unreadable

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16"),
)
_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
_XML = re.compile(rb"""^\s*<\?xml[^>]{0,100}encoding\s*=\s*["']([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
_HEADER = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
_GB = frozenset(("gb2312", "gb_2312-80", "gbk", "x-gbk", "cp936", "936", "hz-gb-2312", "gb18030", "euc-cn"))
_PROVES_NOTHING = frozenset(("iso8859-1", "latin-1", "cp1252", "ascii", "utf-7", "iso8859-15", "mac-roman"))
_PLAUSIBLE = 0.75
_TOLERATED = 0.002
"""Share of damaged places in a text that is otherwise UTF-8: pages glued together from several sources."""


def decode(content: bytes, media_type: str | None = None) -> tuple[str, str]:
    """Decode `content`; `media_type` is the server's declaration, perhaps with a charset.

    Returns the text and the name of the encoding it was read in.
    Raises Unreadable("binary") when no encoding gives a text.
    """
    for mark, codec, name in _BOMS:
        if content.startswith(mark):
            return content.decode(codec, errors="replace").removeprefix("\ufeff"), name
    if wide := utf16(content):
        return content.decode(wide, errors="replace"), "utf-16"
    text = _strict(content, "utf-8")
    if text is not None:
        return text, "utf-8"
    declared = _declared(content, media_type)
    candidates = [codec for codec in (*declared, "gb18030") if codec != "utf-8"]
    for codec in dict.fromkeys(candidates):
        text = _strict(content, codec)
        if text is not None and _share_of_common(text) >= _PLAUSIBLE:
            return text, codec
    lenient = content.decode("utf-8", errors="replace")
    if lenient.count("\ufffd") <= max(1, len(lenient) * _TOLERATED) and len(content) > 64:
        return lenient, "utf-8"
    for codec in dict.fromkeys((*candidates, "big5hkscs")):
        lenient = content.decode(codec, errors="replace")
        if lenient.count("\ufffd") <= max(2, len(lenient) * _TOLERATED) and _share_of_common(lenient) >= _PLAUSIBLE:
            return lenient, codec
    from charset_normalizer import from_bytes  # one page in a thousand needs it

    best = from_bytes(content).best()
    if best is None:
        raise Unreadable("binary", "the bytes are no text in any known encoding")
    return str(best), best.encoding


def utf16(content: bytes) -> str | None:
    """The codec of a text in UTF-16, with a mark or without one: a page begins with < and a noughts' byte."""
    head = content[:64]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    for codec in ("utf-16-le", "utf-16-be"):
        if head.decode(codec, errors="replace").lstrip(" \t\r\n").startswith("<") and 0 in head:
            return codec
    return None


def _strict(content: bytes, codec: str) -> str | None:
    try:
        return content.decode(codec)
    except (UnicodeDecodeError, LookupError):
        return None


def _declared(content: bytes, media_type: str | None) -> list[str]:
    """The charsets that the server and the page declare, as Python codec names, worthless ones left out."""
    names = []
    if media_type and (found := _HEADER.search(media_type)):
        names.append(found[1])
    for pattern in (_XML, _META):
        if match := pattern.search(content, 0, 8192):
            names.append(match[1].decode("ascii"))
    codecs_found = []
    for name in names:
        lowered = name.strip().lower()
        if lowered in _GB:
            codecs_found.append("gb18030")
            continue
        try:
            codec = codecs.lookup(lowered).name
        except LookupError:
            continue
        if codec == "big5":
            codec = "big5hkscs"
        if codec not in _PROVES_NOTHING:
            codecs_found.append(codec)
    return codecs_found


def _share_of_common(text: str) -> float:
    """Share of everyday characters among the Chinese ones; 1.0 where there is no Chinese at all.

    Everyday means the first level of GB 2312 or of Big5. Bytes read under the wrong charset fall outside both.
    """
    sample = text if len(text) <= 40_000 else text[:20_000] + text[-20_000:]
    common = total = 0
    for character in sample:
        if "\u3400" <= character <= "\u9fff" or "\ue000" <= character <= "\uf8ff" or character > "\uffff":
            total += 1
            common += _is_common(character)
        elif character == "\ufffd" or "\x80" <= character <= "\x9f":
            total += 1
    return common / total if total else 1.0


def _is_common(character: str) -> bool:
    for codec, last in (("gb2312", 0xD7), ("big5", 0xC6)):
        try:
            lead = character.encode(codec)[0]
        except UnicodeEncodeError:
            continue
        if lead <= last:
            return True
    return False
