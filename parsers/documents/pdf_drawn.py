"""The straight edges that a PDF page draws, from pdfium's path objects: what tables are ruled with.

pdfplumber finds tables well and reads pages slowly: it interprets every glyph in Python to get at a few hundred
lines. pdfium has read them already. The edges are those that pdfplumber's own reading gives (`paint_path` of its
pdfminer: lines, rectangles, the straight pieces of everything else), so that its table finder finds the same tables.
"""

from __future__ import annotations

import ctypes
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from parsers.documents.pdf_layers import Layers
from parsers.documents.pdf_lines import Char
from parsers.documents.pdf_seen import Bounds, Matrix, Texts, address, bounds_of, is_dark
from parsers.documents.shown import STRIKE

Edge = dict[str, Any]
"""As pdfplumber has it: x0, x1, top, bottom, width, height, orientation ("v", "h"), object_type."""
Point = tuple[float, float]
View = Callable[[float, float], Point]
"""A point of the sheet -> the same point as seen: x to the right, y downwards from the upper left corner."""

_DEPTH = 6
"""Drawings inside drawings inside …; deeper ones are nobody's table."""
_MOST_OBJECTS = 200_000
_THIN = 3.0
"""Points below which a filled rectangle is a line; a thicker one is the background of a cell or of a line of text."""
_MIDDLE = (0.3, 0.75)
"""Of a character's height, from above: where a line strikes it out."""
_CURVE_POINTS = 3
_WHOLE: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_LINE = pdfium_c.FPDF_SEGMENT_LINETO
_MOVE = pdfium_c.FPDF_SEGMENT_MOVETO


@dataclass(frozen=True, slots=True)
class Drawn:
    edges: tuple[Edge, ...]
    paths: int
    """How many lines and shapes were drawn."""
    pictures: int
    unseen: frozenset[int]
    """The texts that nobody sees, by the addresses of their objects: invisible, without a colour, under a picture, white
    where nothing dark is behind them, or a watermark across the page."""
    off: frozenset[int]
    """Those in layers that are off."""
    texts: Texts


def drawn_on(page: pdfium.PdfPage, view: View, layers: Layers) -> Drawn:
    """Everything that is drawn on the page, but for what stands in layers of the file that are off."""
    edges: list[Edge] = []
    texts = Texts()
    off: list[int] = []
    paths = pictures = 0
    for thing, kind, matrix, is_off in _objects(page.raw, _WHOLE, layers):
        if is_off:
            if kind == pdfium_c.FPDF_PAGEOBJ_TEXT:
                off.append(address(thing))
        elif kind == pdfium_c.FPDF_PAGEOBJ_TEXT:
            texts.add(thing, matrix, matrix is not _WHOLE)
        elif kind == pdfium_c.FPDF_PAGEOBJ_IMAGE:
            pictures += 1
            texts.cover(thing, page)
        elif kind == pdfium_c.FPDF_PAGEOBJ_PATH:
            paths += 1
            if matrix is _WHOLE:
                texts.shape(thing)
            edges.extend(_edges(thing, matrix, view))
    unseen = texts.unseen(_grounds(page, layers) if texts.white else ())
    return Drawn(tuple(edges), paths, pictures, unseen, frozenset(off), texts)


def _grounds(page: pdfium.PdfPage, layers: Layers) -> list[Bounds]:
    """Where pictures and filled shapes are that are not white: on them a white text is seen."""
    kinds = (pdfium_c.FPDF_PAGEOBJ_PATH, pdfium_c.FPDF_PAGEOBJ_IMAGE, pdfium_c.FPDF_PAGEOBJ_SHADING)
    objects = _objects(page.raw, _WHOLE, layers)
    things = (thing for thing, kind, _, is_off in objects if kind in kinds and not is_off)
    return [bounds for thing in things if is_dark(thing) and (bounds := bounds_of(thing))]


def line(one: Point, other: Point) -> Edge:
    """An edge from one point of the page, as seen, to another."""
    return _edge("line", one, other, "h" if one[1] == other[1] else "v")


def struck(chars: Sequence[Char], edges: Iterable[Edge]) -> list[Char]:
    """The characters, those digits marked that a line goes through: what is struck out is no figure.

    Borders and underlines run above and below a text, never through its middle.
    """
    lines = sorted((edge["top"], edge["x0"], edge["x1"]) for edge in edges if edge["orientation"] == "h")
    found = list(chars)
    for n, char in enumerate(found):
        if char.text.isdecimal():
            height = char.bottom - char.top
            first, last = (bisect_left(lines, (char.top + share * height,)) for share in _MIDDLE)
            if any(x0 <= char.x <= x1 for _, x0, x1 in lines[first:last]):
                found[n] = char._replace(text=f"{STRIKE}{char.text}{STRIKE}")
    return found


