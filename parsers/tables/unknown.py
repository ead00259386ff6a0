"""Labels in known tables that no template knows: the first sign of a new national form, or of a slip.

They are recorded as they stand and never guessed at. What recognition made out of pixels is no label: it may be misread.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from parsers.report import Semantic
from parsers.tables.grid_lines import GridLines, Line
from parsers.tables.labels import cell_forms
from parsers.tables.numbers import read
from parsers.template import Table

MOST = 80
"""Characters that are kept of a label."""


def unknown_labels(all_lines: GridLines, table: Table, matched: Mapping[int, tuple[int, int]]) -> tuple[str, ...]:
    """Of rows with figures among the table's rows, and of headers beside the table's own.

    `matched`: id(row) -> (line, position of the label's cell).
    """
    taken = {index for index, _ in matched.values()}
    if not taken:
        return ()
    known = table.forms
    lines = all_lines.all
    grids = {id(lines[index].grid) for index in taken if not lines[index].grid.recognised}
    within = [number for number, line in enumerate(lines) if id(line.grid) in grids]
    first, last = min(taken), max(taken)
    heads = all_lines.headers(table.column_forms)
    below = max((number for number in within if number < first and number in heads), default=first)
    rows = _rows([lines[number] for number in within if number >= below and number not in taken], known)
    above = [number for number in within if number < last and number not in taken and number in heads]
    headers = _headers([(lines[number], heads[number][0]) for number in above], known)
    return tuple(dict.fromkeys((*rows, *headers)))


def _rows(lines: Iterable[Line], known: frozenset[str]) -> Iterator[str]:
    for line in lines:
        if line.has_figure:
            texts = [cell.text for cell, _, _ in line.cells if read(cell.text).semantic is Semantic.TEXT]
            if texts and cell_forms(texts[-1]).isdisjoint(known):
                yield _short(texts[-1])


def _headers(heads: Iterable[tuple[Line, int]], known: frozenset[str]) -> Iterator[str]:
    """Cells to the right of a known column's header, in lines that hold two of them and no figure."""
    for line, first in heads:
        for (cell, _, _), forms in zip(line.cells[first:], line.forms[first:], strict=True):
            if forms.isdisjoint(known) and read(cell.text).semantic is Semantic.TEXT:
                yield _short(cell.text)


def _short(text: str) -> str:
    return " ".join(text.split())[:MOST]
