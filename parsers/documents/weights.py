"""How much of a report stands in each box of a page: text outside links, its density, the words of a report."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from parsers.documents.shape import BOX, LINK, TEXT, UNSEEN, Shape
from parsers.documents.tree import Tree

# What only the body of a report says. The older reports' words also stand in every menu (依申请公开), so that
# they count only inside a sentence.
_SIGNS = (
    ("总体情况", "總體情況"),
    ("第二十条第", "第二十條第"),
    ("收到和处理政府信息公开申请", "收到和處理政府信息公開申請"),
    ("其他需要报告的事项", "其他需要報告的事項"),
    ("统计指标", "統計指標"),
    ("依申请公开", "依申請公開"),
    ("主动公开", "主動公開"),
    ("统计期限", "統計期限"),
    ("行政复议", "行政複議", "行政復議"),
    ("收费", "收費"),
)
_SIGN = {spelling: number for number, spellings in enumerate(_SIGNS) for spelling in spellings}
_SIGNATURE = re.compile("|".join(_SIGN))
_ALWAYS = 5
"""The first five signs count wherever they stand, the others only in a sentence."""
_SHORTEST = min(len(spelling) for spellings in _SIGNS[:_ALWAYS] for spelling in spellings)
_SENTENCE = 24
_LABEL = 40
"""A longer text is hardly the label of a form."""
_DENSE = 8
"""A text shorter than this says nothing about the box around it."""
_MARKUP_BLOCKS = frozenset((
    "p", "li", "td", "th", "dd", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "div", "center", "pre",
    "blockquote", "section", "article",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Weights:
    """By node; boxes are block elements and whatever carries an id, other elements are part of their text."""

    boxes: list[int]
    is_box: bytearray
    around: list[int]
    """The box around a box; -1 for the outermost."""
    prose: list[int]
    """Characters outside links below and with a box."""
    score: list[float]
    words: list[int]
    """Which words of a report stand below and with a box: one bit each."""

    def densest(self) -> int:
        """The box with the highest score, the first of several."""
        return max((0, *self.boxes), key=self.score.__getitem__)

    def smallest_with(self, words: int) -> int:
        """The innermost box that holds all these words."""
        kids: dict[int, list[int]] = {}
        for box in self.boxes:
            if self.words[box] & words == words:
                kids.setdefault(self.around[box], []).append(box)
        box = 0
        while box in kids:
            box = kids[box][0]
        return box


def weigh(tree: Tree, shape: Shape, skipped: int = -1) -> Weights:
    """One pass over the page, but for what stands in the box `skipped`."""
    tags, texts, ends, kinds, branching = tree.tags, tree.texts, tree.ends, shape.kinds, shape.branching
    size = len(tags)
    weights = Weights([], bytearray(size), [-1] * size, [0] * size, [0.0] * size, [0] * size)
    boxes, is_box, around, prose = weights.boxes, weights.is_box, weights.around, weights.prose
    parts: list[str] = []
    left: list[int] = []
    links, box, at = 0, -1, 0
    leaves = size
    while at < size:
        while at >= leaves:
            done = left.pop()
            leaves = ends[left[-1]] if left else size
            links -= tags[done] == "a"
            if is_box[done]:
                if parts:
                    _settle(weights, tags, box, parts)
                box = around[done]
        kind = kinds[at]
        node, at = at, at + 1
        if kind & TEXT:
            parts.append(" " if links else texts[node])
            continue
        if kind & UNSEEN:
            at = ends[node]
            continue
        if kind & BOX:
            if parts:
                _settle(weights, tags, box, parts)
            if node == skipped:
                at = ends[node]
                continue
            boxes.append(node)
            is_box[node] = 1
            around[node] = box
        if branching[node]:
            if kind & BOX:
                box = node
            elif not kind & LINK:
                continue
            links += bool(kind & LINK)
            left.append(node)
            leaves = ends[node]
            continue
        end = ends[node]
        text = " " if links or kind & LINK else texts[node] if end == at else "".join(texts[node:end])
        at = end
        if kind & BOX and len(text) < _SHORTEST:
            # Most boxes are cells with a number or nothing.
            if text:
                prose[node] = len(text.strip())
            continue
        parts.append(text)
        if kind & BOX:
            _settle(weights, tags, node, parts)
    for done in reversed(left):
        if is_box[done] and parts:
            _settle(weights, tags, done, parts)
    words = weights.words
    for node in reversed(boxes):
        holder = around[node]
        if holder >= 0:
            prose[holder] += prose[node]
            words[holder] |= words[node]
    return weights


def _settle(weights: Weights, tags: list[str], box: int, parts: list[str]) -> None:
    """Give the text gathered so far to the innermost box and, as density, to those around it."""
    text = parts[0] if len(parts) == 1 else "".join(parts)
    parts.clear()
    size = len(text.strip())
    if not size or box < 0:
        return
    weights.prose[box] += size
    if size >= _SHORTEST and not text.isascii():
        weights.words[box] |= _words_of(text) if size > _LABEL else _words_of_label(text)
    if size >= _DENSE:
        share = 1.0
        holder = box
        # A paragraph speaks for the box around it; inline elements and cells pass it on.
        for _ in range(4):
            if holder < 0:
                break
            weights.score[holder] += size * share
            if tags[holder] in _MARKUP_BLOCKS:
                share *= 0.9 if holder == box else 0.5
            holder = weights.around[holder]


def _words_of(text: str) -> int:
    """Which words of a report stand in a text: one bit each."""
    words = 0
    folded = "".join(text.split())
    for sign in _SIGNATURE.findall(folded):
        bit = _SIGN[sign]
        if bit < _ALWAYS or len(folded) >= _SENTENCE:
            words |= 1 << bit
    return words


_words_of_label = lru_cache(maxsize=4096)(_words_of)
"""The labels of a form are the same in every report: each is looked through once."""
