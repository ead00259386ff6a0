"""What the elements of a page are to a reader, and which of them hold nothing but text in inline elements: their text is
one slice, without a walk.

A page pasted from Word has ten spans a line: what they hold is taken together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import compress

from parsers.documents import dom
from parsers.documents.chrome import may_be_chrome
from parsers.documents.tree import Tree, read_attributes

TEXT, UNSEEN, BLOCK, BOX, CELL, LINK = 1, 2, 4, 8, 16, 32
"""Bits of a kind. A box is a block or bears an id."""
_OWN, _SUSPECT = 64, 128
_OF_THEIR_OWN = (
    dom.BLOCKS | dom.UNSEEN | {"br", "img", "input", "a", "wbr", "iframe", "embed", "object", "applet", "pre", "col"}
)
_HIDDEN_CELLS = frozenset((f"{dom.HIDDEN} td", f"{dom.HIDDEN} th"))
_MOST_KINDS = 16_384


@dataclass(frozen=True)
class Shape:
    kinds: bytes
    """What each node is."""
    branching: bytearray
    """1 for every element that has something of its own below it: a block, a break, a picture, a link."""
    suspects: frozenset[int]
    """The elements whose name or style may be that of a part of the page and not of the report."""
    cells: Sequence[int]
    """Every td and th in the page's order, hidden ones, too: a cell's number is its place among them, from 0."""


class _Kinds(dict[str, int]):
    """Tag as it is written -> what it is. The same few tags stand on all pages, and hundreds of times on each."""

    def __missing__(self, written: str) -> int:
        kind = self[written] = _kind(written)
        return kind


def _kind(written: str) -> int:
    if not written:
        return TEXT
    tag = written.partition(" ")[0]
    has_id = ' id="' in written and "id" in read_attributes(written)
    suspect = may_be_chrome(tag, written)
    is_own = tag in _OF_THEIR_OWN or suspect or has_id
    return (
        UNSEEN * (tag in dom.UNSEEN)
        | BLOCK * (tag in dom.BLOCKS)
        | BOX * (tag in dom.BLOCKS or has_id)
        | CELL * (tag in ("td", "th"))
        | LINK * (tag == "a")
        | _OWN * is_own
        | _SUSPECT * suspect
    )


_kinds = _Kinds()


def _telling(bit: int) -> bytes:
    """For bytes.translate: 1 for the kinds that have the bit."""
    return bytes(bool(kind & bit) for kind in range(256))


_IS_OWN, _IS_SUSPECT = map(_telling, (_OWN, _SUSPECT))
IS_CELL, IS_UNSEEN = map(_telling, (CELL, UNSEEN))
IS_NO_TEXT = _telling(LINK | UNSEEN)
"""1 for what holds text that nobody reads as the report's."""


def shape_of(tree: Tree) -> Shape:
    if len(_kinds) > _MOST_KINDS:
        _kinds.clear()
    parents = tree.parents
    kinds = bytes(map(_kinds.__getitem__, tree.written))
    branching = bytearray(len(parents))
    for around in set(compress(parents, kinds.translate(_IS_OWN))):
        while around >= 0 and not branching[around]:
            branching[around] = 1
            around = parents[around]
    nodes = range(len(kinds))
    suspects = frozenset(compress(nodes, kinds.translate(_IS_SUSPECT)))
    is_cell: Iterable[int] = kinds.translate(IS_CELL)
    if _HIDDEN_CELLS & tree.different:
        is_cell = [kind & CELL or written in _HIDDEN_CELLS for kind, written in zip(kinds, tree.written, strict=True)]
    return Shape(kinds, branching, suspects, list(compress(nodes, is_cell)))


def is_paragraph(shape: Shape, node: int) -> bool:
    """Is it a block with text in inline elements, and nothing else? So most cells of a page pasted from Word hold one."""
    return shape.kinds[node] & (BLOCK | UNSEEN | CELL) == BLOCK and not shape.branching[node]
