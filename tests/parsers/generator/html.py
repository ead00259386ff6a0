"""Invented reports as pages, in the layouts that real editors make (domain.md sections 3.1, 3.3, 3.4)."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import groupby

from tests.parsers.generator import layout
from tests.parsers.generator.layout import Box, Rows
from tests.parsers.generator.model import Invented, Prose, Sheet


@dataclass(frozen=True)
class Style:
    """What one editor does to a page."""

    cell: str = "plain"
    """plain, word (a paragraph of ten spans), lines (headers broken in two, groups printed one character a line)."""
    blank: str = ""
    """What stands in a blank cell."""
    tables: str = "sheets"
    """sheets (one table a part), forms (table two as one), one (everything in a single table), beside (two at a time
    in a row of a layout table), cut (table three as two tables, without a second header)."""
    spans: str = "right"
    """right, none (groups repeat nothing and cover nothing), wide (spans beyond the table's edge), long (groups reach a
    row too far), narrow (the corner covers a column too few)."""
    heads: str = "whole"
    """whole, halved (商业 in one row of cells and 企业 in the next)."""
    nested: bool = False
    chrome: bool = False
    head_cells: bool = False
    thead: bool = False
    """The header's rows in a `thead`, which a printer repeats on every page."""


STYLES = {
    "plain": Style(),
    "word": Style(cell="word", blank='<p class="MsoNormal"><span>&nbsp;</span></p>', tables="forms"),
    "nested": Style(nested=True),
    "wrong_spans": Style(spans="wide", tables="forms"),
    "no_row_spans": Style(spans="none"),
    "long_spans": Style(spans="long", tables="forms"),
    "narrow_corner": Style(spans="narrow"),
    "halved_heads": Style(heads="halved"),
    "header_lines": Style(cell="lines"),
    "nbsp": Style(blank="&nbsp;", head_cells=True),
    "beside": Style(tables="beside"),
    "one_table": Style(tables="one"),
    "cut_table": Style(tables="cut"),
    "chrome": Style(chrome=True, tables="forms", blank="<br>"),
}


def any_style(rng: random.Random) -> Style:
    """Layouts mixed at random."""
    return Style(
        cell=rng.choice(("plain", "word", "lines")),
        blank=rng.choice(("", "&nbsp;", "<br>", "\u3000", "<p></p>")),
        tables=rng.choice(("sheets", "forms", "one", "beside", "cut")),
        spans=rng.choice(("right", "none", "wide", "long", "narrow")),
        heads=rng.choice(("whole", "whole", "halved")),
        nested=rng.random() < 0.3,
        chrome=rng.random() < 0.5,
        head_cells=rng.random() < 0.5,
    )


def page(report: Invented, style: Style) -> str:
    """The report as a page."""
    body = "\n".join(_body(report, style))
    if style.nested:
        body = f'<table width="960"><tr><td><table width="100%"><tr><td>{body}</td></tr></table></td></tr></table>'
    if style.chrome:
        body = f"{_TOP}<div class='content' id='zoom'>{body}</div>{_BOTTOM}"
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{escape(report.title)}</title></head>"
        f"<body>{body}</body></html>"
    )


_TOP = (
    "<div class='nav'><ul><li><a href='/'>首页</a></li><li><a href='/zwgk/'>政务公开</a></li></ul></div>"
    "<div class='crumb'>当前位置：<a href='/'>首页</a> &gt; <a href='/gknb/'>政府信息公开年报</a></div>"
    "<table class='info'><tr><td>索 引 号：</td><td>005275134/2021-00002</td><td>发布日期：</td><td>2025-01-20</td></tr></table>"
)
_BOTTOM = (
    "<div class='share'>分享到：<a href='#'>微信</a></div><div class='pages'>上一篇：<a href='a.html'>公开指南</a></div>"
    "<div class='footer'>主办：某市人民政府 备案号12345678号 网站标识码1234567890</div>"
)


def _body(report: Invented, style: Style) -> Iterator[str]:
    for is_sheet, parts in groupby(report.body, key=lambda part: isinstance(part, Sheet)):
        found = list(parts)
        if is_sheet:
            yield from _sheets([part for part in found if isinstance(part, Sheet)], style)
        else:
            yield from (_prose(part, style) for part in found if isinstance(part, Prose))


_FONT = "font-family:仿宋_GB2312;mso-ascii-font-family:'Times New Roman';font-size:16pt;letter-spacing:0pt"
_RUNS = re.compile(r"[\x21-\x7e]+|[^\x21-\x7e]+")


def _prose(part: Prose, style: Style) -> str:
    if style.cell == "word":
        # Word changes the font at every figure, and the editor keeps each run in spans of its own.
        runs = (
            f'<span style="{_FONT}">{"<font>" if run.isascii() else ""}{escape(run)}{"</font>" if run.isascii() else ""}</span>'
            for run in _RUNS.findall(part.text)
        )
        return f'<p class="MsoNormal" style="text-indent:32pt;line-height:28pt;text-align:justify">{"".join(runs)}<o:p></o:p></p>'
    return f"<h3>{escape(part.text)}</h3>" if part.heading else f"<p>{escape(part.text)}</p>"


