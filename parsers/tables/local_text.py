"""A form of a province's own whose borders are lost (平潭 2011: 主动公开信息数 条 425 1516 其中：1.网站公开 条 418 …).

Its header says what a row is made of: a label, its unit, perhaps a code, and so many figures. A row is read where exactly that
stands between its label and the next; where a blank is lost nobody can say which figure is whose, and it has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from parsers.report import Semantic
from parsers.tables.labels import fold
from parsers.tables.local_form import LocalRow, LocalTable, Words, code_of
from parsers.tables.numbers import read

_SPLIT = re.compile(r"[\s|]+")
_FOOT = re.compile(r"(?<=\n)[ \t]*[-—–－][ \t]*\d{1,3}[ \t]*[-—–－][ \t]*(?=\n|$)")
"""The number of a page on a line of its own, - 5 -."""
_UNIT = re.compile(r"万元|元|人次|人|件次|[条件次个份篇项期场部户]")
_YEAR = re.compile(r"(?:19|20)\d\d年?度?(?:统计)?数?")
_CODE = re.compile(r"\d{1,3}")
_SAID_NOTHING = frozenset(("不填",))
_HEADER_PIECES = ((3, 2, 1), (1, 2, 3))
"""A header may be in pieces: 计量 单位 2011 年度; in 指标 代码 单位 the first two are two of them."""
_LABEL_PIECES = 6
_LONGEST = 60
_FEWEST_ROWS = 3
_OVER_ALL = "统计数"
"""Where the headers of years stand below it, it heads no figure itself."""
_GRID = "\u2063"


@dataclass(frozen=True, slots=True)
class _Header:
    end: int
    """Number of the piece behind it."""
    kinds: tuple[str, ...]
    """label, unit, code, in their order."""
    columns: tuple[str, ...]


def find(texts: Iterable[str], words: Words) -> Iterator[LocalTable]:
    """Every such form in the lines of a document."""
    starts = {label for label in words.labels if "指标" in label}
    text = "\n".join(texts)
    if not any(label in text for label in starts):
        return
    pieces = [piece for piece in _SPLIT.split(_FOOT.sub("", text)) if piece]
    place = 0
    while place < len(pieces):
        is_start = fold(pieces[place]) in starts | words.codes
        said = (_header(pieces, place, words, sizes) for sizes in _HEADER_PIECES if is_start)
        header = next(filter(None, said), None)
        if header is None:
            place += 1
            continue
        title = pieces[place - 1] if place and "表" in pieces[place - 1] and len(pieces[place - 1]) <= _LONGEST else ""
        rows, place = _rows(pieces, header)
        if any(_has_too_many(row) for row in rows):
            # A code in front of the labels, which the header does not name, or a column more: any figure may be one of those.
            rows = [replace(row, values=(None,) * len(row.values)) for row in rows]
            yield LocalTable(title, header.columns, tuple(rows), None)
        elif sum(any(value is not None for value in row.values) for row in rows) >= _FEWEST_ROWS:
            yield LocalTable(title, header.columns, tuple(rows), None)


def _header(pieces: Sequence[str], start: int, words: Words, sizes: Iterable[int]) -> _Header | None:
    kinds: list[str] = []
    columns: list[str] = []
    place = start
    while place < len(pieces):
        for size in sizes:
            written = "".join(pieces[place : place + size])
            if kind := _kind(fold(written), words):
                break
        else:
            break
        if kind == "value":
            columns.append(written)
        elif kind in kinds or columns:
            return None
        else:
            kinds.append(kind)
        place += size
    if len(columns) > 1 and columns[0] == _OVER_ALL:
        del columns[0]
    return _Header(place, tuple(kinds), tuple(columns)) if {"label", "unit"} <= set(kinds) and columns else None


def _kind(written: str, words: Words) -> str | None:
    for kind, known in (("label", words.labels), ("unit", words.units), ("code", words.codes), ("value", words.years)):
        if written in known:
            return kind
    return "value" if _YEAR.fullmatch(written) else None


def _rows(pieces: Sequence[str], header: _Header) -> tuple[list[LocalRow], int]:
    """The rows below it, and the number of the piece behind them."""
    rows: list[LocalRow] = []
    place = header.end
    while (row := _row(pieces, place, header)) is not None:
        rows.append(row[0])
        place = row[1]
    return rows, place


def _row(pieces: Sequence[str], start: int, header: _Header) -> tuple[LocalRow, int] | None:
    """The row that begins at `start`, and the number of the piece behind it; None where none begins."""
    place, code = start, None
    if header.kinds[0] == "code":
        if start >= len(pieces) or not _CODE.fullmatch(pieces[start]):
            return None
        place, code = start + 1, pieces[start]
    stop = next((n for n in range(place, min(len(pieces), place + _LABEL_PIECES)) if _UNIT.fullmatch(pieces[n])), None)
    if stop is None:
        return None
    label = list(pieces[place:stop])
    if label and code is None and "code" in header.kinds and _CODE.fullmatch(label[-1]):
        code = label.pop()
    if not label or not _is_label(label) or ("code" in header.kinds and code is None):
        return None
    end = stop + 1
    figures: list[str] = []
    while (
        end < len(pieces)
        and _is_figure(pieces[end])
        and not (len(figures) == len(header.columns) and _begins(pieces, end, header))
    ):
        figures.append(pieces[end])
        end += 1
    if header.kinds[0] == "code" and figures and not _ends(pieces, end, header):
        # The figure is lost, and this is the code of the next row.
        end -= 1
        figures.pop()
    is_sure = len(figures) == len(header.columns)
    values = tuple(read(figure).value for figure in figures) if is_sure else (None,) * len(header.columns)
    raw = tuple(figures) if is_sure else (" ".join(figures), *[""] * (len(header.columns) - 1))
    name = "".join(label)
    return LocalRow(code_of(name, code or ""), name, None, pieces[stop], values, raw), end


def _begins(pieces: Sequence[str], place: int, header: _Header) -> bool:
    """Does a row with its code begin there?"""
    return header.kinds[0] == "code" and _ends(pieces, place, header)


def _ends(pieces: Sequence[str], place: int, header: _Header) -> bool:
    """Is there no row, or one that begins with its code?"""
    near = pieces[place : place + 1 + _LABEL_PIECES]
    if not any(_UNIT.fullmatch(piece) for piece in near):
        return True
    return bool(_CODE.fullmatch(near[0])) and not _is_figure(near[1])


def _has_too_many(row: LocalRow) -> bool:
    return len(row.raw[0].split()) > len(row.values)


def _is_label(pieces: Sequence[str]) -> bool:
    written = "".join(pieces)
    return (
        len(written) <= _LONGEST and "。" not in written and _GRID not in written and not any(map(_is_figure, pieces))
    )


def _is_figure(piece: str) -> bool:
    return piece in _SAID_NOTHING or read(piece).semantic is not Semantic.TEXT
