"""Tables drawn in texts with the signs of boxes (`┌─┬─┐`, `│`) or with `+--+` and `|` -> grids with their spans.

Text browsers, Pandoc, databases and terminals write such tables. A Chinese character is as wide as two others; where a
drawing does not keep to that, or its lines do not meet, it stays text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import count, pairwise
from unicodedata import combining, east_asian_width

from parsers.documents import delimited, grid, limits
from parsers.documents.grounds import is_figure
from parsers.documents.model import Grid

_RIGHT = frozenset("+─━═┌┐└┘├┤┬┴┼╔╗╚╝╠╣╦╩╬╒╓╕╖╘╙╛╜╞╟╡╢╤╥╧╨╪╫┏┓┗┛┣┫┳┻╋┠┨┯┷┿╂╭╮╯╰-=┄┅┈┉")
"""Signs of which a level line is made."""
_DOWN = frozenset("+│┃║|┌┐└┘├┤┬┴┼╔╗╚╝╠╣╦╩╬╒╓╕╖╘╙╛╜╞╟╡╢╤╥╧╨╪╫┏┓┗┛┣┫┳┻╋┠┨┯┷┿╂╭╮╯╰┆┇┊┋")
"""Signs of which an upright line is made."""
_BOXES = re.compile(r"\s*[┌╔╒╓┏╭+][─━═\-=┬╦╤╥┳┯+┄┅┈┉]{2,}[┐╗╕╖┓╮+]\s*")
"""The first line of a drawing."""
_RULE = re.compile(r"[─━═┄┅┈┉╌╍]{2}|\+[-=]{2,}")
_WORD = re.compile(r"\w")
_UPRIGHT = re.compile(r"[│┃║┆┇┊┋]")
_JOINTS = re.compile(r"[^\s─━═┄┅┈┉╌╍=-]")
_CROSSINGS = _DOWN - frozenset("│┃║|┆┇┊┋")
_CORNERS = frozenset("┌╔╒╓┏╭")
_LAST_CORNERS = frozenset("└╚╘╙┗╰")
_EDGES = frozenset("│┃║|+├┣╠┠╟╞└┗╚╘╙╰┌┏╔╒╓╭┆┇┊┋")
"""What a line of it begins with."""
_LEAST = 3
"""Lines of a drawing."""
_HALF = ""
"""The second place of a wide character."""

Cells = list[list[grid.RawCell]]


def is_drawn(text: str) -> bool:
    """May a table be drawn in the text?"""
    return "─" in text or "━" in text or "═" in text or "+--" in text or "+==" in text


def with_grids(lines: Sequence[str]) -> Sequence[str | Grid]:
    """The lines of a text, its drawn tables as grids; where one of the drawings is none all of it is lines, with `|` between
    the cells of tables whose rows no line parts."""
    result: list[str | Grid] = []
    as_lines: list[str] = []
    is_whole = True
    number, n = count(), 0
    while n < len(lines):
        if not _BOXES.fullmatch(lines[n]):
            result.append(lines[n])
            as_lines.append(lines[n])
            n += 1
            continue
        end = n + 1
        while end < len(lines) and _goes_on(lines[end - 1], lines[end]):
            end += 1
        made = _read(lines[n:end], next(number))
        is_whole = is_whole and made is not None
        if made is not None:
            result.append(made)
        as_lines.extend(_rows(lines[n:end]))
        n = end
    if not is_whole:
        return as_lines
    return result if any(isinstance(part, Grid) for part in result) else lines


def _rows(lines: Sequence[str]) -> list[str]:
    """The lines of a drawing with the signs that Markdown has for ruled and for upright lines."""
    if any(_RULE.search(line) and _WORD.search(line) for line in lines):
        return list(lines)
    return ["|---|" if _RULE.search(line) else _UPRIGHT.sub("|", line) for line in lines]


def _goes_on(before: str, line: str) -> bool:
    """Is it another line of the drawing? Another drawing may follow at once: two tables of a page."""
    first = line.strip()[:1]
    if first not in _EDGES or before.strip()[:1] in _LAST_CORNERS:
        return False
    return not _BOXES.fullmatch(line) or (first not in _CORNERS and not _BOXES.fullmatch(before))


def _read(lines: Sequence[str], index: int) -> Grid | None:
    """The one drawing as a grid; None where it is none. Ambiguous characters are narrow in most terminals, wide in some:
    whichever lets the right edge stand straight."""
    if len(lines) < _LEAST or _may_be_rows(lines):
        return None
    for ambiguous in (1, 2):
        places = [_places(line, ambiguous) for line in lines]
        widths = {len(one) for one in places}
        if len(widths) == 1 and widths.pop() * len(places) <= 16 * limits.MAX_GRID_SLOTS:
            cells = _cells(places)
            return delimited.laid(cells, index) if cells else None
    cells = _by_signs(lines)
    return delimited.laid(cells, index) if cells else None


def _may_be_rows(lines: Sequence[str]) -> bool:
    """Is only the header ruled off, so that the lines below it may be rows of their own?"""
    ruled = [n for n, line in enumerate(lines) if _RULE.search(line)]
    return len(ruled) <= _LEAST and any(after - n > 2 for n, after in pairwise(ruled[-2:]))


def _by_signs(lines: Sequence[str]) -> Cells:
    """The cells of a drawing that a wide character has pushed out of shape, where every line is ruled from side to side or has
    a sign between all cells; nothing of others."""
    rows: list[list[list[str]]] = []
    width = 0
    for line in lines:
        parts = _UPRIGHT.sub("|", line.strip()).removeprefix("|").removesuffix("|").split("|")
        if _RULE.search(line):
            if _WORD.search(line) or (width and len(_JOINTS.findall(line)) != width + 1):
                return []
            width = len(_JOINTS.findall(line)) - 1
            rows.append([[] for _ in range(width)])
        elif len(parts) != width:
            return []
        else:
            for cell, part in zip(rows[-1], parts, strict=True):
                cell.extend([part.strip()] if part.strip() else [])
    if any(sum(map(is_figure, cell)) > 1 for row in rows for cell in row):
        return []
    return [[grid.RawCell("\n".join(cell)) for cell in row] for row in rows[:-1]]


def _places(line: str, ambiguous: int) -> list[str]:
    """The line place by place. The signs of boxes are narrow, or as wide as everything ambiguous."""
    found: list[str] = []
    for character in line.strip():
        if combining(character):
            if found:
                found[-1] += character
            continue
        kind = east_asian_width(character)
        is_sign = character in _RIGHT or character in _DOWN
        found.append(character)
        if not is_sign and (kind in "WF" or (kind == "A" and ambiguous == 2)):
            found.append(_HALF)
    return found


def _is_ruled(row: Sequence[str]) -> bool:
    """Does a level line run through it, or a piece of one?"""
    return bool(_RULE.search("".join(row)))


def _cells(places: Sequence[Sequence[str]]) -> Cells:
    """The cells row by row, each a rectangle between drawn lines; nothing where the lines do not close."""
    height, width = len(places), len(places[0])
    ruled = [y for y in range(height) if _is_ruled(places[y])]
    if not ruled or ruled[0] != 0 or ruled[-1] != height - 1 or any(after - y < 2 for y, after in pairwise(ruled)):
        return []
    uprights = [x for x in range(width) if any(places[y][x] in _CROSSINGS for y in ruled)]
    if len(uprights) < 2 or uprights[0] != 0 or uprights[-1] != width - 1:
        return []

    def is_upright(column: int, top: int, bottom: int) -> bool:
        return all(places[y][uprights[column]] in _DOWN for y in range(top + 1, bottom))

    def is_level(row: int, left: int, right: int) -> bool:
        return all(places[ruled[row]][x] in _RIGHT for x in range(uprights[left] + 1, uprights[right]))

    taken: set[tuple[int, int]] = set()
    cells: Cells = []
    for r, top in enumerate(ruled[:-1]):
        row: list[grid.RawCell] = []
        for c in range(len(uprights) - 1):
            if (r, c) in taken:
                continue
            right = next((k for k in range(c + 1, len(uprights)) if is_upright(k, top, ruled[r + 1])), 0)
            below = next((k for k in range(r + 1, len(ruled)) if right and is_level(k, c, right)), 0)
            if not below or not all(is_upright(side, top, ruled[below]) for side in (c, right)):
                return []
            taken.update((down, across) for down in range(r, below) for across in range(c, right))
            lines = [
                "".join(line[uprights[c] + 1 : uprights[right]]).strip() for line in places[top + 1 : ruled[below]]
            ]
            said = [line for line in lines if line]
            if sum(map(is_figure, said)) > 1:
                return []  # rows without a line between them
            row.append(grid.RawCell("\n".join(said), below - r, right - c, False, c))
        cells.append(row)
    return cells
