"""ODS and FODS (LibreOffice Calc, and what WPS saves as OpenDocument) -> the visible sheets of a workbook."""

from __future__ import annotations

from collections.abc import Iterator

from parsers.documents.limits import MAX_GRID_SLOTS
from parsers.documents.odt import CELLS, cell_text, ground_of, table_rows
from parsers.documents.open_document import TABLE, Element, Looks, number, opened
from parsers.documents.workbooks import MAX_SHEETS, Sheet, visible
from parsers.errors import Unreadable

_HIDDEN = ("collapse", "filter")
_MOST_COLUMNS, _MOST_ROWS = 1 << 14, 1 << 20
_MOST_COPIES = 1000
"""Of a cell or a row that says something and stands for several."""
_COLUMNS = frozenset(f"{TABLE}{name}" for name in ("table-columns", "table-header-columns", "table-column-group"))


def open_ods(content: bytes) -> Iterator[Sheet]:
    """Raises Unreadable("damaged" | "encrypted" | "too_large")."""
    with opened(content, "spreadsheet", "the workbook") as package:
        shown = [table for table in package.body.iterfind(f"{TABLE}table") if _is_shown(table, package.looks)]
        sheets = [_sheet(table, package.looks) for table in shown[:MAX_SHEETS]]
    yield from sheets


def _is_shown(table: Element, looks: Looks) -> bool:
    return looks.get(table.get(f"{TABLE}style-name") or "", {}).get(f"{TABLE}display") != "false"


def _sheet(table: Element, looks: Looks) -> Sheet:
    rows: list[tuple[str, ...]] = []
    merged: list[tuple[int, int, int, int]] = []
    hidden: set[int] = set()
    slots = blank = 0
    for row, _ in table_rows(table):
        texts: list[str] = []
        for cell in row:
            if cell.tag not in CELLS:
                continue
            is_own = cell.tag == f"{TABLE}table-cell"
            text = cell_text(cell, looks, ground_of((cell, row, table), looks)) if is_own else ""
            down, right = number(cell, "rows-spanned", _MOST_ROWS), number(cell, "columns-spanned", _MOST_COLUMNS)
            if is_own and (down > 1 or right > 1):
                at = len(rows) + blank
                merged.append((at, len(texts), at + down - 1, len(texts) + right - 1))
            copies = number(cell, "columns-repeated", _MOST_COPIES if text else _MOST_COLUMNS)
            texts.extend([text] * min(copies, _MOST_COLUMNS))
        while texts and not texts[-1]:
            texts.pop()
        times = number(row, "rows-repeated", _MOST_COPIES if texts else _MOST_ROWS)
        if not texts:
            # A sheet ends with a row of nothing that stands for a million.
            blank += times
            continue
        slots += len(texts) * times + blank
        if slots > MAX_GRID_SLOTS:
            raise Unreadable("too_large", f"a sheet of {len(rows) + blank + times:,} rows and {len(texts):,} columns")
        rows.extend([()] * blank)
        blank = 0
        if row.get(f"{TABLE}visibility") in _HIDDEN:
            hidden.update(range(len(rows), len(rows) + times))
        rows.extend([tuple(texts)] * times)
    return visible(Sheet(table.get(f"{TABLE}name") or "", tuple(rows), tuple(merged)), hidden, _hidden_columns(table))


def _hidden_columns(table: Element) -> set[int]:
    found: set[int] = set()
    at = 0
    for column in _columns(table):
        times = number(column, "columns-repeated", _MOST_COLUMNS)
        if column.get(f"{TABLE}visibility") in _HIDDEN:
            found.update(range(at, min(at + times, _MOST_COLUMNS)))
        at += times
    return found


def _columns(part: Element) -> Iterator[Element]:
    for child in part:
        if child.tag == f"{TABLE}table-column":
            yield child
        elif child.tag in _COLUMNS:
            yield from _columns(child)
