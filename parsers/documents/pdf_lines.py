"""Characters of a PDF page -> lines -> paragraphs, by where they stand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from parsers.documents.shown import STRIKE, lowered, raised

_ORDINAL = re.compile(
    r"^\s*(?:第?[一二三四五六七八九十]{1,3}[、．.部章]|[（(][一二三四五六七八九十]{1,3}[)）]|\d{1,2}[.、．])"
)
_PAGE_NUMBER = re.compile(
    r"[-—–―－·•~\s]*(?:第\s*)?\d{1,3}(?:\s*页)?(?:\s*[/／,，共]\s*(?:共\s*)?\d{1,3}(?:\s*页)?)?[-—–―－·•~\s]*"
)
_SPACED_OUT = re.compile(r"(?<!\S)[^\s\x00-\x7f](?: [^\s\x00-\x7f]){3,}(?!\S)")
_SMALL, _RAISED, _LOWERED = 0.9, 0.2, 0.08
"""Of the height of the tallest digit of a line: a footnote's mark is lower than that, and ends that much above it or
below."""
_STRUCK_APART = re.compile(rf"(?<=\d){STRIKE}{STRIKE}(?=\d)")
"""Between digits that are struck out one beside the other."""
_CLOSING = "，。；：！？、）】》〉”’,.;:!?)]"


class Char(NamedTuple):
    """A character and its box; `top` grows downwards, in points from the upper left corner of the page."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def x(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def y(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def size(self) -> float:
        """Height of the character, of a Chinese one at least its width: a Type 3 font gives 一 the box of its ink."""
        height = self.bottom - self.top
        return height if self.text.isascii() else max(height, self.x1 - self.x0)


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    em: float


def lines_of(chars: Iterable[Char]) -> list[Line]:
    """Put characters into lines from top to bottom, each from left to right."""
    lines: list[list[Char]] = []
    reach = height = 0.0
    for y, _x0, _n, char in sorted(((c.top + c.bottom) / 2, c.x0, n, c) for n, c in enumerate(chars)):
        if lines and y - reach <= 0.45 * min(char.size, height):
            lines[-1].append(char)
        else:
            lines.append([char])
            reach, height = y, char.size
    return [_line(sorted(line, key=_left)) for line in lines]


def _left(char: Char) -> float:
    return char.x0


def _height(line: Sequence[Char]) -> float:
    return line[0].size


def _line(chars: Sequence[Char]) -> Line:
    """Glue characters; a gap becomes a space where a column or a word ends there."""
    wide = [c.x1 - c.x0 for c in chars if not c.text.isascii()]
    em = median(wide) if wide else max(0.8 * _height(chars), 1.0)
    chars = _with_footnotes(chars)
    parts = [chars[0].text]
    for before, char in pairwise(chars):
        gap = char.x0 - before.x1
        latin = before.text.isascii() and char.text.isascii()
        if gap > (0.18 if latin else 0.6) * em and char.text not in _CLOSING:
            parts.append(" ")
        parts.append(char.text)
    text = _SPACED_OUT.sub(lambda match: match[0].replace(" ", ""), "".join(parts))
    text = _STRUCK_APART.sub("", text)
    return Line(
        text,
        min(c.x0 for c in chars),
        min(c.top for c in chars),
        max(c.x1 for c in chars),
        max(c.bottom for c in chars),
        em,
    )


def _with_footnotes(chars: Sequence[Char]) -> Sequence[Char]:
    """13 with a small, raised 1 behind it is 13¹, not 131."""
    digits = [char for char in chars if char.text.isdecimal()]
    if len(digits) < 2:
        return chars
    largest = max(digits, key=lambda char: char.bottom - char.top)
    tall = largest.bottom - largest.top
    small = [c for c in digits if c.bottom - c.top < _SMALL * tall]
    up = {c for c in small if c.bottom < largest.bottom - _RAISED * tall}
    down = {c for c in small if c.bottom > largest.bottom + _LOWERED * tall}
    if not up and not down:
        return chars
    return [
        c._replace(text=raised(c.text) if c in up else lowered(c.text)) if c in up or c in down else c for c in chars
    ]


def is_page_number(line: Line, page_height: float) -> bool:
    """`- 5 -` and the like, in the upper or lower margin."""
    in_margin = line.bottom < 0.1 * page_height or line.top > 0.88 * page_height
    return in_margin and bool(_PAGE_NUMBER.fullmatch(line.text.strip()))


@dataclass(frozen=True, slots=True)
class Margins:
    left: float
    right: float


def margins(lines: Iterable[Line]) -> Margins:
    """Where the running text begins and ends: the usual left edge and right edge of long lines."""
    lefts: Counter[int] = Counter()
    rights: Counter[int] = Counter()
    for line in lines:
        if len(line.text) >= 8:
            lefts[round(line.x0 / 4)] += 1
        if len(line.text) >= 16:
            rights[round(line.x1 / 4)] += 1
    if not lefts or not rights:
        return Margins(0.0, float("inf"))
    # Continued lines outnumber indented ones in all but the shortest texts; the leftmost edge in real use wins.
    used = [edge for edge, count in lefts.items() if count >= max(1, max(lefts.values()) // 4)]
    right = max(edge for edge, count in rights.items() if count >= max(1, max(rights.values()) // 4))
    return Margins(min(used) * 4.0, right * 4.0)


def continues(line: Line, following: Line, page: Margins) -> bool:
    """Does the paragraph of `line` go on in `following`? It fills the line, and the next one is not indented."""
    return (
        line.x1 >= page.right - 1.8 * line.em
        # What begins far to the right is centred: a title.
        and line.x0 <= page.left + 3.2 * line.em
        and following.x0 <= page.left + 0.9 * following.em
        and abs(line.em - following.em) < 0.25 * line.em
        and not _ORDINAL.match(following.text)
    )


def joined(before: str, after: str) -> str:
    """Two lines of one paragraph: no space between Chinese characters, one between words."""
    if before[-1:].isascii() and before[-1:].isalpha() and after[:1].isascii() and after[:1].isalpha():
        return f"{before} {after}"
    return before + after
