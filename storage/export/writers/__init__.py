"""One file a format. A writer takes rows one by one and holds a few thousand of them at most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from storage.base import Doc
from storage.export.columns import Column, ExportError, Row


class Format(StrEnum):
    """By the ending of the file's name."""

    CSV = "csv"
    PARQUET = "parquet"
    XLSX = "xlsx"
    JSONL = "jsonl"


@dataclass(frozen=True)
class Sheet:
    """What is to be written, beside the rows."""

    name: str
    """panel, cells."""
    columns: tuple[Column, ...]
    about: tuple[tuple[str, str], ...]
    """Where it comes from: label, text."""


class NoDocuments:
    """A writer of tables."""

    def document(self, document: Doc) -> None:
        raise ExportError(f"{document['_id']}: a whole report goes into .jsonl only")


class Writer(Protocol):
    def write(self, row: Row) -> None: ...

    def document(self, document: Doc) -> None:
        """A whole report. Only JSON Lines has room for one; the others raise ExportError."""

    def close(self) -> None:
        """Write what is held. Until then the file is not whole."""

    def abandon(self) -> None:
        """Let go of the file as it is; it will be deleted."""


def format_of(path: Path) -> Format:
    """Raises ExportError for an ending that is none of ours."""
    ending = path.suffix.removeprefix(".").lower()
    if ending not in set(Format):
        raise ExportError(
            f"{path.name}: the name must end in one of {', '.join(f'.{one}' for one in Format)}, .warc.gz"
        )
    return Format(ending)


def open_writer(path: Path, format_: Format, sheet: Sheet, *, bom: bool = False) -> Writer:
    """A writer into `path`. Its library is imported here and not before: PyArrow alone takes 0.3 s."""
    if format_ is Format.CSV:
        from storage.export.writers.csv_file import CsvWriter

        return CsvWriter(path, sheet, bom=bom)
    if format_ is Format.PARQUET:
        from storage.export.writers.parquet_file import ParquetWriter

        return ParquetWriter(path, sheet)
    if format_ is Format.XLSX:
        from storage.export.writers.xlsx_file import XlsxWriter

        return XlsxWriter(path, sheet)
    from storage.export.writers.json_lines import JsonLinesWriter

    return JsonLinesWriter(path, sheet)


def keys(columns: Sequence[Column]) -> list[str]:
    return [column.key for column in columns]
