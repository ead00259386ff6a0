"""What stands between the texts of a Word file and is none itself: alternatives for older versions, the codes of fields,
characters of fonts of signs."""

from __future__ import annotations

from lxml import etree

from parsers.documents.shown import PICTURE

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_SYMBOL_DIGITS = range(0xF030, 0xF03A)

Element = etree._Element


def settle(body: Element) -> None:
    """Of what is written in several ways, for several versions of Word, leave the first."""
    for alternatives in list(body.iter(f"{_MC}AlternateContent")):
        for other in (*alternatives.iterfind(f"{_MC}Choice"), *alternatives.iterfind(f"{_MC}Fallback"))[1:]:
            alternatives.remove(other)


def follow(mark: Element, codes: list[bool]) -> None:
    """One more mark of a field: `codes` says for every open field whether its code is being read, which nobody sees."""
    kind = mark.get(f"{_W}fldCharType")
    if kind == "begin":
        codes.append(_is_closed(mark))
    elif codes and kind == "separate":
        codes[-1] = False
    elif codes and kind == "end":
        codes.pop()


def _is_closed(begin: Element) -> bool:
    """Does the code of a field end in its paragraph? Else nothing is left out."""
    run = begin.getparent()
    behind = run.itersiblings() if run is not None else iter(())
    return any(mark.get(f"{_W}fldCharType") != "begin" for one in behind for mark in one.iter(f"{_W}fldChar"))


def symbol(element: Element) -> str:
    """A character of a font of its own: a digit of Symbol, else a sign that may be anything."""
    code = int(element.get(f"{_W}char") or "0", 16)
    is_digit = (element.get(f"{_W}font") or "").lower() == "symbol" and code in _SYMBOL_DIGITS
    return chr(code - 0xF000) if is_digit else PICTURE