def _sheets(sheets: Sequence[Sheet], style: Style) -> Iterator[str]:
    if style.tables in ("forms", "one"):
        # Forms are single tables; headings between them keep them apart.
        yield table(layout.together(sheets), style)
    elif style.tables == "beside":
        for pair in (sheets[number : number + 2] for number in range(0, len(sheets), 2)):
            cells = "".join(f"<td valign='top'>{table(layout.rows(sheet), style)}</td>" for sheet in pair)
            yield f"<table class='frame'><tr>{cells}</tr></table>"
    elif style.tables == "cut":
        for sheet in sheets:
            yield from (table(rows, style) for rows in _cut(layout.rows(sheet)))
    else:
        yield from (table(layout.rows(sheet), style) for sheet in sheets)


def _cut(rows: Rows) -> list[Rows]:
    """The table cut where no cell spans the cut; short ones stay whole."""
    for at in range(len(rows) * 2 // 3, len(rows) - 1):
        if len(rows) > 12 and all(number + box.row_span <= at for number in range(at) for box in rows[number]):
            return [rows[:at], rows[at:]]
    return [rows]


def table(rows: Rows, style: Style) -> str:
    lines = []
    for row in _halved(rows) if style.heads == "halved" else rows:
        lines.append("<tr>" + "".join(_cell(box, style) for box in _spans(row, style)) + "</tr>")
    head = next((n for n, row in enumerate(rows) if not all(box.header for box in row)), 0) if style.thead else 0
    opened = f"<thead>{''.join(lines[:head])}</thead>" if head else ""
    return f"<table border='1'>{opened}<tbody>{''.join(lines[head:])}</tbody></table>"


def _spans(row: Sequence[Box], style: Style) -> list[Box]:
    if style.spans == "none":
        return [replace(box, row_span=1 if not box.header else box.row_span) for box in row]
    if style.spans == "wide":
        # A caption that says 20 columns, a value cell that reaches beyond the edge.
        return [replace(box, column_span=20) if len(row) == 1 else box for box in row]
    if style.spans == "long":
        # The next group's cells are pushed to the right (上海市政府办公厅 2019).
        return [box if box.header or box.row_span < 3 else replace(box, row_span=box.row_span + 1) for box in row]
    if style.spans == "narrow":
        return [replace(box, column_span=2) if box.header and box.column_span == 3 else box for box in row]
    return list(row)


def _halved(rows: Rows) -> Rows:
    """The last row of table three's header in two rows of cells (河北省教育厅 2021)."""
    result: Rows = []
    for row in rows:
        if not row or not all(box.header and len(box.text) >= 2 for box in row) or len(row) != 5:
            result.append(row)
            continue
        # What spans this row from above spans one row more.
        depth = 2 if result and any(box.row_span == 2 for box in result[-1]) else 0
        for number in range(len(result) - depth, len(result)):
            result[number] = [
                replace(box, row_span=box.row_span + 1) if box.row_span == len(result) - number + 1 else box
                for box in result[number]
            ]
        half = [len(box.text) // 2 if len(box.text) > 2 or box.text not in ("其他", "其它") else 2 for box in row]
        result.append([replace(box, text=box.text[:at]) for box, at in zip(row, half, strict=True)])
        result.append([replace(box, text=box.text[at:]) for box, at in zip(row, half, strict=True)])
    return result


_LINES: dict[str, str] = {
    "商业企业": "商业<br>企业",
    "科研机构": "科研<br/>机构",
    "本年新制作数量": "<p>本年新</p><p>制作数量</p>",
    "处理决定数量": "处理决定<br>数量",
    "现行有效件数": "<p>现行有</p><p>效件数</p>",
    "结果维持": "结果<br>维持",
}


def _cell(box: Box, style: Style) -> str:
    tag = "th" if style.head_cells and box.header else "td"
    spans = f' rowspan="{box.row_span}"' if box.row_span > 1 else ""
    spans += f' colspan="{box.column_span}"' if box.column_span > 1 else ""
    if style.cell == "word":
        spans += ' width="83" valign="center" style="padding:0 5.4pt;border:1pt solid windowtext;mso-border-alt:0.5pt"'
    return f"<{tag}{spans}>{_CELLS[style.cell](box, style)}</{tag}>"


def _plain(box: Box, style: Style) -> str:
    return escape(box.text) if box.text.strip() else style.blank


def _word(box: Box, style: Style) -> str:
    """As pasted from Word: a paragraph of up to ten spans, cut wherever the editor's font changed, also in figures."""
    if not box.text.strip():
        return style.blank
    length = max(1, -(-len(box.text) // 10)) if not box.figure else 2
    pieces = [box.text[at : at + length] for at in range(0, len(box.text), length)]
    if box.figure and box.text[0] in "增减+-":
        pieces = [box.text[0], box.text[1:]]
    spans = "".join(
        f'<span lang="ZH-CN" style="font-family:宋体;font-size:10.5pt">{escape(piece)}</span>' for piece in pieces
    )
    return f'<p class="MsoNormal" align="center" style="text-align:center;line-height:16pt">{spans}<o:p></o:p></p>'


def _in_lines(box: Box, style: Style) -> str:
    if not box.header and not box.figure and box.row_span > 1:
        return "<br>".join(box.text)
    return _LINES.get(box.text) or _plain(box, style)


_CELLS: dict[str, Callable[[Box, Style], str]] = {"plain": _plain, "word": _word, "lines": _in_lines}
