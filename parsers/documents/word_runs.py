"""A text of a Word file as Word shows it: hidden, struck out, raised or lowered, by its own run or by a style."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml import etree

from parsers.documents.grounds import WHITE, Colour, alike, colour, is_figure
from parsers.documents.shown import STRIKE, lowered, raised

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TELLING = tuple(f"{_W}{name}" for name in ("vanish", "strike", "dstrike", "vertAlign", "position", "color", "sz"))
_OFF = ("0", "false", "off")
_WHITE = "FFFFFF"
_TINY = 4
"""Halves of a point: nobody reads what is no higher."""
_DEEPEST = 20
_OF_MARKERS = (255, 255, 0)
"""Any of the colours that Word marks texts with: none is white, and black is a name that is known."""

Element = etree._Element
Looks = Mapping[str, tuple[Element, ...]]
"""Style id -> its properties of runs and those of the styles that it is based on, where they tell something."""


def looks_of(styles: Element) -> Looks:
    """What the file's styles say of texts."""
    known = {style.get(f"{_W}styleId") or "": style for style in styles.iterfind(f"{_W}style")}
    found = {}
    for name in known:
        chain: list[Element] = []
        above: str | None = name
        for _ in range(_DEEPEST):
            style = known.get(above or "")
            if style is None:
                break
            properties = style.find(f"{_W}rPr")
            if properties is not None and any(child.tag in _TELLING for child in properties):
                chain.append(properties)
            based = style.find(f"{_W}basedOn")
            above = based.get(f"{_W}val") if based is not None else None
        if chain:
            found[name] = tuple(chain)
    return found


def shown(text: Element, paragraph: Element, looks: Looks) -> str:
    """What a `w:t` shows; what is struck out, or white or tiny beside other words, stands between `STRIKE`."""
    said = text.text or ""
    properties = list(_properties(text, paragraph, looks))
    if not properties or not said.strip():
        return said
    if _is_on(properties, "vanish"):
        return ""
    if (
        _is_on(properties, "strike")
        or _is_on(properties, "dstrike")
        or _is_veiled(text, paragraph, properties, looks)
        or (is_figure(said) and _is_lost(paragraph, properties))
    ):
        return f"{STRIKE}{said}{STRIKE}"
    height = _value(properties, "vertAlign")
    moved = _value(properties, "position") or "0"
    if height == "superscript" or (moved.isdecimal() and moved != "0"):
        return raised(said)
    return lowered(said) if height == "subscript" or moved.startswith("-") else said


def _properties(text: Element, paragraph: Element, looks: Looks) -> Iterator[Element]:
    """The run's own properties, then those of its style and of the paragraph's: the first that says something counts."""
    run = text.getparent()
    own = run.find(f"{_W}rPr") if run is not None else None
    if own is not None:
        yield own
    if looks:
        for holder, path in ((own, f"{_W}rStyle"), (paragraph, f"{_W}pPr/{_W}pStyle")):
            style = holder.find(path) if holder is not None else None
            yield from looks.get(style.get(f"{_W}val") or "", ()) if style is not None else ()


def _value(properties: list[Element], name: str) -> str | None:
    """The value of the first that is there; "" for one without a value."""
    for one in properties:
        node = one.find(f"{_W}{name}")
        if node is not None:
            return node.get(f"{_W}val") or ""
    return None


def _is_on(properties: list[Element], name: str) -> bool:
    value = _value(properties, name)
    return value is not None and value not in _OFF


def _is_veiled(text: Element, paragraph: Element, properties: list[Element], looks: Looks) -> bool:
    """Is it white or tiny in a paragraph that has other texts, too? Alone it may be a heading on a dark ground."""
    if not _is_faint(properties):
        return False
    others = (other for other in paragraph.iter(f"{_W}t") if other is not text and (other.text or "").strip())
    return any(not _is_faint(list(_properties(other, paragraph, looks))) for other in others)


def _is_faint(properties: list[Element]) -> bool:
    return (_value(properties, "color") or "").upper() == _WHITE or _is_tiny(properties)


def _is_tiny(properties: list[Element]) -> bool:
    size = _value(properties, "sz") or ""
    return size.isdecimal() and int(size) <= _TINY


def _is_lost(paragraph: Element, properties: list[Element]) -> bool:
    """Is it a text in a cell that is too low to be read, or has the colour of the ground on which it stands?"""
    ink = colour(f"#{_value(properties, 'color') or ''}")
    is_tiny = _is_tiny(properties)
    if ink is None and not is_tiny:
        return False
    cell = next(paragraph.iterancestors(f"{_W}tc"), None)
    return cell is not None and (is_tiny or (ink is not None and alike(ink, _ground(cell, paragraph, properties))))


def _ground(cell: Element, paragraph: Element, properties: list[Element]) -> Colour:
    """What the text, its paragraph, its cell or its table is shaded with; white where nothing is."""
    marked = _value(properties, "highlight")
    if marked and marked != "none":
        return colour(marked) or _OF_MARKERS
    holders = (
        *properties, *paragraph.iterfind(f"{_W}pPr"), *cell.iterfind(f"{_W}tcPr"),
        *(one for table in cell.iterancestors(f"{_W}tbl") for one in table.iterfind(f"{_W}tblPr")),
    )  # fmt: skip
    fills = (shade.get(f"{_W}fill") for holder in holders for shade in holder.iterfind(f"{_W}shd"))
    return next((found for fill in fills if (found := colour(f"#{fill or ''}"))), WHITE)
