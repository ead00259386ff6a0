"""Every format read back into the same thing: rows by column key, None for a blank."""

from __future__ import annotations

import csv
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from python_calamine import load_workbook

Rows = list[dict[str, Any]]


def read(path: Path) -> Rows:
    return {".csv": read_csv, ".parquet": read_parquet, ".xlsx": read_xlsx, ".jsonl": read_jsonl}[path.suffix](path)


def read_csv(path: Path) -> Rows:
    """Numbers stay text in a CSV; an empty field is None."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return [{key: text or None for key, text in row.items()} for row in csv.DictReader(stream)]


def read_parquet(path: Path) -> Rows:
    rows: Rows = pq.read_table(path).to_pylist()
    return rows


def read_xlsx(path: Path) -> Rows:
    """Row 2 holds the keys. Excel knows no integers."""
    _, keys, *rows = load_workbook(path).get_sheet_by_index(0).to_python(skip_empty_area=False)
    return [{str(key): None if value == "" else value for key, value in zip(keys, row, strict=True)} for row in rows]


def read_jsonl(path: Path) -> Rows:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def same(read_back: object, meant: object) -> bool:
    """Equal as far as the format can say it: 12 and 12.0 and "12"; a date and its ISO form."""
    if read_back is None or meant is None:
        return read_back is meant
    if isinstance(meant, (int, float)) and not isinstance(meant, bool):
        return isinstance(read_back, (int, float, str)) and float(read_back) == meant
    if isinstance(read_back, (date, datetime)):
        return read_back.isoformat()[:10] == str(meant)
    return str(read_back) == str(meant)
