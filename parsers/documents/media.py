"""What a file is, by its first bytes: servers call PDFs text/html and Word files octet-stream."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections import Counter
from itertools import islice

from parsers.documents.charset import utf16
from parsers.documents.foreign import NO_ZIP

HTML = "text/html"
TEXT = "text/plain"
CSV = "text/csv"
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLSB = "application/vnd.ms-excel.sheet.binary.macroenabled.12"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
DOC = "application/msword"
XLS = "application/vnd.ms-excel"
OLE = "application/x-ole-storage"
ODT = "application/vnd.oasis.opendocument.text"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
SHEET_XML = "application/vnd.ms-excel+xml"
OFD = "application/ofd"
ZIP = "application/zip"
RAR = "application/vnd.rar"
SEVEN_ZIP = "application/x-7z-compressed"
RTF = "application/rtf"
MHTML = "multipart/related"
MAIL = "message/rfc822"
WORD_XML = "application/msword+xml"
BINARY = "application/octet-stream"

_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"Rar!\x1a\x07", RAR),
    (b"7z\xbc\xaf\x27\x1c", SEVEN_ZIP),
    (b"\x1f\x8b\x08", "application/gzip"),
)
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
_ZIP_PARTS = ((b"word/", DOCX), (b"xl/workbook.bin", XLSB), (b"xl/", XLSX), (b"ppt/", PPTX), (b"OFD.xml", OFD))
_OF_OPEN_DOCUMENTS = b"application/vnd.oasis.opendocument."
_OLE_STREAMS = (("WordDocument", DOC), ("Workbook", XLS), ("Book", XLS))
_HTML_START = re.compile(rb"\s*(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|body|meta|title)\b", re.I | re.S)
_HTML_TAG = re.compile(
    rb"<(?:p|div|table|tbody|tr|td|span|br|img|ul|li|h[1-6]|strong|b|font|center|style|script|a)(?:\s[^<>]*)?/?>",
    re.I,
)
_JSON_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:[\w$.]{1,60}\(\s*)?\{\s*\"")
_JSON_TAG = re.compile(rb"(?:<|&lt;|\\u003c)(?:p|div|table|span)\b", re.I)
_LONGEST_TYPE = 80
_ENOUGH_TAGS = 3
_MARKDOWN_RULE = re.compile(rb"^[ \t]*\|?(?:[ \t]*:?-{3,}:?[ \t]*\|){2,}", re.M)
_TAG_OF_A_PAGE = re.compile(rb"<(?:p|table|tbody|tr|td|ul|li|h[1-6]|span|font|a|b|strong|center)[\s>]", re.I)
_WIKI_TABLE = re.compile(rb"^\{\|.*\n(?:.*\n)*?\|\}", re.M)
_TAG_OF_A_TABLE = re.compile(rb"<(?:p|table|tbody|tr|td|body)[\s>]", re.I)
_LABELLED_CELL = re.compile(rb"[^,\"]*[^\d,\"],|[,\"]")
"""A line of cells begins with a label or a blank; with 1,234 a number begins that has a sign between its thousands."""
_FIGURE_CELL = re.compile(rb",\"?\d[\d,.]*\"?(?=,|$)")
_ENOUGH_LINES, _ALIKE, _NEARLY_ALL = 5, 0.6, 0.9
_FEWEST_COMMAS = 2
_QUOTED = re.compile(rb'"[^"\n]*"')
_MAIL_HEADER = re.compile(rb"\s*[A-Za-z][A-Za-z0-9-]{1,40}:[^\n]{0,998}\n")
_MAIL_FILE = re.compile(rb"^Content-Disposition:\s*attachment\b", re.I | re.M)
_MAIL_PARTS = re.compile(rb"^Content-Type:\s*multipart/(?:related|alternative|mixed)\b", re.I | re.M)
_WORD_XML_MARKS = (b"<w:wordDocument", b"<pkg:package", b"schemas.microsoft.com/office/word/2003/wordml")
_FLAT = re.compile(
    rb"<office:document\s[^>]*?office:mimetype\s*=\s*[\"'](application/vnd\.oasis\.opendocument\.[\w-]+)"
)
"""An OpenDocument file in one piece says so in its first element."""
_SHEET_XML = re.compile(rb"<(?:[\w-]+:)?Workbook\s[^>]*schemas-microsoft-com:office:spreadsheet")
_CONTROLS = bytes((*range(1, 9), *range(14, 27), *range(28, 32)))


def sniff(content: bytes, declared: str | None = None) -> str:
    """Return the media type of `content` without parameters.

    `declared` (the server's word, perhaps with a charset) decides only between HTML and plain text, and only
    where the bytes leave it open. Bytes that are no text and nothing known are `application/octet-stream`.
    """
    head = content[:1024]
    if b"%PDF-" in head:
        return PDF
    for magic, media_type in _MAGIC:
        if content.startswith(magic):
            return media_type
    if head[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{\\rtf"):
        return RTF
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    if content.startswith(b"BM") and content[6:10] == b"\0\0\0\0":
        return "image/bmp"
    if content.startswith(_ZIP_MAGIC):
        return _zip_type(content)
    if content.startswith(_OLE_MAGIC):
        return _ole_type(content)
    return _text_type(content, declared)


def _zip_type(content: bytes) -> str:
    """By the type that OpenDocument files name first, else by the names of the members; of a damaged container, by the
    names that still stand in it."""
    if content[30:38] == b"mimetype" and content.startswith(_OF_OPEN_DOCUMENTS, 38):
        length = min(int.from_bytes(content[22:26], "little"), _LONGEST_TYPE)
        return content[38 : 38 + length].decode("ascii", "replace").strip()
    try:
        container = zipfile.ZipFile(io.BytesIO(content))
        names = "\n".join(container.namelist()).encode("utf-8", "replace")
    except NO_ZIP:
        names = content
    else:
        if told := _told_inside(container):
            return told
    for part, media_type in _ZIP_PARTS:
        if names.startswith(part) or b"\n" + part in names or (names is content and part in names):
            return media_type
    return ZIP


def _told_inside(container: zipfile.ZipFile) -> str:
    """The type that an OpenDocument file names, where another program has packed it again; "" for all others."""
    if "mimetype" not in container.NameToInfo:
        return ""
    try:
        with container.open("mimetype") as member:
            told = member.read(_LONGEST_TYPE).strip()
    except (*NO_ZIP, RuntimeError, EOFError, zlib.error):
        return ""
    return told.decode("ascii", "replace") if told.startswith(_OF_OPEN_DOCUMENTS) else ""


def _ole_type(content: bytes) -> str:
    """By the names of the streams, which OLE writes in UTF-16."""
    for name, media_type in _OLE_STREAMS:
        if name.encode("utf-16-le") in content:
            return media_type
    return OLE


def _text_type(content: bytes, declared: str | None) -> str:
    if codec := utf16(content):
        probe = content[:65536].decode(codec, errors="replace").lstrip("\ufeff").encode("utf-8", "replace")
    else:
        probe = content[:65536]
        nulls = content.count(0) if 0 in content else 0
        controls = len(probe) - len(probe.translate(None, _CONTROLS))
        if nulls > len(content) * 0.001 + 1 or controls > len(probe) * 0.01 + 1:
            return BINARY
    if _MAIL_HEADER.match(probe.removeprefix(b"\xef\xbb\xbf")) and _MAIL_PARTS.search(probe[:4096]):
        return MAIL if _MAIL_FILE.search(content) else MHTML
    if any(mark in probe for mark in _WORD_XML_MARKS):
        return WORD_XML
    if b"<office:document" in probe and (flat := _FLAT.search(probe)):
        return flat[1].decode("ascii")
    if b":office:spreadsheet" in probe and _SHEET_XML.search(probe[:4096]):
        return SHEET_XML
    if _HTML_START.match(probe.removeprefix(b"\xef\xbb\xbf")):
        return HTML
    if _JSON_START.match(probe) and _JSON_TAG.search(probe):
        return HTML  # an interface's answer that holds a page's text (parsers.documents.scripted)
    found = [tag[0] for tag in islice(_HTML_TAG.finditer(probe), _ENOUGH_TAGS)]
    if found and b"---" in probe and _MARKDOWN_RULE.search(probe) and not _TAG_OF_A_PAGE.search(probe):
        return TEXT  # Markdown, with line breaks in its cells or divisions around them
    if found and b"{|" in probe and _WIKI_TABLE.search(probe) and not _TAG_OF_A_TABLE.search(probe):
        return TEXT  # a wiki's page, with anchors in its headings
    if len(found) == _ENOUGH_TAGS or (found and "html" in (declared or "").lower()):
        return HTML
    if b"<html" in probe.lower() or b"<body" in probe.lower():
        return HTML
    return CSV if "csv" in (declared or "").lower() or _is_csv(probe) else TEXT


def _is_csv(text: bytes) -> bool:
    """Do its lines look like rows of cells? The sentences of a report have another comma than this one."""
    if text.count(b",") < _ENOUGH_LINES:
        return False
    if _are_equally_long(text):
        return True
    lines = [line for line in text.splitlines() if b"," in line and _LABELLED_CELL.match(line)]
    figures = [line for line in lines if _FIGURE_CELL.search(line)]
    if len(figures) < _ENOUGH_LINES or 2 * len(figures) < len(lines):
        return False
    most = max(Counter(line.count(b",") for line in lines).values())
    return most >= _ENOUGH_LINES and most >= _ALIKE * len(lines)


def _are_equally_long(text: bytes) -> bool:
    """Has every line as many cells, as a spreadsheet program writes them, also of a sheet that holds sentences?"""
    lines = [_QUOTED.sub(b"", line) for line in text.splitlines() if line.strip()]
    if sum(b",," in line for line in lines) < _ENOUGH_LINES:
        return False  # behind a sentence are blank cells
    counts = Counter(line.count(b",") for line in lines)
    (cells, often), *_ = counts.most_common(1)
    return cells >= _FEWEST_COMMAS and often >= _ENOUGH_LINES and often >= _NEARLY_ALL * len(lines)
