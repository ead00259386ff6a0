"""A document in traditional characters -> the same document in simplified ones, wording of mirrors put back.

The original stays beside it, block by block; every replaced word is counted (parts.md section 6).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

from parsers import chinese
from parsers.documents.model import Block, Cell, Document, Grid, Paragraph, Picture


@dataclass(frozen=True)
class Simplified:
    document: Document
    language: str
    original: dict[int, Block]
    """id() of a simplified block -> the block as it stood; empty where nothing was converted."""
    replacements: tuple[tuple[str, str, int], ...]


def simplified(document: Document) -> Simplified:
    language = chinese.language(document.text())
    if language != "zh-Hant":
        return Simplified(document, language, {}, ())
    counts: Counter[tuple[str, str]] = Counter()
    words = _changed_by_mirror(chinese.simplify(document.text()))
    is_annotated = len(_READING.findall(document.text())) >= _FEWEST_READINGS

    def bare(text: str) -> str:
        return chinese.simplify(_READING.sub("", text) if is_annotated else text)

    def convert(text: str) -> str:
        if is_annotated:
            counts.update((reading, "") for reading in _READING.findall(text))
        plain = bare(text)
        if words is not None and not words:
            return plain
        plain, replaced = chinese.mainland(plain, words)
        for old, new, count in replaced:
            counts[old, new] += count
        return plain

    blocks: list[Block] = []
    original: dict[int, Block] = {}
    for block in document.blocks:
        new = _block(block, convert)
        blocks.append(new)
        original[id(new)] = block
    result = replace(
        document,
        blocks=tuple(blocks),
        title=chinese.subject(bare(document.title)) if document.title else None,
        meta=tuple((name, bare(value)) for name, value in document.meta),
        pairs=tuple((bare(name), bare(value)) for name, value in document.pairs),
        outline=tuple(map(bare, document.outline)),
    )
    return Simplified(result, language, original, tuple((a, b, n) for (a, b), n in sorted(counts.items())))


_READING = re.compile(
    r"(?<=[\u3400-\u9fff])[(（](?:[bpmfdtnlgkhjqxrzcsyw]|[zcs]h)?[aeiouüāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]{1,3}(?:ng?|r)?[)）]"
)
"""Hijacked domains write beside characters how they are read: 公(gong)開(kai), 報(bào)告 (domain.md section 3.9)."""
_FEWEST_READINGS = 3
_MIRROR_WORDS = ("入口网站", "视窗", "程式", "最佳化", "简讯", "资讯", "释出")
"""Words that no mainland organ writes: two of them prove that a mirror changed the vocabulary, not only the script."""


_GATEWAY = frozenset({"资讯"})
"""What the gateways of mainland portals change (北京市 2009: 主動公開政府資訊19條, but 查閱檔案 as it was)."""


def _changed_by_mirror(text: str) -> frozenset[str] | None:
    """The words to put back: none, those of a gateway, or (None) all."""
    if sum(word in text for word in _MIRROR_WORDS) > 1:
        return None
    return _GATEWAY if chinese.subject(text) != text else frozenset()


def _block(block: Block, convert: Callable[[str], str]) -> Block:
    if isinstance(block, Paragraph):
        return block._replace(text=convert(block.text))
    if isinstance(block, Picture):
        return replace(block, text=convert(block.text))
    return _grid(block, convert)


def _grid(grid: Grid, convert: Callable[[str], str]) -> Grid:
    """A spanning cell stays one object wherever it stands."""
    known: dict[int, Cell] = {}

    def cell(old: Cell | None) -> Cell | None:
        if old is None:
            return None
        if id(old) not in known:
            known[id(old)] = old._replace(text=convert(old.text))
        return known[id(old)]

    rows = tuple(tuple(cell(old) for old in row) for row in grid.rows)
    return replace(grid, rows=rows, caption=convert(grid.caption))
