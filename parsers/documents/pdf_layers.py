"""Layers of a PDF that are switched off when it is opened (ISO 32000-1, 8.11): nobody sees what is drawn in them.

pdfium gives their texts like all others, and says of each thing in which layer it stands; which layers are off stands in
the file's catalog, where pdfminer looks it up.
"""

from __future__ import annotations

import ctypes
import io
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import pypdfium2.raw as pdfium_c
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfexceptions import PDFException
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import PDFObjRef, resolve1
from pdfminer.psexceptions import PSException
from pdfminer.utils import decode_text

from parsers.documents.foreign import CONFUSED

_LONGEST = 256
"""Bytes of a name in UTF-16."""


class Layers:
    """Of one file."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._may_be = b"/OCProperties" in content or b"/ObjStm" in content
        self._buffer = ctypes.create_string_buffer(_LONGEST)
        self._said = ctypes.c_ulong()

    def hides(self, thing: Any) -> bool:
        """Does a thing on a page stand in a layer that is off?"""
        if not self._may_be:
            return False
        for number in range(pdfium_c.FPDFPageObj_CountMarks(thing)):
            mark = pdfium_c.FPDFPageObj_GetMark(thing, number)
            if self._text(pdfium_c.FPDFPageObjMark_GetName, mark) != "OC" or not self._off:
                continue
            name = self._text(pdfium_c.FPDFPageObjMark_GetParamStringValue, mark, b"Name")
            # What belongs to several layers at once (OCMD) has no name of its own, and is not read where one is off.
            if not name or name in self._off:
                return True
        return False

    def _text(self, ask: Any, mark: Any, *key: bytes) -> str:
        buffer = ctypes.cast(self._buffer, ctypes.POINTER(ctypes.c_ushort))
        if not ask(mark, *key, buffer, _LONGEST, self._said):
            return ""
        return self._buffer.raw[: min(self._said.value, _LONGEST)].decode("utf-16-le", "replace").rstrip("\0")

    @cached_property
    def _off(self) -> frozenset[str]:
        """The names of the layers that are off."""
        try:
            return frozenset(_names_off(PDFDocument(PDFParser(io.BytesIO(self._content)))))
        except (PDFException, PSException, *CONFUSED):
            return frozenset()


def _names_off(document: PDFDocument) -> Iterator[str]:
    properties = resolve1(document.catalog.get("OCProperties"))
    if not isinstance(properties, dict):
        return
    begin = resolve1(properties.get("D"))
    begin = begin if isinstance(begin, dict) else {}
    on, off = (_numbers(begin.get(name)) for name in ("ON", "OFF"))
    is_off_at_first = getattr(resolve1(begin.get("BaseState")), "name", "ON") == "OFF"
    for layer in resolve1(properties.get("OCGs")) or ():
        number = layer.objid if isinstance(layer, PDFObjRef) else 0
        if number in off or (is_off_at_first and number not in on):
            said = resolve1(layer)
            name = resolve1(said.get("Name")) if isinstance(said, dict) else None
            if isinstance(name, bytes):
                yield decode_text(name)


def _numbers(said: object) -> frozenset[int]:
    listed = resolve1(said)
    return frozenset(one.objid for one in (listed if isinstance(listed, list) else ()) if isinstance(one, PDFObjRef))
