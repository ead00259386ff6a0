"""Invented reports as RTF (what many a ".doc" is): rows of cells, merges written down with \\clvmrg and \\clmrg."""

from __future__ import annotations

from collections.abc import Iterator

from tests.parsers.generator import layout
from tests.parsers.generator.layout import Box, Rows
from tests.parsers.generator.model import Invented, Prose
from tests.parsers.generator.word import places

_WIDTH = 1000
"""Twips of one column."""


def page(report: Invented) -> bytes:
    parts = []
    for part in report.body:
        if isinstance(part, Prose):
            parts.append(f"\\pard {_text(part.text)}\\par\n")
        else:
            parts.extend(_rows(layout.rows(part)))
            parts.append("\\pard\\par\n")
    return ("{\\rtf1\\ansi\\ansicpg936\\uc1\n" + "".join(parts) + "}").encode("ascii")


def _rows(rows: Rows) -> Iterator[str]:
    grid: dict[tuple[int, int], tuple[int, int, Box]] = {}
    for row, column, box in places(rows):
        for down in range(box.row_span):
            for right in range(box.column_span):
                grid[row + down, column + right] = (row, column, box)
    width = max(column for _, column in grid) + 1
    for row in range(len(rows)):
        kinds, texts = [], []
        for column in range(width):
            first_row, first_column, box = grid.get((row, column), (row, column, Box("")))
            merge = ""
            if box.column_span > 1:
                merge += "\\clmgf" if column == first_column else "\\clmrg"
            if box.row_span > 1:
                merge += "\\clvmgf" if row == first_row else "\\clvmrg"
            kinds.append(f"{merge}\\cellx{(column + 1) * _WIDTH}")
            own = row == first_row and column == first_column
            texts.append(f"\\pard\\intbl {_text(box.text) if own else ''}\\cell ")
        yield "\\trowd" + "".join(kinds) + "\n" + "".join(texts) + "\\row\n"


def _text(text: str) -> str:
    return "".join(
        character if character.isascii() and character not in "\\{}" else f"\\u{_signed(ord(character))}?"
        for character in text
    )


def _signed(code: int) -> int:
    return code - 65536 if code > 32767 else code
