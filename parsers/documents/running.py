"""Running heads and feet of a paged document: what stands at the same place on many pages is said once, if at all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from parsers.documents.pdf_lines import Line

Item = TypeVar("Item")

_NUMBER = re.compile(
    r"第?\s*\d{1,3}\s*页(?:\s*[/／,，]?\s*共\s*\d{1,3}\s*页)?|[-—–―－·•~]\s*\d{1,3}\s*[-—–―－·•~]|^\d{1,3}\s|\s\d{1,3}$"
)
"""The page number in the same line: it is another on every page."""
_WORDS = re.compile(r"[\u4e00-\u9fff]")
_FEWEST_WORDS = 4
_DEPTH = 2
"""Lines of a head."""
_SAME = 6.0
"""Points between two pages' heads: a scan does not lie quite straight."""


def without_running_heads(pages: Iterable[Sequence[Item]]) -> list[list[Item]]:
    """The pages' items without the lines that repeat at the same place at the edge of a third of the pages.

    One that the text says nowhere else stays on the first of them: it may be the only place that names the report.
    """
    kept = [list(page) for page in pages]
    seen: dict[str, list[tuple[int, Line]]] = {}
    for number, page in enumerate(kept):
        for line in _at_edges(page):
            text = _said(line.text)
            if len(_WORDS.findall(text)) >= _FEWEST_WORDS:
                seen.setdefault(text, []).append((number, line))
    gone: set[int] = set()
    for text, lines in seen.items():
        heads = _at_one_place(lines)
        if len({number for number, _ in heads}) < max(2, -(-len(kept) // 3)):
            continue
        found = {id(line) for _, line in heads}
        others = (item for page in kept for item in page if isinstance(item, Line) and id(item) not in found)
        gone |= found if any(_said(other.text) == text for other in others) else found - {id(heads[0][1])}
    return [[item for item in page if id(item) not in gone] for page in kept]


def _at_edges(page: Sequence[object]) -> Iterator[Line]:
    """The first lines of a page and the last ones, each up to the first table or picture."""
    for items in (page[:_DEPTH], page[: -_DEPTH - 1 : -1] if len(page) > _DEPTH else ()):
        for item in items:
            if not isinstance(item, Line):
                break
            yield item


def _said(text: str) -> str:
    return "".join(_NUMBER.sub("", text).split())


def _at_one_place(lines: Sequence[tuple[int, Line]]) -> list[tuple[int, Line]]:
    """Those that stand at the height at which most of them stand."""
    groups = [[(n, other) for n, other in lines if abs(other.top - line.top) <= _SAME] for _, line in lines]
    return max(groups, key=len)
