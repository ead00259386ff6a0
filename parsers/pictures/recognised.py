"""Figures made out of pixels count only where the sums confirm them; every other one is null, and its table says so.

A figure is confirmed when a hard sum in which it takes part holds and none breaks: one misread digit breaks all sums
of its cell. A blank cell needs no confirmation: without ink there is no figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from parsers import checks
from parsers.documents.model import Document, Paragraph, Picture, text_of
from parsers.report import FigureCell, Level, Semantic, Status
from parsers.template import CheckRule

_BLANK = frozenset({Semantic.EMPTY, Semantic.UNREADABLE})


@dataclass(frozen=True)
class Pixels:
    """Which places of a document were made out of pixels."""

    grids: frozenset[int]
    lines: frozenset[int]
    """Of the flattened text, from 1."""
    spans: tuple[tuple[int, int], ...]
    """Of the document's text."""

    def made(self, cell: FigureCell) -> bool:
        at = cell.at or {}
        if "table" in at:
            return at["table"] in self.grids
        if "line" in at:
            return at["line"] in self.lines
        start, end = at.get("start"), at.get("end")
        if not isinstance(start, int) or not isinstance(end, int):
            return False
        return any(start < last and end > first for first, last in self.spans)


def pixels(document: Document) -> Pixels | None:
    """None where nothing was recognised: nearly always."""
    if not document.ocr:
        return None
    lines: list[int] = []
    spans: list[tuple[int, int]] = []
    line, start = 1, 0
    for block in document.blocks:
        end = start + len(text_of(block))
        # In the flattened text a grid or picture is one line.
        count = block.text.count("\n") + 1 if isinstance(block, Paragraph) else 1
        if not isinstance(block, Picture) and block.recognised:
            lines.extend(range(line, line + count))
            spans.append((start, end))
        line, start = line + count, end + 1
    return Pixels(frozenset(grid.index for grid in document.grids() if grid.recognised), frozenset(lines), tuple(spans))


def confirmed(
    cells: Sequence[FigureCell], rules: Iterable[CheckRule], found: Pixels | None
) -> tuple[tuple[FigureCell, ...], tuple[str, ...]]:
    """The cells, those from pixels null where no sum confirms them, and the flags that say so."""
    if found is None:
        return tuple(cells), ()
    held, broken = _judged(cells, rules)
    kept: list[FigureCell] = []
    flags: dict[str, None] = {}
    for cell in cells:
        if not found.made(cell):
            kept.append(cell)
            continue
        head = cell.path.split(".", 1)[0]
        flags.setdefault(f"recognised:{head}", None)
        if cell.semantic in _BLANK or (cell.path in held and cell.path not in broken):
            kept.append(cell)
        else:
            flags.setdefault(f"unconfirmed:{head}", None)
            kept.append(cell._replace(value=None, semantic=Semantic.UNREADABLE))
    return tuple(kept), tuple(flags)


def masked(text: str, found: Pixels | None) -> str:
    """`text` with blanks for what was recognised: sentences are compared only where they were typed."""
    for start, end in found.spans if found else ():
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _judged(cells: Sequence[FigureCell], rules: Iterable[CheckRule]) -> tuple[set[str], set[str]]:
    """Paths that take part in a hard sum that holds, and in one that breaks."""
    sums = [rule for rule in rules if rule.relation == "=" and rule.level is Level.HARD and rule.right]
    sides = {(rule.rule, rule.where): rule for rule in sums}
    by_path = {cell.path: cell for cell in cells}
    held: set[str] = set()
    broken: set[str] = set()
    for check in checks.run(sums, cells):
        if check.status is Status.PASS:
            held.update(check.cells)
        elif check.status is Status.FAIL and not _has_blank_side(sides[check.rule, check.where], by_path):
            broken.update(check.cells)
    # All sums are of counts: 9,229 read as 9.229 in a cell and in its total adds up, too.
    broken.update(cell.path for cell in cells if isinstance(cell.value, float))
    return held, broken


def _has_blank_side(rule: CheckRule, cells: Mapping[str, FigureCell]) -> bool:
    """Only totals, or no totals: such a sum cannot hold, and says nothing of how the cells were read."""
    return any(all(cells[path].semantic is Semantic.EMPTY for path in side) for side in (rule.left, rule.right))
