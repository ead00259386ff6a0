"""What a report said before: each revision with what replaced it, figure by figure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any, TypeAlias

from nianbao.web.words import Pair
from storage.base import Doc
from storage.export.cells import labels_of
from storage.export.columns import dig

REASONS = {
    "new_bytes": Pair("网页内容有变", "the page was changed"),
    "better_source": Pair("改用更好的来源", "a better source was found"),
    "new_template": Pair("表式定义更新", "the form's definition changed"),
    "new_profile": Pair("门户页面配置更新", "the portal's page profile changed"),
    "new_parser": Pair("解析程序更新", "the parser changed"),
    "other_source": Pair("各来源是否一致有变", "another source agrees or disagrees"),
    "correction": Pair("人工更正", "corrected by a person"),
    "altered": Pair("被人改动，已由存档重读", "altered by hand, and read again from the archived page"),
    "unexplained": Pair("原因不明", "unexplained"),
}
GROUPS = {
    "figures": Pair("数据", "figures"),
    "cells": Pair("单元格", "cells"),
    "text": Pair("正文", "text"),
    "checks": Pair("勾稽", "checks"),
    "meta": Pair("著录", "metadata"),
}
Piece: TypeAlias = tuple[str, str]
"""("same" | "out" | "in", words)."""
_SENTENCE = re.compile(r"[^。；\n]+[。；\n]?|[。；\n]")
_NEARBY = 60
"""Characters of what stayed that are shown on either side of a change."""
MOST_SENTENCES = 2000
MOST = 200
"""Figures of one change that are shown; the JSON has all."""


@dataclass(frozen=True)
class Difference:
    path: str
    label: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Change:
    """From one revision to the next."""

    before: int
    after: int
    at: Any
    run_id: str | None
    why: Sequence[Pair]
    counts: Sequence[tuple[Pair, int]]
    figures: Sequence[Difference]
    text: Sequence[tuple[str, Sequence[Piece]]]
    """(heading, what stayed, went and came) of the sections that changed."""


def changes(report: Doc, earlier: Sequence[Doc]) -> list[Change]:
    """Newest first. `earlier` are the revisions before, oldest first."""
    found = []
    for old, new in pairwise([*earlier, report]):
        replaced = old["replaced"]
        what: Mapping[str, Sequence[str]] = replaced["what"]
        found.append(
            Change(
                before=old["revision"],
                after=new["revision"],
                at=replaced["at"],
                run_id=replaced["run_id"],
                why=[REASONS.get(why, Pair(why, why)) for why in replaced["why"]],
                counts=[(GROUPS.get(group, Pair(group, group)), len(paths)) for group, paths in what.items() if paths],
                figures=[_figure(path, old, new) for path in what.get("figures", ())[:MOST]],
                text=_sections(old, new),
            )
        )
    return found[::-1]


def _figure(path: str, old: Doc, new: Doc) -> Difference:
    bare = path.removeprefix("figures.")
    labels = labels_of(bare, ())
    label = " · ".join(filter(None, (labels.row, labels.column)))
    return Difference(bare, label, _plain(dig(old["figures"], bare)), _plain(dig(new["figures"], bare)))


def _plain(value: Any) -> Any:
    return "…" if isinstance(value, (dict, list)) else value


def _sections(old: Doc, new: Doc) -> list[tuple[str, Sequence[Piece]]]:
    before = {section["ordinal"]: section for section in old["sections"]}
    after = {section["ordinal"]: section for section in new["sections"]}
    found: list[tuple[str, Sequence[Piece]]] = []
    for ordinal in sorted({*before, *after}):
        left, right = before.get(ordinal), after.get(ordinal)
        texts = (left["text"] if left else "", right["text"] if right else "")
        if texts[0] != texts[1]:
            found.append(((right or left or {}).get("heading", ""), tuple(_pieces(*texts))))
    return found


def _pieces(before: str, after: str) -> Iterator[Piece]:
    """Sentence by sentence, what stayed cut down to the ends that touch a change."""
    left, right = (_SENTENCE.findall(text)[:MOST_SENTENCES] for text in (before, after))
    for tag, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag == "equal":
            words = "".join(left[a:b])
            short = len(words) <= 2 * _NEARBY
            yield "same", words if short else f"{words[:_NEARBY]} … {words[-_NEARBY:]}"
            continue
        if a < b:
            yield "out", "".join(left[a:b])
        if c < d:
            yield "in", "".join(right[c:d])
