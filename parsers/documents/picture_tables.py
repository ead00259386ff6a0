"""A ruled table on a picture -> its cells with their text, each cell read by itself.

The whole picture is never read at once: a cell without ink is blank for certain, a cell with ink never is, and a
figure cannot slip into its neighbour. A figure is read twice, at two sizes; where the two differ it gets a question
mark, so that no number can come of it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from parsers.documents import dashes, ocr, pixels, rulings
from parsers.documents.pdf_tables import Box, PdfCell, PdfTable

if TYPE_CHECKING:
    from typing import Any, TypeAlias

    import numpy as np

    from parsers.documents.ocr import Pixels

    Mask: TypeAlias = np.ndarray[Any, np.dtype[np.bool_]]

UNSURE = "?"
"""Stands behind a text that two readings do not agree on, or alone for ink that no reading makes out."""
_FIGURE = re.compile(r"[\dOoIl|.,，。+\-－—–/%()（）〇零增减元万亿\s]*")
_SURE = 0.7
_EDGE = 5
"""Pixels from a cell's border within which a ruled line is taken out."""
_LEFT_OVER = 0.35
"""Of a character: a line of text is larger."""
_LITTER = 8
"""The same for the edge of a shaded cell."""
_WHOLE = 0.9
"""Of a cell's side: a ruled line that bends away from the border is as long."""
_SPECK = 0.2
"""Shapes smaller than this share of a character are dirt."""
_FULL = 0.7
"""Share of ink that makes a column or row at a cell's edge part of the ruled line; a 1 has less."""
_NEAR = 0.35
"""Of a character: the digits of one figure stand no further apart."""
_MORE_THAN_GRAIN = 0.25
"""Share of a line's height in which there is ink beside it."""
_PAD = 6
_COARSE = 11
"""Pixels: the height from which figures without any grey between black and white can be told apart."""
_GREY = 0.01
_DARK = 160
"""Grey value of a ground that print on it may be lighter than."""


@dataclass(frozen=True, slots=True)
class _Spot:
    """A rectangle in pixels."""

    x0: int
    top: int
    x1: int
    bottom: int

    @property
    def width(self) -> int:
        return self.x1 - self.x0

    @property
    def height(self) -> int:
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class PictureTables:
    tables: tuple[PdfTable, ...]
    rest: Pixels
    """The picture with the tables painted over."""
    letter: float
    """Height of a character in pixels."""


def read_tables(picture: Pixels, page: int, scale: float) -> PictureTables:
    """The tables of one straight picture; places in points, `scale` points a pixel, `page` as their page number."""
    paper = pixels.without_grain(picture)
    marks = pixels.ink(paper)
    letter = pixels.letter_height(marks)
    strokes, mask = pixels.ruled(paper, letter, scale)
    found = rulings.tables(strokes)
    work: list[tuple[int, int, Pixels]] = []
    """(table, cell, picture of one line)."""
    inked: set[tuple[int, int]] = set()
    cut: set[tuple[int, int]] = set()
    for t, cells in enumerate(found):
        for c, box in enumerate(cells):
            spot = _spot(box, scale, picture)
            lines, is_cut = _lines(picture, marks, mask, spot, letter)
            if not lines:
                continue
            inked.add((t, c))
            work.extend((t, c, line) for line in lines)
            if is_cut:
                cut.add((t, c))
    texts = _texts(work, inked, cut, letter)
    tables = []
    rest = picture.copy()
    for t, cells in enumerate(found):
        made = tuple(PdfCell(texts.get((t, c), ""), *box) for c, box in enumerate(cells))
        if not _is_table(made):
            continue
        box = (min(c.x0 for c in made), min(c.top for c in made), max(c.x1 for c in made), max(c.bottom for c in made))
        tables.append(PdfTable(page, box, made))
        spot = _spot(box, scale, picture, margin=-3)
        rest[spot.top : spot.bottom, spot.x0 : spot.x1] = 255
    return PictureTables(tuple(tables), rest, letter)


def _is_table(cells: Sequence[PdfCell]) -> bool:
    """Rows and columns with text that can be read; the bars of a chart enclose cells, too."""
    rows, columns = {cell.top for cell in cells}, {cell.x0 for cell in cells}
    filled = [cell for cell in cells if cell.text]
    unsure = sum(cell.text.endswith(UNSURE) for cell in filled)
    # One row may be all that is left of a table on its second picture.
    large = len(columns) >= 3 or (len(columns) == 2 and len(rows) >= 2)
    return large and len(cells) >= 3 and len(filled) >= 2 and unsure * 2 < len(filled)


def _spot(box: Box, scale: float, picture: Pixels, margin: int = 1) -> _Spot:
    height, width = picture.shape
    x0, top, x1, bottom = (round(value / scale) for value in box)
    return _Spot(
        max(0, x0 + margin), max(0, top + margin), min(width, x1 - margin + 1), min(height, bottom - margin + 1)
    )


