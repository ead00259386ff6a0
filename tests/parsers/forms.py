"""Render a form in every way in which pages carry it: real tables and the ways of flattening them.

`figures` maps dotted paths to what stands in the cell (text); a path that is missing is a blank cell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from parsers.template import Part, Row, Table, Template, load_templates

BLANK_FORMS = ("html", "word_html", "pipes", "pipe_ends", "blank_lines", "air", "markdown", "tabs")
"""Carriers in which a blank cell leaves a mark."""


def template(identifier: str) -> Template:
    return next(t for t in load_templates() if t.id == identifier)


@dataclass(frozen=True)
class Block:
    """One physical table: header rows as the form prints them, then its data rows."""

    caption: str
    header: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]
    """(labels from the outermost group to the row's own, figures)."""


GROUPS = {
    "results.": "三、本年度办理结果",
    "results.denied.": "（三）不予公开",
    "results.unable.": "（四）无法提供",
    "results.not_processed.": "（五）不予处理",
    "results.other.": "（六）其他处理",
}
CORNER = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"


def blocks(form: Template, figures: Mapping[str, str]) -> Iterator[tuple[str, Block]]:
    """(table id, block) for every part of every table of the form."""
    for table in form.tables:
        for part in table.parts:
            yield table.id, _block(table, part, figures)


def _block(table: Table, part: Part, figures: Mapping[str, str]) -> Block:
    rows = []
    for row in part.rows:
        values = tuple(figures.get(table.path(row, column), "") for column in part.values)
        rows.append((_labels(row), values))
    return Block(part.caption, _header(table, part), tuple(rows))


def _labels(row: Row) -> tuple[str, ...]:
    if not row.name:
        return ()
    groups = [text for prefix, text in GROUPS.items() if row.key.startswith(prefix)]
    if row.key == "results.other":
        groups = [GROUPS["results."]]
    return (*groups, row.name)


def _header(table: Table, part: Part) -> tuple[tuple[str, ...], ...]:
    """Cells in reading order, row by row, as the official form prints them."""
    names = tuple(column.name for column in part.columns)
    if table.id == "requests":
        return (
            (CORNER, "申请人情况"),
            ("自然人", "法人或其他组织", "总计"),
            ("商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"),
        )
    if part.is_record:
        five = names[:5]
        return (("行政复议", "行政诉讼"), (*five, "未经复议直接起诉", "复议后起诉"), (*five, *five))
    return (("信息内容", *names),)


# --- real tables ------------------------------------------------------------------------------------------------


def html(form: Template, figures: Mapping[str, str], cell: Callable[[str], str] = lambda text: text) -> str:
    """The three tables as real editors make them: groups with rowspan, headers with colspan."""
    parts = []
    for table_id, block in blocks(form, figures):
        if table_id == "requests":
            parts.append(_requests_html(block, cell))
        elif table_id == "appeals":
            parts.append(_appeals_html(block, cell))
        else:
            head = f'<tr><td colspan="4">{block.caption}</td></tr>' if block.caption else ""
            lines = [block.header[0], *((*labels, *values) for labels, values in block.rows)]
            body = "".join("<tr>" + "".join(f"<td>{cell(text)}</td>" for text in line) + "</tr>" for line in lines)
            parts.append(f"<table>{head}{body}</table>")
    return "".join(parts)


def _requests_html(block: Block, cell: Callable[[str], str]) -> str:
    rows = [
        f'<tr><td rowspan="3" colspan="3">{CORNER}</td><td colspan="7">申请人情况</td></tr>',
        '<tr><td rowspan="2">自然人</td><td colspan="5">法人或其他组织</td><td rowspan="2">总计</td></tr>',
        "<tr>" + "".join(f"<td>{cell(name)}</td>" for name in block.header[2]) + "</tr>",
    ]
    counts: dict[tuple[str, ...], int] = {}
    for labels, _ in block.rows:
        for depth in range(1, len(labels)):
            counts[labels[:depth]] = counts.get(labels[:depth], 0) + 1
    seen: set[tuple[str, ...]] = set()
    for labels, values in block.rows:
        cells = []
        for depth in range(1, len(labels)):
            group = labels[:depth]
            if group not in seen:
                seen.add(group)
                cells.append(f'<td rowspan="{counts[group]}">{group[-1]}</td>')
        cells.append(f'<td colspan="{4 - len(labels)}">{cell(labels[-1])}</td>')
        cells.extend(f"<td>{cell(value)}</td>" for value in values)
        rows.append("<tr>" + "".join(cells) + "</tr>")
    return "<table>" + "".join(rows) + "</table>"


def _appeals_html(block: Block, cell: Callable[[str], str]) -> str:
    five = block.header[1][:5]
    first = "".join(f'<td rowspan="2">{name}</td>' for name in five)
    return (
        '<table><tr><td colspan="5">行政复议</td><td colspan="10">行政诉讼</td></tr>'
        f'<tr>{first}<td colspan="5">未经复议直接起诉</td><td colspan="5">复议后起诉</td></tr>'
        "<tr>" + "".join(f"<td>{name}</td>" for name in (*five, *five)) + "</tr>"
        "<tr>" + "".join(f"<td>{cell(value)}</td>" for value in block.rows[0][1]) + "</tr></table>"
    )


def word_html(form: Template, figures: Mapping[str, str]) -> str:
    """As pasted from Word: every cell a paragraph of spans, the label split, `&nbsp;` for nothing."""

    def cell(text: str) -> str:
        if not text:
            return '<p class="MsoNormal"><span>&nbsp;</span></p>'
        half = len(text) // 2 if not text[0].isdigit() else 0
        spans = "".join(f"<span lang='ZH-CN'>{piece}</span>" for piece in (text[:half], text[half:]) if piece)
        return f'<p class="MsoNormal" align="center">{spans}</p>'

    return html(form, figures, cell)


# --- flattened --------------------------------------------------------------------------------------------------


def _lines(form: Template, figures: Mapping[str, str]) -> Iterator[tuple[str, list[str]]]:
    """(kind, cells) of every row in reading order; a group stands in front of its first row only."""
    for _, block in blocks(form, figures):
        if block.caption:
            yield "caption", [block.caption]
        for line in block.header:
            yield "header", list(line)
        seen: set[tuple[str, ...]] = set()
        for labels, values in block.rows:
            new = [labels[depth - 1] for depth in range(1, len(labels)) if labels[:depth] not in seen]
            seen.update(labels[:depth] for depth in range(1, len(labels)))
            yield "row", [*new, *labels[-1:], *values]


def flattened(carrier: str, form: Template, figures: Mapping[str, str]) -> str:
    """The form as text. `glued` and `vanished` lose what the others keep."""
    rows = list(_lines(form, figures))
    if carrier == "pipes":
        return "".join("\n".join(f"{cell}\n|" for cell in cells) + "\n|||\n" for _, cells in rows)
    if carrier == "pipe_ends":
        return "".join("\n".join(f"{cell} |" for cell in cells) + " | ||\n" for _, cells in rows)
    if carrier == "blank_lines":
        return "\n\n".join("\n\n".join(cell or "\u00a0" for cell in cells) for _, cells in rows)
    if carrier == "air":
        return "".join("".join(f"{cell}\n\n\n" for cell in cells) + "\n\n" for _, cells in rows)
    if carrier == "markdown":
        return "\n".join("| " + " | ".join(cells) + " |" for _, cells in rows)
    if carrier == "tabs":
        return "\n".join("\t".join(cells) for _, cells in rows)
    if carrier == "vanished":
        return "\n".join("\n".join(cell for cell in cells if cell) for _, cells in rows)
    if carrier == "glued":
        return "".join("".join(cells) for _, cells in rows)
    raise ValueError(carrier)


def page(carrier: str, form: Template, figures: Mapping[str, str]) -> bytes:
    """A whole document of the carrier: HTML or plain text."""
    if carrier in ("html", "word_html"):
        tables = html(form, figures) if carrier == "html" else word_html(form, figures)
        return f"<html><head><meta charset='utf-8'></head><body><div id='zoom'>{tables}</div></body></html>".encode()
    return flattened(carrier, form, figures).encode()
