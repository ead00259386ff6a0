"""A form of a province's or city's own: its rows as they stand, and the words by which its header is known."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from parsers.report import Number
from parsers.tables.labels import fold, strip_ordinal
from parsers.yaml_file import Node, load

_CODE = re.compile(r"(\d{1,3})(?!\d)")


@dataclass(frozen=True, slots=True)
class LocalRow:
    code: str | None
    """The number that the form prints in front of the label, where it does."""
    label: str
    group: str | None
    unit: str | None
    values: tuple[Number | None, ...]
    raw: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LocalTable:
    title: str
    columns: tuple[str, ...]
    """Headers of the value columns."""
    rows: tuple[LocalRow, ...]
    table: int | None
    """Index of the grid in the document; None where it stands in text."""
    attachment: str | None = None
    """Address of the file that it stands in, where that is not the report itself."""


@dataclass(frozen=True)
class Words:
    labels: frozenset[str]
    units: frozenset[str]
    codes: frozenset[str]
    remarks: frozenset[str]
    years: frozenset[str]
    """Headers of figures, besides those that name a year."""
    indicators: frozenset[str]
    """What heads a column where the indicators stand beside each other, without its last 数."""


@lru_cache(maxsize=4)
def words_of(directory: Path) -> Words:
    node = load(directory / "local_tables.yaml")
    words = Words(
        labels=_folded(node, "labels"),
        units=_folded(node, "units"),
        codes=_folded(node, "codes"),
        remarks=_folded(node, "remarks"),
        years=_folded(node, "years"),
        indicators=frozenset(map(indicator, node.texts("indicators"))),
    )
    node.done()
    return words


def _folded(node: Node, name: str) -> frozenset[str]:
    return frozenset(map(fold, node.texts(name)))


def code_of(label: str, said: str) -> str | None:
    """What the form prints in a cell of its own (`said`), or else in front of the label: 13 of 13 1.当面申请数."""
    code = _CODE.fullmatch(said.strip()) or _CODE.match(unicodedata.normalize("NFKC", label))
    return code.group(1) if code else None


def indicator(text: str) -> str:
    """A label as it is compared: 1.当面申请数 and 当面申请 are one."""
    return strip_ordinal(fold(text)).removesuffix("数")
