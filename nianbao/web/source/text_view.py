"""A file that no browser shows (Word, a spreadsheet, plain text) as the reader saw it: paragraphs and tables."""

from __future__ import annotations

from html import escape

from nianbao.web.source.frame import framed, hits
from nianbao.web.source.places import Places
from parsers.documents.model import Cell, Document, Grid, Picture


def text_view(document: Document, places: Places) -> bytes:
    """`document` in simplified characters, with its figures marked."""
    parts: list[str] = []
    line, offset = 1, 0
    for block in document.blocks:
        if isinstance(block, Grid):
            parts.append(_table(block, places))
            parts.append(hits(_within(places, offset, offset + len(block.text()))))
            offset += len(block.text()) + 1
            line += 1
            continue
        text = block.text
        if isinstance(block, Picture):
            parts.append(f'<p class="nb-picture">〔图 {escape(text)}〕</p>')
        else:
            for shown in text.split("\n"):
                paths = (*places.lines.get(line, ()), *_within(places, offset, offset + len(shown)))
                inner = escape(shown) or "&nbsp;"
                parts.append(f'<p class="nb-cell">{hits(paths)}{inner}</p>' if paths else f"<p>{inner}</p>")
                line += 1
                offset += len(shown) + 1
            continue
        offset += len(text) + 1
        line += 1
    note = "此文件按读取结果显示 · this file is shown as it was read"
    return framed("\n".join(parts), notes=[note])


def _within(places: Places, start: int, end: int) -> tuple[str, ...]:
    return tuple(path for left, _, path in places.spans if start <= left < end)


def _table(grid: Grid, places: Places) -> str:
    rows = []
    for number, row in enumerate(grid.rows):
        cells = [
            _cell(cell, places.cells.get((grid.index, number, column), ()))
            for column, cell in enumerate(row)
            if cell is not None and cell.row == number and cell.column == column
        ]
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table>{''.join(rows)}</table>"


def _cell(cell: Cell, paths: tuple[str, ...]) -> str:
    tag = "th" if cell.header else "td"
    spans = f' rowspan="{cell.row_span}"' if cell.row_span > 1 else ""
    spans += f' colspan="{cell.column_span}"' if cell.column_span > 1 else ""
    marked = ' class="nb-cell"' if paths else ""
    return f"<{tag}{spans}{marked}>{hits(paths)}{escape(cell.text)}</{tag}>"
