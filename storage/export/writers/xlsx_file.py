"""XLSX for people: Chinese headings in row 1, keys in row 2, a data dictionary and a page that says where it is from.

Written row by row to the disk (XlsxWriter's constant memory); texts stand in the cells as texts, never as formulas.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from storage.export.columns import Column, ExportError, Kind, Row, Value
from storage.export.writers import NoDocuments, Sheet
from storage.export.writers.guard import guarded

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

HEADINGS = 2
MOST_ROWS = 1_048_576 - HEADINGS
"""Excel's own limit."""
LONGEST_TEXT = 32_767
_NAMES = {"panel": "面板数据", "cells": "单元格"}
_WIDE = {
    "report_id": 24,
    "organ_name": 28,
    "title": 48,
    "url": 36,
    "flags": 36,
    "path": 40,
    "row_label": 36,
    "column_label": 24,
    "raw": 24,
}
"""Characters; a Chinese one is as wide as two."""
_FROZEN = 3
"""Columns that stay in sight: which report, which organ."""


class XlsxWriter(NoDocuments):
    def __init__(self, path: Path, sheet: Sheet) -> None:
        self._book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
        self._formats = {
            "head": self._book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
            "key": self._book.add_format({"font_color": "#666666"}),
            "plain": self._book.add_format({"num_format": "0"}),
            "count": self._book.add_format({"num_format": "#,##0"}),
            "amount": self._book.add_format({"num_format": "#,##0.00####"}),
            "day": self._book.add_format({"num_format": "yyyy-mm-dd"}),
            "text": self._book.add_format({"num_format": "@"}),
            "wrap": self._book.add_format({"text_wrap": True, "valign": "top"}),
        }
        self._sheet = sheet
        self._main = self._book.add_worksheet(_NAMES.get(sheet.name, sheet.name))
        self._next = 0
        self._headings()

    def write(self, row: Row) -> None:
        if self._next >= MOST_ROWS + HEADINGS:
            raise ExportError(f"an XLSX sheet holds {MOST_ROWS:,} rows; ask for less, or write .parquet or .csv")
        for at, (column, value) in enumerate(zip(self._sheet.columns, row, strict=True)):
            self._put(self._main, self._next, at, column, value)
        self._next += 1

    def close(self) -> None:
        self._main.autofilter(HEADINGS - 1, 0, max(self._next - 1, HEADINGS), len(self._sheet.columns) - 1)
        self._dictionary()
        self._about()
        try:
            self._book.close()
        except XlsxWriterException as error:
            raise ExportError(f"the XLSX file cannot be written: {error}; is there space on the disk?") from None

    def abandon(self) -> None:
        # Closing lets go of its temporary files; whether what it leaves is whole does not matter.
        with contextlib.suppress(XlsxWriterException, OSError):
            self._book.close()

    def _put(self, sheet: Worksheet, row: int, at: int, column: Column, value: Value) -> None:
        if value is None:
            return
        if isinstance(value, str):
            sheet.write_string(row, at, _text(value), self._formats["text"])
        elif isinstance(value, date):
            sheet.write_datetime(row, at, value, self._formats["day"])
        else:
            sheet.write_number(row, at, value, self._number_format(column, value))

    def _number_format(self, column: Column, value: int | float) -> Format:
        if column.kind is Kind.WHOLE:
            return self._formats["plain"]
        return self._formats["amount" if column.unit == "万元" or value != int(value) else "count"]

    def _headings(self) -> None:
        self._main.freeze_panes(HEADINGS, _FROZEN)
        for at, column in enumerate(self._sheet.columns):
            self._main.set_column(at, at, _WIDE.get(column.key, 14 if column.kind is Kind.TEXT else 11))
        for at, column in enumerate(self._sheet.columns):
            unit = f"（{column.unit}）" if column.unit else ""
            self._main.write_string(0, at, f"{column.zh}{unit}", self._formats["head"])
        for at, column in enumerate(self._sheet.columns):
            self._main.write_string(1, at, column.key, self._formats["key"])
        self._next = HEADINGS

    def _dictionary(self) -> None:
        """数据字典: what each column is."""
        titles = ("字段 key", "名称", "English", "类型 type", "单位", "定义", "可比性", "说明")
        lines = (
            (c.key, c.zh, c.en, str(c.kind), c.unit or "", c.definition, c.comparable, c.note or " ".join(c.words))
            for c in self._sheet.columns
        )
        self._page("数据字典", titles, lines, (28, 24, 32, 10, 8, 48, 12, 60))

    def _about(self) -> None:
        """说明: where it comes from, and how to read it."""
        self._page("说明", ("项目", "内容"), self._sheet.about, (24, 120))

    def _page(
        self, name: str, titles: tuple[str, ...], lines: Iterable[tuple[str, ...]], widths: tuple[int, ...]
    ) -> None:
        page = self._book.add_worksheet(name)
        page.freeze_panes(1, 0)
        for at, width in enumerate(widths):
            page.set_column(at, at, width)
        for at, title in enumerate(titles):
            page.write_string(0, at, title, self._formats["head"])
        for row, line in enumerate(lines, start=1):
            for at, text in enumerate(line):
                page.write_string(row, at, _text(text), self._formats["wrap"])


def _text(text: str) -> str:
    """As a cell can hold it: Excel cuts at 32,767 characters, and a cut is marked."""
    kept = guarded(text)
    return kept if len(kept) <= LONGEST_TEXT else f"{kept[: LONGEST_TEXT - 1]}…"
