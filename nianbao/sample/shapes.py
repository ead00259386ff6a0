"""The shapes in which real pages show the statutory tables: as a table, pasted from Word, or fallen flat.

Every function takes filled grids (`forms.fill`) and gives HTML. The flat shapes are those of published pages whose
tables lost their markup on the way into the site.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from nianbao.sample.forms import Cell, Grid, Row


def table(*grids: Grid) -> str:
    """A plain HTML table for each grid, spans and all."""
    return "\n".join(
        '<table border="1" cellspacing="0" cellpadding="0" width="100%"><tbody>\n'
        + "".join(
            "<tr>" + "".join(f'<td align="center"{_spans(cell)}>{cell.text}</td>' for cell in row) + "</tr>\n"
            for row in grid
        )
        + "</tbody></table>"
        for grid in grids
    )


def word(*grids: Grid) -> str:
    """Tables pasted from Word: paragraphs in the cells, a label torn into spans wherever the font changes."""
    return "\n".join(
        '<table class="MsoNormalTable" border="0" cellspacing="0" cellpadding="0" '
        'style="border-collapse:collapse;mso-padding-alt:0cm 0cm 0cm 0cm"><tbody>\n'
        + "".join(
            f'<tr style="mso-yfti-irow:{number}">' + "".join(_word_cell(cell) for cell in row) + "</tr>\n"
            for number, row in enumerate(grid)
        )
        + "</tbody></table>"
        for grid in grids
    )


def lines_and_pipes(*grids: Grid) -> str:
    """Every cell and every bar on a line of its own, as 楚雄 2020 stands on its page; blank cells vanish."""
    return "\n".join(_lines(list(_piped(grid))) for grid in grids)


def bars(*grids: Grid) -> str:
    """`value |` lines, as 西秀 2019 stands on its page."""
    return "\n".join(_lines(list(_barred(grid))) for grid in grids)


def paragraphs(*grids: Grid) -> str:
    """One paragraph a cell, `&nbsp;` where the cell was blank, as 政务服务中心 2020 stands on its page."""
    return "\n".join(
        f'<p style="text-align:center">{line or "&nbsp;"}</p>'
        for grid in grids
        for row in grid
        for cell in row
        for line in cell.text.split("<br>")
    )


SHAPES = {shape.__name__: shape for shape in (table, word, lines_and_pipes, bars, paragraphs)}


def _piped(grid: Grid) -> Iterator[str]:
    for row in grid:
        for cell in row:
            yield from (cell.text, "|") if cell.text else ("|",)
        if row is not grid[-1]:
            yield _missing(row, grid, {4: 5, 9: 9, 15: 14})


def _barred(grid: Grid) -> Iterator[str]:
    for row in grid:
        yield from (f"{cell.text} |" for cell in row[:-1])
        end = "" if row is grid[-1] else " " + _missing(row, grid, {4: 4, 9: 9, 15: 14})
        yield f"{row[-1].text} |{end}"


def _missing(row: Row, grid: Grid, columns: Mapping[int, int]) -> str:
    """The bars at a row's end, one more than the cells it has less than `columns`: all that is left of the spans.

    `columns` says for the widest row of the form how many columns the page's converter counted; each has its own way.
    """
    return "|" * (columns[max(len(cells) for cells in grid)] - len(row) + 1)


def _lines(lines: list[str]) -> str:
    return "<p>" + "<br>\n".join(lines) + "</p>"


def _word_cell(cell: Cell) -> str:
    paragraphs = "".join(
        f'<p class="MsoNormal" align="center" style="text-align:center;line-height:18.0pt">{_spans_of(line)}</p>'
        for line in (cell.text or "&nbsp;").split("<br>")
    )
    return f'<td valign="center"{_spans(cell)} style="border:solid windowtext 1.0pt">{paragraphs}</td>'


def _spans_of(text: str) -> str:
    """Word starts a new run where Chinese meets other characters, and where the typist stopped to correct."""
    runs = re.findall(r"[A-Za-z0-9.,/&;-]+|[^A-Za-z0-9.,/&;-]{1,7}", text)
    return "".join(
        f'<span lang="EN-US" style="font-family:宋体">{run}</span>'
        if run[0].isascii()
        else f'<span style="font-family:宋体">{run}</span>'
        for run in runs
    )


def _spans(cell: Cell) -> str:
    rows = f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else ""
    return rows + (f' colspan="{cell.colspan}"' if cell.colspan > 1 else "")
