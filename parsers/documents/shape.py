"""Which elements of a page hold nothing but text in inline elements: their text is one slice, without a walk.

A page pasted from Word has ten spans a line: what they hold is taken together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from parsers.documents import dom
from parsers.documents.chrome import may_be_chrome
from parsers.documents.tree import Tree, read_attributes

_OF_THEIR_OWN = dom.BLOCKS | dom.UNSEEN | {"br", "img", "input", "a", "wbr", "iframe", "embed", "object", "pre", "col"}


@dataclass(frozen=True)
class Shape:
    branching: bytearray
    """1 for every element that has something of its own below it: a block, a break, a picture, a link."""
    suspects: frozenset[int]
    """The elements whose name or style may be that of a part of the page and not of the report."""
    cells: Mapping[int, int]
    """Every td and th -> its number among them, from 0, in the page's order."""


def shape_of(tree: Tree) -> Shape:
    parents = tree.parents
    branching = bytearray(len(parents))
    suspects: set[int] = set()
    cells: dict[int, int] = {}
    for node, tag in enumerate(tree.tags):
        if tag == dom.TEXT:
            continue
        written = tree.attrs[node]
        suspect = may_be_chrome(tag, written)
        if suspect:
            suspects.add(node)
        if tag in _OF_THEIR_OWN or suspect or (written and has_id(written)):
            around = parents[node]
            while around >= 0 and not branching[around]:
                branching[around] = 1
                around = parents[around]
        if tag == "td" or tag == "th":
            cells[node] = len(cells)
    return Shape(branching, frozenset(suspects), cells)


def has_id(written: str) -> bool:
    """Has an element an id, by its attributes as they are written (`Tree.attrs`)?"""
    return ' id="' in written and "id" in read_attributes(written)
