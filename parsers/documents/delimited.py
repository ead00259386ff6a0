"""Tables written as lines with a sign between the cells: CSV files, Markdown, lines of tabs or pipes -> grids.

Such a line has a place for every column, so that a merged cell is one with words and blank ones beside it: labels and
headers get back the columns that they spanned. Lines of different length are the dump of a page, in which merged cells
left nothing: those stay text (`parsers.tables.flat`).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import count, groupby

from parsers.documents import grid, limits
from parsers.documents.charset import decode
from parsers.documents.media import CSV
from parsers.documents.model import Block, Document, Grid, Paragraph
from parsers.errors import Unreadable

_FIGURE = re.compile(r"[+\-−－增减]?[\d０-９][\d０-９,，.．]*(?:亿元|万元|人次|[元件条项个次篇人部份宗%])?")
_RULE_CELL = r"\s*(?::-+:?|-+:|-{3,})\s*"
_RULE = re.compile(rf"\s*\|?(?:{_RULE_CELL}\|)*{_RULE_CELL}\|?\s*")
_FEWEST = 2
"""Lines that are a table: a header, and a row."""
_TITLE_LENGTH = range(6, 81)


def read_csv(content: bytes, media_type: str | None = None) -> Document:
    """Read a CSV file. Raises Unreadable("too_large" | "binary")."""
    limits.refuse_above(len(content), limits.MAX_TEXT_BYTES, "the table")
    text, encoding = decode(content, media_type)
    text = text.replace("\x00", "")
    sign = max(",;\t", key=text.count)
    try:
        rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text, newline=""), delimiter=sign)]
    except csv.Error as error:
        raise Unreadable("damaged", f"the table cannot be read: {error}") from error
    blocks = tuple(_blocks(rows))
    title = next((block.text for block in blocks if isinstance(block, Paragraph)), "")
    return Document(
        blocks=blocks, media_type=CSV, encoding=encoding, title=title if len(title) in _TITLE_LENGTH else None
    )


def _blocks(rows: Sequence[Sequence[str]]) -> Iterator[Block]:
    """Rows of one cell are text, but for the caption that stands alone between two rows of a table."""
    filled = [sum(map(bool, row)) for row in rows]
    inside = [
        some > 1 or (some == 1 and 0 < n < len(rows) - 1 and filled[n - 1] > 1 and filled[n + 1] > 1)
        for n, some in enumerate(filled)
    ]
    number = count()
    for is_table, part in groupby(zip(inside, rows, strict=True), key=lambda pair: pair[0]):
        if is_table:
            yield to_grid([row for _, row in part], next(number))
        else:
            yield from (Paragraph(cell) for _, row in part for cell in row if cell)


def with_grids(lines: Sequence[str]) -> Sequence[str | Grid]:
    """The lines of a text, its tables as grids; all of it lines where one of the tables is the dump of a page."""
    number, result, counts = count(), list[str | Grid](), False
    for kind, some in groupby(lines, key=_kind):
        part = list(some)
        rows = [_cells(line, kind) for line in part if not _RULE.fullmatch(line)] if kind else []
        has_figure = any(_FIGURE.fullmatch(cell) for row in rows for cell in row)
        if len(rows) >= _FEWEST and is_whole(rows):
            result.append(to_grid(rows, next(number)))
            counts = counts or has_figure
        elif has_figure:
            return lines
        else:
            result.extend(part)
    return result if counts else lines


def is_whole(rows: Sequence[Sequence[str]]) -> bool:
    """Are the rows equally long, and does a header, where there is one, stand above its own column?

    There are tables of which every row begins at the left, whatever was merged, and is filled up with blanks at its end.
    """
    width = len(rows[0])
    if not 1 < width <= grid.MAX_COLUMN_SPAN or width * len(rows) > limits.MAX_GRID_SLOTS:
        return False
    if any(len(row) != width for row in rows):
        return False
    figures = [{n for n, cell in enumerate(row) if _FIGURE.fullmatch(cell)} for row in rows]
    top = next((n for n, some in enumerate(figures) if some), 0)
    headed = {n for row in rows[:top] for n, cell in enumerate(row) if cell}
    return not top or figures[top] <= headed


def _kind(line: str) -> str:
    """The sign between the cells of a line; "" for a line of text."""
    return "|" if "|" in line else "\t" if "\t" in line else ""


def _cells(line: str, sign: str) -> list[str]:
    if sign == "|":
        line = line.strip()
        line = line.removeprefix("|").removesuffix("|")
    return [cell.replace("<br>", "\n").strip() for cell in line.split(sign)]


def laid(rows: Sequence[Sequence[grid.RawCell]], index: int) -> Grid | None:
    """The rows as a grid: by the spans that their cells tell, or, where none tells one, by what is blank beside words. None
    where the cells do not stand in their columns."""
    if any(cell.row_span > 1 or cell.column_span > 1 for row in rows for cell in row):
        return grid.build([rows], index)
    texts = [[cell.text for cell in row] for row in rows]
    return to_grid(texts, index) if is_whole(texts) else None


def to_grid(rows: Sequence[Sequence[str]], index: int) -> Grid:
    """The rows as a grid. What words spanned is blank: to the right of them, in front of the figures of a row and above the
    figures of the table, and below them, where a row of figures has no words of its own there."""
    width = max(map(len, rows))
    if width > grid.MAX_COLUMN_SPAN or width * len(rows) > limits.MAX_GRID_SLOTS:
        raise Unreadable("too_large", f"a table of {len(rows)} rows and {width} columns")
    filled = [[*row, *[""] * (width - len(row))] for row in rows]
    firsts = [next((n for n, cell in enumerate(row) if _FIGURE.fullmatch(cell)), width) for row in filled]
    made: list[list[grid.RawCell]] = []
    rows_of_figures = zip(_of_figures(filled, firsts), firsts, filled, strict=True)
    for has_figures, part in groupby(rows_of_figures, key=lambda one: one[0]):
        block = [(first, row) for _, first, row in part]
        until = min(first for first, _ in block)
        own = [list(_spanning(row, until)) for _, row in block]
        made.extend(_reaching_down(own, until) if has_figures else own)
    return grid.build([made], index)


def _of_figures(rows: Sequence[Sequence[str]], firsts: Sequence[int]) -> list[bool]:
    """Which rows have figures, or would have: of a row whose figures are all blank the words stand in front of those of the
    rows around it, and it parts no table."""
    width = len(rows[0])
    found: list[bool] = []
    until = width
    for n, (row, first) in enumerate(zip(rows, firsts, strict=True)):
        last = max((column for column, cell in enumerate(row) if cell), default=-1)
        after = firsts[n + 1] if n + 1 < len(rows) else width
        has = first < width or (n > 0 and found[-1] and after < width and 0 <= last < min(until, after))
        until = min(until, first) if has else width
        found.append(has)
    return found


def _spanning(row: Sequence[str], until: int) -> Iterator[grid.RawCell]:
    """The cells of a row, those with words as wide as the blanks behind them, but not beyond the column `until`."""
    column = 0
    while column < len(row):
        end = column + 1
        while row[column] and end < until and not row[end]:
            end += 1
        yield grid.RawCell(row[column], 1, end - column, False, column)
        column = end


def _reaching_down(rows: Sequence[list[grid.RawCell]], until: int) -> list[list[grid.RawCell]]:
    """Rows of figures: words in front of the column `until` reach down over the blanks below them."""
    kept: list[list[grid.RawCell]] = []
    above: dict[int, tuple[list[grid.RawCell], int]] = {}
    """Column -> the row and the place in it of the words that stand there."""
    for row in rows:
        own: list[grid.RawCell] = []
        # Of a table in two halves the left one may have ended.
        goes_on = any(cell.text for cell in row if (cell.column or 0) <= until)
        for cell in row:
            column = cell.column or 0
            if not cell.text and column < until and column in above and goes_on:
                line, place = above[column]
                line[place] = line[place]._replace(row_span=line[place].row_span + 1)
                continue
            if cell.text and column < until:
                for under in range(column, column + cell.column_span):
                    above.pop(under, None)
                if cell.column_span == 1:
                    above[column] = (own, len(own))
            own.append(cell)
        kept.append(own)
    return kept
