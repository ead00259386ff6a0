"""A page as flat lists in reading order: what a walk costs least on.

Lexbor repairs the markup as browsers do and writes it out again, well formed, in a fraction of a millisecond; every
step through its tree from Python costs more than that page's share of it. So its output is cut at the tags, once, and
everything else works on lists: node `n` and all that is below it stand in `n` to `ends[n]`. An element that holds one text
and nothing else, as most do, bears it itself: there is no node for the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from functools import lru_cache
from html import escape
from itertools import compress

from selectolax.lexbor import LexborNode, SelectolaxError

from parsers.documents.dom import BLOCKS, TEXT, UNSEEN, seen

_VOID = frozenset((
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input", "keygen", "link",
    "meta", "param", "source", "track", "wbr",
))  # fmt: skip
_TOKEN = re.compile(r"<(/?)([^>]*)>([^<]*)(?:</([^>]*)>([^<]*))?")
"""A tag, the text behind it, and the end that follows a text at once: most elements hold a text and nothing else.
Lexbor writes < and > in texts and attributes as references: what stands between them is a tag."""
_RAW = re.compile(r"<!--.*?-->|<(script|style|iframe|xmp|noembed|noframes)((?: [^>]*)?)>(.*?)</\1>", re.DOTALL)
"""But for these, whose content is written as it is."""
_UNLIKE_THEIR_TREE = re.compile(
    r"<(?:template|plaintext)[ >]|<(svg|math)[ >](?:(?!</\1>).)*?<(?:script|style|iframe|xmp|noembed|noframes)[ >]",
    re.DOTALL,
)
"""What is written inside them stands elsewhere in the tree, or is written by other rules."""
_WITH_ITS_OWN_RULES = frozenset((
    "template", "plaintext", "svg", "math", "iframe", "xmp", "noembed", "noframes", "noscript",
))  # fmt: skip
"""On a page without any of these the markup is cut at every tag and nowhere else."""
_ATTRIBUTE = re.compile(r' ([^\s=]+)="([^"]*)"')
_COMMENT = "!"
_NOWHERE = -1
_FOREVER = 1_000_000
_FEW = 3
_NAMED = re.compile(r"[#.]([\w-]+)|=[\"']?([\w-]+)")
_OTHER_ATTRIBUTE = re.compile(r"\[(?!(?:id|class)[\]~|^$*=])")


class Tree:
    """The nodes below and with one element, which is node 0."""

    __slots__ = ("_names", "_order", "_root", "different", "ends", "parents", "scripts", "tags", "texts", "written")

    def __init__(self, root: LexborNode) -> None:
        self.tags: list[str] = []
        """Lower-case names; dom.TEXT for a text. Comments are left out."""
        self.texts: list[str] = []
        """The text of a text, or of an element that holds one and nothing else; "" for other elements."""
        self.written: list[str] = []
        """The tag of an element as it is written, with its attributes; "" for a text."""
        self.ends: list[int] = []
        self.parents: list[int] = []
        """The element around a node; -1 for node 0."""
        self.different: Set[str] = frozenset()
        """The different tags of `written`."""
        self.scripts: dict[int, str] = {}
        """What stands in scripts and styles: they have no text below them."""
        self._root = root
        self._order: dict[int, int] | None = None
        self._names: str | None = None
        markup = root.html or ""
        if not (self._cut(markup) and self._is_whole(markup)):
            for part in (self.tags, self.texts, self.written, self.ends, self.parents):
                part.clear()
            self.scripts.clear()
            self._climb()
            self.different = set(self.written)

    # --- asking ---------------------------------------------------------------------------------------------------

    def text(self, node: int) -> str:
        """The glued text of a subtree, of parts that nobody sees, too."""
        return "".join(self.texts[node : self.ends[node]])

    def text_of(self, node: int, limit: int = _FOREVER) -> str:
        """The text of a subtree as one reads it, cut off after about `limit` characters."""
        tags, texts, ends = self.tags, self.texts, self.ends
        if ends[node] - node == 1 and tags[node] not in UNSEEN:
            return seen(texts[node])
        parts: list[str] = []
        size, closing = 0, list[int]()
        at, end = node, ends[node]
        while at < end:
            while closing and closing[-1] <= at:
                closing.pop()
                parts.append(" ")
            tag, text = tags[at], texts[at]
            if tag in UNSEEN:
                at = ends[at]
                continue
            if tag == "br":
                parts.append(" ")
            elif tag in BLOCKS:
                parts.append(" ")
                closing.append(ends[at])
            if text:
                parts.append(text)
                size += len(text)
                if size > limit:
                    break
            at += 1
        return seen("".join(parts))

    def attributes(self, node: int) -> Mapping[str, str]:
        return read_attributes(self.written[node])

    def attribute(self, node: int, name: str) -> str:
        return read_attributes(self.written[node]).get(name, "")

    def is_deeper_than(self, limit: int) -> bool:
        """Do more nodes stand in each other than that?"""
        # No more than there are elements that hold something, or elements, which is soon counted.
        holders = set(self.parents)
        if len(holders) < limit or len(set(compress(self.parents, self.written))) < limit:
            return False
        depths = {_NOWHERE: 0}
        for holder in sorted(holders - {_NOWHERE}):
            depths[holder] = depths[self.parents[holder]] + 1
        # Below the innermost of them may be an element with a text.
        return max(depths.values()) + 2 > limit and self._depth() > limit

    def _depth(self) -> int:
        depths = [0] * (len(self.parents) + 1)
        for node, around in enumerate(self.parents):
            depths[node] = depths[around] + 1  # the last place stands for what is around node 0
        bearing = [bool(text and written) for text, written in zip(self.texts, self.written, strict=True)]
        return max([depth + below for depth, below in zip(depths, bearing, strict=False)])

    def children(self, node: int) -> Iterator[int]:
        ends = self.ends
        child, end = node + 1, ends[node]
        while child < end:
            yield child
            child = ends[child]

    def within(self, node: int, root: int) -> bool:
        """Is `node` the root or below it?"""
        return root <= node < self.ends[root]

    def is_unseen(self, node: int) -> bool:
        """Does it stand in something that nobody reads as text?"""
        while node >= 0:
            if self.tags[node] in UNSEEN:
                return True
            node = self.parents[node]
        return False

    def named(self, root: int, names: frozenset[str]) -> list[int]:
        """The elements of these names below and with `root`."""
        tags, end = self.tags, self.ends[root]
        there = tags if root == 0 else tags[root:end]
        if names.isdisjoint(there):
            return []
        return list(compress(range(root, end), map(names.__contains__, there)))

    def has(self, root: int, name: str) -> bool:
        return name in self.tags[root : self.ends[root]]

    def walk(self, root: int, skipped: int = _NOWHERE) -> Iterator[tuple[int, bool]]:
        """Every node below and with `root` in reading order, as (node, entering), but for the subtree `skipped`.

        Elements come twice, entered (with a text of their own, where they bear one) and left; texts once. Nothing comes
        of what nobody sees.
        """
        tags, ends = self.tags, self.ends
        left: list[int] = []
        at, end = root, ends[root]
        while at < end:
            while left and ends[left[-1]] <= at:
                yield left.pop(), False
            tag = tags[at]
            if tag == TEXT:
                yield at, True
            elif tag in UNSEEN or at == skipped:
                at = ends[at]
                continue
            else:
                yield at, True
                left.append(at)
            at += 1
        while left:
            yield left.pop(), False

    def select(self, selector: str) -> list[int]:
        """The elements that a CSS selector matches; none for one that cannot be read."""
        if not self._may_match(selector):
            return []
        try:
            matches = self._root.css(selector)
        except SelectolaxError:
            return []
        if not matches:
            return []
        found = [self._like(match) for match in matches] if len(matches) <= _FEW else []
        if found and all(len(nodes) == 1 for nodes in found):
            return [nodes[0] for nodes in found]
        if self._order is None:
            elements = (node for node, tag in enumerate(self.tags) if tag != TEXT)
            self._order = dict(zip((found.mem_id for found in self._root.css("*")), elements, strict=False))
        return [self._order[match.mem_id] for match in matches if match.mem_id in self._order]

    def _may_match(self, selector: str) -> bool:
        """Are all classes and ids that the selector names on the page? Most selectors are other portals'."""
        if self._names is None:
            around, node = [], self._root.parent
            while node is not None:
                around.append(_written(node))
                node = node.parent
            named = (written for written in {*around, *self.different} if ' id="' in written or ' class="' in written)
            self._names = "\n".join(named).casefold()
        return any(all(name in self._names for name in names) for names in _names_of(selector))

    def _like(self, match: LexborNode) -> list[int]:
        """The elements with its name and attributes: most often itself alone."""
        tag, attributes = match.tag, {name: value or "" for name, value in match.attributes.items()}
        alike = {
            written
            for written in self.different
            if written and written.partition(" ")[0] == tag and read_attributes(written) == attributes
        }
        if all(self.written.count(written) == 1 for written in alike):
            return sorted(map(self.written.index, alike))
        return [node for node, written in enumerate(self.written) if written in alike]

    # --- making ---------------------------------------------------------------------------------------------------

    def _cut(self, markup: str) -> bool:
        """Fill the lists from the markup; False where its tags do not stand as they should."""
        scripts: list[str] = []

        def plain(match: re.Match[str]) -> str:
            name = match[1]
            if name is None:
                return "<!>"
            if name in ("script", "style"):
                scripts.append(match[3])
                return f"<{name}{match[2]}></{name}>"
            return f"<{name}{match[2]}>{escape(match[3], quote=False)}</{name}>"

        markup = _RAW.sub(plain, markup)
        tags, texts, written, ends, parents = self.tags, self.texts, self.written, self.ends, self.parents
        names: dict[str, str] = {}
        met: dict[str, str] = {}
        around, size = _NOWHERE, 0
        for closing, tag, text, closed, behind in _TOKEN.findall(markup):
            if closed and not behind and not closing and met.get(tag) == closed:
                # An element that was met before and holds a text, or not even that: most are such.
                tags.append(closed)
                written.append(tag)
                parents.append(around)
                texts.append(_unescaped(text) if "&" in text else text)
                size += 1
                ends.append(size)
                continue
            if closing:
                if around < 0 or tags[around] != tag:
                    return False
                ends[around] = size
                around = parents[around]
            elif tag != _COMMENT:
                try:
                    name = names[tag]
                except KeyError:
                    name = names[tag] = tag.partition(" ")[0]
                    if name not in _VOID:
                        met[tag] = name
                tags.append(name)
                written.append(tag)
                parents.append(around)
                if closed == name and name not in _VOID:
                    # A text and nothing else, or not even that.
                    texts.append(_unescaped(text) if "&" in text else text)
                    text, closed = behind, ""
                else:
                    texts.append("")
                    if name not in _VOID:
                        around = size
                size += 1
                ends.append(size)
            if text:
                tags.append(TEXT)
                texts.append(_unescaped(text) if "&" in text else text)
                written.append("")
                parents.append(around)
                size += 1
                ends.append(size)
            if closed:
                if around < 0 or tags[around] != closed:
                    return False
                ends[around] = size
                around = parents[around]
                if behind:
                    tags.append(TEXT)
                    texts.append(_unescaped(behind) if "&" in behind else behind)
                    written.append("")
                    parents.append(around)
                    size += 1
                    ends.append(size)
        if around >= 0 or not markup.startswith("<") or not markup.endswith(">"):
            return False
        self.different = names.keys()
        if scripts:
            holders = [node for node, tag in enumerate(tags) if tag in ("script", "style")]
            self.scripts.update(zip(holders, scripts, strict=False))
        return True

    def _is_whole(self, markup: str) -> bool:
        """Do the lists hold what the tree holds? Where that is not sure, by the number of Lexbor's own elements."""
        if _WITH_ITS_OWN_RULES.isdisjoint(self.tags) and not any("<!--" in script for script in self.scripts.values()):
            return True  # A script that holds a comment may hold scripts in it.
        return not _UNLIKE_THEIR_TREE.search(markup) and len(self.tags) - self.tags.count(TEXT) == len(
            self._root.css("*")
        )

    def _climb(self) -> None:
        """Fill the lists node by node: slower, and right for every page."""
        node: LexborNode | None = self._root
        around = _NOWHERE
        while node is not None:
            tag = node.tag or ""
            child = None
            if tag == TEXT:
                self._add(TEXT, node.text_content or "", "", around)
            elif tag in ("script", "style"):
                self.scripts[len(self.tags)] = node.text()
                self._add(tag, "", tag + _written(node), around)
            elif not tag.startswith(("-", "!")):
                child = node.child
                if child is not None and child.tag == TEXT and child.next is None:
                    self._add(tag, child.text_content or "", tag + _written(node), around)
                    child = None
                else:
                    self._add(tag, "", tag + _written(node), around)
            if child is not None:
                around = len(self.tags) - 1
                node = child
                continue
            while node is not None and (around < 0 or node.next is None):
                node = None if around < 0 else node.parent
                if node is not None:
                    self.ends[around] = len(self.tags)
                    around = self.parents[around]
            node = None if node is None else node.next

    def _add(self, tag: str, text: str, written: str, around: int) -> None:
        self.tags.append(tag)
        self.texts.append(text)
        self.written.append(written)
        self.parents.append(around)
        self.ends.append(len(self.tags))


def _written(node: LexborNode) -> str:
    return "".join(f' {name}="{_quoted(value)}"' for name, value in node.attributes.items())


def _quoted(value: str | None) -> str:
    return escape(value or "", quote=False).replace('"', "&quot;")


def _unescaped(text: str) -> str:
    text = text.replace("&nbsp;", "\u00a0").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"')
    return text.replace("&amp;", "&")


@lru_cache(maxsize=1024)
def _names_of(selector: str) -> tuple[tuple[str, ...], ...]:
    """For each alternative of a selector the words that an element must bear, or an element around it; none where it
    is not plain to see."""
    if "(" in selector or "\\" in selector or _OTHER_ATTRIBUTE.search(selector):
        return ((),)
    return tuple(
        tuple(name.casefold() for pair in _NAMED.findall(one) for name in pair if name) for one in selector.split(",")
    )


@lru_cache(maxsize=4096)
def read_attributes(written: str) -> Mapping[str, str]:
    """The attributes of an element by their names, from its tag as it is written (`Tree.written`)."""
    found = _ATTRIBUTE.findall(written)
    return {name: _unescaped(value) if "&" in value else value for name, value in found}
