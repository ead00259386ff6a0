"""Small PDFs with Chinese text and ruled tables, written by hand: no library here makes them.

The font is one of the names every reader knows (STSong-Light with UniGB-UCS2-H), so nothing is embedded.
Positions are points from the upper left corner of the page as it is seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

WIDTH, HEIGHT = 595, 842
_PICTURE = (
    b"<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>stream\n\xff\n"
    b"endstream"
)


@dataclass
class Page:
    """What is drawn: texts at (x, baseline) and lines from point to point. `rotate` turns the sheet, not the view.

    `paint` of a text are operators in front of it (`3 Tr`: invisible; `/OC /L1 BDC`: in the layer that is off, L2 in one that
    is on, L3 in both). `picture` covers the whole sheet, under or over what
    is written; `fields` are filled in, at (x, baseline).
    """

    rotate: int = 0
    texts: list[tuple[float, float, float, str, str]] = field(default_factory=list)
    lines: list[tuple[float, float, float, float]] = field(default_factory=list)
    backgrounds: list[tuple[float, float, float, float]] = field(default_factory=list)

    picture: Literal["", "under", "over"] = ""
    fields: list[tuple[float, float, str]] = field(default_factory=list)
    strikes: list[tuple[float, float, float, float]] = field(default_factory=list)
    """Comments that strike out: left, bottom, right, top of the sheet."""

    def text(self, x: float, y: float, text: str, size: float = 12, paint: str = "") -> None:
        self.texts.append((x, y, size, text, paint))

    def table(
        self,
        x: float,
        y: float,
        widths: Sequence[float],
        rows: Sequence[Sequence[str]],
        height: float = 24,
        last_line: bool = True,
    ) -> float:
        """A ruled table without spans; returns where it ends. Without `last_line` it is open below, as if cut."""
        edges = [x + sum(widths[:n]) for n in range(len(widths) + 1)]
        bottom = y + height * len(rows)
        for n in range(len(rows) + (1 if last_line else 0)):
            self.lines.append((edges[0], y + n * height, edges[-1], y + n * height))
        for edge in edges:
            self.lines.append((edge, y, edge, bottom))
        for n, row in enumerate(rows):
            for left, text in zip(edges, row, strict=False):
                self.text(left + 4, y + n * height + 16, text, 10)
        return bottom


def make_pdf(pages: Iterable[Page], title: str = "", by_default: bytes = b"/OFF[%d 0 R]") -> bytes:
    """The pages as the bytes of a PDF file; `by_default` says of a layer that it is off."""
    objects: list[bytes] = [b"", b""]
    font = _add(
        objects,
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[<</Type/Font"
        b"/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>"
        b"/FontDescriptor<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/ItalicAngle 0/Ascent 880/Descent -120"
        b"/CapHeight 880/StemV 93/FontBBox[-25 -254 1000 880]>>/DW 1000/W[1 95 500]>>]>>",
    )
    off, on = (_add(objects, b"<</Type/OCG/Name(%s)>>" % name) for name in (b"old", b"new"))
    layers = (off, on, _add(objects, b"<</Type/OCMD/OCGs[%d 0 R %d 0 R]>>" % (off, on)))
    kids = []
    for page in pages:
        stream = _content(page)
        content = _add(objects, b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream))
        box = (HEIGHT, WIDTH) if page.rotate in (90, 270) else (WIDTH, HEIGHT)
        picture = _add(objects, _PICTURE)
        fields = [_field(objects, font, *filled) for filled in page.fields]
        fields += [_strike(objects, *place) for place in page.strikes]
        kids.append(
            _add(
                objects,
                b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Rotate %d/Contents %d 0 R"
                b"/Annots[%s]/Resources<</Font<</F1 %d 0 R>>/XObject<</I1 %d 0 R>>"
                b"/Properties<</L1 %d 0 R/L2 %d 0 R/L3 %d 0 R>>>>>>"
                % (
                    *box,
                    page.rotate,
                    content,
                    b" ".join(b"%d 0 R" % number for number in fields),
                    font,
                    picture,
                    *layers,
                ),
            )
        )
    objects[0] = b"<</Type/Catalog/Pages 2 0 R/OCProperties<</OCGs[%d 0 R %d 0 R]/D<<%s>>>>>>" % (
        off,
        on,
        by_default % off,
    )
    objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(kids), b" ".join(b"%d 0 R" % kid for kid in kids))
    info = _add(objects, b"<</Title<%s>>>" % title.encode("utf-16").hex().encode()) if title else 0
    return _file(objects, info)


def drawing(operators: str, form: str = "", matrix: str = "1 0 0 1 0 0") -> bytes:
    """One page with these drawing operators; `form` is what `/X1 Do` draws, by its own matrix."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Contents 4 0 R/Resources<</XObject<</X1 5 0 R>>>>>>"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        page % (WIDTH, HEIGHT),
        b"<</Length %d>>stream\n%s\nendstream" % (len(operators), operators.encode()),
        b"<</Type/XObject/Subtype/Form/BBox[0 0 900 900]/Matrix[%s]/Length %d>>stream\n%s\nendstream"
        % (matrix.encode(), len(form), form.encode()),
    ]
    return _file(objects)


