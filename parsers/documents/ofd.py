"""OFD (GB/T 33190), China's own page format: ofdkit opens the package, the places of text and lines are read here.

ofdkit gives text in reading order, but neither lines nor the place of each character, and a converter may put a whole
row of a table into one run of text with a jump at every border.
"""

from __future__ import annotations

import re
import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import ofdkit
from ofdkit import OFDError, OFDLimitError
from ofdkit.package import Package

from parsers.documents import rulings
from parsers.documents.containers import check_container
from parsers.documents.foreign import guarded
from parsers.documents.media import OFD
from parsers.documents.model import Document, Picture
from parsers.documents.pdf_lines import Char, is_page_number, lines_of
from parsers.documents.pdf_tables import fill
from parsers.documents.placed import Item, assemble, in_order
from parsers.documents.rulings import Stroke
from parsers.errors import Unreadable

MAX_BYTES = 64 << 20
MAX_PAGES = 400
_POINTS = 72 / 25.4
"""OFD counts in millimetres."""
_THIN = 3.0
"""A filled rectangle thinner than this (points) is a line."""
_STRAIGHT = 1.0
_MAX_DEPTH = 32
_OPERATION = re.compile(r"[SMLQBAC]|-?\d+(?:\.\d+)?(?:[eE]-?\d+)?|-?\.\d+")
_OPERANDS = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7}

Matrix = tuple[float, float, float, float, float, float]


@dataclass(slots=True)
class _Content:
    chars: list[Char] = field(default_factory=list)
    strokes: list[Stroke] = field(default_factory=list)
    pictures: int = 0


def read_ofd(content: bytes) -> Document:
    """Read an OFD file. Raises Unreadable("damaged" | "encrypted" | "too_large")."""
    check_container(content, MAX_BYTES, "the OFD file")
    with guarded("the OFD file", OFDError, ET.ParseError):
        try:
            with ofdkit.open(content) as opened, Package(content) as package:
                if len(opened.pages) > MAX_PAGES:
                    raise Unreadable(
                        "too_large", f"the OFD file has {len(opened.pages)} pages, the limit is {MAX_PAGES}"
                    )
                pages = [_items(number, page, package) for number, page in enumerate(opened.pages, start=1)]
                title = (opened.info.title or "").strip()
        except OFDLimitError as error:
            raise Unreadable("too_large", str(error)) from error
    return Document(blocks=assemble(pages), media_type=OFD, title=title if len(title) >= 6 else None)


def _items(number: int, page: ofdkit.Page, package: Package) -> list[Item]:
    """Lines and tables of one page; a page of nothing but a picture becomes a Picture `#page=<n>`."""
    if page.location is None:
        return []
    found = _Content()
    _walk(_layers(package.read_xml(page.location)), (1, 0, 0, 1, 0, 0), found, 0)
    found.chars.extend(_of_template(page))
    if not found.chars:
        return [Picture(f"#page={number}", f"第{number}页")] if found.pictures else []
    taken: set[int] = set()
    tables = []
    for cells in rulings.tables(found.strokes):
        free = [n for n in range(len(found.chars)) if n not in taken]
        table, used = fill(number, cells, [found.chars[n] for n in free])
        if table is not None:
            taken.update(free[n] for n in used)
            tables.append(table)
    height = page.height * _POINTS
    lines = lines_of(char for n, char in enumerate(found.chars) if n not in taken)
    return in_order((line for line in lines if not is_page_number(line, height)), tables)


def _of_template(page: ofdkit.Page) -> Iterator[Char]:
    """Text of the page's template (letterheads): its runs, each spread evenly."""
    for run in page.runs:
        if run.from_template:
            step = run.width / max(len(run.text), 1)
            for n, character in enumerate(run.text):
                if character.strip():
                    yield _char(character, run.x + n * step, run.y, step, run.size)


def _layers(page: ET.Element) -> list[ET.Element]:
    """The content of every layer, the names of elements without their namespaces."""
    return [thing for content in page if _name(content) == "Content" for layer in content for thing in layer]


