"""What is put on a PDF page beside its content: fields that are filled in, comments that write or strike out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from parsers.documents.pdf_seen import Bounds

_WRITTEN = frozenset((pdfium_c.FPDF_ANNOT_WIDGET, pdfium_c.FPDF_ANNOT_FREETEXT))


def with_notes(opened: pdfium.PdfDocument, index: int) -> tuple[pdfium.PdfPage, tuple[Bounds, ...]]:
    """The page with what is filled into its fields and written by its comments as part of its content, and the places
    that comments strike out."""
    page = opened[index]
    is_written, struck = False, list[Bounds]()
    for number in range(pdfium_c.FPDFPage_GetAnnotCount(page.raw)):
        note = pdfium_c.FPDFPage_GetAnnot(page.raw, number)
        kind = pdfium_c.FPDFAnnot_GetSubtype(note)
        is_written |= kind in _WRITTEN
        if kind == pdfium_c.FPDF_ANNOT_STRIKEOUT:
            struck.extend(_places(note))
        pdfium_c.FPDFPage_CloseAnnot(note)
    if not is_written:
        return page, tuple(struck)
    pdfium_c.FPDFPage_Flatten(page.raw, pdfium_c.FLAT_NORMALDISPLAY)
    page.close()
    return opened[index], tuple(struck)


def _places(note: Any) -> Iterator[Bounds]:
    points = pdfium_c.FS_QUADPOINTSF()
    for number in range(pdfium_c.FPDFAnnot_CountAttachmentPoints(note)):
        if pdfium_c.FPDFAnnot_GetAttachmentPoints(note, number, points):
            across, up = (points.x1, points.x2, points.x3, points.x4), (points.y1, points.y2, points.y3, points.y4)
            yield min(across), min(up), max(across), max(up)
