"""Which elements of a page hold nothing but text in inline elements: their text is one call, without a walk.

A page pasted from Word has ten spans a line. Every step of a walk is a call into the HTML library, so that walking
all of them, for the body, the layout, the blocks, costs more than everything else together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from parsers.documents import dom
from parsers.documents.chrome import may_be_chrome
from parsers.documents.dom import Node

_OF_THEIR_OWN = dom.BLOCKS | dom.UNSEEN | {"br", "img", "input", "a", "wbr", "iframe", "embed", "object", "pre", "col"}


class Step(Enum):
    """What a walk has come to."""

    TEXT = 1
    ENTER = 2
    LEAVE = 3
    LEAF = 4
    """An element that holds plain text alone: `text` is all of it, and it is not entered."""


@dataclass(frozen=True)
class Shape:
    branching: frozenset[int]
    """`mem_id` of the elements that have something of its own below them: a block, a break, a picture, a link."""
    suspects: frozenset[int]
    """`mem_id` of the elements whose name or style may be that of a part of the page and not of the report."""


def shape_of(root: Node) -> Shape:
    branching: set[int] = set()

    def has_own(node: Node) -> None:
        parent = node.parent
        while parent is not None and (identity := parent.mem_id) not in branching:
            branching.add(identity)
            parent = parent.parent

    for node in root.css("*"):
        if node.tag in _OF_THEIR_OWN:
            has_own(node)
    suspects: set[int] = set()
    for node in root.css('[id], [class], [style*="display" i], nav, footer'):
        suspect = may_be_chrome(node)
        if suspect:
            suspects.add(node.mem_id)
        if suspect or "id" in node.attributes:
            has_own(node)
    return Shape(frozenset(branching), frozenset(suspects))


def walk(root: Node, shape: Shape) -> Iterator[tuple[Step, Node, str]]:
    """(step, node, its tag; for TEXT and LEAF the text) of everything below and with `root` in reading order."""
    top = root.mem_id
    branching = shape.branching
    node = root
    while True:
        tag = node.tag or ""
        if tag == dom.TEXT:
            yield Step.TEXT, node, node.text_content or ""
        elif tag not in dom.UNSEEN:
            if node.mem_id not in branching:
                yield Step.LEAF, node, node.text()
            else:
                yield Step.ENTER, node, tag
                child = node.child
                if child is not None:
                    node = child
                    continue
                yield Step.LEAVE, node, tag
        following = None if node.mem_id == top else node.next
        while following is None:
            parent = node.parent
            if node.mem_id == top or parent is None:
                return
            node = parent
            yield Step.LEAVE, node, node.tag or ""
            following = None if node.mem_id == top else node.next
        node = following
