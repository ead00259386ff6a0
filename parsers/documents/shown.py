"""What a page's markup says of a text that the text itself does not: it is hidden, struck out, or raised.

Without it 13<sup>1</sup> would be read as 131, and a struck 5 in front of a 6 as 56.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from parsers.documents.chrome import is_small
from parsers.documents.dom import BLOCKS, HIDDEN, TEXT
from parsers.documents.tree import Tree, read_attributes

STRIKE = "~~"
"""Stands on both sides of what is struck out, as in Markdown: it is kept, and no figure is read from it."""
_HIDING, _FADING, _STRIKING, _RAISING = 1, 2, 4, 8
_HIDDEN_STYLE = re.compile(r"(?:^|[;\s])display\s*:\s*none", re.IGNORECASE)
_FADED_STYLE = re.compile(
    r"(?:^|[;\s])(?:visibility\s*:\s*hidden|(?:font-size|opacity)\s*:\s*0(?:\.0+)?(?:px|pt|em|%)?\s*(?:;|$))",
    re.IGNORECASE,
)
"""What keeps its place and shows nothing, if nothing in it says otherwise."""
_STRUCK_STYLE = re.compile(r"text-decoration[^;]*line-through", re.IGNORECASE)
_RAISED_STYLE = re.compile(r"vertical-align\s*:\s*super", re.IGNORECASE)
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_MARK = re.compile(r"\s*\d{1,2}\s*")
"""A footnote has a low number; a figure that is raised as a whole stays one."""
_PARTS = frozenset(("td", "th")), frozenset(("tr",))
_MOST_TAGS = 16_384


class _Kinds(dict[str, int]):
    """Tag as it is written -> what it does to the text in it."""

    def __missing__(self, written: str) -> int:
        if len(self) >= _MOST_TAGS:
            self.clear()
        kind = self[written] = _kind(written)
        return kind


def _kind(written: str) -> int:
    tag = written.partition(" ")[0]
    attributes = read_attributes(written) if " style=" in written or " hidden=" in written else {}
    style = attributes.get("style", "")
    return (
        _HIDING * ("hidden" in attributes or bool(_HIDDEN_STYLE.search(style)))
        | _FADING * bool(_FADED_STYLE.search(style))
        | _STRIKING * (tag in ("s", "strike", "del") or bool(_STRUCK_STYLE.search(style)))
        | _RAISING * (tag == "sup" or bool(_RAISED_STYLE.search(style)))
    )


_kinds = _Kinds()


def raised(text: str) -> str:
    """Raised digits, where they can be a footnote's mark: 1 -> ¹."""
    return text.translate(_RAISED) if _MARK.fullmatch(text) else text


def as_shown(tree: Tree) -> None:
    """Change the tree into what a reader of the page sees.

    Hidden parts of a table lose their tags (`dom.HIDDEN`), but for large ones: a page may show them later, by script.
    Outside of tables hidden boxes are told by `chrome.py`.
    """
    marked = {written: kind for written in tree.different if (kind := _kinds[written])}
    if not marked:
        return
    kinds = [marked.get(written, 0) for written in tree.written]
    struck: set[int] = set()
    for node, kind in enumerate(kinds):
        if kind & _HIDING and _is_hidden(tree, node, kinds):
            tree.tags[node], tree.written[node] = HIDDEN, f"{HIDDEN} {tree.tags[node]}"
            tree.different = {*tree.different, tree.written[node]}
        if kind & _FADING and _is_bare(tree, node) and _in_table(tree, node):
            for text in _texts(tree, node):
                tree.texts[text] = ""
        if kind & _RAISING:
            for text in _texts(tree, node):
                tree.texts[text] = raised(tree.texts[text])
        if kind & _STRIKING:
            struck.update(_texts(tree, node))
    for text in sorted(struck):
        if tree.texts[text].strip() and not struck.issuperset(_said(tree, _block(tree, text))):
            tree.texts[text] = f"{STRIKE}{tree.texts[text]}{STRIKE}"


def _texts(tree: Tree, node: int) -> Iterator[int]:
    """The nodes that bear a text."""
    return (at for at in range(node, tree.ends[node]) if tree.texts[at])


def _in_table(tree: Tree, node: int) -> bool:
    around = tree.parents[node]
    while around >= 0 and tree.tags[around] != "table":
        around = tree.parents[around]
    return around >= 0


def _is_bare(tree: Tree, node: int) -> bool:
    """Is there nothing but text in it, which cannot say that it is shown after all?"""
    return all(tag == TEXT for tag in tree.tags[node + 1 : tree.ends[node]])


def _is_hidden(tree: Tree, node: int, kinds: Sequence[int]) -> bool:
    """Is it a small part of a table, and not all of a row's cells or of a table's rows?"""
    if not _in_table(tree, node) or not is_small(tree, node):
        return False
    alike = next((names for names in _PARTS if tree.tags[node] in names), None)
    if alike is None:
        return True
    beside = tree.children(tree.parents[node])
    return any(tree.tags[other] in alike and not kinds[other] & _HIDING for other in beside)


def _block(tree: Tree, text: int) -> int:
    """The block of the page that a text stands in."""
    around = tree.parents[text] if tree.tags[text] == TEXT else text
    while tree.parents[around] >= 0 and tree.tags[around] not in BLOCKS:
        around = tree.parents[around]
    return around


def _said(tree: Tree, block: int) -> list[int]:
    """Its texts, but for blanks."""
    return [text for text in _texts(tree, block) if tree.texts[text].strip()]
