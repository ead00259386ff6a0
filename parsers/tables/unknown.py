"""Labels in known tables that no template knows: the first sign of a new national form, or of a slip.

They are recorded as they stand and never guessed at. What recognition made out of pixels is no label: it may be misread.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

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
    grids = {id(all_lines.all[index].grid) for index in taken if not all_lines.all[index].grid.recognised}
    within = [(number, line) for number, line in enumerate(all_lines.all) if id(line.grid) in grids]
    first, last = min(taken), max(taken)
    below = max((number for number, line in within if number < first and _is_header(line, table)), default=first)
    rows = _rows([line for number, line in within if number >= below and number not in taken], known)
    headers = _headers([line for number, line in within if number < last and number not in taken], table, known)
    return tuple(dict.fromkeys((*rows, *headers)))


def _rows(lines: Iterable[Line], known: frozenset[str]) -> Iterator[str]:
    for line in lines:
        texts = [cell.text for cell, _, _ in line.cells if read(cell.text).semantic is Semantic.TEXT]
        figures = any(read(cell.text).value is not None for cell, _, _ in line.cells)
        if texts and figures and cell_forms(texts[-1]).isdisjoint(known):
            yield _short(texts[-1])


def _headers(lines: Sequence[Line], table: Table, known: frozenset[str]) -> Iterator[str]:
    """Cells to the right of a known column's header, in lines that hold two of them and no figure."""
    for line in lines:
        if not _is_header(line, table):
            continue
        first = _columns(line, table)[0]
        for (cell, _, _), forms in zip(line.cells[first:], line.forms[first:], strict=True):
            if forms.isdisjoint(known) and read(cell.text).semantic is Semantic.TEXT:
                yield _short(cell.text)


def _columns(line: Line, table: Table) -> list[int]:
    """Positions of cells that head a column of the table."""
    known = frozenset(form for part in table.parts for form in part.column_forms)
    return [position for position, forms in enumerate(line.forms) if not forms.isdisjoint(known)]


def _is_header(line: Line, table: Table) -> bool:
    return len(_columns(line, table)) >= 2 and all(read(cell.text).value is None for cell, _, _ in line.cells)


def _short(text: str) -> str:
    return " ".join(text.split())[:MOST]
