"""CSV as RFC 4180 has it: UTF-8, commas, CRLF, quotes where needed; nothing between two commas is null."""

from __future__ import annotations

import csv
from pathlib import Path

from storage.export.columns import Row, Value
from storage.export.writers import NoDocuments, Sheet, keys
from storage.export.writers.guard import guarded


class CsvWriter(NoDocuments):
    """`bom`: begin with a byte order mark, without which Excel takes Chinese for something else."""

    def __init__(self, path: Path, sheet: Sheet, *, bom: bool = False) -> None:
        self._stream = path.open("w", encoding="utf-8-sig" if bom else "utf-8", errors="replace", newline="")
        self._csv = csv.writer(self._stream, lineterminator="\r\n")
        self._csv.writerow(keys(sheet.columns))

    def write(self, row: Row) -> None:
        self._csv.writerow([_plain(value) for value in row])

    def close(self) -> None:
        self._stream.close()

    def abandon(self) -> None:
        self._stream.close()


def _plain(value: Value) -> str | int | float | None:
    if isinstance(value, str):
        # NUL is no character of a text file; some readers stop at it.
        return guarded(value.replace("\x00", "\ufffd"))
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if value is None or isinstance(value, (int, float)):
        return value
    return value.isoformat()
