"""Which texts of a PDF page a reader does not see: pdfium gives every text, whatever it is painted with.

Scanners write what they recognised invisibly over the picture of the page, or under it.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

Bounds = tuple[float, float, float, float]
"""Left, bottom, right, top of the sheet."""

_INVISIBLE = frozenset((pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium_c.FPDF_TEXTRENDERMODE_CLIP))
_WHITE = 250
_WHOLE_PAGE = 0.8
"""Of the page's area: a picture that large is the page itself."""
_SLANTED = 0.1
"""Of the size of a text: how far its line may rise or fall and still be level or upright."""


class Texts:
    """The texts of a page in the order in which they are painted."""

    def __init__(self) -> None:
        self._seen: list[Any] = []
        self._unseen: list[int] = []
        self.white: list[Any] = []
        self._colour = tuple(ctypes.c_uint() for _ in range(4))
        self._matrix = pdfium_c.FS_MATRIX()

    def add(self, text: Any) -> None:
        red, green, blue, alpha = self._colour
        has_colour = pdfium_c.FPDFPageObj_GetFillColor(text, red, green, blue, alpha)
        is_invisible = pdfium_c.FPDFTextObj_GetTextRenderMode(text) in _INVISIBLE
        if is_invisible or (has_colour and not alpha.value) or self._is_slanted(text):
            self._unseen.append(address(text))
        elif has_colour and red.value >= _WHITE and green.value >= _WHITE and blue.value >= _WHITE:
            self.white.append(text)
        else:
            self._seen.append(text)

    def cover(self, picture: Any, page: pdfium.PdfPage) -> None:
        """A picture of the whole page hides what was written before it."""
        bounds = bounds_of(picture) if self._seen else None
        if bounds is None or pdfium_c.FPDFPageObj_HasTransparency(picture):
            return
        width, height = page.get_size()
        if (bounds[2] - bounds[0]) * (bounds[3] - bounds[1]) >= _WHOLE_PAGE * width * height:
            self._unseen.extend(map(address, self._seen))
            self._seen.clear()

    def unseen(self, grounds: Sequence[Bounds]) -> frozenset[int]:
        """The addresses; `grounds` are what a white text can be seen on."""
        bare = (text for text in self.white if not _lies_on(text, grounds))
        return frozenset((*self._unseen, *map(address, bare)))

    def _is_slanted(self, text: Any) -> bool:
        """Does it run across the page, as a watermark does?"""
        if not pdfium_c.FPDFPageObj_GetMatrix(text, self._matrix):
            return False
        along, across = sorted((abs(float(self._matrix.a)), abs(float(self._matrix.b))))
        return along > _SLANTED * across


def address(thing: Any) -> int:
    return ctypes.cast(thing, ctypes.c_void_p).value or 0


def bounds_of(thing: Any) -> Bounds | None:
    sides = tuple(ctypes.c_float() for _ in range(4))
    if not pdfium_c.FPDFPageObj_GetBounds(thing, *sides):
        return None
    left, bottom, right, top = (side.value for side in sides)
    return left, bottom, right, top


def is_dark(thing: Any) -> bool:
    """Is it filled with anything but white?"""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    if pdfium_c.FPDFPath_GetDrawMode(thing, fill, stroke) and not fill.value:
        return False
    colour = tuple(ctypes.c_uint() for _ in range(4))
    if not pdfium_c.FPDFPageObj_GetFillColor(thing, *colour):
        return True  # a picture
    red, green, blue, alpha = (part.value for part in colour)
    return alpha > 0 and min(red, green, blue) < _WHITE


def _lies_on(text: Any, grounds: Sequence[Bounds]) -> bool:
    bounds = bounds_of(text)
    if bounds is None:
        return True
    x, y = (bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2
    return any(left <= x <= right and bottom <= y <= top for left, bottom, right, top in grounds)
