"""What the names of HTML elements mean to a reader, and white space as a browser shows it."""

from __future__ import annotations

import re

HIDDEN = "-hidden"
"""Instead of the tag of an element that the page does not show (`shown.py`)."""
UNSEEN = frozenset((
    "script", "style", "noscript", "template", "head", "title", "meta", "link", "select", "option",
    "optgroup", "datalist", "button", "textarea", "svg", "canvas", "audio", "video", "map", "area", "math",
    "-comment", "!doctype", HIDDEN,
))  # fmt: skip
"""Elements whose contents nobody reads as text."""
BLOCKS = frozenset((
    "html", "body", "div", "p", "table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th", "ul", "ol",
    "li", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "main", "aside",
    "header", "footer", "nav", "form", "fieldset", "legend", "blockquote", "center", "pre", "address",
    "figure", "figcaption", "hr", "details", "summary", "ucapcontent", "ucaptitle", "menu", "dir",
))  # fmt: skip
TEXT = "-text"
_ASCII_SPACE = re.compile(r"[ \t\r\n\f]+")
OUTER = " \t\r\n\f\v\u00a0\u3000\u2002\u2003\u2009\u200b\u200c\u200d\ufeff"
_BLANK_SOMEWHERE = re.compile(f"[{OUTER}]")


def squeeze(text: str) -> str:
    """White space as a browser shows it: runs become one space; no-break and full-width spaces stay."""
    return _ASCII_SPACE.sub(" ", text)


def seen(text: str) -> str:
    """`trim(squeeze(text))`, by which most texts of a page stay what they are."""
    if (text.isprintable() and " " not in text) or _BLANK_SOMEWHERE.search(text) is None:
        return text  # A blank prints, and none of the others does.
    inner = text.strip(OUTER)
    if inner and " " not in inner and inner.isprintable():
        return inner  # An indented line, most often: nothing in it is to be squeezed.
    return trim(_ASCII_SPACE.sub(" ", text))


def trim(text: str) -> str:
    """Without outer white space; a text of nothing but visible blanks (&nbsp;) is kept, it may be an empty cell."""
    stripped = text.strip(OUTER)
    return stripped or text.strip(" \t\r\n\f\v")