def _lines(picture: Pixels, marks: Pixels, mask: Pixels, spot: _Spot, letter: float) -> tuple[list[Pixels], bool]:
    """The lines of text of one cell as pictures, none for a cell without ink; and whether a ruled line or the edge of the
    cell touches them, so that some of their ink may have gone with it: a 7 whose top is missing is a 1 to every reading, in
    the cell and in its total, and of 15350 in a cell that is too narrow 5350 is left."""
    import cv2
    import numpy as np

    area = (slice(spot.top, spot.bottom), slice(spot.x0, spot.x1))
    own, body = marks[area].copy(), picture[area].copy()
    if not own.size:
        return [], False
    if _is_dark(body):
        body = 255 - body
        own = pixels.ink(body)
    border = _border(own, mask[area], letter)
    gone = (own > 0) & border
    own[border] = 0
    own = pixels.without_specks(own, _SPECK * letter)
    is_cut = bool((cv2.dilate(gone.astype(np.uint8), np.ones((3, 3), np.uint8)) * (own > 0)).any())
    body[border] = np.median(body)
    lines = [line for line in _rows(own, letter) if not _is_litter(line, own.shape[0], letter)]
    # Beside text, what is left of a ruled line is a speck above or below it.
    text = [line for line in lines if max(line.width, line.height) > _LEFT_OVER * letter]
    lines = text or lines
    is_cut = is_cut or any(_is_at_edge(line, own) or _runs_over(marks, mask, line, spot, letter) for line in lines)
    crops = [_crop(body, line) for line in lines]
    if len(lines) >= 2 and all(line.width <= 1.5 * letter for line in lines):
        # One character under the other: a narrow header. Side by side they are a word again.
        return [_side_by_side(crops)], is_cut
    return crops, is_cut


def _is_dark(body: Pixels) -> bool:
    """White print on a coloured ground, as heads of tables have it."""
    import numpy as np

    ground, brightest = float(np.median(body)), float(np.percentile(body, 98))
    return ground < _DARK and brightest - ground > _DARK / 2