def _file(objects: Sequence[bytes], info: int = 0) -> bytes:
    out = bytearray(b"%PDF-1.5\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1,
        b"/Info %d 0 R" % info if info else b"",
        start,
    )
    return bytes(out)


def _strike(objects: list[bytes], left: float, bottom: float, right: float, top: float) -> int:
    corners = (left, top, right, top, left, bottom, right, bottom)
    note = b"<</Type/Annot/Subtype/StrikeOut/F 4/Rect[%d %d %d %d]/QuadPoints[%d %d %d %d %d %d %d %d]>>"
    return _add(objects, note % (left, bottom, right, top, *corners))


def _field(objects: list[bytes], font: int, x: float, y: float, text: str) -> int:
    """A text field that shows `text`, as whoever filled it in has left it."""
    drawn = b"BT /F1 10 Tf 0 4 Td <%s> Tj ET" % text.encode("utf-16-be").hex().encode()
    form = b"<</Type/XObject/Subtype/Form/BBox[0 0 90 16]/Resources<</Font<</F1 %d 0 R>>>>/Length %d>>stream\n%s\nendstream"
    look = _add(objects, form % (font, len(drawn), drawn))
    place = (x, HEIGHT - y - 4, x + 90, HEIGHT - y + 12)
    return _add(objects, b"<</Type/Annot/Subtype/Widget/FT/Tx/F 4/Rect[%d %d %d %d]/AP<</N %d 0 R>>>>" % (*place, look))


def _add(objects: list[bytes], body: bytes) -> int:
    objects.append(body)
    return len(objects)


def _content(page: Page) -> bytes:
    """Drawing commands; a turned sheet is drawn turned back, so that the view stays upright."""
    matrix = f"0 1 -1 0 {HEIGHT} 0 cm" if page.rotate == 90 else "1 0 0 1 0 0 cm"
    parts = [matrix, "0.5 w"]
    for x0, y0, x1, y1 in page.backgrounds:
        parts.append(f"1 1 1 rg {x0} {HEIGHT - y1} {x1 - x0} {y1 - y0} re f 0 0 0 rg")
    for x0, y0, x1, y1 in page.lines:
        parts.append(f"{x0} {HEIGHT - y0} m {x1} {HEIGHT - y1} l S")
    for x, y, size, text, paint in page.texts:
        parts.append(
            f"q {paint} BT /F1 {size} Tf 1 0 0 1 {x} {HEIGHT - y} Tm <{text.encode('utf-16-be').hex()}> Tj ET"
            f"{' EMC' if 'BDC' in paint else ''} Q"
        )
    if page.picture:
        parts.insert(len(parts) if page.picture == "over" else 1, f"q {WIDTH} 0 0 {HEIGHT} 0 0 cm /I1 Do Q")
    return "\n".join(parts).encode()
