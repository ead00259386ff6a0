"""A picture file -> grey values that stand straight, and the lines that are ruled on them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from PIL import Image, ImageOps

from parsers.documents.foreign import guarded
from parsers.documents.limits import refuse_above
from parsers.documents.rulings import Stroke
from parsers.documents.seals import without_seals
from parsers.errors import Unreadable

if TYPE_CHECKING:
    from parsers.documents.ocr import Pixels

MAX_BYTES = 32 << 20
MAX_PIXELS = 40_000_000
MAX_SIDE = 2600
"""Pixels of the longer side of a sheet; a sheet of A4 has 2339 at 200 dots an inch, and more shows no more."""
_SHEET = 1.5
"""Times as long as it is wide: what is longer is several sheets in one."""
_MAX_AREA = 16_000_000
MIN_SIDE = 24
_TILT = 5.0
"""Degrees by which a scan may be turned."""
_STRAIGHT = 0.08
_CLEAN = 0.5
"""Grey values by which clean paper varies."""
_FAINT = 7
"""Contrast of the faintest ruled line; for lines noise does no harm, as it makes no long runs."""
_FAINTEST, _BLACK = 45.0, 120.0
"""Grey values by which the lines of a table are darker than the paper: no less is looked for, and what is more is black."""


def decode(content: bytes) -> Pixels:
    """The first frame of a picture on white, upright as its file says, as grey values without seals.

    Raises Unreadable("damaged" | "too_large" | "too_small").
    """
    import numpy as np

    refuse_above(len(content), MAX_BYTES, "the picture")
    with guarded("the picture", Image.DecompressionBombError, Image.DecompressionBombWarning, SyntaxError):
        with Image.open(io.BytesIO(content)) as picture:
            width, height = picture.size
            if width * height > MAX_PIXELS:
                raise Unreadable("too_large", f"the picture has {width} by {height} pixels")
            if min(width, height) < MIN_SIDE:
                raise Unreadable("too_small", f"the picture has {width} by {height} pixels")
            upright = ImageOps.exif_transpose(_of_bytes(picture)).convert("RGBA")
        sheet = Image.new("RGBA", upright.size, "white")
        sheet.alpha_composite(upright)
        sheet = sheet.convert("RGB")
        width, height = sheet.size
        # A whole report may be one tall picture: only its width is that of a sheet.
        longer = min(max(width, height), _SHEET * min(width, height))
        scale = min(1.0, MAX_SIDE / longer, (_MAX_AREA / (width * height)) ** 0.5)
        if scale < 1:
            sheet = sheet.resize((round(width * scale), round(height * scale)), Image.Resampling.LANCZOS)
    return without_seals(np.asarray(sheet, dtype=np.uint8))


def _of_bytes(picture: Image.Image) -> Image.Image:
    """The picture itself, or its greys of 16 bits as greys of 8, which Pillow would all make white."""
    if not picture.mode.startswith("I;16"):
        return picture
    import numpy as np

    return Image.fromarray((np.asarray(picture) >> 8).astype(np.uint8))


def without_grain(picture: Pixels) -> Pixels:
    """The picture without the grain of a scan; itself where the paper is clean."""
    import cv2

    grain = _grain(picture)
    if grain <= _CLEAN:
        return picture
    smooth: Pixels = cv2.fastNlMeansDenoising(picture, None, 3 * grain, 5, 11)
    return smooth


def ink(picture: Pixels, contrast: int = 12) -> Pixels:
    """255 where something is darker than its surroundings by `contrast` grey values, else 0: shading does not count."""
    import cv2

    block = max(25, min(picture.shape) // 24) | 1
    method, kind = cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV
    marks: Pixels = cv2.adaptiveThreshold(picture, 255, method, kind, block, contrast)
    return marks


def _lines_ink(paper: Pixels, letter: float) -> Pixels:
    """The ink for ruled lines, on any ground: a coloured head of a table is no bar.

    Black print beside grey lines makes them look like paper, so print is taken to be hardly darker than they are; where
    they are black it stays as it is, as the dirt that a compressed picture has around print would become ink with it.
    """
    import cv2
    import numpy as np

    ground = cv2.medianBlur(paper, max(9, round(1.2 * letter)) | 1)
    darker = cv2.subtract(ground, paper)
    marks = ink(255 - darker, _FAINT)
    on_lines = darker[_long_marks(marks, 2.2 * letter, letter, upright=False) > 0]
    darkest = max(_FAINTEST, 1.3 * float(np.median(on_lines))) if on_lines.size else 255.0
    return marks if darkest >= _BLACK else ink(255 - np.minimum(darker, int(darkest)), _FAINT)


def _grain(picture: Pixels) -> float:
    """How much neighbouring pixels of blank paper differ: the standard deviation of its noise (Immerkær 1996)."""
    import cv2
    import numpy as np

    kernel = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
    return float(np.median(np.abs(cv2.filter2D(picture.astype(np.float32), -1, kernel)))) / (0.6745 * 6)


def letter_height(marks: Pixels) -> float:
    """The usual height of a character in pixels, from the shapes of ink."""
    import cv2
    import numpy as np

    _, _, stats, _ = cv2.connectedComponentsWithStats(marks, connectivity=8)
    heights, widths = stats[1:, cv2.CC_STAT_HEIGHT], stats[1:, cv2.CC_STAT_WIDTH]
    letters = heights[(heights >= 6) & (heights <= 90) & (widths <= 2.5 * heights) & (heights <= 4 * widths)]
    return float(np.percentile(letters, 70)) if len(letters) >= 8 else 16.0


def without_specks(marks: Pixels, size: float) -> Pixels:
    """The ink without shapes that are smaller than `size` pixels both ways. A decimal point goes, too: this ink says
    where text is, never what it is."""
    import cv2
    import numpy as np

    _, labels, stats, _ = cv2.connectedComponentsWithStats(marks, connectivity=8)
    large = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]) >= size
    large[0] = False
    kept: Pixels = np.where(large[labels], 255, 0).astype(np.uint8)
    return kept


def straightened(picture: Pixels) -> Pixels:
    """The picture turned so that its ruled lines run level; itself where they do, or where there are none."""
    import cv2
    import numpy as np

    paper = without_grain(picture)
    letter = letter_height(ink(paper))
    level = _long_marks(_lines_ink(paper, letter), 1.5 * letter, letter, upright=False)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(level, connectivity=8)
    slopes, weights = [], []
    for n in range(1, count):
        width = stats[n, cv2.CC_STAT_WIDTH]
        if width < 0.15 * picture.shape[1]:
            continue
        x, y, w, h = stats[n, :4]
        rows, columns = np.nonzero(labels[y : y + h, x : x + w] == n)
        slopes.append(float(np.polyfit(columns, rows, 1)[0]))
        weights.append(float(width))
    if not slopes:
        return picture
    order = np.argsort(slopes)
    middle = int(np.searchsorted(np.cumsum(np.asarray(weights)[order]), sum(weights) / 2))
    angle = float(np.degrees(np.arctan(slopes[order[middle]])))
    if not _STRAIGHT < abs(angle) <= _TILT:
        return picture
    height, width = picture.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    turned: Pixels = cv2.warpAffine(picture, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=255)
    return turned


def _long_marks(marks: Pixels, length: float, letter: float, *, upright: bool) -> Pixels:
    """What of the ink are runs of at least `length` pixels; the gaps of a faint line are closed first, upright only
    small ones: the ones (1) of a column, one below the other, are no line."""
    import cv2
    import numpy as np

    gap, run = max(3, int((0.15 if upright else 0.25) * letter)), max(16, int(length))
    closing, opening = ((gap, 1), (run, 1)) if upright else ((1, gap), (1, run))
    closed = cv2.morphologyEx(marks, cv2.MORPH_CLOSE, np.ones(closing, np.uint8))
    runs: Pixels = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones(opening, np.uint8))
    return runs


def ruled(paper: Pixels, letter: float, scale: float) -> tuple[list[Stroke], Pixels]:
    """The ruled lines, in points (`scale` points a pixel), and where they are (255), a pixel more on every side.

    `letter` is the height of a character. Thick bars (charts, shading) are no lines.
    """
    import cv2
    import numpy as np

    marks = _lines_ink(paper, letter)
    strokes: list[Stroke] = []
    mask = np.zeros_like(marks)
    thickest = max(4.0, 0.4 * letter)
    for upright, factor in ((False, 2.2), (True, 1.3)):
        long_marks = _long_marks(marks, factor * letter, letter, upright=upright)
        count, labels, stats, _ = cv2.connectedComponentsWithStats(long_marks, connectivity=8)
        for n in range(1, count):
            x, y, w, h, area = (int(value) for value in stats[n, :5])
            length, across = (h, w) if upright else (w, h)
            if area / length > thickest or across > 3 * thickest:
                continue
            at, start = (x + w / 2, y) if upright else (y + h / 2, x)
            strokes.append(Stroke(upright, at * scale, start * scale, (start + length) * scale))
            part = labels[y : y + h, x : x + w] == n
            mask[y : y + h, x : x + w][part] = 255
    wide: Pixels = cv2.dilate(mask, np.ones((3, 3), np.uint8))
    return strokes, wide
