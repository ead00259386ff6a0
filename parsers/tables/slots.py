"""The text between two labels of a flattened table -> slots (domain.md section 3.3).

Ways of flattening seen in real dumps: pipes (a cell a line, or Markdown rows), tabs, a cell a line where a blank cell
leaves a line of blanks (`\\u00a0`), a cell a line where blank cells vanish, and digits run together.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from parsers.report import Semantic
from parsers.tables.found import Slot
from parsers.tables.numbers import OTHER_UNIT, read

_RULE_LINE = re.compile(r"^\s*\|?[\s:|-]*-{3,}[\s:|-]*\|?\s*$", re.MULTILINE)
_FIGURE_LINE = re.compile(r"[+\-−－增减]?[\d,]+(?:\.\d+)?")
_FIGURES_FIRST = re.compile(r"(?:[+\-−－增减]?\d|[/无—])[\d.,+\-−－/无—]*(?:亿元|万元|元)?")
_FOOT = re.compile(r"(?<=\n)[ \t]*[-—–－][ \t]*\d{1,3}[ \t]*[-—–－][ \t]*(?=\n|$)")
"""The number of a page on a line of its own, - 5 -: words between two rows, and no three cells."""
_DASHES = frozenset("-—–－")
_UNIT_WORD = re.compile(r"亿元|万元|元|人次|[条件次篇个人份场期部]")
_GLUED = re.compile(r"[\d.,+\-−－增减/无—]+(?:亿元|万元|元)?")
_WORD = re.compile(r"\S+")
_STEADY = 10
"""So many gaps between figures must be alike."""
_CONTINUES = re.compile(r"^[(（]|^(?:亿元|万元|千元|元)$")
"""What belongs to the figure in front of it on its line."""


@dataclass(frozen=True, slots=True)
class Air:
    """A dump in which every cell, blank or not, ends with the same number of line breaks."""

    cell: int
    """Line breaks of one cell."""
    row: int
    """Further line breaks at the end of a row."""


def measure_air(dump: Iterable[str]) -> Air | None:
    """The air of a dump, by its lines, from the gaps between its figures; None where no steady gap of two or more is there."""
    lines = list(map(str.strip, dump))
    if lines.count("") < _STEADY:
        return None
    figures = {word for word in set(lines) if word.isdecimal() or _FIGURE_LINE.fullmatch(word)}
    words = [place for place, word in enumerate(lines) if word]
    gaps = [(there - here, lines[there] in figures) for here, there in pairwise(words) if lines[here] in figures]
    between = Counter([gap for gap, is_figure in gaps if is_figure])
    behind = Counter([gap for gap, is_figure in gaps if not is_figure])
    if not between or not behind:
        return None
    cell, seen = between.most_common(1)[0]
    row = behind.most_common(1)[0][0] - cell
    steady = seen >= _STEADY and seen >= 0.8 * between.total()
    return Air(cell, row) if steady and cell > 1 and row >= 0 else None


class Cut(NamedTuple):
    slots: tuple[Slot, ...]
    blanks_marked: bool
    glued: bool
    damaged: bool
    places_exact: bool = False
    """Every cell, also the last, was measured: so many slots are so many cells."""
    words: str = ""
    """Words with figures behind them: a label that no template knows."""
    other_unit: bool = False
    """True when the row's unit is none of the form's."""


def cut(
    raw: str,
    start: int,
    end: int,
    line: int,
    *,
    record: bool = False,
    unit_column: bool = False,
    air: Air | None = None,
) -> Cut:
    """Slots of `raw[start:end]`; `line` is the line number (from 1) on which `start` stands.

    `unit_column`: the first cell names the unit (件, 条) and holds no figure.
    `record`: the figures follow a header, not a label of their own, so the rest of the header's row is dropped first.
    """
    text = raw[start:end]
    if "\n" in text and not _DASHES.isdisjoint(text):
        text = _FOOT.sub(lambda match: "页".ljust(len(match[0])), text)
    if "---" in text:
        text = _RULE_LINE.sub(lambda match: " " * len(match.group()), text)
    if _in_markdown(raw, start):
        pieces = _by_markdown(text, record)
    elif "|" in text:
        pieces = _by_pipes(text, record)
    else:
        pieces = _by_lines(text, end == len(raw))
    exact = False
    if air is not None and "|" not in text:
        pieces, exact = _with_air(text, pieces, air, record)
    other_unit = OTHER_UNIT.match(pieces[0][0]) if unit_column and pieces else None
    if unit_column and pieces and (unit := other_unit or _UNIT_WORD.match(pieces[0][0])):
        rest = pieces[0][0][unit.end() :]
        if not rest:
            pieces = pieces[1:]
        elif read(rest).semantic is not Semantic.TEXT:
            # 传真申请数件0: the unit is none of the figure's, which would stand in front of it.
            pieces[0] = (rest, pieces[0][1] + unit.end())
    label_touches = start < end and not raw[start].isspace() and raw[start] != "|"
    slots: list[Slot] = []
    new, counted = tuple.__new__, 0
    damaged = stopped = False
    words = ""
    for piece, offset in pieces:
        line, counted = line + text.count("\n", counted, offset), offset
        if _is_words(piece) and not _glued(piece):
            # Figures that run into words (`00（本列数据…`) are cut off the words, but only where all is run together.
            figures = _FIGURES_FIRST.match(piece)
            if figures and label_touches and not stopped and "\n" not in text[:offset]:
                slots.append(Slot(figures.group(), {"line": line}))
            else:
                damaged = damaged or figures is not None
            stopped = True
            words = words if damaged else piece
            continue
        if stopped:
            # Figures behind words: whose they are cannot be said.
            damaged = damaged or bool(piece.strip())
            continue
        slots.append(new(Slot, (piece.strip(), {"line": line})))
    marked = "|" in text or any(not slot.raw for slot in slots)
    if other_unit and any(read(slot.raw).value for slot in slots):
        # 费用 元 3600: in the form's own unit it would be another figure.
        return Cut((), marked, label_touches, True, exact, words[:80], other_unit=True)
    return Cut(tuple(slots), marked, label_touches, damaged, exact, words[:80] if damaged else "")


def _is_words(piece: str) -> bool:
    # Digits and blanks are none: so are nearly all.
    return not (piece.isdecimal() and piece.isascii()) and bool(piece) and read(piece).semantic is Semantic.TEXT


def _glued(piece: str) -> bool:
    """`304948.3955万元`, `102-5997`: figures run together, to be split by the sums or not at all."""
    return bool(_GLUED.fullmatch(piece.strip()))


def _by_pipes(text: str, record: bool) -> list[tuple[str, int]]:
    if record:
        # The header's row may be padded with empty cells: a line of two or more pipes in front of the first figure
        # closes it.
        offset = 0
        for line in text.split("\n"):
            if line.strip(" \t|\u3000\u00a0"):
                break
            if line.count("|") > 1:
                return _split(text, offset + len(line), "|")
            offset += len(line) + 1
    pipe = text.find("|")
    if record and text[:pipe].strip() and "\n" in text[:pipe]:
        pipe = -1  # Pipes between the cells alone: the first of them stands in front of the first pipe.
    return _split(text, pipe + 1 if pipe >= 0 else 0, "|")


def _split(text: str, offset: int, separator: str) -> list[tuple[str, int]]:
    pieces: list[tuple[str, int]] = []
    for piece in text[offset:].split(separator):
        lead = len(piece) - len(piece.lstrip())
        pieces.append((piece.strip(), offset + lead))
        offset += len(piece) + 1
    if pieces and not pieces[-1][0]:
        # What stands behind the last pipe is no cell. Further blanks may be cells or pads: the resolver knows.
        pieces.pop()
    return pieces


def _in_markdown(raw: str, start: int) -> bool:
    """Does the label in front of `start` stand in a line that begins with a pipe and has another: a row a line?"""
    before = raw[raw.rfind("\n", 0, start) + 1 : start].lstrip()
    if not before.startswith("|"):
        return False
    end = raw.find("\n", start)
    return before.count("|") > 1 or raw.find("|", start, end if end >= 0 else len(raw)) >= 0


def _by_markdown(text: str, record: bool) -> list[tuple[str, int]]:
    """The rest of the label's line, or for a record the first line of cells below it."""
    offset = 0
    for number, line in enumerate(text.split("\n")):
        if record == (number > 0) and line.strip():
            lead = line.index("|") + 1 if "|" in line else 0
            body = line[lead:].rstrip()
            body = body[:-1] if body.endswith("|") else body
            pieces, position = [], offset + lead
            for cell in body.split("|"):
                pieces.append((cell.strip(), position))
                position += len(cell) + 1
            return pieces
        offset += len(line) + 1
    return []


