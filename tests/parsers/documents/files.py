"""The fixtures as bytes, and the smallest writers of the containers that the readers open."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

_HERE = Path(__file__).parent / "fixtures"
_SHEET_NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_REL_NS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE_NS = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def fixture(name: str) -> bytes:
    return (_HERE / name).read_bytes()


def ole(*streams: str) -> bytes:
    """A compound file with these empty-worded streams of 4096 bytes at its root."""
    sectors = 8 * len(streams)
    directory = [_entry("Root Entry", 5, _END, 0, child=1)]
    for n, name in enumerate(streams):
        following = n + 2 if n + 1 < len(streams) else _FREE
        directory.append(_entry(name, 2, 8 * n, 4096, right=following))
    while len(directory) % 4:
        directory.append(bytes(128))
    wide = len(directory) // 4
    table = [_END if (n + 1) % 8 == 0 else n + 1 for n in range(sectors)]
    table += [sectors + n + 1 for n in range(wide - 1)] + [_END, _FAT]
    table += [_FREE] * (128 - len(table))
    header = struct.pack(
        "<8s16sHHHHH6xIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", bytes(16), 0x3E, 3, 0xFFFE, 9, 6, 0, 1, sectors, 0, 4096, _END, 0, _END, 0,
    )  # fmt: skip
    places = [sectors + wide, *([_FREE] * 108)]
    return (
        header
        + struct.pack("<109I", *places)
        + bytes(512 * sectors)
        + b"".join(directory)
        + struct.pack("<128I", *table)
    )


def _entry(name: str, kind: int, start: int, size: int, right: int = _FREE, child: int = _FREE) -> bytes:
    raw = name.encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII16sIQQIQ", raw, len(raw) + 2, kind, 1, _FREE, right, child, bytes(16), 0, 0, 0, start, size
    )


def xlsx(
    sheets: Mapping[str, Sequence[Sequence[str | float | None]]],
    merged: Sequence[str] = (),
    hidden: Sequence[str] = (),
) -> bytes:
    """A workbook; `merged` (`A1:C1`) holds for every sheet."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr("[Content_Types].xml", "<Types/>")
        container.writestr(
            "_rels/.rels",
            f'<Relationships {_PACKAGE_NS}><Relationship Id="r" Type="{_REL_NS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        listed = "".join(
            f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"{" state=" + chr(34) + "hidden" + chr(34) if name in hidden else ""}/>'
            for n, name in enumerate(sheets, start=1)
        )
        container.writestr(
            "xl/workbook.xml", f'<workbook {_SHEET_NS} xmlns:r="{_REL_NS}"><sheets>{listed}</sheets></workbook>'
        )
        related = "".join(
            f'<Relationship Id="rId{n}" Type="{_REL_NS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
            for n in range(1, len(sheets) + 1)
        )
        container.writestr(
            "xl/_rels/workbook.xml.rels",
            f"<Relationships {_PACKAGE_NS}>{related}</Relationships>",
        )
        for n, rows in enumerate(sheets.values(), start=1):
            body = "".join(
                f'<row r="{r}">' + "".join(_cell(r, c, value) for c, value in enumerate(row)) + "</row>"
                for r, row in enumerate(rows, start=1)
            )
            spans = "".join(f'<mergeCell ref="{place}"/>' for place in merged)
            container.writestr(
                f"xl/worksheets/sheet{n}.xml",
                f"<worksheet {_SHEET_NS}><sheetData>{body}</sheetData><mergeCells>{spans}</mergeCells></worksheet>",
            )
    return buffer.getvalue()


def _cell(row: int, column: int, value: str | float | None) -> str:
    place = f"{chr(65 + column)}{row}"
    if value is None:
        return ""
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f'<c r="{place}"><v>{value}</v></c>'


def zipped(files: Mapping[str, bytes], encoding: str | None = None) -> bytes:
    """A ZIP; with `encoding`, its names stand in those bytes and without the flag for UTF-8, as Windows wrote them."""
    buffer = io.BytesIO()
    raw_names = [name.encode(encoding or "utf-8") for name in files]
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as container:
        for name, raw in zip(files, raw_names, strict=True):
            container.writestr(name if encoding is None else "x" * len(raw), files[name])
    data = buffer.getvalue()
    if encoding is not None:
        # Every name stands twice, in the order of the files: before its data, and in the list at the end.
        for raw in raw_names * 2:
            data = data.replace(b"x" * len(raw), raw, 1)
    return data
