"""A cell that holds one straight stroke and nothing else: its slope says which, a model takes a slash for a 1.

Two readings of one picture agree on that 1, and a row with a slash in a cell and another in its total then adds up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from parsers.documents.ocr import Pixels

UNCLEAR = "?"
"""A stroke that leans as a slash in one font and a 1 in another."""
_SPECK = 0.3
"""Of the largest shape: what is smaller both ways is dirt."""
_STRAIGHT = 0.16
"""Of its length, and of a character's: how far the ink of a stroke may lie from its middle line. A 7 has twice as much,
a 1 its flag, a word its letters."""
_LONG = 2.5
"""Times as long as it is thick."""
_LEVEL, _LEANING, _UPRIGHT = 65.0, 15.0, 8.0
"""Degrees from upright: a dash has more than the first, a slash more than the second, a 1 less than the third."""


def stroke(line: Pixels, letter: float) -> str | None:
    """What the picture of one line shows if it is a lone stroke: — / \\ or UNCLEAR; None for anything else, a 1 too.

    `letter` is the height of a character in pixels.
    """
    import cv2
    import numpy as np

    _, marks = cv2.threshold(line, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(marks, connectivity=8)
    sizes = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    sizes[0] = 0
    shapes = sizes > _SPECK * sizes.max(initial=0)
    down, across = np.nonzero(shapes[labels])
    if len(down) < 4:
        return None
    places = np.stack([across, down]).astype(np.float64)
    places -= places.mean(axis=1, keepdims=True)
    # The line along which the ink lies, and how far it is from it.
    _, axes = np.linalg.eigh(np.cov(places))
    along, aside = axes[:, 1] @ places, np.abs(axes[:, 0] @ places)
    length = float(np.ptp(along)) + 1
    thickness = float(np.ptp(axes[:, 0] @ places)) + 1
    if float(np.percentile(aside, 98)) > max(_STRAIGHT * min(length, letter), 1.0) or length < _LONG * thickness:
        return None
    x, y = axes[:, 1] if axes[1, 1] < 0 else -axes[:, 1]
    lean = float(np.degrees(np.arctan2(x, -y)))
    if abs(lean) >= _LEVEL:
        return "—"
    if abs(lean) >= _LEANING:
        return "/" if lean > 0 else "\\"
    return UNCLEAR if abs(lean) > _UPRIGHT else None
