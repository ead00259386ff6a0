"""The chapters of a report: headings by ordinal and by the template's labels; the text stays complete.

Ordinals are lost (云浮 2015), doubled (two 一、 in 管城 2020), damaged (l六、) or glued to the text before them
(二、主动公开政府信息情况三、收到和处理…): labels lead, ordinals help. The rows of table three carry ordinals, too.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import accumulate, islice
from typing import NamedTuple

from parsers.chinese import fold, number
from parsers.documents.model import Block, Document, Paragraph
from parsers.template import SectionLabel

_SPACE = r"[\s\u200b\ufeff]*"
_ORDINAL = re.compile(
    rf"[lI|丨]?(?:第{_SPACE}(?P<part>[一二三四五六七八九十]{{1,3}}){_SPACE}(?:部分|章)[、:：.．\s]*"
    rf"|(?P<plain>[一二三四五六七八九十]{{1,3}}){_SPACE}[、．.﹑])"
)
_SUB_ORDINAL = re.compile(r"[（(](?P<plain>[一二三四五六七八九十]{1,3})[)）][、.]?")
_COUNTED = {
    _ORDINAL: re.compile(rf"[一二三四五六七八九十]{_SPACE}[、．.﹑部章]"),
    _SUB_ORDINAL: re.compile(r"[一二三四五六七八九十][)）]"),
}
"""What stands in every ordinal: a paragraph without it has none, and is looked through no further."""
_ROWS = re.compile(r"本年新收|上年结转|本年度?办理结果|结转下年|本年收到|统计指标")
"""Rows of the tables that look like headings when a table is flattened."""
_FORM = re.compile(r"[\s|]*统\s*计\s*指\s*标[\s|]*(?:单位|计量单位)?[\s|]*(?:统计数据?)?[\s|]*")
"""Header of the form of 2014 in a flattened text. Its own headings (二、回应解读情况) are rows, no chapters."""
_AFTER_FORM = frozenset(("problems", "other"))
_UNLABELLED = re.compile(
    r"[^。；;：:，,\s|]{2,32}?(?:情况|概述|概况|措施|事项|打算|安排)|[^。；;：:，,、\s|]{2,24}?(?:问题|工作|建议|附表|说明)"
)
"""How headings end that no template knows, where text is glued to them."""
_SENTENCE_END = re.compile(r"(?:[。；;！!？?)）”.]|[\s　]{2,}|^)[\s　]*$")
_PUNCTUATION = re.compile(r"[。；;：:]")
_BREAK = re.compile(r"[。；;：:，,\s]")
_TAIL = re.compile(r"(?!无|略|暂)[^\s。；;，,：:\d（(一二三四五六七八九十]*[。：:]?")
_ALIKE = 0.78
_MAX_HEADING = 48
_MAX_GUESSES = 400
"""So many unlabelled paragraphs are compared with the labels; a report has a few dozen."""
_MAX_MARKS = 4000
_MOST_MET = 4096
"""So many headings and lines are remembered with their keys."""
"""No report has so many numbered places; a text that has is not one to search further."""
_SAME = {
    "、": "、，,和及与",
    "，": "、，,",
    "及": "及和与、",
    "和": "和及与、",
    "（": "（(",
    "）": "）)",
    "“": '“"',
    "”": '”"',
}


class SectionSpan(NamedTuple):
    """One chapter. `ordinal` counts from 1 in reading order; 0 is what stands before the first heading."""

    ordinal: int
    key: str | None
    """The template's key, None where no template knows the heading."""
    heading: str
    blocks: tuple[Block, ...]
    """The heading's own block first. A block in whose middle a heading stands is cut there."""


class _Mark(NamedTuple):
    """A place that may be a heading."""

    block: int
    start: int
    end: int
    number: int | None
    key: str | None
    exact: bool
    at_start: bool

    @property
    def place(self) -> tuple[int, int]:
        return self.block, self.start


