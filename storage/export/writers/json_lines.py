"""JSON Lines: one document a line, UTF-8, numbers as they are, null for what is not there."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

from storage.base import Doc, utc
from storage.export.columns import Row
from storage.export.writers import Sheet, keys


class JsonLinesWriter:
    """Rows as objects by the columns' keys, or whole documents."""

    def __init__(self, path: Path, sheet: Sheet) -> None:
        self._keys = keys(sheet.columns)
        self._stream = path.open("w", encoding="utf-8", errors="backslashreplace", newline="\n")

    def write(self, row: Row) -> None:
        self.document(dict(zip(self._keys, row, strict=True)))

    def document(self, document: Doc) -> None:
        self._stream.write(json.dumps(document, ensure_ascii=False, allow_nan=False, default=_plain) + "\n")

    def close(self) -> None:
        self._stream.close()

    def abandon(self) -> None:
        self._stream.close()


def _plain(value: object) -> str:
    """Times as ISO 8601 with their zone (PyMongo may give UTC without one), days as they are."""
    if isinstance(value, datetime):
        return utc(value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} in a report: JSON has nothing for it")
