"""The text of a report made plain for patterns: its sentences, the chapters that headings open, the place of each.

White space goes, digits, commas and brackets become ASCII; a ";" stands where a cell or a paragraph ends.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from enum import StrEnum
from functools import cached_property, lru_cache
from operator import add

from parsers.prose.stop import STOP, with_stop
from parsers.report import FigureCell


class Sign(StrEnum):
    """What stands in every sentence that gives a figure, and in every one that says that there was none."""

    COUNTED = "counted"
    DENIED = "denied"


class Compact:
    """The text without white space, digits and brackets made plain; a ";" where a cell or a paragraph ends.

    A long line without a full stop may go on in the line after it.
    """

    def __init__(self, given: str) -> None:
        self._given = given
        lines = given.split("\n")
        ends = [
            ";" if len(line) < _WRAPPED or line[-1] in _FULL_STOPS or _NEW_LINE.match(after) else ""
            for line, after in zip(map(str.strip, lines), lines[1:], strict=False)
        ]
        text = "".join(map(add, lines, (*ends, "")))
        self._ends = ends
        for character, plain in _REPLACED:
            if character in text:  # Sooner seen than taken out where it is not.
                text = text.replace(character, plain)
        self.text = "".join(text.split())
        self._holding: dict[str, list[tuple[int, int]]] = {}
        self._saying: dict[tuple[str, Sign], list[tuple[int, int]]] = {}

    def says(self, word: str) -> bool:
        """Does the word stand in the text? Its sentences are asked for next."""
        return bool(self._spans(word))

    def saying(self, word: str, sign: Sign) -> list[tuple[int, int]]:
        """Beginning and end of the sentences with the word and the sign: most sentences and nearly all cells have none."""
        asked = word, sign
        if asked not in self._saying:
            shown = _SIGNS[sign].search
            self._saying[asked] = [span for span in self._spans(word) if shown(self.text, *span)]
        return self._saying[asked]

    def chapters(self, heading: re.Pattern[str], word: str) -> Iterator[tuple[int, int]]:
        """Beginning and end of what stands below each such heading, up to the next heading of any kind.

        A heading stands at the beginning of its sentence, alone or with text behind it (五、复议情况:无。). Those behind
        the header of a form are its rows.
        """
        for start, end in self._spans(word):
            if start < self._form and (found := heading.match(self.text, start, end)):
                ends = min(found.end() + _CHAPTER, len(self.text))
                after = _HEADING.search(self.text, found.end() - 1, ends)
                yield found.end(), after.start() + 1 if after else ends

    def _spans(self, word: str) -> list[tuple[int, int]]:
        if word not in self._holding:
            self._holding[word] = list(self._sentences(word))
        return self._holding[word]

    def _sentences(self, word: str) -> Iterator[tuple[int, int]]:
        """Beginning and end of every sentence or cell with the word, the mark that ends it included. What stands in
        brackets belongs to the sentence around them, whole."""
        text, end = self.text, 0
        at = text.find(word)
        while at >= 0:
            start = max(text.rfind(STOP, end, at), text.rfind(";", end, at), end - 1) + 1
            end = min(text.find(STOP, at) + 1 or len(text), text.find(";", at) + 1 or len(text))
            if text.count("(", start, end) != text.count(")", start, end):
                whole = (match.span() for match in _SENTENCE.finditer(text))
                yield from ((a, b) for a, b in whole if b > start and text.find(word, a, b) >= 0)
                return
            yield start, end
            at = text.find(word, end)

    @cached_property
    def _pieces(self) -> tuple[list[int], list[int]]:
        """What stands together in both texts: where each piece begins in `text`, and where in the text as it was given.
        Found only where a place is asked for."""
        starts, given = [0], [0]
        ends = iter(self._ends)
        for gap in _GAP.finditer(self._given):
            at = starts[-1] + gap.start() - given[-1]
            for newline in _NEWLINE.finditer(self._given, *gap.span()):
                if next(ends):
                    starts.append(at)
                    given.append(newline.start())
                    at += 1
            starts.append(at)
            given.append(gap.end())
        return starts, given

    def is_planned(self, index: int) -> bool:
        """Does it stand below a heading of what is still to be done: 六、下一步打算?"""
        return any(start <= index < end for start, end in self._plans)

    @cached_property
    def _plans(self) -> list[tuple[int, int]]:
        spans = []
        for heading in _PLANS.finditer(self.text) if any(word in self.text for word in _PLANNED) else ():
            after = _CHAPTER_BEGINS.search(self.text, heading.end() - 1)
            spans.append((heading.end(), after.start() if after else len(self.text)))
        return spans

    def origin(self, index: int) -> int:
        """Where the character of `text` stands in the text as it was given."""
        starts, given = self._pieces
        piece = bisect_right(starts, index) - 1
        return given[piece] + index - starts[piece]

    @cached_property
    def _form(self) -> int:
        """Where the header of a form of 2014 or of a province's own stands, or the end of the text."""
        return min([at for form in _FORMS if (at := self.text.find(form)) >= 0], default=len(self.text))

    def is_cell(self, match: re.Match[str]) -> bool:
        """Does it stand in a row of cells, or among lines that are cells? 无 is in a table for a figure that is not there."""
        start, end = self.origin(match.start()), self.origin(match.end() - 1) + 1
        before, behind = self._given[max(0, start - _CELLS) : start], self._given[end : end + _CELLS]
        if before.rstrip(" ").endswith(("\t", "|")) or behind.lstrip(" ").startswith(("\t", "|")):
            return True
        return _CELL_BEFORE.search(before) is not None or _CELL_BEHIND.match(behind) is not None

    def placed(self, cell: FigureCell) -> FigureCell:
        """The cell with its place in the text as it was given, instead of the one in `text`."""
        assert cell.at is not None
        start, end = int(str(cell.at["start"])), int(str(cell.at["end"]))
        return cell._replace(at={"start": self.origin(start), "end": self.origin(end - 1) + 1})


