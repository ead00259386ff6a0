"""The shapes in which real pages show the statutory tables: as a table, pasted from Word, or fallen flat.

Every function takes filled grids (`forms.fill`) and gives HTML. The flat shapes are those of published pages whose
tables lost their markup on the way into the site.
"""

from __future__ import annotations

import re

from nianbao.sample.forms import Cell, Grid


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
            '<tr style="mso-yfti-irow:%d">' % number + "".join(_word_cell(cell) for cell in row) + "</tr>\n"
            for number, row in enumerate(grid)
        )
        + "</tbody></table>"
        for grid in grids
    )


def lines_and_pipes(*grids: Grid) -> str:
    """Every cell and every bar on a line of its own, as 楚雄 2020 stands on its page; blank cells vanish."""
    return "\n".join(_flat(grid, "|", bar_on_own_line=True) for grid in grids)


def bars(*grids: Grid) -> str:
    """`value |` lines, as 西秀 2019 stands on its page."""
    return "\n".join(_flat(grid, " ", bar_on_own_line=False) for grid in grids)


def paragraphs(*grids: Grid) -> str:
    """One paragraph a cell, `&nbsp;` where the cell was blank, as 政务服务中心 2020 stands on its page."""
    return "\n".join(
        f'<p style="text-align:center">{cell.text or "&nbsp;"}</p>'
        for grid in grids
        for row in grid
        for cell in row
    )


SHAPES = {shape.__name__: shape for shape in (table, word, lines_and_pipes, bars, paragraphs)}


def _flat(grid: Grid, tail: str, *, bar_on_own_line: bool) -> str:
    """A row that has fewer cells than the widest ends in as many bars as it lacks, which is all that spans left."""
    width = 14 if len(grid) == 4 else max(len(row) for row in grid) + (bar_on_own_line and len(grid) < 20)
    lines: list[str] = []
    for number, row in enumerate(grid):
        missing = "|" * (width - len(row) + 1) if number < len(grid) - 1 else ""
        if bar_on_own_line:
            lines += [line for cell in row for line in (cell.text, "|") if line]
            lines += [missing] if missing else []
        else:
            lines += [f"{cell.text} |" for cell in row]
            lines[-1] += tail + missing if missing else ""
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