def _objects(page: Any, outer: Matrix, layers: Layers) -> Iterator[tuple[Any, int, Matrix, bool]]:
    """(object, its kind, the matrix of the forms around it, is it or one of those in a layer that is off?) in drawing order;
    forms themselves are opened."""
    open_forms = [(page, outer, pdfium_c.FPDFPage_CountObjects, pdfium_c.FPDFPage_GetObject, 0, False)]
    seen = 0
    while open_forms:
        holder, matrix, count, get, depth, is_off = open_forms.pop()
        for number in range(count(holder)):
            thing = get(holder, number)
            seen += 1
            if not thing or seen > _MOST_OBJECTS:
                return
            kind = pdfium_c.FPDFPageObj_GetType(thing)
            hidden = is_off or layers.hides(thing)
            if kind != pdfium_c.FPDF_PAGEOBJ_FORM:
                yield thing, kind, matrix, hidden
            elif depth < _DEPTH:
                inner = _combined(_matrix(thing), matrix)
                count_inside, get_inside = pdfium_c.FPDFFormObj_CountObjects, pdfium_c.FPDFFormObj_GetObject
                open_forms.append((thing, inner, count_inside, get_inside, depth + 1, hidden))


def _matrix(thing: Any) -> Matrix:
    found = pdfium_c.FS_MATRIX()
    if not pdfium_c.FPDFPageObj_GetMatrix(thing, found):
        return _WHOLE
    return found.a, found.b, found.c, found.d, found.e, found.f


def _combined(inner: Matrix, outer: Matrix) -> Matrix:
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _edges(path: Any, outer: Matrix, view: View) -> Iterator[Edge]:
    """The edges of one path, each of its subpaths for itself."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    if not pdfium_c.FPDFPath_GetDrawMode(path, fill, stroke) or not (fill.value or stroke.value):
        return
    own = _matrix(path)
    a, b, c, d, e, f = own if outer is _WHOLE else _combined(own, outer)
    for shape, points in _subpaths(path):
        seen = [view(a * x + c * y + e, b * x + d * y + f) for x, y in points]
        if shape in ("ml", "mlh"):
            yield line(seen[0], seen[1])
        elif shape in ("mlllh", "mllll") and _is_rectangle(seen):
            (x0, y0), _, (x1, y1) = seen[:3]
            if stroke.value or min(abs(x1 - x0), abs(y1 - y0)) < _THIN:
                yield from _sides(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
        else:
            for before, after in pairwise(seen):
                if before[0] == after[0] or before[1] == after[1]:
                    yield _edge("curve_edge", before, after, "v" if before[0] == after[0] else "h")


def _subpaths(path: Any) -> Iterator[tuple[str, list[Point]]]:
    """(operators: m, l, c, h; the point at which each of them ends)."""
    shape, points = "", list[Point]()
    x, y = ctypes.c_float(), ctypes.c_float()
    in_curve = 0
    for number in range(pdfium_c.FPDFPath_CountSegments(path)):
        segment = pdfium_c.FPDFPath_GetPathSegment(path, number)
        kind = pdfium_c.FPDFPathSegment_GetType(segment)
        pdfium_c.FPDFPathSegment_GetPoint(segment, x, y)
        point = (x.value, y.value)
        if kind == _MOVE:
            if len(shape) > 1:
                yield shape, points
            shape, points = "m", [point]
            continue
        if kind == _LINE:
            shape += "l"
        else:
            # A curve has two control points before its end.
            in_curve = (in_curve + 1) % _CURVE_POINTS
            if in_curve:
                continue
            shape += "c"
        points.append(point)
        if pdfium_c.FPDFPathSegment_GetClose(segment):
            if len(shape) > 2 and shape[-1] == "l" and point == points[0]:
                shape = shape[:-1] + "h"
            else:
                shape += "h"
                points.append(points[0])
    if len(shape) > 1:
        yield shape, points


def _is_rectangle(points: list[Point]) -> bool:
    (x0, y0), (x1, y1), (x2, y2), (x3, y3), last = points
    return last == points[0] and (
        (x0 == x1 and y1 == y2 and x2 == x3 and y3 == y0) or (y0 == y1 and x1 == x2 and y2 == y3 and x3 == x0)
    )


def _edge(kind: str, one: Point, other: Point, orientation: str) -> Edge:
    (x0, top), (x1, bottom) = one, other
    if x1 < x0:
        x0, x1 = x1, x0
    if bottom < top:
        top, bottom = bottom, top
    return {"object_type": kind, "x0": x0, "x1": x1, "top": top, "bottom": bottom,
            "width": x1 - x0, "height": bottom - top, "orientation": orientation}  # fmt: skip


def _sides(x0: float, top: float, x1: float, bottom: float) -> Iterator[Edge]:
    for one, other, orientation in (
        ((x0, top), (x1, top), "h"),
        ((x0, bottom), (x1, bottom), "h"),
        ((x0, top), (x0, bottom), "v"),
        ((x1, top), (x1, bottom), "v"),
    ):
        yield _edge("rect_edge", one, other, orientation)