@lru_cache(maxsize=2)
def compact(text: str) -> Compact:
    return Compact(text)


_SIGNS = {
    Sign.COUNTED: re.compile(r"\d(?![、.][^\d])|[一二两三四五六七八九十百千][余多几]?[条件宗份篇场次期个名位人部项处]"),
    Sign.DENIED: re.compile("[没未无不零0]"),
}
"""The ordinal of a row (1.重复申请) is no figure."""
# "无" in the last cell of a table and a heading below it are no sentence: 无|四、政府信息公开行政复议.
_PLAIN = str.maketrans("０１２３４５６７８９，（）．：；！？。\t|", f"0123456789,().:;!?{STOP};;", "\u200b\ufeff【】")
_GAP = re.compile(r"[^\S\t]+|[\u200b\ufeff【】]")
"""What is not in `Compact.text`, but for the newlines that end a sentence."""
_NEWLINE = re.compile("\n")
_REPLACED = [(chr(code), chr(plain) if plain else "") for code, plain in _PLAIN.items()]
"""The same one by one: faster on a whole text than str.translate."""
_WRAPPED = 20
"""A line shorter than this is no line of a wrapped paragraph."""
_FULL_STOPS = "。；;：:！!？?"
_NEW_LINE = re.compile(r"\s*[(（]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[)）、.．]")
_HEADING = re.compile(
    with_stop(r"[。;](?:第?[一二三四五六七八九十]{1,3}[、.]|\([一二三四五六七八九十]{1,3}\)|\d{1,2}[、.](?!\d))")
)
"""With the mark in front of it, by which it is soon found."""
_PLANNED = ("下一步", "今后", "明年", "来年", "下年度", "打算", "安排", "计划", "方向", "思路", "目标", "重点")
_PLANS = re.compile(
    with_stop(
        r"(?:^|[。;])(?:[一二三四五六七八九十]{1,3}、[^。;,]{0,16}(?:下一步|今后|明年|来年|下年度|打算|工作安排|工作计划|"
        r"努力方向|工作思路|工作目标)[^。;,]{0,16}|(?:下一步|今后|明年|来年|下年度|20\d\d年)的?(?:工作)?"
        r"(?:打算|安排|计划|目标|思路|重点|措施|方向))[。;:]"
    )
)
"""Headings of what is to be done; 制定工作计划。 is none. A text with none of `_PLANNED` is not searched."""
_CHAPTER_BEGINS = re.compile(with_stop(r"[。;][一二三四五六七八九十]{1,3}、"))
_CELLS = 60
_CELL = r"(?:无|没有|[/\\]|[-－—]+|[+\-−－增减]?\d[\d,.]*)"
_CELL_BEFORE = re.compile(rf"(?:^|[\n\t|])[^\S\n]*{_CELL}[\s|]*$")
_CELL_BEHIND = re.compile(rf"[\s|]*[\n\t|][\s|]*{_CELL}[^\S\n]*(?:[\n\t|]|$)")
"""A cell in front of, or behind: nothing but blanks and bars between the two."""
_FORMS = ("统计指标", "指标名称")
_CHAPTER = 240
"""So many characters of a chapter are looked at: what it says first is what it says."""

_SENTENCE = re.compile(with_stop(r"(?:[^。;(]+|\([^()]*\)|\()+[。;]?|[。;]"))
"""As `Compact.matches` cuts them where brackets hold several."""
