"""The smallest workbook in binary form ([MS-XLSB]) that has merged, hidden, struck out and formatted cells."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
FORMATS = ("", "0%", "#,##0,")
PLAIN, STRUCK, WHITE, PERCENT, THOUSANDS = range(5)
"""Cell styles."""
_STYLES = ((0, 0), (1, 0), (2, 0), (0, 1), (0, 2))
"""(font, format) of each."""


@dataclass(frozen=True)
class Cell:
    value: str | float
    style: int = PLAIN
    raised: int = -1
    """Characters from this one on stand above the line."""


Value = str | float | Cell | None
Area = tuple[int, int, int, int]
"""First row, first column, last row, last column."""


def xlsb(
    sheets: Mapping[str, Sequence[Sequence[Value]]],
    merged: Sequence[Area] = (),
    hidden_rows: Sequence[int] = (),
    hidden_columns: Sequence[int] = (),
    rows_from: int = 0,
) -> bytes:
    """`rows_from`: the number of the first row."""
    buffer, strings = io.BytesIO(), list[Cell]()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        named = list(sheets.items())
        for number, (_, rows) in enumerate(named, 1):
            part = _sheet(rows, merged, hidden_rows, hidden_columns, rows_from, strings)
            package.writestr(f"xl/worksheets/sheet{number}.bin", part)
        bundle = b"".join(
            _record(156, struct.pack("<II", 0, n) + _text(f"rId{n}") + _text(name))
            for n, (name, _) in enumerate(named, 1)
        )
        package.writestr("xl/workbook.bin", _record(131) + _record(143) + bundle + _record(144) + _record(132))
        kinds = {
            **{f"rId{n}": ("worksheet", f"worksheets/sheet{n}.bin") for n in range(1, len(named) + 1)},
            "rIdA": ("styles", "styles.bin"), "rIdB": ("sharedStrings", "sharedStrings.bin"),
        }  # fmt: skip
        package.writestr("xl/_rels/workbook.bin.rels", _relations(kinds))
        package.writestr("_rels/.rels", _relations({"rId1": ("officeDocument", "xl/workbook.bin")}))
        package.writestr("xl/styles.bin", _styles())
        items = b"".join(_record(19, _item(cell)) for cell in strings)
        counts = struct.pack("<II", len(strings), len(strings))
        package.writestr("xl/sharedStrings.bin", _record(159, counts) + items + _record(160))
        package.writestr("[Content_Types].xml", _types(len(named)))
    return buffer.getvalue()


def _sheet(
    rows: Sequence[Sequence[Value]],
    merged: Sequence[Area],
    hidden_rows: Sequence[int],
    hidden_columns: Sequence[int],
    first: int,
    strings: list[Cell],
) -> bytes:
    parts = [_record(129)]
    width = max(map(len, rows))
    parts.append(_record(148, struct.pack("<4I", first, first + len(rows) - 1, 0, width - 1)))
    columns = (struct.pack("<4IH", n, n, 2560, 0, 1) for n in hidden_columns)
    parts += [_record(390), *(_record(60, one) for one in columns), _record(391)] if hidden_columns else []
    parts.append(_record(145))
    for number, row in enumerate(rows):
        flags = 0x10 if number in hidden_rows else 0
        parts.append(_record(0, struct.pack("<IIHBBBI", first + number, 0, 300, 0, flags, 0, 0)))
        parts.extend(_cell(column, value, strings) for column, value in enumerate(row) if value is not None)
    parts.append(_record(146))
    areas = (struct.pack("<4I", top, bottom, left, right) for top, left, bottom, right in merged)
    parts += (
        [_record(177, struct.pack("<I", len(merged))), *(_record(176, one) for one in areas), _record(178)]
        if merged
        else []
    )
    return b"".join([*parts, _record(130)])


def _cell(column: int, value: str | float | Cell, strings: list[Cell]) -> bytes:
    cell = value if isinstance(value, Cell) else Cell(value)
    head = struct.pack("<I", column) + cell.style.to_bytes(3, "little") + b"\0"
    if isinstance(cell.value, str):
        strings.append(cell)
        return _record(7, head + struct.pack("<I", len(strings) - 1))
    if isinstance(cell.value, int):
        return _record(2, head + struct.pack("<i", cell.value << 2 | 2))
    return _record(5, head + struct.pack("<d", cell.value))


def _item(cell: Cell) -> bytes:
    assert isinstance(cell.value, str)
    if cell.raised < 0:
        return b"\0" + _text(cell.value)
    return b"\1" + _text(cell.value) + struct.pack("<IHHHH", 2, 0, 0, cell.raised, 3)


def _styles() -> bytes:
    # Plain, struck out, white, raised.
    fonts = ((0, 0, 0), (8, 0, 0), (0, 0, 0xFFFFFF), (0, 1, 0))
    font = b"".join(
        _record(43, struct.pack("<4H4BBBh4B", 220, bits, 400, place, 0, 2, 134, 0, 5, 0, 0, *colour.to_bytes(3, "big"), 255) + b"\0" + _text("宋体"))
        for bits, place, colour in fonts
    )  # fmt: skip
    formats = b"".join(_record(44, struct.pack("<H", 170 + n) + _text(code)) for n, code in enumerate(FORMATS) if code)
    styles = b"".join(
        _record(47, struct.pack("<4HI", 0, 170 + code if code else 0, font, 0, 0) + bytes(4)) for font, code in _STYLES
    )
    return _record(278) + _record(615) + formats + _record(616) + _record(611) + font + _record(612) + (
        _record(617, struct.pack("<I", len(_STYLES))) + styles + _record(618) + _record(279)
    )  # fmt: skip


def _record(kind: int, data: bytes = b"") -> bytes:
    number = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, sizes = len(data), bytearray()
    while True:
        sizes.append(size & 0x7F | (0x80 if size > 0x7F else 0))
        size >>= 7
        if not size:
            return number + bytes(sizes) + data


def _text(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _relations(targets: Mapping[str, tuple[str, str]]) -> str:
    items = "".join(
        f'<Relationship Id="{key}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for key, (kind, target) in targets.items()
    )
    return f'<?xml version="1.0"?><Relationships xmlns="{_PACKAGE}/relationships">{items}</Relationships>'


def _types(sheets: int) -> str:
    kind = "application/vnd.ms-excel."
    parts = [("/xl/workbook.bin", f"{kind}sheet.binary.macroEnabled.main"), ("/xl/styles.bin", f"{kind}styles")]
    parts += [(f"/xl/worksheets/sheet{n}.bin", f"{kind}worksheet") for n in range(1, sheets + 1)]
    overrides = "".join(f'<Override PartName="{name}" ContentType="{one}"/>' for name, one in parts)
    return (
        f'<?xml version="1.0"?><Types xmlns="{_PACKAGE}/content-types"><Default Extension="bin" ContentType="{kind}x"/>'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{overrides}</Types>'
    )
