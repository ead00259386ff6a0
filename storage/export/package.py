"""A Frictionless data package beside the file: every column with type, Chinese title, unit and meaning.

https://datapackage.org/standard/data-package/
"""

from __future__ import annotations

import hashlib
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from storage.export.columns import Column, ExportError
from storage.export.writers import Format, Sheet

NAME = "nianbao-export"
FILE = "datapackage.json"
LICENCE = (
    "The reports are official documents of the organs that published them; nianbao claims no right in them. "
    "The address of each is kept: column url, or the report that report_id names."
)
_MEDIA = {
    Format.CSV: "text/csv",
    Format.PARQUET: "application/vnd.apache.parquet",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.JSONL: "application/jsonl",
}
_KEYS = {"panel": ["report_id"], "cells": ["report_id", "path"]}
_READ_AT_ONCE = 1 << 20


def write_package(target: Path, format_: Format, sheet: Sheet, rows: int) -> Path:
    """Write or renew `datapackage.json` beside `target`; other files of ours that it describes stay in it.

    Raises ExportError where one lies there that we did not write.
    """
    path = target.with_name(FILE)
    others = [one for one in _resources(path) if one.get("path") != target.name and _is_there(path, one)]
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": NAME,
        "title": "政府信息公开工作年度报告",
        "description": "Figures of the annual reports on the work of government information disclosure, by nianbao.",
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "licenses": [{"name": "notspecified", "title": LICENCE}],
        "sources": [
            {"title": "Annual reports on the work of government information disclosure, as published; column url"}
        ],
        "resources": [*others, _resource(target, format_, sheet, rows)],
    }
    part = path.with_name(f".{FILE}.{os.getpid()}.part")
    part.write_text(json.dumps(package, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    part.replace(path)
    return path


def _resource(target: Path, format_: Format, sheet: Sheet, rows: int) -> dict[str, Any]:
    resource: dict[str, Any] = {
        "name": _name(target.name),
        "path": target.name,
        "title": sheet.name,
        "description": "\n".join(f"{label}: {text}" for label, text in sheet.about),
        "format": str(format_),
        "mediatype": _MEDIA[format_],
        "hash": f"sha256:{_sha256(target)}",
        "rows": rows,
    }
    if format_ is not Format.PARQUET:
        # frictionless 5 counts no bytes of a Parquet file, and would call every one of them damaged.
        resource["bytes"] = target.stat().st_size
    if format_ in (Format.CSV, Format.JSONL):
        resource["encoding"] = "utf-8"
    if format_ is Format.XLSX:
        resource["dialect"] = {"headerRows": [2], "commentRows": [1]}
    if sheet.columns:
        resource["schema"] = {
            "fields": [_field(column) for column in sheet.columns],
            "missingValues": [""],
            "primaryKey": _KEYS[sheet.name],
        }
    return resource


def _name(file: str) -> str:
    """A name as the standard allows it; what it does not allow gives way to a hash, so that two stay two."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "-" for c in file.lower())
    return plain if plain == file else f"{plain}-{hashlib.sha256(file.encode()).hexdigest()[:8]}"


def _field(column: Column) -> dict[str, Any]:
    words = " ".join(text for text in (column.definition, column.note) if text)
    field: dict[str, Any] = {"name": column.key, "type": str(column.kind), "title": column.zh}
    field["description"] = f"{column.en}. {words}".strip()
    if column.unit:
        field["unit"] = column.unit
    if column.comparable:
        field["comparable"] = column.comparable
    if column.words:
        field["constraints"] = {"enum": list(column.words)}
    return field


def _resources(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        ours = found["name"] == NAME
        resources: list[dict[str, Any]] = found["resources"]
    except (ValueError, KeyError, TypeError):
        ours = False
    if not ours:
        raise ExportError(f"{path} is another's; write into another folder, or leave out --package")
    return resources


def _is_there(path: Path, resource: dict[str, Any]) -> bool:
    return path.with_name(str(resource.get("path"))).is_file()


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while some := stream.read(_READ_AT_ONCE):
            digest.update(some)
    return digest.hexdigest()
