"""Where the words stand: short pieces of a text with the places of what was found."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from storage.fulltext.segment import HAN, Phrase, folded

AROUND = 36
"""Characters shown on either side."""
MOST = 3
"""Pieces of one report."""
_WORD = re.compile(rf"[{HAN}]|[^\W_{HAN}]+")


@dataclass(frozen=True)
class Snippet:
    text: str
    """A piece of the text on one line; `…` where it was cut."""
    marks: tuple[tuple[int, int], ...]
    """[start, end) of what was found, in characters of `text`."""

    def pieces(self) -> Iterator[tuple[str, bool]]:
        """The text in order, each piece with whether it was found."""
        at = 0
        for start, end in self.marks:
            if at < start:
                yield self.text[at:start], False
            yield self.text[start:end], True
            at = end
        if at < len(self.text):
            yield self.text[at:], False


def snippets(text: str, asked: Sequence[Phrase], most: int = MOST) -> tuple[Snippet, ...]:
    """The first places of what was asked, near ones in one piece; none where only title or organ hold it."""
    wanted = [phrase for phrase in asked if not phrase.is_unwanted]
    if not wanted:
        return ()
    spans = sorted(span for phrase in wanted for span in _places(text, phrase, most))
    found: list[Snippet] = []
    while spans and len(found) < most:
        start, end = max(0, spans[0][0] - AROUND), spans[0][1] + AROUND
        inside = [span for span in spans if span[0] >= start and span[1] <= end]
        end = min(len(text), inside[-1][1] + AROUND)
        found.append(_piece(text, start, end, inside))
        spans = [span for span in spans if span[0] >= end]
    return tuple(found)


def _piece(text: str, start: int, end: int, spans: Sequence[tuple[int, int]]) -> Snippet:
    """Cut at line ends where one is near; blanks and breaks become one blank each, so that places stay."""
    left = max(text.rfind("\n", start, spans[0][0]) + 1, start)
    right = text.find("\n", spans[-1][1], end)
    right = end if right < 0 else right
    before, after = ("…" if left > 0 else ""), ("…" if right < len(text) else "")
    shift = len(before) - left
    marks: list[tuple[int, int]] = []
    for a, b in spans:
        if marks and a + shift < marks[-1][1]:  # two phrases that overlap: one mark
            marks[-1] = (marks[-1][0], max(marks[-1][1], b + shift))
        else:
            marks.append((a + shift, b + shift))
    return Snippet(before + re.sub(r"[\s\x00-\x1f\x7f-\x9f]", " ", text[left:right]) + after, tuple(marks))


def _places(text: str, phrase: Phrase, most: int) -> Iterator[tuple[int, int]]:
    """[start, end) of the phrase in `text`, at most so many."""
    flat, at = _flat(text)
    for number, match in enumerate(re.finditer(_pattern(folded(phrase.words)), flat)):
        if number == most:
            return
        yield at(match.start()), at(match.end() - 1) + 1


def _pattern(words: str) -> str:
    """What the tokens of `words` stand for: blanks between characters are layout, marks are any marks."""
    found = list(_WORD.finditer(words))
    pattern = ""
    for before, this in pairwise([None, *found]):
        assert this is not None
        if before is not None:
            characters = _is_character(before[0]) and _is_character(this[0])
            is_apart = before.end() < this.start()
            pattern += r"[\W_]+" if is_apart and characters else r"[ \t\u3000\xa0]*" if characters else r"[\W_]*"
        edge = "" if _is_character(this[0]) else f"[^\\W_{HAN}]"
        pattern += f"(?<!{edge}){this[0]}(?!{edge})" if edge else this[0]
    return pattern


def _is_character(word: str) -> bool:
    return re.match(f"[{HAN}]", word) is not None


def _flat(text: str) -> tuple[str, Callable[[int], int]]:
    """`text` as it is compared, and from a place in that to the place in `text`."""
    flat = unicodedata.normalize("NFKC", text).lower()
    if len(flat) == len(text):
        return flat, lambda place: place
    parts = [unicodedata.normalize("NFKC", character).lower() for character in text]
    starts = list(accumulate(map(len, parts), initial=0))
    return "".join(parts), lambda place: bisect_right(starts, place) - 1
