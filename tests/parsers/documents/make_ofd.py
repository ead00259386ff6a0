"""OFD files with text and ruled lines, written by hand from the pages of make_pdf (positions in points)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from xml.sax.saxutils import escape

from tests.parsers.documents.make_pdf import HEIGHT, WIDTH, Page

_MM = 25.4 / 72
_NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def make_ofd(pages: Iterable[Page], title: str = "") -> bytes:
    """The pages as the bytes of an OFD file. Texts of one baseline that say so by a leading "\\t" are one run of text
    with a jump, as converters write a row of a table."""
    buffer = io.BytesIO()
    pages = list(pages)
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr(
            "OFD.xml",
            f"<ofd:OFD {_NS} Version='1.0' DocType='OFD'><ofd:DocBody><ofd:DocInfo><ofd:Title>{escape(title)}</ofd:Title>"
            "</ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        )
        listed = "".join(f"<ofd:Page ID='{n}' BaseLoc='Pages/Page_{n}/Content.xml'/>" for n in range(len(pages)))
        container.writestr(
            "Doc_0/Document.xml",
            f"<ofd:Document {_NS}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 {WIDTH * _MM} {HEIGHT * _MM}"
            f"</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData><ofd:Pages>{listed}</ofd:Pages></ofd:Document>",
        )
        for n, page in enumerate(pages):
            container.writestr(
                f"Doc_0/Pages/Page_{n}/Content.xml",
                f"<ofd:Page {_NS}><ofd:Content><ofd:Layer ID='1'>{_content(page)}</ofd:Layer></ofd:Content></ofd:Page>",
            )
    return buffer.getvalue()


def _content(page: Page) -> str:
    parts = []
    for x0, y0, x1, y1 in page.backgrounds:
        parts.append(_path(x0, y0, f"M 0 0 L {(x1 - x0) * _MM} 0 L {(x1 - x0) * _MM} {(y1 - y0) * _MM} C", "false"))
    for x0, y0, x1, y1 in page.lines:
        parts.append(_path(x0, y0, f"M 0 0 L {(x1 - x0) * _MM} {(y1 - y0) * _MM}", "true"))
    for x, y, size, text, _ in page.texts:
        deltas = " ".join(str(_advance(character, size) * _MM) for character in text[:-1])
        parts.append(
            f"<ofd:TextObject ID='9' Boundary='{x * _MM} {(y - size) * _MM} 100 10' Size='{size * _MM}'>"
            f"<ofd:TextCode X='0' Y='{size * _MM}' DeltaX='{deltas}'>{escape(text)}</ofd:TextCode></ofd:TextObject>"
        )
    return "".join(parts)


def _advance(character: str, size: float) -> float:
    return size / 2 if character.isascii() else size


def _path(x: float, y: float, data: str, stroke: str) -> str:
    return (
        f"<ofd:PathObject ID='8' Boundary='{x * _MM} {y * _MM} 200 200' LineWidth='0.2' Stroke='{stroke}' "
        f"Fill='{'true' if stroke == 'false' else 'false'}'><ofd:AbbreviatedData>{data}</ofd:AbbreviatedData>"
        "</ofd:PathObject>"
    )
