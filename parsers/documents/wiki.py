"""Tables as wikis write them -> grids: `{|` … `|}`, a line `|-` between the rows, a cell a line or `||` between cells.

https://www.mediawiki.org/wiki/Help:Tables. Pandoc writes them too, without the spans of merged cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import count, groupby

from parsers.documents import delimited, grid
from parsers.documents.model import Grid

_ROW, _END, _CAPTION = "|-", "|}", "|+"
_ATTRIBUTES = re.compile(r"((?:\s*[\w-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s|\"']+))+)\s*\|(?!\|)")
_SPAN = re.compile(r"\b(row|col)span\s*=\s*[\"']?\s*(\d{1,4})", re.IGNORECASE)
_HEADING = re.compile(r"(={1,6})\s*([^=].*?)\s*\1\s*")
_ANCHOR = re.compile(r"<span id=[^<>]*></span>")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)


def is_wiki(text: str) -> bool:
    """Does a table as wikis write them begin in the text?"""
    return "{|" in text and any(line.startswith("{|") for line in text.splitlines())


def with_grids(lines: Sequence[str]) -> Sequence[str | Grid]:
    """The lines of such a text, its tables as grids.

    Where the cells of one table do not stand in their columns all of it is lines, a row a line with signs between its cells,
    as in other texts.
    """
    number, result, is_whole = count(), list[str | Grid](), True
    as_lines: list[str] = []
    for inside, some in groupby(_numbered(lines), key=lambda pair: pair[0]):
        part = [line for _, line in some]
        if not inside:
            result.extend(part)
            as_lines.extend(part)
            continue
        rows = list(_rows(part))
        made = delimited.laid(rows, next(number)) if rows else None
        is_whole = is_whole and made is not None
        if made is not None:
            result.append(made)
        # As many lines as there were: places in a text are told by the numbers of its lines.
        as_lines.extend(["", *map(_line, rows), *[""] * (len(part) - len(rows) - 1)])
    return result if is_whole else as_lines


def _line(row: Sequence[grid.RawCell]) -> str:
    return "| " + " | ".join(" ".join(cell.text.split()) for cell in row) + " |"


def _numbered(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """(number of the table, line); 0 for a line in none. A table inside a cell is a part of that cell's table."""
    table = depth = 0
    for line in lines:
        begins = line.lstrip().startswith("{|")
        table += begins and not depth
        depth += begins
        yield table if depth else 0, line
        depth -= depth > 0 and line.lstrip().startswith(_END)


def plain(line: str) -> str:
    """A line without the anchors in it, a heading as Markdown has it."""
    line = _ANCHOR.sub("", line)
    heading = _HEADING.fullmatch(line.strip())
    return f"{'#' * len(heading[1])} {heading[2]}" if heading else line


def _rows(lines: Sequence[str]) -> Iterator[list[grid.RawCell]]:
    row: list[grid.RawCell] = []
    for line in map(str.strip, lines[1:]):
        if line.startswith("{|"):
            continue  # a table inside a cell: its cells are cells of this one
        if line.startswith((_ROW, _END, _CAPTION)):
            if row:
                yield row
            row = []
        elif line.startswith(("|", "!")):
            between = "||" if line[0] == "|" else re.compile(r"\|\||!!")
            parts = line[1:].split(between) if isinstance(between, str) else between.split(line[1:])
            row.extend(_cell(part, line[0] == "!") for part in parts)
        elif line and row:
            row[-1] = row[-1]._replace(text=f"{row[-1].text}\n{_text(line)}".strip())
    if row:
        yield row


def _cell(written: str, header: bool) -> grid.RawCell:
    found = _ATTRIBUTES.match(written)
    spans = {name.lower(): int(span) for name, span in _SPAN.findall(found[1])} if found else {}
    text = _text(written[found.end() :] if found else written)
    return grid.RawCell(text, max(1, spans.get("row", 1)), max(1, spans.get("col", 1)), header)


def _text(written: str) -> str:
    return _BREAK.sub("\n", written).replace("'''", "").replace("&nbsp;", "\u00a0").strip()