def split(document: Document, template_sections: Sequence[SectionLabel]) -> list[SectionSpan]:
    """Cut the document's blocks into chapters.

    Every block lands in exactly one span, in order; joined, the spans hold the whole text. Only the top level:
    (一) stays inside its chapter unless the report has no other ordinals.
    """
    labels = _Labels.of(tuple(template_sections))
    texts = document.texts(lambda other: "")
    marks = _chosen(_outside_form(texts, _marks(texts, labels, _ORDINAL)))
    if not marks:
        marks = _chosen([mark for mark in _marks(texts, labels, _SUB_ORDINAL) if mark.key])
    return list(_spans(document.blocks, marks))


def _outside_form(texts: Sequence[str], marks: Sequence[_Mark]) -> list[_Mark]:
    """The marks but for those in the flattened form of 2014, which ends with the text or at a chapter that it has not."""
    lines = [index for index, text in enumerate(texts) if "标" in text and len(text) < 40]
    form = next((index for index in lines if _FORM.fullmatch(texts[index])), None)
    if form is None:
        return list(marks)
    end = next((mark.block for mark in marks if mark.block > form and mark.key in _AFTER_FORM), len(texts))
    return [mark for mark in marks if not form < mark.block < end]


# --- labels ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Labels:
    """The template's labels, ready for finding."""

    pattern: re.Pattern[str] | None
    keys: dict[str, str]
    """Folded label -> key."""
    met: dict[str, str | None] = field(default_factory=dict, compare=False)
    """Heading or line -> its key. Thousands of organs write the same ones."""
    marked: dict[tuple[str, tuple[int, int], bool, bool], _Mark | None] = field(default_factory=dict, compare=False)
    """A short paragraph, its ordinal, which kind of ordinal, and whether its key may be guessed -> the mark."""

    @classmethod
    def of(cls, sections: tuple[SectionLabel, ...]) -> _Labels:
        return _compiled(sections)

    def at(self, text: str, position: int) -> tuple[int, str] | None:
        """End and key of the label that begins at `position`, white space inside it allowed."""
        match = self.pattern.match(text, position) if self.pattern else None
        return (match.end(), self._key(match[0])) if match else None

    def _key(self, found: str) -> str:
        folded = fold(found)
        if folded in self.keys:
            return self.keys[folded]
        return max(self.keys.items(), key=lambda item: SequenceMatcher(None, item[0], folded).ratio())[1]

    def named(self, line: str) -> str | None:
        """The key of a label that stands alone."""
        asked = "=" + line
        if asked in self.met:
            return self.met[asked]
        return self._remembered(asked, lambda: self.keys.get(fold(line).strip("。.:：;；")))

    def mark(self, text: str, match: re.Match[str], at_start: bool, may_guess: bool) -> _Mark | None:
        """`_numbered`, remembered for paragraphs that are no longer than a heading: those are the same everywhere."""
        if len(text) > _MAX_HEADING:
            return _numbered(text, match, at_start, self, may_guess)
        asked = text, match.span(), match.re is _ORDINAL, may_guess
        if asked not in self.marked:
            if len(self.marked) >= _MOST_MET:
                self.marked.clear()
            self.marked[asked] = _numbered(text, match, at_start, self, may_guess)
        return self.marked[asked]

    def like(self, heading: str) -> str | None:
        """The key of a heading that differs a little: a word more in front, a word changed."""
        return self._remembered("~" + heading, lambda: self._most_like(heading))

    def _remembered(self, asked: str, look: Callable[[], str | None]) -> str | None:
        if asked not in self.met:
            if len(self.met) >= _MOST_MET:
                self.met.clear()
            self.met[asked] = look()
        return self.met[asked]

    def _most_like(self, heading: str) -> str | None:
        core = fold(heading).strip("。.:：;；")
        if core in self.keys:
            return self.keys[core]
        for label, key in self.keys.items():
            if len(label) >= 4 and core.endswith(label) and len(core) <= len(label) + 10:
                return key
        best = max(self.keys, key=lambda label: _likeness(label, core), default=None)
        return self.keys[best] if best is not None and _likeness(best, core) >= _ALIKE else None


