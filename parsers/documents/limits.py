"""What is too much: sizes above which a file is refused, and the flattening of bottomless markup.

A page of 10,000 nested tables or of 50 MB must neither hang nor crash a worker. Size is refused with a reason;
depth is cut off by dropping tags, never text.
"""

from __future__ import annotations

import re
from base64 import b64decode
from itertools import accumulate

from parsers.documents.model import InnerPicture
from parsers.errors import Unreadable

MAX_HTML_BYTES = 64 << 20
MAX_MARKUP = 8 << 20
"""Characters of a page once the pictures written into it are left out."""
MAX_TEXT_BYTES = 16 << 20
MAX_PDF_BYTES = 128 << 20
MAX_PDF_PAGES = 400
MAX_DOCX_BYTES = 64 << 20
MAX_UNPACKED_BYTES = 256 << 20
"""Sum of the sizes that a zip container declares for its members."""
MAX_GRID_SLOTS = 250_000
"""Rows times columns of one grid."""
MAX_PICTURES = 12
"""Of one report that are looked at; each takes up to two seconds."""
MAX_DEPTH = 512
"""Nesting at which browsers, too, stop going deeper."""
MANY_TAGS = 20_000
"""Ends counted as well: a report has some thousands."""

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:_-]{0,31})(?=[\s/>])[^<>]*>")
_NESTING = frozenset((
    "table", "tbody", "tr", "td", "th", "div", "span", "font", "b", "i", "u", "em", "strong", "big",
    "small", "center", "blockquote", "section", "article", "main", "ul", "ol", "li", "dl", "dd", "dt", "a",
    "form", "fieldset", "sub", "sup", "strike", "s", "code", "tt", "nobr", "label",
))  # fmt: skip
_DATA_URI = re.compile(r"data:([a-z]+/[a-z0-9.+-]+);base64,([A-Za-z0-9+/=\s]{256,})")
_LEAST_PICTURE = 4_000
"""Characters of base64: a readable table has more."""
_MOST_PICTURE = 32 << 20


def refuse_above(size: int, limit: int, what: str) -> None:
    """Raise Unreadable("too_large") when `size` bytes are more than `limit`."""
    if size > limit:
        raise Unreadable("too_large", f"{what} has {size:,} bytes, the limit is {limit:,}")


def without_inline_data(markup: str) -> tuple[str, tuple[InnerPicture, ...]]:
    """Take what is written into the markup itself out of it, megabytes of base64 that no reader of markup looks at.

    Pictures large enough for a table stand under the address `#image=<n>`, and come back beside the markup; icons,
    fonts and damaged data are dropped.
    """
    if "base64," not in markup:
        return markup, ()
    found: list[InnerPicture] = []

    def taken(match: re.Match[str]) -> str:
        if (
            not match[1].lower().startswith("image/")
            or not _LEAST_PICTURE <= match.end() - match.start() <= _MOST_PICTURE
        ):
            return "data:,"
        try:
            content = b64decode(match[2])
        except ValueError:
            return "data:,"
        found.append(InnerPicture(f"#image={len(found) + 1}", content))
        return found[-1].url

    return _DATA_URI.sub(taken, markup), tuple(found)


def flatten(markup: str) -> str:
    """Return `markup` with the tags nested deeper than MAX_DEPTH left out; the text stays complete.

    One pass over the tags. Where none is, it comes back untouched, as the same object.
    """
    if _deepest(markup) <= MAX_DEPTH:
        return markup
    depth = dropped = 0
    parts: list[str] = []
    position = 0
    for match in _TAG.finditer(markup):
        closing, name = match[1], match[2].lower()
        if name not in _NESTING:
            continue
        keep = True
        if closing:
            if dropped:
                dropped -= 1
                keep = False
            elif depth:
                depth -= 1
        elif depth < MAX_DEPTH:
            depth += 1
        else:
            dropped += 1
            keep = False
        if not keep:
            parts.append(markup[position : match.start()])
            parts.append(" ")
            position = match.end()
    parts.append(markup[position:])
    return "".join(parts)


_NAME = re.compile(r"<(/?[a-zA-Z][a-zA-Z0-9:_-]{0,31})[\s/>]")


_STEPS = {sign + name: step for name in _NESTING for sign, step in (("", 1), ("/", -1))}


def has_many_tags(markup: str) -> bool:
    """Are there more tags than a parser may be given unseen? Lexbor takes a minute for 200,000 boxes in each other."""
    return markup.count("<") > MANY_TAGS


def _deepest(markup: str) -> int:
    """Upper bound of the nesting: tags that are never closed count as open to the end."""
    nesting = filter(_STEPS.__contains__, _NAME.findall(markup.lower()))
    sums = list(accumulate(map(_STEPS.__getitem__, nesting), initial=0))
    # An end without a beginning closes nothing: the depth is what lies above the lowest sum so far.
    return max(map(int.__sub__, sums, accumulate(sums, min)))
