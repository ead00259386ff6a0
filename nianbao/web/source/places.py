"""Where figures stand in a document: in a cell of a grid, in a line, in a stretch of the text, on a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from parsers.documents.model import Document, Paragraph

BREAK = "\u2063"
"""What a grid leaves in the flat text (parsers.tables.read)."""


Box = tuple[float, float, float, float]
"""left, top, right, bottom."""


@dataclass(frozen=True)
class Places:
    """Paths by the place that `cells[].at` gives (docs/data.md)."""

    cells: Mapping[tuple[int, int, int], tuple[str, ...]] = field(default_factory=dict)
    """(table, row, column)."""
    elements: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    """The cell of that number in the whole page."""
    lines: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    """From 1."""
    spans: Sequence[tuple[int, int, str]] = ()
    """(start, end, path) in the document's text."""
    pages: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    boxes: Sequence[tuple[int, Box, str]] = ()
    """(page, box in points, path) of a PDF; page 1 and thousandths of its size of a picture."""

    unpaged: int = 0
    """Figures whose place is known in the document's text alone, not on which page of a PDF."""

    @classmethod
    def of(cls, cells: Iterable[Mapping[str, Any]]) -> Places:
        """Of the cells that stand in one file: `carrier.of_cell` says which."""
        grids: dict[tuple[int, int, int], list[str]] = {}
        elements: dict[int, list[str]] = {}
        lines: dict[int, list[str]] = {}
        pages: dict[int, list[str]] = {}
        spans: list[tuple[int, int, str]] = []
        boxes: list[tuple[int, Box, str]] = []
        unpaged = 0
        for cell in cells:
            at, path = cell.get("at") or {}, cell["path"]
            unpaged += "page" not in at and "box" not in at
            if "page" in at:
                pages.setdefault(at["page"], []).append(path)
            if "box" in at:
                left, top, right, bottom = at["box"]
                boxes.append((at.get("page", 1), (left, top, right, bottom), path))
            if "element" in at:
                elements.setdefault(at["element"], []).append(path)
            if "table" in at:
                grids.setdefault((at["table"], at["row"], at["column"]), []).append(path)
            elif "line" in at:
                lines.setdefault(at["line"], []).append(path)
            elif "start" in at:
                spans.append((at["start"], at["end"], path))
        return cls(
            _frozen(grids),
            _frozen(elements),
            _frozen(lines),
            tuple(sorted(spans)),
            _frozen(pages),
            tuple(boxes),
            unpaged,
        )


def _frozen(found: Mapping[Any, list[str]]) -> dict[Any, tuple[str, ...]]:
    return {key: tuple(paths) for key, paths in found.items()}


@dataclass(frozen=True)
class Passage:
    """A stretch of a document's words, without white space, with what stands before and after it."""

    before: str
    words: str
    after: str
    paths: tuple[str, ...]
    blank: bool = False
    """A blank cell on a line of its own: it is looked for among words that keep their no-break spaces."""


_CONTEXT = 240
HARD = "\u00a0"


def passages(document: Document, places: Places) -> list[Passage]:
    """The lines and spans that hold figures, to be found again in markup that breaks lines elsewhere."""
    flat = [block.text if isinstance(block, Paragraph) else BREAK for block in document.blocks]
    lines = "\n".join(flat).split("\n")
    words, starts = _joined(lines, squeezed)
    airy, airy_starts = _joined(lines, aired)
    found = []
    for number, paths in sorted(places.lines.items()):
        place = number - 1  # lines count from 1
        if not 0 <= place < len(lines):
            continue
        if squeezed(lines[place]):
            found.append(_passage(words, starts[place], starts[place + 1], paths))
        elif aired(lines[place]):
            found.append(replace(_passage(airy, airy_starts[place], airy_starts[place + 1], paths), blank=True))
    text = document.text()
    for start, end, path in places.spans:
        left, inner = len(squeezed(text[:start])), len(squeezed(text[start:end]))
        found.append(_passage(squeezed(text), left, left + inner, (path,)))
    return found


def _joined(lines: Sequence[str], without: Callable[[str], str]) -> tuple[str, list[int]]:
    """All lines as one word, and where each begins; one more entry for the end."""
    starts, parts, offset = [], [], 0
    for line in lines:
        starts.append(offset)
        parts.append(without(line))
        offset += len(parts[-1])
    return "".join(parts), [*starts, offset]


def _passage(words: str, start: int, end: int, paths: tuple[str, ...]) -> Passage:
    before = words[max(0, start - _CONTEXT) : start].rpartition(BREAK)[2]
    after = words[end : end + _CONTEXT].partition(BREAK)[0]
    return Passage(before, words[start:end], after, paths)


def squeezed(text: str) -> str:
    """Without white space of any kind."""
    return "".join(text.split())


def aired(line: str) -> str:
    """As `squeezed`, but a line of nothing but no-break spaces keeps them: it may be a blank cell."""
    return squeezed(line) or "".join(character for character in line if character == HARD)


def locate(passage: Passage, stream: str) -> tuple[int, int] | None:
    """(start, end) of the passage in a stream of words; None where it cannot be told from another place."""
    for context in (_CONTEXT, 120, 60, 30, 15, 8):
        before, after = passage.before[-context:], passage.after[:context]
        sought = before + passage.words + after
        at = stream.find(sought)
        if at >= 0 and stream.find(sought, at + 1) < 0:
            start = at + len(before)
            return start, start + len(passage.words)
    return None