def _likeness(label: str, core: str) -> float:
    return SequenceMatcher(None, label, core).ratio() if abs(len(label) - len(core)) <= 8 else 0.0


@lru_cache(maxsize=32)
def _compiled(sections: tuple[SectionLabel, ...]) -> _Labels:
    keys: dict[str, str] = {}
    for section in sections:
        for label in section.labels:
            keys.setdefault(fold(label), section.key)
    spelled = sorted((label for section in sections for label in section.labels), key=len, reverse=True)
    pattern = re.compile("|".join(_SPACE.join(_one_of(c) for c in label) for label in spelled)) if spelled else None
    return _Labels(pattern, keys)


def _one_of(character: str) -> str:
    return f"[{re.escape(_SAME[character])}]" if character in _SAME else re.escape(character)


# --- marks ----------------------------------------------------------------------------------------------------


def _marks(texts: Sequence[str], labels: _Labels, ordinal: re.Pattern[str]) -> list[_Mark]:
    """`texts`: those of the paragraphs, "" for other blocks."""
    marks: list[_Mark] = []
    guesses = 0
    counted = _counted(texts, _COUNTED[ordinal])
    # Ordinals and labels are Chinese; most lines of a flattened table are figures.
    for index, text in [(n, text) for n, text in enumerate(texts) if not text.isascii() and not text.isspace()]:
        if len(marks) > _MAX_MARKS:
            break
        found = False
        for match in islice(ordinal.finditer(text), _MAX_MARKS) if index in counted else ():
            at_start = not text[: match.start()].strip() if match.start() < 40 else False
            guesses += at_start
            mark = labels.mark(text, match, at_start, guesses <= _MAX_GUESSES)
            if mark is not None:
                marks.append(mark._replace(block=index))
                found = found or at_start
        if not found and (bare := _unnumbered(index, text, labels)):
            marks.append(bare)
    marks.sort(key=lambda mark: mark.place)
    return marks


def _counted(texts: Sequence[str], pattern: re.Pattern[str]) -> set[int]:
    """The numbers of the texts in which the pattern stands. They are looked through together: in hardly any it does."""
    starts = [0, *accumulate([len(text) + 1 for text in texts])]
    return {bisect_right(starts, match.start()) - 1 for match in pattern.finditer("\0".join(texts))}


def _numbered(text: str, match: re.Match[str], at_start: bool, labels: _Labels, may_guess: bool) -> _Mark | None:
    """The mark that an ordinal makes, as if its block were the first."""
    groups = match.groupdict()
    value = number(groups.get("part") or groups["plain"] or "")
    if not isinstance(value, int):
        return None
    after = match.end()
    while after < len(text) and (text[after].isspace() or text[after] in "\u200b\ufeff"):
        after += 1
    if _ROWS.match(text, after):
        return None
    labelled = labels.at(text, after)
    if labelled:
        end, key = labelled
        return _Mark(0, match.start(), _heading_end(text, end), value, key, True, at_start)
    if at_start:
        end = _guessed_end(text, after)
        key_alike = labels.like(text[after:end]) if may_guess and end - after <= _MAX_HEADING else None
        return _Mark(0, match.start(), end, value, key_alike, False, True)
    if _SENTENCE_END.search(text, max(0, match.start() - 40), match.start()):
        unlabelled = _UNLABELLED.match(text, after)
        if unlabelled:
            return _Mark(0, match.start(), unlabelled.end(), value, None, False, False)
    return None


def _unnumbered(index: int, text: str, labels: _Labels) -> _Mark | None:
    """A paragraph that is a label and nothing else; its ordinal was lost."""
    stripped = text.strip()
    if len(stripped) > _MAX_HEADING:
        return None
    key = labels.named(stripped)
    start = len(text) - len(text.lstrip())
    return _Mark(index, start, start + len(stripped), None, key, True, True) if key else None


def _heading_end(text: str, end: int) -> int:
    """A few characters behind the label belong to it when the paragraph ends there: 总体情况概述."""
    rest = text[end:].rstrip()
    return end + len(rest) if len(rest) <= 8 and _TAIL.fullmatch(rest) else end