def _name(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _walk(elements: Sequence[ET.Element], outer: Matrix, found: _Content, depth: int) -> None:
    for element in elements:
        name = _name(element)
        if name == "TextObject":
            _read_text(element, _placed(element, outer), found)
        elif name == "PathObject":
            _read_path(element, _placed(element, outer), found)
        elif name == "ImageObject":
            found.pictures += 1
        elif name == "PageBlock" and depth < _MAX_DEPTH:
            _walk(list(element), outer, found, depth + 1)


def _placed(element: ET.Element, outer: Matrix) -> Matrix:
    """The object's own space -> the page: its matrix, then its boundary's corner."""
    a, b, c, d, e, f = _numbers(element.get("CTM"), 6) or (1, 0, 0, 1, 0, 0)
    x, y, _, _ = _numbers(element.get("Boundary"), 4) or (0, 0, 0, 0)
    oa, ob, oc, od, oe, of = outer
    e, f = e + x, f + y
    return (
        oa * a + oc * b,
        ob * a + od * b,
        oa * c + oc * d,
        ob * c + od * d,
        oa * e + oc * f + oe,
        ob * e + od * f + of,
    )


def _numbers(text: str | None, count: int) -> list[float] | None:
    numbers = [float(part) for part in (text or "").split()]
    return numbers[:count] if len(numbers) >= count else None


def _read_text(element: ET.Element, place: Matrix, found: _Content) -> None:
    """Every character with its own place: X and Y of the run, moved on by DeltaX and DeltaY."""
    size = float(element.get("Size") or 0)
    x = y = 0.0
    for code in element:
        if _name(code) != "TextCode" or not code.text:
            continue
        x = float(code.get("X") or x)
        y = float(code.get("Y") or y)
        text = code.text.strip("\r\n")
        right = _deltas(code.get("DeltaX"), len(text))
        down = _deltas(code.get("DeltaY"), len(text))
        at_x, at_y = x, y
        for n, character in enumerate(text):
            width = size if unicodedata.east_asian_width(character) in "WF" else size * 0.5
            if character.isprintable() and not character.isspace():
                found.chars.append(
                    _char(character, *_apply(place, at_x, at_y), width * _scale(place), size * _scale(place))
                )
            at_x += right[n] if n < len(right) else (0 if down else width)
            at_y += down[n] if n < len(down) else 0


def _char(character: str, x: float, baseline: float, width: float, size: float) -> Char:
    return Char(
        character,
        x * _POINTS,
        (baseline - 0.88 * size) * _POINTS,
        (x + width) * _POINTS,
        (baseline + 0.12 * size) * _POINTS,
    )


def _deltas(text: str | None, limit: int) -> list[float]:
    """`1.5 g 3 2` -> [1.5, 2, 2, 2], at most `limit` of them."""
    deltas: list[float] = []
    parts = iter((text or "").split())
    for part in parts:
        if len(deltas) >= limit:
            break
        if part == "g":
            count, step = int(next(parts, "0")), float(next(parts, "0"))
            deltas.extend([step] * max(0, min(count, limit - len(deltas))))
        else:
            deltas.append(float(part))
    return deltas


def _apply(place: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = place
    return a * x + c * y + e, b * x + d * y + f


def _scale(place: Matrix) -> float:
    a, b, c, d, _, _ = place
    return abs(a * d - b * c) ** 0.5 or 1.0


def _read_path(element: ET.Element, place: Matrix, found: _Content) -> None:
    """The straight lines of a path; a filled shape counts only where it is as thin as a line."""
    stroked = (element.get("Stroke") or "true").lower() != "false"
    data = next((part.text or "" for part in element if _name(part) == "AbbreviatedData"), "")
    for points in _subpaths(data):
        seen = [tuple(value * _POINTS for value in _apply(place, x, y)) for x, y in points]
        xs, ys = [x for x, _ in seen], [y for _, y in seen]
        width, height = max(xs) - min(xs), max(ys) - min(ys)
        if min(width, height) < _THIN and len(seen) > 2:
            upright = height > width
            at = (min(xs) + max(xs)) / 2 if upright else (min(ys) + max(ys)) / 2
            found.strokes.append(Stroke(upright, at, min(ys if upright else xs), max(ys if upright else xs)))
        elif stroked:
            for (x0, y0), (x1, y1) in pairwise(seen):
                if abs(y1 - y0) <= _STRAIGHT < abs(x1 - x0):
                    found.strokes.append(Stroke(False, (y0 + y1) / 2, min(x0, x1), max(x0, x1)))
                elif abs(x1 - x0) <= _STRAIGHT < abs(y1 - y0):
                    found.strokes.append(Stroke(True, (x0 + x1) / 2, min(y0, y1), max(y0, y1)))


def _subpaths(data: str) -> Iterator[list[tuple[float, float]]]:
    """The corner points of each part of a path; a curve counts as the line between its ends."""
    points: list[tuple[float, float]] = []
    operation = ""
    operands: list[float] = []
    for token in _OPERATION.findall(data):
        if token == "C":
            if points:
                points.append(points[0])
        elif token in _OPERANDS:
            operation, operands = token, []
        elif operation:
            operands.append(float(token))
            if len(operands) == _OPERANDS[operation]:
                if operation in "SM":
                    if len(points) > 1:
                        yield points
                    points = []
                points.append((operands[-2], operands[-1]))
                operands = []
    if len(points) > 1:
        yield points
