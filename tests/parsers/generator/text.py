"""Invented reports as text dumps: every way of flattening a page that real dumps show (domain.md section 3.3)."""

from __future__ import annotations

from collections.abc import Iterator

from tests.parsers.generator.model import Invented, Prose, Sheet

KEEPING = ("pipes", "pipes_broken", "pipe_ends", "markdown", "markdown_rule", "tabs", "blank_lines", "air")
"""Dumps in which a blank cell leaves a mark."""
LOSING = ("empty_lines", "spaces", "vanished", "glued")
"""Dumps in which blank cells, or the gaps between figures, are lost."""
DUMPS = (*KEEPING, *LOSING)

Row = tuple[str, list[str]]
"""(caption, header or row; its cells)."""


def page(report: Invented, dump: str) -> str:
    """The report as a text file."""
    parts = []
    for part in report.body:
        parts.append(part.text + "\n" if isinstance(part, Prose) else flattened(part, dump) + "\n")
    return "\n".join(parts)


def rows(sheet: Sheet) -> Iterator[Row]:
    """Every row in reading order; a group stands in front of its first row only."""
    if sheet.caption:
        yield "caption", [sheet.caption]
    for line in sheet.header:
        yield "header", [head.text for head in line]
    opened: tuple[str, ...] = ()
    for row in sheet.lines:
        groups = row.labels[:-1]
        new = [groups[depth] for depth in range(len(groups)) if opened[: depth + 1] != groups[: depth + 1]]
        opened = groups
        unit = [] if row.unit is None else [row.unit]
        figures = [figure.text for figure in row.figures] or [""] * len(unit)
        yield "row", [*new, *row.labels[-1:], *unit, *figures]


def flattened(sheet: Sheet, dump: str) -> str:
    found = [(kind, [cell.strip() for cell in cells]) for kind, cells in rows(sheet)]
    figures = {figure.text.strip() for figure in sheet.figures()}
    groups = {group for line in sheet.lines for group in line.labels[:-1]}
    if dump == "pipes":
        return "".join("\n".join(f"{cell}\n|" for cell in cells) + "\n|||\n" for _, cells in found)
    if dump == "pipes_broken":
        broken = [
            (kind, [cell if cell in figures else _broken(cell, groups) for cell in cells]) for kind, cells in found
        ]
        return "".join("\n".join(f"{cell}\n|" for cell in cells) + "\n|||\n" for _, cells in broken)
    if dump == "pipe_ends":
        return "".join("\n".join(f"{cell} |" for cell in cells) + " | ||\n" for _, cells in found)
    if dump == "markdown":
        return "\n".join("| " + " | ".join(cells) + " |" for _, cells in found) + "\n"
    if dump == "markdown_rule":
        return _markdown(sheet, found)
    if dump == "tabs":
        return "\n".join("\t".join(cells) for _, cells in found) + "\n"
    if dump == "blank_lines":
        return "\n\n".join("\n\n".join(cell or "\u00a0" for cell in cells) for _, cells in found) + "\n"
    if dump == "air":
        return "".join("".join(f"{cell}\n\n\n" for cell in cells) + "\n\n" for _, cells in found)
    if dump == "empty_lines":
        return "\n".join("\n".join(cells) for _, cells in found) + "\n"
    if dump == "spaces":
        return "\n".join(" ".join(cell for cell in cells if cell) for _, cells in found) + "\n"
    if dump == "vanished":
        return "\n".join("\n".join(cell for cell in cells if cell) for _, cells in found) + "\n"
    if dump == "glued":
        return "".join("".join(cells) for _, cells in found) + "\n"
    raise ValueError(dump)


def _broken(cell: str, groups: set[str]) -> str:
    """A label as narrow cells break it: a group one character a line, others in two lines (安顺西秀 2019)."""
    if cell in groups:
        return "\n".join(cell)
    return f"{cell[: len(cell) // 2]}\n{cell[len(cell) // 2 :]}" if len(cell) > 3 else cell


def _markdown(sheet: Sheet, found: list[Row]) -> str:
    """A table as converters write it: every row as wide as the widest, a rule below the first."""
    width = max((len(cells) for _, cells in found), default=0)
    lines = []
    for number, (kind, cells) in enumerate(found):
        padded = [*cells, *[""] * (width - len(cells))] if kind != "row" else [*[""] * (width - len(cells)), *cells]
        lines.append("| " + " | ".join(padded) + " |")
        if number == 0:
            lines.append("|" + " --- |" * width)
    return "\n".join(lines) + "\n"
