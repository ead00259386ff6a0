"""How a page is built, without what stands on it: what the crawler compares from one visit to the next.

A skeleton is the set of a page's structural elements with their classes and ids, `div.zfxxgk_left`, digits left out. What
the organ wrote is no part of it: inside of a report's body everybody pastes what a word processor gave him. Beside the
elements stand what a system itself says of its template (开普云: `template,templategroup,version`; others: generator).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.pages.attachments import body_of
from crawler.pages.markup import Markup

Skeleton = frozenset[str]

STRUCTURE = "body, div, section, article, main, nav, header, footer, aside, form, ul, ol, dl, table, iframe, h1, h2"
SAME = 0.7
"""Share of words in common from which on two pages are built the same: a banner more or less is no new template."""
MOST_WORDS = 150
SAID = ("template,templategroup,version", "generator")
VERSION = "version "
DIGITS = re.compile(r"\d+")


def skeleton(markup: Markup, *, body: Sequence[str] = (), detail: bool = False) -> Skeleton:
    """The words of a page. Of a detail page what is below its body is left out; `body` are the portal's selectors."""
    inside = body_of(markup, body) if detail else None
    words = sorted(set(_words(markup.tree, inside if inside is not None and inside.tag != "body" else None)))
    said = (f"{VERSION}{markup.meta[name][:80]}" for name in SAID if markup.meta.get(name))
    return frozenset([*words[:MOST_WORDS], *said])


def versions(words: Skeleton | Sequence[str]) -> frozenset[str]:
    """What a page's system says of its template; a change of it is told although the page looks the same."""
    return frozenset(word for word in words if word.startswith(VERSION))


def digest(words: Skeleton | Sequence[str]) -> str:
    return hashlib.sha256("\n".join(sorted(words)).encode()).hexdigest()[:16]


def likeness(one: Skeleton | Sequence[str], other: Skeleton | Sequence[str]) -> float:
    """0: nothing in common; 1: the same words."""
    left, right = set(one), set(other)
    return len(left & right) / len(left | right) if left or right else 1.0


def is_same(one: Skeleton | Sequence[str], other: Skeleton | Sequence[str]) -> bool:
    return likeness(one, other) >= SAME


def _words(page: LexborHTMLParser, body: LexborNode | None) -> Iterator[str]:
    inside = {body.mem_id} if body is not None else set[int]()
    """The body, and what was met of it: elements come in the order of the page."""
    for node in page.css(STRUCTURE):
        if inside and _is_within(node, inside):
            inside.add(node.mem_id)
            continue
        given = node.attributes
        yield from _names(node.tag or "", given.get("id") or "", given.get("class") or "")


def _is_within(node: LexborNode, inside: set[int]) -> bool:
    around = node.parent
    while around is not None:
        if around.mem_id in inside:
            return True
        around = around.parent
    return False


@lru_cache(maxsize=4096)
def _names(tag: str, name: str, classes: str) -> tuple[str, ...]:
    """Of an element, and of every other one like it: a page has few kinds."""
    name = DIGITS.sub("", name)
    found = [DIGITS.sub("", one) for one in classes.split()]
    words = [f"{tag}#{name[:40]}"] if name else []
    words += [f"{tag}.{one[:40]}" for one in found if one]
    return tuple(words) if name or found else (tag,)
