"""Which texts of a PDF page a reader does not see: pdfium gives every text, whatever it is painted with.

Scanners write what they recognised invisibly over the picture of the page, or under it.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

Matrix = tuple[float, float, float, float, float, float]
Bounds = tuple[float, float, float, float]
"""Left, bottom, right, top of the sheet."""

_INVISIBLE = frozenset((pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium_c.FPDF_TEXTRENDERMODE_CLIP))
_WHITE = 250
_FAINT = 13
"""Of 255: what is painted with no more is not seen."""
_ROW = 20
"""Points."""
_RECTANGLE = (4, 5)
"""Pieces of a path."""
_COVERING = 6.0
"""Points: a filled shape that is lower or narrower is a line, and hides nothing."""
_WHOLE_PAGE = 0.8
"""Of the page's area: a picture that large is the page itself."""
_NOWHERE = (-1.0, -1.0, -1.0, -1.0)
_SLANTED = 0.1
"""Of the size of a text: how far its line may rise or fall and still be level or upright."""


class _Under(NamedTuple):
    """A character where a filled shape lies."""

    number: int
    x: float
    y: float
    box: Bounds
    own: int
    """How many texts were painted before its own."""
    cover: int
    """How many were before the last of the shapes."""


class Texts:
    """The texts of a page in the order in which they are painted."""

    def __init__(self) -> None:
        self.covers: list[tuple[int, Bounds]] = []
        """(texts painted before, the place) of filled shapes."""
        self._places: list[Bounds] = []
        self._sides = tuple(ctypes.c_float() for _ in range(4))
        self._order: dict[int, int] = {}
        """Address of a text -> its place among them."""
        self._seen: list[Any] = []
        self._unseen: list[int] = []
        self.white: list[Any] = []
        self._colour = tuple(ctypes.c_uint() for _ in range(4))
        self._matrix = pdfium_c.FS_MATRIX()

    def add(self, text: Any, outer: Matrix, is_in_form: bool) -> None:
        """`outer` is the matrix of the forms around the text."""
        place = bounds_of(text, self._sides)
        if not is_in_form:
            self._order[address(text)] = len(self._places)
            self._places.append(place or _NOWHERE)
        red, green, blue, alpha = self._colour
        has_colour = pdfium_c.FPDFPageObj_GetFillColor(text, red, green, blue, alpha)
        is_invisible = pdfium_c.FPDFTextObj_GetTextRenderMode(text) in _INVISIBLE
        is_faint = has_colour and alpha.value < _FAINT
        if is_invisible or is_faint or self._is_slanted(text, outer) or _is_cut_away(text, place):
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

    def shape(self, path: Any) -> None:
        """A filled shape hides what was written before it where it lies: an old figure painted over, a name blacked out."""
        bounds = bounds_of(path, self._sides) if self._places else None
        if bounds is None or min(bounds[2] - bounds[0], bounds[3] - bounds[1]) < _COVERING:
            return
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        if pdfium_c.FPDFPath_GetDrawMode(path, fill, stroke) and fill.value and not _is_see_through(path):
            self.covers.append((len(self._places), _clipped(path, bounds)))

    def covered(self, text: pdfium.PdfTextPage) -> tuple[frozenset[int], frozenset[int]]:
        """The numbers of the characters that lie under a shape painted after them: those in whose place another was
        written, and those that are gone."""
        covers = self._over_texts()
        under = list(self._under(text, covers)) if covers else []
        rewritten, gone = [], []
        for one in under:
            if one.own >= one.cover:
                continue
            if any(other.own >= one.cover and _is_inside(one.x, one.y, other.box) for other in under):
                rewritten.append(one.number)
            # pdfium gives a character once that is written twice in one place.
            elif not any(_is_inside(one.x, one.y, later) for later in self._places[one.cover :]):
                gone.append(one.number)
        return frozenset(rewritten), frozenset(gone)

    def _over_texts(self) -> list[tuple[int, Bounds]]:
        """Those of `covers` that lie over a text painted before them: in most files every ground comes before its text."""
        if not self.covers:
            return []
        rows: dict[int, list[tuple[int, float, float, float]]] = {}
        for order, (left, bottom, right, top) in enumerate(self._places):
            y = (bottom + top) / 2
            rows.setdefault(int(y // _ROW), []).append((order, y, left, right))
        return [
            (order, (begin, low, end, high))
            for order, (begin, low, end, high) in self.covers
            if any(
                own < order and low < y < high and left < end and begin < right
                for row in range(int(low // _ROW), int(high // _ROW) + 1)
                for own, y, left, right in rows.get(row, ())
            )
        ]

    def _under(self, text: pdfium.PdfTextPage, covers: Sequence[tuple[int, Bounds]]) -> Iterator[_Under]:
        """The characters in whose place a shape was painted, before them or after."""
        for n in range(text.count_chars()):
            box = text.get_charbox(n)  # of the ink: vertical fonts tell nonsense of the rest
            x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
            there = [order for order, place in covers if _is_inside(x, y, place)]
            own = self._order.get(address(pdfium_c.FPDFText_GetTextObject(text.raw, n))) if there else None
            if own is not None:
                yield _Under(n, x, y, box, own, max(there))

    def unseen(self, grounds: Sequence[Bounds]) -> frozenset[int]:
        """The addresses; `grounds` are what a white text can be seen on."""
        bare = (text for text in self.white if not _lies_on(text, grounds))
        return frozenset((*self._unseen, *map(address, bare)))

    def _is_slanted(self, text: Any, outer: Matrix) -> bool:
        """Does it run across the page, as a watermark does?"""
        if not pdfium_c.FPDFPageObj_GetMatrix(text, self._matrix):
            return False
        a, b = float(self._matrix.a), float(self._matrix.b)
        lesser, greater = sorted((abs(a * outer[0] + b * outer[2]), abs(a * outer[1] + b * outer[3])))
        return lesser > _SLANTED * greater


def _is_cut_away(text: Any, place: Bounds | None) -> bool:
    """Does the clip around a text leave nothing of it?"""
    if place is None:
        return False
    left, bottom, right, top = _clipped(text, place)
    return left >= right or bottom >= top


def _is_see_through(path: Any) -> bool:
    """A marker's colour lies over the text and hides nothing."""
    colour = tuple(ctypes.c_uint() for _ in range(4))
    has_colour = pdfium_c.FPDFPageObj_GetFillColor(path, *colour)
    return bool(pdfium_c.FPDFPageObj_HasTransparency(path)) or not has_colour or colour[3].value < 255


def _clipped(thing: Any, bounds: Bounds) -> Bounds:
    """What the clip around a shape or a text leaves of it."""
    clip = pdfium_c.FPDFPageObj_GetClipPath(thing)
    paths = pdfium_c.FPDFClipPath_CountPaths(clip) if clip else 0
    if paths <= 0:
        return bounds
    x, y = ctypes.c_float(), ctypes.c_float()
    left, bottom, right, top = bounds
    for n in range(paths):
        points = []
        count = pdfium_c.FPDFClipPath_CountPathSegments(clip, n)
        # Of a rectangle two corners tell all.
        for m in (0, 2) if count in _RECTANGLE else range(count):
            pdfium_c.FPDFPathSegment_GetPoint(pdfium_c.FPDFClipPath_GetPathSegment(clip, n, m), x, y)
            points.append((x.value, y.value))
        if points:
            xs, ys = [point[0] for point in points], [point[1] for point in points]
            left, bottom, right, top = max(left, min(xs)), max(bottom, min(ys)), min(right, max(xs)), min(top, max(ys))
    return left, bottom, right, top


def _is_inside(x: float, y: float, place: Bounds) -> bool:
    return place[0] <= x <= place[2] and place[1] <= y <= place[3]


def address(thing: Any) -> int:
    return ctypes.c_void_p.from_buffer(thing).value or 0  # a pointer: cast() takes four times as long


def bounds_of(thing: Any, sides: Sequence[Any] = ()) -> Bounds | None:
    """`sides`: four numbers to write into, for those who ask thousands of times."""
    left, bottom, right, top = sides or [ctypes.c_float() for _ in range(4)]
    if not pdfium_c.FPDFPageObj_GetBounds(thing, left, bottom, right, top):
        return None
    return left.value, bottom.value, right.value, top.value


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
    return any(_is_inside(x, y, ground) for ground in grounds)
