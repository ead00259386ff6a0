"""Labels of a form against text as people typed it: folding, ordinals, occurrences with their places.

Folding is for matching only: NFKC, no white space, no quotation marks, no footnote's marks, one kind of bracket and dash.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate

_DROPPED = re.compile(r"[\s\u200b-\u200d\u2060\ufeff\"'“”‘’「」『』〝〞*⁰¹²³⁴-⁹①-⑳]")
_DROPPED_RUN = re.compile(f"({_DROPPED.pattern}+)")
_ODD = re.compile(r"[^!#-&()+-~\u3001-\u3003\u3005-\u300b\u3400-\u4dbf\u4e00-\u9fff]")
"""Everything but what folding leaves as it is."""
_SAME = str.maketrans({"〔": "(", "〕": ")", "【": "(", "】": ")", "．": ".", "—": "-", "–": "-", "−": "-"})

_ORDINAL = re.compile(
    r"^(?:第[一二三四五六七八九十]+(?:部分|章)"
    r"|[(]?[一二三四五六七八九十]{1,3}[)、.]+"
    r"|l六、"  # a slip seen in real reports
    r"|[(]?\d{1,2}[)、.]+(?!\d))"
)
_CHINESE_ORDINAL_BEFORE = re.compile(r"[(]?[一二三四五六七八九十]{1,3}[)、.]+$")
_DIGITS_BEFORE = re.compile(r"[(]?(\d{1,2})[)、.]+$")
ENDS_OF_ORDINALS = frozenset(")、.")
_TAIL = re.compile(r"(?:\([^()]*\)|\[[^\[\]]*\]|[:;,。]|\.{3,})+$")
_ORDINAL_NUMBER = re.compile(r"\d{1,2}")


@lru_cache(maxsize=65536)
def _fold_character(character: str) -> str:
    if _DROPPED.match(character):
        return ""
    return _DROPPED.sub("", unicodedata.normalize("NFKC", character).translate(_SAME))


def fold(text: str) -> str:
    """`"（一）予 以公开" -> "(一)予以公开"`."""
    return "".join(map(_fold_character, text))


@dataclass(frozen=True, slots=True)
class _Runs:
    """Where the characters of a folded text stand in the raw one, by the runs between what was dropped."""

    starts: list[int]
    """Index in the folded text of the first character of each run."""
    shifts: list[int]
    """How many characters were dropped in front of the run."""

    def __getitem__(self, index: int) -> int:
        return index + self.shifts[bisect_right(self.starts, index) - 1]


@dataclass(frozen=True)
class Folded:
    """A folded text that remembers, for every character, where in the raw text it came from."""

    text: str
    raw: str
    _folds: Mapping[str, str]
    """What each character that changes became."""

    @cached_property
    def origin(self) -> tuple[int, ...] | _Runs:
        """origin[i] is the raw index of folded character i; one more entry for the end. Found where it is asked for."""
        if any(len(folded) > 1 for folded in self._folds.values()):
            # Some character becomes several (㈠ -> (一)): each of them comes from the same place.
            kept = [index for index, character in enumerate(self.raw) for _ in self._folds.get(character, character)]
            return (*kept, len(self.raw))
        # What stays and what was dropped, by turns.
        sizes = list(map(len, _gap(self._folds).split(self.raw)))
        return _Runs(list(accumulate(sizes[:-1:2], initial=0)), list(accumulate(sizes[1::2], initial=0)))

    def gap(self, index: int) -> str:
        """What was dropped between folded character `index` and the one in front of it."""
        origin = self.origin
        if isinstance(origin, tuple):
            return self.raw[origin[index - 1] + 1 : origin[index]]
        run = bisect_right(origin.starts, index) - 1
        return (
            self.raw[index + origin.shifts[run - 1] : index + origin.shifts[run]] if origin.starts[run] == index else ""
        )

    def raw_end(self, end: int) -> int:
        """Raw index behind folded character `end - 1` and behind a closing quotation mark, but not white space."""
        index = self.origin[end - 1] + 1 if end else 0
        while index < len(self.raw) and not self.raw[index].isspace() and not _fold_character(self.raw[index]):
            index += 1
        return index


def fold_with_origin(raw: str) -> Folded:
    """Fold a whole text. Its different characters are few: each is folded once, and replaced at a stroke."""
    text, at = raw, 0
    folds: dict[str, str] = {}
    while odd := _ODD.search(text, at):
        character, at = odd[0], odd.start()
        folded = folds[character] = _fold_character(character)
        # What a character becomes is not folded again: replacements do not disturb each other.
        if folded == character:
            at += 1
        else:
            text = text.replace(character, folded)
    return Folded(text, raw, folds)


def _gap(folds: Mapping[str, str]) -> re.Pattern[str]:
    """A run of characters that folding drops. A pattern of its own is made only for a text with rare ones (＊)."""
    rare = sorted(character for character, folded in folds.items() if not folded and not _DROPPED.match(character))
    return re.compile(f"((?:{_DROPPED.pattern}|[{re.escape(''.join(rare))}])+)") if rare else _DROPPED_RUN


def strip_ordinal(folded: str) -> str:
    """`"(三)不予公开" -> "不予公开"`, `"1.属于国家秘密" -> "属于国家秘密"`; a bare number stays."""
    rest = _ORDINAL.sub("", folded, count=1)
    return rest or folded


def ordinal_start(folded: Folded, start: int, number: str | None) -> int:
    """Where the ordinal in front of a label at `start` begins; `start` where there is none.

    A Chinese ordinal is taken as it is. A digit is an ordinal only when it is the one that the form gives to this
    label or begins its line: in a glued text `00000002.其他` the digits before the 2 are figures.
    """
    if not start or folded.text[start - 1] not in ENDS_OF_ORDINALS:
        return start
    before = folded.text[max(0, start - 6) : start]
    chinese = _CHINESE_ORDINAL_BEFORE.search(before)
    if chinese:
        return start - len(chinese.group())
    digits = _DIGITS_BEFORE.search(before)
    if digits is None:
        return start
    if number is not None and digits.group(1).endswith(number):
        return start - (len(before) - digits.end(1)) - len(number)
    begin = start - len(digits.group())
    return begin if _begins_line(folded, begin) and _unbroken(folded, begin, start) else start


def _unbroken(folded: Folded, begin: int, end: int) -> bool:
    return folded.origin[end] - folded.origin[begin] == end - begin


def _begins_line(folded: Folded, position: int) -> bool:
    if position == 0:
        return True
    return folded.text[position - 1] == "|" or "\n" in folded.gap(position)


@dataclass(frozen=True)
class Label:
    """A label and its aliases, folded, longest first; ordinals at the front are optional everywhere."""

    forms: tuple[str, ...]
    number: str | None = None
    """The digit ordinal that the official form gives to it (`1.属于国家秘密` -> "1")."""

    @classmethod
    def of(cls, spellings: Iterable[str]) -> Label:
        folded = [fold(spelling) for spelling in spellings]
        forms = {strip_ordinal(text) for text in folded} - {""}
        first = _ORDINAL.match(folded[0]) if folded else None
        number = _ORDINAL_NUMBER.search(first.group()) if first else None
        ordered = tuple(sorted(forms, key=lambda form: (-len(form), form)))
        return cls(ordered, number.group() if number else None)

    def equals(self, text: str) -> bool:
        """Does a whole cell say this label?"""
        return bool(cell_forms(text).intersection(self.forms))


class Order:
    """Labels in the order in which a form has them: which places a spelling may stand for."""

    __slots__ = ("places", "size")

    def __init__(self, labels: Iterable[Label]) -> None:
        self.places: dict[str, list[int]] = {}
        """Spelling -> its places, the last one first."""
        self.size = 0
        for label in labels:
            for form in label.forms:
                self.places.setdefault(form, []).insert(0, self.size)
            self.size += 1


@lru_cache(maxsize=8192)
def cell_forms(text: str) -> frozenset[str]:
    """The spellings under which a cell's text may match a label: with and without a bracketed tail."""
    folded = fold(text)
    bare = strip_ordinal(folded)
    without_tail = _TAIL.sub("", bare)
    return frozenset({folded, bare, without_tail} - {""})
