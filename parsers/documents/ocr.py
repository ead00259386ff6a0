"""Characters out of pixels: RapidOCR, the extra `ocr`, loaded only when a picture must be read.

Its models come with the package, nothing is fetched. Its direction classifier is never used: it turns a lone 9 into
a 6 (四川省教育厅 2019, 行政许可).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from parsers.documents.foreign import guarded
from parsers.errors import Unreadable
from parsers.pictures import recognition

if TYPE_CHECKING:
    import numpy as np
    from rapidocr import RapidOCR

    Pixels: TypeAlias = np.ndarray[Any, np.dtype[np.uint8]]
    """Grey values, rows by columns: 0 is black."""


@dataclass(frozen=True, slots=True)
class Reading:
    text: str
    score: float
    """How sure the model is, 0 to 1."""


@dataclass(frozen=True, slots=True)
class TextBox:
    """One line of text found on a picture, in pixels from the upper left corner."""

    text: str
    score: float
    x0: float
    top: float
    x1: float
    bottom: float


def require(what: str) -> None:
    """Raise Unreadable("ocr_missing") where the extra is not installed."""
    if not recognition.available():
        raise Unreadable(
            "ocr_missing",
            f"{what} can only be read by character recognition, which is not installed: `make ocr`, or "
            "`pip install nianbao[ocr]`",
        )


@cache
def _engine() -> RapidOCR:
    from rapidocr import RapidOCR

    # One thread: several workers read at once, and the order of sums, so the result, does not depend on the machine.
    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            # One line at a time and no wider than it is: a third faster, and no line changes how another is read.
            "Rec.rec_batch_num": 1,
            "Rec.rec_img_shape": [3, 48, 64],
        }
    )


def recognise(lines: Sequence[Pixels]) -> list[Reading]:
    """The text of each picture of one line; the same pixels are read once. Call `require` first."""
    if not lines:
        return []
    import cv2

    keys = [(line.shape, line.tobytes()) for line in lines]
    different = dict(zip(keys, lines, strict=True))
    with guarded("the picture", RuntimeError, cv2.error):
        found = _engine().recognize_txt([cv2.cvtColor(line, cv2.COLOR_GRAY2BGR) for line in different.values()])
    readings = (Reading(text, float(score)) for text, score in zip(found.txts, found.scores, strict=True))
    known = dict(zip(different, readings, strict=True))
    return [known[key] for key in keys]


def find(picture: Pixels) -> list[TextBox]:
    """Every line of text on a picture. Call `require` first."""
    import cv2

    with guarded("the picture", RuntimeError, cv2.error):
        found = _engine()(cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR), use_det=True, use_cls=False, use_rec=True)
    boxes = getattr(found, "boxes", None)
    if boxes is None:
        return []
    return [
        TextBox(text, float(score), *(float(value) for value in (*box.min(axis=0), *box.max(axis=0))))
        for box, text, score in zip(boxes, found.txts, found.scores, strict=True)
        if text.strip()
    ]
