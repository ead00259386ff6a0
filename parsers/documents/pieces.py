"""Numbers that a page puts together from pieces, where a stylesheet that is not at hand may hide one of them, strike it
out or raise it: `<span class="a1">5</span>6` may show 56, or 6.

Nothing tells which. Where a piece has a class or an id that its neighbour has not, no figure is read from the two.
Numbers cut by the fonts of an editor have neither, or all their pieces have the same.
"""

from __future__ import annotations

from parsers.documents.dom import BLOCKS, TEXT, UNSEEN
from parsers.documents.tree import Tree, read_attributes

_TELLING = (' class="', ' id="')
_OF_THEIR_OWN = BLOCKS | UNSEEN | {"sup", "sub", "s", "strike", "del"}


def doubtful(tree: Tree) -> list[int]:
    """The texts of such pieces, in tables."""
    named = {
        written
        for written in tree.different
        if any(mark in written for mark in _TELLING) and written.partition(" ")[0] not in _OF_THEIR_OWN
    }
    found: list[int] = []
    for node in [node for node, written in enumerate(tree.written) if written in named] if named else ():
        text = tree.text(node)
        if text and (_is_digit(text[0]) or _is_digit(text[-1])) and _is_piece(tree, node, text):
            found.extend(at for at in range(node, tree.ends[node]) if tree.texts[at])
    return found


def _is_piece(tree: Tree, node: int, text: str) -> bool:
    """Does a digit of another look stand directly beside it, in the same cell?"""
    around = _around(tree, node)
    if around < 0:
        return False
    before = next((at for at in range(node - 1, around - 1, -1) if _is_seen(tree, at)), -1)
    after = next((at for at in range(tree.ends[node], tree.ends[around]) if _is_seen(tree, at)), -1)
    looks = _looks(tree.written[node])
    return (
        before >= 0 and _is_digit(text[0]) and _is_digit(tree.texts[before][-1]) and looks != _look_of(tree, before)
    ) or (after >= 0 and _is_digit(text[-1]) and _is_digit(tree.texts[after][0]) and looks != _look_of(tree, after))


def _is_seen(tree: Tree, at: int) -> bool:
    return bool(tree.texts[at]) and not tree.is_unseen(at)


def _is_digit(character: str) -> bool:
    """Or what stands between digits."""
    return character.isdecimal() or character in ".,"


def _around(tree: Tree, node: int) -> int:
    """The block in a table that an element stands in; -1 where it stands in no table."""
    around = tree.parents[node]
    while around >= 0 and tree.tags[around] not in BLOCKS:
        around = tree.parents[around]
    inside = around
    while inside >= 0 and tree.tags[inside] not in ("td", "th"):
        inside = tree.parents[inside]
    return around if inside >= 0 else -1


def _look_of(tree: Tree, text: int) -> tuple[str, str]:
    """Class and id of the nearest element around a text, within its block, that has one of them."""
    at = tree.parents[text] if tree.tags[text] == TEXT else text
    while at >= 0 and tree.tags[at] not in BLOCKS:
        if any(looks := _looks(tree.written[at])):
            return looks
        at = tree.parents[at]
    return "", ""


def _looks(written: str) -> tuple[str, str]:
    said = read_attributes(written)
    return said.get("class", ""), said.get("id", "")
