"""What an OpenDocument file is made of, whether it is a ZIP or one piece of XML (.fodt, .fods): its body, its styles, its
title and its pictures. `odt.py` and `ods.py` read the body."""

from __future__ import annotations

import io
import zipfile
from base64 import b64decode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from lxml import etree

from parsers.documents import limits
from parsers.documents.containers import check_container
from parsers.documents.foreign import guarded
from parsers.errors import Unreadable

NS = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
OFFICE, STYLE, TABLE = (NS % name for name in ("office", "style", "table"))
_META = NS % "meta"
_XLINK = "{http://www.w3.org/1999/xlink}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_DEEPEST = 20
_ZIP = b"PK"

Element = etree._Element
Looks = Mapping[str, Mapping[str, str]]
"""Name of a style -> its properties and those of the styles that it is based on."""


@dataclass(frozen=True, slots=True)
class Package:
    body: Element
    looks: Looks
    title: str | None
    container: zipfile.ZipFile | None
    """None of a file in one piece."""

    def picture(self, image: Element) -> tuple[str, bytes] | None:
        """(name, bytes) of what a `draw:image` shows, where it is in the file; a name is one picture's alone."""
        name = (image.get(f"{_XLINK}href") or "").removeprefix("./")
        if self.container is not None and name in self.container.NameToInfo:
            return name, self.container.read(name)
        written = "".join((image.findtext(f"{OFFICE}binary-data") or "").split())
        return (written[:64] + str(len(written)), b64decode(written)) if written else None


@contextmanager
def opened(content: bytes, kind: str, what: str) -> Iterator[Package]:
    """A file whose body is of a `kind` (text, spreadsheet), readable inside the `with`; `what` names it for people.

    Raises Unreadable("damaged" | "encrypted" | "too_large").
    """
    if content.startswith(_ZIP):
        check_container(content, limits.MAX_DOCX_BYTES, what)
    limits.refuse_above(len(content), limits.MAX_DOCX_BYTES, what)
    with guarded(what, etree.XMLSyntaxError, RuntimeError):
        if not content.startswith(_ZIP):
            root = _parsed(content.strip())
            yield Package(_body(root, kind, what), _looks([root]), _title(root.find(f"{OFFICE}meta")), None)
            return
        with zipfile.ZipFile(io.BytesIO(content)) as container:
            if b"encryption-data" in _member(container, "META-INF/manifest.xml"):
                raise Unreadable("encrypted", f"{what} is protected by a password")
            root = _parsed(container.read("content.xml"))
            styles = [root, *(_parsed(part) for part in [_member(container, "styles.xml")] if part)]
            meta = _member(container, "meta.xml")
            title = _title(_parsed(meta).find(f"{OFFICE}meta") if meta else None)
            yield Package(_body(root, kind, what), _looks(styles), title, container)


def _body(root: Element, kind: str, what: str) -> Element:
    body = root.find(f"{OFFICE}body/{OFFICE}{kind}")
    if body is None:
        raise Unreadable("damaged", f"{what} has no {kind}")
    return body


def _member(container: zipfile.ZipFile, name: str) -> bytes:
    return container.read(name) if name in container.NameToInfo else b""


def _parsed(markup: bytes) -> Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    return etree.fromstring(markup, parser)


def _title(meta: Element | None) -> str | None:
    title = (meta.findtext(f"{_DC}title") or "").strip() if meta is not None else ""
    return title if len(title) >= 6 else None


def _looks(roots: list[Element]) -> Looks:
    styles = {style.get(f"{STYLE}name") or "": style for root in roots for style in root.iter(f"{STYLE}style")}
    found: dict[str, Mapping[str, str]] = {}
    for name in styles:
        said: dict[str, str] = {}
        above: str | None = name
        for _ in range(_DEEPEST):
            style = styles.get(above or "")
            if style is None:
                break
            for properties in style:
                for key, value in properties.attrib.items():
                    said.setdefault(str(key), str(value))
            above = style.get(f"{STYLE}parent-style-name")
        found[name] = said
    return found


def number(element: Element, name: str, most: int) -> int:
    """How many columns or rows a cell covers or stands for: `table:number-columns-repeated` and its like, at least 1."""
    written = element.get(f"{TABLE}number-{name}") or ""
    return min(max(int(written), 1), most) if written.isdecimal() else 1
