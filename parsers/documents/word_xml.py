"""Word files in one piece of XML, which portals offer as .doc: Flat OPC (Word 2007 and later) and WordprocessingML 2003.

Both hold what a DOCX holds. They are put into the form of a DOCX, and the one reader of that reads them.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from xml.sax.saxutils import quoteattr

from docx import Document as new_document
from lxml import etree

from parsers.documents.docx import read_docx
from parsers.documents.foreign import guarded
from parsers.documents.limits import MAX_DOCX_BYTES, refuse_above
from parsers.documents.media import WORD_XML
from parsers.documents.model import Document
from parsers.errors import Unreadable

_PKG = "{http://schemas.microsoft.com/office/2006/xmlPackage}"
_OLD = "{http://schemas.microsoft.com/office/word/2003/wordml}"
_NEW = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_RENAMED = {"vmerge": "vMerge", "wordDocument": "document"}
_BINARY = (f"{_OLD}binData", f"{_OLD}docOleData", f"{_OLD}bindata")


def read_word_xml(content: bytes) -> Document:
    """Read a Word file written as XML. Raises Unreadable("damaged" | "too_large")."""
    refuse_above(len(content), MAX_DOCX_BYTES, "the Word file")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    with guarded("the Word file", etree.XMLSyntaxError):
        root = etree.fromstring(content.strip(), parser)
        if root.tag == f"{_PKG}package":
            packed = _from_flat(root)
        elif root.tag == f"{_OLD}wordDocument":
            packed = _from_2003(root)
        else:
            raise Unreadable("damaged", "the XML is no Word file")
        return replace(read_docx(packed), media_type=WORD_XML)


def _from_flat(root: etree._Element) -> bytes:
    """The parts of the package as the members of a zip; of pictures only the name."""
    types, parts = [], []
    for part in root.iterfind(f"{_PKG}part"):
        name, kind = part.get(f"{_PKG}name") or "", part.get(f"{_PKG}contentType") or ""
        data = part.find(f"{_PKG}xmlData")
        if name.startswith("/"):
            types.append(f"<Override PartName={quoteattr(name)} ContentType={quoteattr(kind)}/>")
            inner = next(iter(data), None) if data is not None else None
            markup = b"" if inner is None else etree.tostring(inner, encoding="utf-8", xml_declaration=True)
            parts.append((name[1:], markup))
    listed = f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{"".join(types)}</Types>'
    return _zipped([("[Content_Types].xml", listed.encode()), *parts])


def _from_2003(root: etree._Element) -> bytes:
    """The body under today's names, in an empty DOCX."""
    for element in list(root.iter(*_BINARY)):
        element.clear()
    for element in list(root.iter(etree.Element)):
        name = str(element.tag)
        if name.startswith(_OLD):
            own = name.removeprefix(_OLD)
            element.tag = _NEW + _RENAMED.get(own, own)
        for key, value in list(element.attrib.items()):
            if str(key).startswith(_OLD):
                del element.attrib[key]
                element.set(_NEW + str(key).removeprefix(_OLD), value)
    body = root.find(f"{_NEW}body")
    if body is None:
        raise Unreadable("damaged", "the Word file has no body")
    # Sections and headings are wrapped in elements of a namespace of their own.
    etree.strip_tags(body, "{http://schemas.microsoft.com/office/word/2003/auxHint}*")
    document = etree.Element(f"{_NEW}document")
    document.append(body)
    empty = io.BytesIO()
    new_document().save(empty)
    with zipfile.ZipFile(empty) as container:
        members = [(name, container.read(name)) for name in container.namelist() if name != "word/document.xml"]
    return _zipped([*members, ("word/document.xml", etree.tostring(document, encoding="utf-8", xml_declaration=True))])


def _zipped(members: list[tuple[str, bytes]]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as container:
        for name, content in members:
            container.writestr(name, content)
    return buffer.getvalue()