def _by_lines(text: str, to_the_end: bool) -> list[tuple[str, int]]:
    pieces: list[tuple[str, int]] = []
    offset = 0
    lines = text.split("\n")
    # Where the figures stand behind their label, a row a line, no line below holds a cell of it.
    rows = "\t" not in lines[0] and len(lines[0].split(maxsplit=2)) > 1
    for number, line in enumerate(lines):
        inner = number > 0 and not rows and (number < len(lines) - 1 or to_the_end)
        if line.isalnum():
            pieces.append((line, offset))
        elif not line:
            pass  # Only air.
        elif "\t" in line:
            # In front of the first tab of the first line stands what is left of the label's cell.
            pieces.extend((cell.strip(), offset) for cell in line.split("\t")[number == 0 :])
        elif not line.strip():
            # A line of blanks between two line breaks is a blank cell.
            if inner:
                pieces.append(("", offset))
        else:
            for match in _WORD.finditer(line):
                word = match.group()
                if pieces and _CONTINUES.match(word) and pieces[-1][0] and (match.start() or word[0] in "(（"):
                    previous, where = pieces.pop()
                    pieces.append((previous + word, where))
                else:
                    pieces.append((word, offset + match.start()))
        offset += len(line) + 1
    return pieces


def _with_air(text: str, pieces: list[tuple[str, int]], air: Air, record: bool) -> tuple[list[tuple[str, int]], bool]:
    """Put back the blank cells that the gaps stand for; (pieces, False) where a gap does not fit.

    The gap behind the last figure counts as well: a row that ends too early has lost a cell somewhere. Only where a row
    ends with more air than a cell can it be told from the gap between two paragraphs.
    """
    result: list[tuple[str, int]] = []
    position = 0
    end = len(text)
    for number, (piece, offset) in enumerate(pieces):
        if not piece:
            return pieces, False
        if result and _is_words(piece):
            # Words end the row: what follows is no part of the table.
            end = offset
            break
        blanks, rest = divmod(text.count("\n", position, offset) - (air.row if record and number == 0 else 0), air.cell)
        if rest or blanks < 1:
            return pieces, False
        result.extend([("", offset)] * (blanks - 1))
        result.append((piece, offset))
        position = offset + len(piece)
    if not result:
        return pieces, False
    blanks, rest = divmod(text.count("\n", position, end) - air.row, air.cell)
    exact = air.row > 0 and rest == 0 and blanks > 0
    if exact:
        result.extend([("", end)] * (blanks - 1))
    result.extend(piece for piece in pieces if piece[1] >= end)
    return result, exact