def _guessed_end(text: str, after: int) -> int:
    """A short paragraph is a heading from end to end; in a long one it ends with a word that headings end with."""
    whole = text[after:].rstrip()
    if len(whole) <= _MAX_HEADING and not _PUNCTUATION.search(whole.rstrip("。：:")):
        return after + len(whole)
    unlabelled = _UNLABELLED.match(text, after)
    if unlabelled:
        return unlabelled.end()
    stop = _BREAK.search(text, after + 1)
    return min(stop.start() if stop else len(text), after + _MAX_HEADING)


# --- choosing -------------------------------------------------------------------------------------------------


def _chosen(marks: Sequence[_Mark]) -> list[_Mark]:
    """The marks that make a sequence of chapters."""
    marks = _without_listings(marks)
    chosen: list[_Mark] = []
    used: set[str] = set()
    last = 0
    for mark, ahead in zip(marks, _coming(marks), strict=True):
        if mark.number is None:
            take = mark.key not in used
        elif mark.key:
            take = mark.number > last or (mark.exact and mark.key not in used)
        else:
            claimed = any(value <= mark.number and key not in used for key, value in ahead.items())
            take = mark.number == last + 1 and not claimed
        if take:
            chosen.append(mark)
            last = mark.number or last
            if mark.key and mark.exact:
                used.add(mark.key)
    return chosen


def _coming(marks: Sequence[_Mark]) -> list[dict[str, int]]:
    """For every mark, the keys and ordinals of the labelled headings still to come in its series.

    An inner list or a row that claims the ordinal of one of them is no chapter. A labelled 一、 begins a series.
    """
    coming: list[dict[str, int]] = []
    ahead: dict[str, int] = {}
    for mark in reversed(marks):
        coming.append(ahead)
        if mark.key and mark.number and mark.exact:
            ahead = {} if mark.number == 1 else {**ahead, mark.key: mark.number}
    coming.reverse()
    return coming


def _without_listings(marks: Sequence[_Mark]) -> list[_Mark]:
    """The same heading twice: one is a table of contents in a sentence, or a row of a table.

    A heading at the beginning of a paragraph is the real one; else the one with more text behind it.
    """
    best: dict[tuple[int | None, str], _Mark] = {}
    room: dict[tuple[int, int], int] = {}
    for mark, following in zip(marks, [*marks[1:], None], strict=False):
        same_block = following is not None and following.block == mark.block
        room[mark.place] = following.start - mark.end if same_block and following else 1_000_000
    for mark in marks:
        if mark.key is None:
            continue
        other = best.get((mark.number, mark.key))
        if other is None or (mark.at_start, room[mark.place]) > (other.at_start, room[other.place]):
            best[mark.number, mark.key] = mark
    return [mark for mark in marks if mark.key is None or best[mark.number, mark.key] is mark]


# --- cutting --------------------------------------------------------------------------------------------------


def _spans(blocks: Sequence[Block], marks: Sequence[_Mark]) -> Iterator[SectionSpan]:
    cuts: dict[int, list[_Mark]] = {}
    for mark in marks:
        cuts.setdefault(mark.block, []).append(mark)
    key, heading = None, ""
    ordinal = seen = 0
    held: list[Block] = []
    for index, own in cuts.items():
        held.extend(blocks[seen:index])
        block, position, seen = blocks[index], 0, index + 1
        assert isinstance(block, Paragraph)
        for mark in own:
            before = block.text[position : mark.start]
            if before.strip():
                held.append(Paragraph(before, block.level))
                position = mark.start
            if held or ordinal:
                yield SectionSpan(ordinal, key, heading, tuple(held))
            held = []
            ordinal += 1
            key, heading = mark.key, " ".join(block.text[mark.start : mark.end].split())
        held.append(Paragraph(block.text[position:], block.level) if position else block)
    held.extend(blocks[seen:])
    if held or ordinal:
        yield SectionSpan(ordinal, key, heading, tuple(held))
