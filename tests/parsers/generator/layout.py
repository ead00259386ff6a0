"""Sheets -> physical rows of boxes with spans: what HTML, Word, a workbook and a print share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tests.parsers.generator.model import Head, Line, Sheet


@dataclass(frozen=True, slots=True)
class Box:
    """One cell as it is drawn; a cell below a span of the row above is not listed again."""

    text: str
    row_span: int = 1
    column_span: int = 1
    header: bool = False
    figure: bool = False


Rows = list[list[Box]]


def rows(sheet: Sheet, *, width: int = 0) -> Rows:
    """The sheet as one physical table; `width` makes it wider: captions and the last column stretch."""
    own = sheet.width
    stretch = max(0, width - own)
    result: Rows = []
    if sheet.caption:
        result.append([Box(sheet.caption, 1, own + stretch)])
    for number, line in enumerate(sheet.header):
        boxes = [_head(head) for head in line]
        if number == 0 and stretch:
            boxes[-1] = replace(boxes[-1], column_span=boxes[-1].column_span + stretch)
        result.append(boxes)
    for boxes in _lines(sheet):
        if stretch and boxes:
            boxes[-1] = replace(boxes[-1], column_span=boxes[-1].column_span + stretch)
        result.append(boxes)
    return result


def _head(head: Head) -> Box:
    return Box(head.text, head.row_span, head.column_span, header=True)


def _lines(sheet: Sheet) -> Iterator[list[Box]]:
    """A group stands as one cell beside all its rows as long as they follow one another."""
    opened: tuple[str, ...] = ()
    for number, line in enumerate(sheet.lines):
        groups = line.labels[:-1]
        boxes = []
        for depth in range(len(groups)):
            if opened[: depth + 1] != groups[: depth + 1]:
                boxes.append(Box(groups[depth], _following(sheet.lines[number:], groups[: depth + 1])))
        opened = groups
        if line.labels:
            boxes.append(Box(line.labels[-1], 1, max(1, sheet.depth - len(groups))))
        if line.unit is not None:
            boxes.append(Box(line.unit))
        boxes.extend(Box(figure.text, figure=True) for figure in line.figures)
        if line.unit is not None and not line.figures:
            boxes.append(Box(""))
        yield boxes


def _following(lines: Sequence[Line], groups: tuple[str, ...]) -> int:
    count = 0
    for line in lines:
        if line.labels[:-1][: len(groups)] != groups:
            break
        count += 1
    return count


def together(sheets: Sequence[Sheet]) -> Rows:
    """Several sheets as one physical table, as wide as the widest."""
    width = max(sheet.width for sheet in sheets)
    return [row for sheet in sheets for row in rows(sheet, width=width)]
