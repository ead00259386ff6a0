"""Pictures and pages that lie on their side or upside down, as a scanner's feed leaves wide tables.

A few pieces of text are read as the picture stands; where no Chinese comes of them, the other three ways are tried.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from parsers.documents import ocr, pixels

if TYPE_CHECKING:
    from parsers.documents.ocr import Pixels

_SAMPLES = 6
_CHINESE = re.compile("[\u4e00-\u9fff]")
_WORDS = 8
"""Different characters of a piece of text that surely says something: of rows that lie on their side the model reads one
character each (次次次次篇次次), and is sure of them."""
_PLAIN = 0.85
_LIKELY, _BETTER = 0.5, 0.2
_HEIGHT, _WIDTH = (0.7, 1.9), (4.0, 25.0)
"""Of a piece of text, in heights of a character."""
_PAD = 6


def quarters(picture: Pixels) -> int:
    """How many quarters of a circle, against the clock, the picture has to be turned for its text to stand upright."""
    as_it_is = _legible(picture)
    if as_it_is is None or as_it_is >= _PLAIN:
        return 0
    others = {turn: _legible(turn_by(picture, turn)) or 0.0 for turn in (1, 2, 3)}
    best = max(others, key=lambda turn: others[turn])
    return best if others[best] >= max(_LIKELY, as_it_is + _BETTER) else 0


def turn_by(picture: Pixels, count: int) -> Pixels:
    """The picture turned by quarters, against the clock."""
    import numpy as np

    return np.ascontiguousarray(np.rot90(picture, count)) if count else picture


def _legible(picture: Pixels) -> float | None:
    """How much can be made of some pieces of text, 0 to 1; None where there are none."""
    pieces = _pieces(picture)
    if not pieces:
        return None
    scores = [
        reading.score * min(1.0, len(set(_CHINESE.findall(reading.text))) / _WORDS) for reading in ocr.recognise(pieces)
    ]
    # Half of them may be figures, or seals and logos.
    best = sorted(scores, reverse=True)[: (len(scores) + 1) // 2]
    return sum(best) / len(best)


def _pieces(picture: Pixels) -> list[Pixels]:
    """Pictures of the longest pieces of text on one line, whatever stands around them."""
    import cv2
    import numpy as np

    paper = pixels.without_grain(picture)
    marks = pixels.ink(paper)
    letter = pixels.letter_height(marks)
    _, lines = pixels.ruled(paper, letter, 1.0)
    marks[lines > 0] = 0
    joined = cv2.morphologyEx(marks, cv2.MORPH_CLOSE, np.ones((1, max(3, round(1.2 * letter))), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined)
    found = [
        (int(x), int(y), int(w), int(h))
        for x, y, w, h, _ in stats[1:]
        if _HEIGHT[0] * letter <= h <= _HEIGHT[1] * letter and _WIDTH[0] * letter <= w <= _WIDTH[1] * letter
    ]
    found.sort(key=lambda box: (-box[2], box[1], box[0]))
    return [
        cv2.copyMakeBorder(picture[y : y + h, x : x + w], _PAD, _PAD, _PAD, _PAD, cv2.BORDER_REPLICATE)
        for x, y, w, h in found[:_SAMPLES]
    ]