def _border(own: Pixels, mask: Pixels, letter: float) -> Mask:
    """Where a cell's ink is a ruled line. Only at the edges: further in, a run is a stroke of a character (the 一 of
    三安全一稳定). A column or row there that is nearly all ink is a line to its very ends, gaps and all.

    A line reaches the cell's border. What does not are the upper ends of figures in a low cell, which together are as long
    as a line: without them 306 is read as 300, in the cell and in its total.
    """
    import cv2
    import numpy as np

    edge = max(_EDGE, round(0.3 * letter))
    frame = np.zeros(own.shape, dtype=bool)
    frame[:edge], frame[-edge:], frame[:, :edge], frame[:, -edge:] = True, True, True, True
    inked = own > 0
    found = mask > 0
    for axis in (0, 1):
        full = inked.mean(axis=axis) >= _FULL
        full |= np.roll(full, 1) | np.roll(full, -1)
        found |= full if axis == 0 else full[:, None]
    _, shapes, stats, _ = cv2.connectedComponentsWithStats((found & frame & inked).astype(np.uint8))
    outer = np.concatenate([shapes[0], shapes[-1], shapes[:, 0], shapes[:, -1]])
    whole = (stats[:, cv2.CC_STAT_WIDTH] > _WHOLE * own.shape[1]) | (
        stats[:, cv2.CC_STAT_HEIGHT] > _WHOLE * own.shape[0]
    )
    of_lines = np.isin(shapes, [n for n in range(1, len(stats)) if whole[n] or n in outer])
    border: Mask = (cv2.dilate(of_lines.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0) & frame
    return border


def _is_at_edge(line: _Spot, own: Pixels) -> bool:
    height, width = own.shape
    return line.top == 0 or line.x0 == 0 or line.bottom == height or line.x1 == width


def _runs_over(marks: Pixels, mask: Pixels, line: _Spot, spot: _Spot, letter: float) -> bool:
    """Does text go on at once beyond a border that it is close to? Of a figure that is wider than its cell each cell has a
    part."""
    import numpy as np

    near = round(_NEAR * letter) + 1
    rows = slice(spot.top + line.top, spot.top + line.bottom)
    sides = [slice(max(0, spot.x0 - _EDGE), spot.x0)] if line.x0 <= near else []
    sides += [slice(spot.x1, spot.x1 + _EDGE)] if line.x1 >= spot.width - near else []
    beyond = [(marks[rows, side] > 0) & (mask[rows, side] == 0) for side in sides]
    return any(bool(np.any(ink, axis=1).mean() >= _MORE_THAN_GRAIN) for ink in beyond)


def _is_litter(line: _Spot, height: int, letter: float) -> bool:
    """The edge of a shaded cell."""
    at_border = line.top <= _LITTER or line.bottom >= height - _LITTER
    return at_border and line.height <= 0.6 * letter and line.width > 3 * letter


def _rows(own: Pixels, letter: float) -> list[_Spot]:
    """The lines of text in a cell's ink, from top to bottom, by the white between them."""
    import numpy as np

    filled = np.flatnonzero(own.any(axis=1))
    if not len(filled):
        return []
    starts = [int(filled[0]), *(int(b) for a, b in pairwise(filled) if b - a > 1)]
    ends = [*(int(a) + 1 for a, b in pairwise(filled) if b - a > 1), int(filled[-1]) + 1]
    runs: list[tuple[int, int]] = []
    for start, end in zip(starts, ends, strict=True):
        # The strokes of 二 or 三 are one line, and so is a character with the dot above it.
        if runs and end - runs[-1][0] <= 1.3 * letter and min(end - start, runs[-1][1] - runs[-1][0]) <= 0.6 * letter:
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
    spots = []
    for start, end in runs:
        columns = np.flatnonzero(own[start:end].any(axis=0))
        spots.append(_Spot(int(columns[0]), start, int(columns[-1]) + 1, end))
    return spots


def _crop(body: Pixels, line: _Spot) -> Pixels:
    import cv2

    part = body[line.top : line.bottom, line.x0 : line.x1]
    paper = int(body.max())
    crop: Pixels = cv2.copyMakeBorder(part, _PAD, _PAD, _PAD, _PAD, cv2.BORDER_CONSTANT, value=paper)
    return crop


def _side_by_side(crops: Sequence[Pixels]) -> Pixels:
    import cv2
    import numpy as np

    tallest = max(crop.shape[0] for crop in crops)
    parts = []
    for crop in crops:
        above = (tallest - crop.shape[0]) // 2
        parts.append(
            cv2.copyMakeBorder(
                crop, above, tallest - crop.shape[0] - above, 0, 0, cv2.BORDER_CONSTANT, value=int(crop.max())
            )
        )
    strip: Pixels = np.hstack(parts)
    return strip


def _texts(
    work: Sequence[tuple[int, int, Pixels]], inked: set[tuple[int, int]], cut: set[tuple[int, int]], letter: float
) -> dict[tuple[int, int], str]:
    """(table, cell) -> its text, lines from top to bottom."""
    lines: dict[tuple[int, int], list[str]] = {place: [] for place in inked}
    strokes = {place: text for place, text in _strokes(work, letter).items() if place not in cut}
    to_read = [line for line in work if line[:2] not in strokes]
    first = ocr.recognise([line for _, _, line in to_read])
    again = [n for n, reading in enumerate(first) if _FIGURE.fullmatch(reading.text)]
    second = dict(zip(again, ocr.recognise([_larger(to_read[n][2]) for n in again]), strict=True))
    for n, (t, c, line) in enumerate(to_read):
        text = _agreed(first[n], second.get(n))
        in_doubt = n in second and ((t, c) in cut or _is_coarse(line))
        lines[t, c].append(f"{text}{UNSURE}" if in_doubt and not text.endswith(UNSURE) else text)
    read = {place: "\n".join(part for part in parts if part) or UNSURE for place, parts in lines.items()}
    return {**read, **strokes}


def _strokes(work: Sequence[tuple[int, int, Pixels]], letter: float) -> dict[tuple[int, int], str]:
    """(table, cell) -> the stroke, for the cells that hold nothing else."""
    count = Counter((t, c) for t, c, _ in work)
    drawn = {(t, c): dashes.stroke(line, letter) for t, c, line in work if count[t, c] == 1}
    return {place: text for place, text in drawn.items() if text is not None}


def _is_coarse(line: Pixels) -> bool:
    """Small print in nothing but black and white: both readings take its 6 for a 0 and its 3 for a 1."""
    import numpy as np

    height = line.shape[0] - 2 * _PAD
    darkest, paper = int(line.min()), int(line.max())
    share = (paper - darkest) // 6
    return height < _COARSE and float(np.mean((line > darkest + share) & (line < paper - share))) < _GREY


def _larger(line: Pixels) -> Pixels:
    import cv2

    larger = cv2.resize(line, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC)
    framed: Pixels = cv2.copyMakeBorder(larger, 12, 12, 18, 18, cv2.BORDER_CONSTANT, value=int(line.max()))
    return framed


def _agreed(first: ocr.Reading, second: ocr.Reading | None) -> str:
    text = first.text.strip()
    if second is None:
        return text
    if text and text == second.text.strip() and min(first.score, second.score) >= _SURE:
        return text
    return f"{text or second.text.strip()}{UNSURE}"
