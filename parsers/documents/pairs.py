"""Label and value pairs out of lines and cells: `索 引 号:zhen…/2021-00000  发文字号:` holds two."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from parsers.chinese import simplify
from parsers.documents import labels
from parsers.documents.model import Block, Grid, Paragraph

Pair = tuple[str, str]
_AROUND = " \t\r\n\f\v\u00a0\u3000\u2002\u2003\u200b\ufeff|·•>"
_TOP, _SMALL = 40, 8
"""Blocks at the top of a file, and rows of a table that is a block of labels and values."""

END = "\x00"
"""A piece that no value reaches over."""
MAX_LINE = 300
"""Longer lines are prose, where 来源： is a word of a sentence."""


_CELL = 60
"""Characters of a cell's text: what a form says in its cells stands on thousands of pages."""


def from_line(line: str) -> Sequence[Pair]:
    """Every `label：value` of one line, in order. A value ends where the next label begins.

    A line of a flattened table has cells between bars: `发布机构 | 县教育局 | 发文日期 | 2018-02-28 |`.
    """
    if len(line) > MAX_LINE or line.isascii():
        return ()  # Labels are Chinese; most pieces of a page with tables are figures.
    return _known(line) if len(line) <= _CELL else _read(line)


def _read(line: str) -> Sequence[Pair]:
    if line.count("|") >= 2:
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if any(map(labels.is_bare_label, cells)):
            return tuple(from_segments([*cells, END]))
    simple = simplify(line)
    if len(simple) != len(line):
        line = simple
    matches = list(labels.PATTERN.finditer(simple)) if labels.COLON.search(simple) else []
    if not matches:
        # 发布机构 教育局 发文日期 2026-01-15: the line must begin with a word that is nothing but a label.
        start = len(simple) - len(simple.lstrip())
        first = labels.SPACED.match(simple, start) if simple[start : start + 1] in labels.FIRST else None
        if first is None or first.start(1) != first.start() or not labels.is_bare_label(first[1]):
            return ()
        matches = list(labels.SPACED.finditer(simple))
    ends = [match.start() for match in matches[1:]] + [len(line)]
    pairs = []
    for match, end in zip(matches, ends, strict=False):
        pairs.append((line[match.start(1) : match.end(1)].strip(), _value(line[match.end() : end])))
    return tuple(pairs)


_known = lru_cache(maxsize=4096)(_read)


def from_lines(lines: Iterable[str]) -> list[Pair]:
    return [pair for line in lines for pair in from_line(line)]


def from_blocks(blocks: Sequence[Block]) -> tuple[Pair, ...]:
    """Pairs from the top of a file that is no page: of its first lines, and of small tables among them that hold nothing else.

    A page that was saved as a Word file or printed has the block of the page in a table of its own.
    """
    segments: list[str] = []
    for block in blocks[:_TOP]:
        if isinstance(block, Paragraph):
            segments.append(block.text)
        elif isinstance(block, Grid):
            cells = [cell for row in block.rows for cell in dict.fromkeys(row) if cell is not None]
            if len(block.rows) > _SMALL or not any(
                labels.is_bare_label(cell.text) or from_line(cell.text) for cell in cells
            ):
                break  # the first form of the report: what stands below is the report
            segments.extend(cell.text for cell in dict.fromkeys(cells))
        segments.append(END)
    return tuple(from_segments(segments))


def from_segments(segments: Sequence[str]) -> list[Pair]:
    """Pairs from a sequence of small pieces of a page (cells, spans, list items).

    A piece that is nothing but a label takes the next piece as its value, unless that is a label, too.
    """
    pairs: list[Pair] = []
    skip = False
    for position, segment in enumerate(segments):
        if skip:
            skip = False
            continue
        if segment.isascii():
            continue  # Labels are Chinese; most pieces of a page with tables are figures.
        if labels.is_bare_label(segment):
            value = ""
            if position + 1 < len(segments):
                following = segments[position + 1]
                if following != END and not labels.is_bare_label(following) and not from_line(following):
                    value = _value(following)
                    skip = True
            pairs.append((segment.strip().strip("：:").strip(), value))
        else:
            pairs.extend(from_line(segment))
    return pairs


def _value(text: str) -> str:
    """Without the colon that stands behind a label's own element: <em>文号</em>：3号."""
    return text.strip(_AROUND).lstrip("：:").strip(_AROUND)
