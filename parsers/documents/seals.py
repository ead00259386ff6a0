"""Red seals over a table: taken out by their colour before a picture becomes grey values.

Only what is large, about as wide as high and smaller than half the picture is a seal: red figures and red heads of papers
stay. What the seal lies on keeps its darkness, so that print under it is still read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, TypeAlias

    import numpy as np

    from parsers.documents.ocr import Pixels

    Colours: TypeAlias = np.ndarray[Any, np.dtype[np.uint8]]
    """Rows by columns by red, green, blue."""

_RED = 40
"""By which red is brighter than green and blue in the ink of a seal, however pale."""
_REDDISH = 12
"""The same at its edges, where ink and paper run into each other."""
_SMALLEST, _LARGEST = 0.08, 0.5
"""Of the picture's width."""
_ROUND = 1.5
"""Times as wide as high, or the reverse: oval seals."""
_RIM = 0.4
"""Of the seal's size: what hangs together of it, its rim or its star. Lines of red print do not."""


def without_seals(picture: Colours) -> Pixels:
    """The picture as grey values, its seals blank."""
    import cv2
    import numpy as np

    grey: Pixels = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    red = picture[:, :, 0].astype(np.int16)
    redder = red - np.maximum(picture[:, :, 1], picture[:, :, 2])
    strong = (redder > _RED).astype(np.uint8)
    if not strong.any():
        return grey
    width = picture.shape[1]
    reach = max(3, width // 60) | 1  # the characters along the rim belong to it
    _, _, stats, _ = cv2.connectedComponentsWithStats(cv2.dilate(strong, np.ones((reach, reach), np.uint8)))
    for x, y, w, h, _ in stats[1:]:
        if not (_SMALLEST * width <= max(w, h) <= _LARGEST * width and max(w, h) <= _ROUND * min(w, h)):
            continue
        if _largest(strong[y : y + h, x : x + w]) < max(_RIM * min(w, h), _RIM * _SMALLEST * width):
            continue
        place = (slice(y, y + h), slice(x, x + w))
        ink = strong[place] > 0
        # What the seal's own ink looks like through a red glass is as good as paper.
        paper = max(float(np.percentile(red[place][ink], 40)), 1.0)
        through = np.clip(red[place] * (255.0 / paper), 0, 255).astype(np.uint8)
        around = cv2.dilate((redder[place] > _REDDISH).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
        grey[place] = np.where(around, np.maximum(grey[place], through), grey[place])
    return grey


def _largest(ink: Colours) -> int:
    """The shorter side of the largest shape; black lines that cross it do not cut it."""
    import cv2
    import numpy as np

    _, _, stats, _ = cv2.connectedComponentsWithStats(cv2.dilate(ink, np.ones((5, 5), np.uint8)))
    return max((int(min(w, h)) for _, _, w, h, _ in stats[1:]), default=0)
