"""A PDF as pictures of its pages, with a box for every figure: nothing of the file itself reaches the browser."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from html import escape

import pypdfium2 as pdfium
from PIL import Image

from nianbao.web.source.frame import framed, hits
from nianbao.web.source.places import Box, Places

SCALE = 1.6
"""Pixels a point: 115 dots an inch, 130 KB a page."""
MOST_PIXELS = 6_000_000
MOST_PAGES = 60
_MARGIN = 1.5


def pdf_view(content: bytes, places: Places, picture: Callable[[int], str]) -> bytes:
    """All pages, one below the other; `picture` gives the address of a page's picture."""
    opened = _open(content)
    try:
        sizes = [opened.get_page_size(number) for number in range(min(len(opened), MOST_PAGES))]
        left_out = len(opened) - len(sizes)
    finally:
        opened.close()
    unboxed = _loose(places)
    parts = []
    for number, (width, height) in enumerate(sizes, 1):
        loose = [path for path in places.pages.get(number, ()) if path in unboxed]
        marks = "".join(_box(box, path) for page, box, path in places.boxes if page == number)
        parts.append(f'<span class="nb-anchor">{hits(loose)}</span>')
        parts.append(_page(width, height, picture(number), marks, f"第 {number} 页"))
    return framed("".join(parts), missing=places.unpaged, notes=list(_notes(len(_loose(places)), left_out)))


def _loose(places: Places) -> set[str]:
    """Figures of which only the page is known."""
    return {path for paths in places.pages.values() for path in paths} - {path for _, _, path in places.boxes}


def _notes(loose: int, left_out: int) -> Iterator[str]:
    if loose:
        yield (
            f"{loose} 个数据只知道在哪一页，没有位置框：点选后整页加框 · "
            f"of {loose} figures the page is known and no box: choosing one frames the whole page"
        )
    if left_out:
        yield f"其后 {left_out} 页未显示 · {left_out} more pages are not shown"


def pdf_page(content: bytes, number: int) -> bytes:
    """One page as PNG. Raises IndexError where there is none."""
    opened = _open(content)
    try:
        if not 1 <= number <= len(opened):
            raise IndexError(number)
        page = opened[number - 1]
        width, height = page.get_size()
        scale = min(SCALE, (MOST_PIXELS / max(1.0, width * height)) ** 0.5)
        bitmap = page.render(scale=scale)
        out = io.BytesIO()
        bitmap.to_pil().convert("P", palette=1, colors=64).save(out, "PNG", optimize=False)
        return out.getvalue()
    finally:
        opened.close()


def _open(content: bytes) -> pdfium.PdfDocument:
    return pdfium.PdfDocument(content[max(content.find(b"%PDF-", 0, 1024), 0) :])


def _box(box: Box, path: str) -> str:
    x0, top, x1, bottom = box
    return (
        f'<rect id="{escape(path)}" class="nb-box" x="{x0 - _MARGIN:.1f}" y="{top - _MARGIN:.1f}" '
        f'width="{x1 - x0 + 2 * _MARGIN:.1f}" height="{bottom - top + 2 * _MARGIN:.1f}"/>'
    )


def picture_view(content: bytes, places: Places, picture: str) -> bytes:
    """A picture with a box for every figure that was recognised on it."""
    with Image.open(io.BytesIO(content)) as opened:
        width, height = opened.size
    marks = "".join(
        _box((left * width / 1000, top * height / 1000, right * width / 1000, bottom * height / 1000), path)
        for _, (left, top, right, bottom), path in places.boxes
    )
    return framed(_page(width, height, picture, marks, "原始图片 archived picture"))


def _page(width: float, height: float, picture: str, marks: str, label: str) -> str:
    return (
        f'<svg class="nb-page" viewBox="0 0 {width:.1f} {height:.1f}" role="img" aria-label="{label}">'
        f'<image href="{escape(picture)}" width="{width:.1f}" height="{height:.1f}"/>{marks}</svg>'
    )
