"""Figures in the colour of the ground that they stand on: whoever reads the page does not see them.

A white figure may stand on a dark ground, so the ground is looked for: in the tags around it and in the page's own
stylesheets. Where none is named the ground is white, as it is in a browser; where a sheet beside the page may name
one, hiding is doubtful, and no figure is read either.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from parsers.documents.dom import TEXT
from parsers.documents.tree import Tree, read_attributes

Colour = tuple[int, int, int]
WHITE, _BLACK = (255, 255, 255), (0, 0, 0)
_NAMES: dict[str, Colour] = {
    "white": WHITE, "snow": (255, 250, 250), "ivory": (255, 255, 240), "whitesmoke": (245, 245, 245), "black": _BLACK,
    "red": (255, 0, 0), "blue": (0, 0, 255), "navy": (0, 0, 128), "green": (0, 128, 0), "gray": (128, 128, 128),
    "grey": (128, 128, 128), "silver": (192, 192, 192), "yellow": (255, 255, 0), "maroon": (128, 0, 0),
    "teal": (0, 128, 128), "purple": (128, 0, 128), "orange": (255, 165, 0),
}  # fmt: skip
_ALIKE = 24
"""Steps of 255 between two colours that nobody tells apart on a page: #eee on white."""
_INK = re.compile(r"(?:^|[;\s])(?:-webkit-text-fill-)?color\s*:\s*([^;!]+)", re.IGNORECASE)
_GROUND = re.compile(r"(?:^|[;\s])background(?:-color)?\s*:\s*([^;!]+)", re.IGNORECASE)
_COLOUR = re.compile(
    rf"#([\da-f]{{6}}|[\da-f]{{3}})\b|rgba?\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)|\b({'|'.join(_NAMES)})\b", re.IGNORECASE
)
_PICTURE = re.compile(r"url\(|gradient\(", re.IGNORECASE)
_FIGURE = re.compile(r"\s*[+\-−－增减]?\s*[\d０-９][\d０-９.,，\s]*(?:亿元|万元|人次|[元件条项个次篇人部份宗%])?\s*")


class _Said(NamedTuple):
    ink: Colour | None
    ground: Colour | None
    is_picture: bool
    """Is the ground a picture, of whatever colour?"""


_NOTHING = _Said(None, None, False)


@lru_cache(maxsize=16384)
def _of_tag(written: str) -> _Said:
    if "color" not in written and "background" not in written:
        return _NOTHING
    attributes = read_attributes(written)
    said = _of_style(attributes.get("style", ""))
    ink = said.ink or (colour(attributes.get("color", "")) if written.startswith("font ") else None)
    return _Said(
        ink, said.ground or colour(attributes.get("bgcolor", "")), said.is_picture or "background" in attributes
    )


@lru_cache(maxsize=4096)
def _of_style(style: str) -> _Said:
    ink, ground = _INK.findall(style), _GROUND.findall(style)
    return _Said(
        colour(ink[-1]) if ink else None,
        colour(ground[-1]) if ground else None,
        bool(ground and _PICTURE.search(ground[-1])),
    )


def colour(written: str) -> Colour | None:
    """The colour that a declaration or an attribute names, None where it names none that is known here."""
    found = _COLOUR.search(written)
    if found is None:
        return None
    if digits := found[1]:
        digits = digits if len(digits) == 6 else "".join(2 * digit for digit in digits)
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
    if found[5]:
        return _NAMES[found[5].lower()]
    return int(found[2]), int(found[3]), int(found[4])


def alike(one: Colour, other: Colour) -> bool:
    """Does nobody tell the two apart?"""
    return max(abs(here - there) for here, there in zip(one, other, strict=True)) <= _ALIKE


def is_figure(text: str) -> bool:
    return bool(_FIGURE.fullmatch(text))


def lost(tree: Tree, told: Mapping[int, str], grounds: Callable[[], Mapping[int, str]]) -> Iterator[int]:
    """The nodes with figures, inside of tables, that cannot be told from their ground.

    `told`: node -> what the page's stylesheets say of its colours; `grounds` looks in them for what they say of grounds
    alone, and is asked on few pages.
    """
    said = {written: one for written in tree.different if (one := _of_tag(written)) is not _NOTHING}
    styles = {node: one for node, declarations in told.items() if (one := _of_style(declarations)) != _NOTHING}
    everything = (*said.values(), *styles.values())
    inks = {one.ink for one in everything if one.ink} | {_BLACK}
    backs = {one.ground for one in everything if one.ground} | {WHITE}
    if not any(alike(ink, back) for ink in inks for back in backs):
        return
    suspects = {ink for ink in inks if any(alike(ink, back) for back in backs)}
    backs = {back for back in backs if any(alike(ink, back) for ink in inks)} - {WHITE}

    def of(node: int) -> tuple[_Said, _Said]:
        return said.get(tree.written[node], _NOTHING), styles.get(node, _NOTHING)

    def is_suspect(one: _Said) -> bool:
        return one.ink in suspects or one.ground in backs

    doubtful = {written for written, one in said.items() if is_suspect(one)}
    nodes = {node for node, written in enumerate(tree.written) if written in doubtful}
    beyond: Mapping[int, str] | None = None
    seen = set[int]()
    for node in sorted(nodes.union(node for node, one in styles.items() if is_suspect(one))):
        for text in range(node, tree.ends[node]):
            if text in seen or not tree.texts[text] or not is_figure(tree.texts[text]):
                continue
            seen.add(text)
            if beyond is None:
                beyond = grounds()
            if _is_lost(tree, text, of, beyond):
                yield text


def _is_lost(tree: Tree, text: int, of: Callable[[int], tuple[_Said, _Said]], beyond: Mapping[int, str]) -> bool:
    ink: Colour | None = None
    ground: Colour | None = None
    in_table = False
    around = tree.parents[text] if tree.tags[text] == TEXT else text
    while around >= 0:
        in_table = in_table or tree.tags[around] == "table"
        own, styled = of(around)
        ink = ink or own.ink or styled.ink
        if ground is None:
            more = _of_style(beyond.get(around, ""))
            if any(one.is_picture for one in (own, styled, more)):
                return False
            ground = own.ground or styled.ground or more.ground
        around = tree.parents[around]
    return in_table and alike(ink or _BLACK, ground or WHITE)
