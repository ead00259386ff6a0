"""One cell as written -> value, meaning, unit, note (domain.md section 3.2).

`"增123" -> 123`, `"13015.02(万元)" -> 13015.02 万元`, `"22(其中修订16件)" -> 22 with a note`, `"/" -> na`.
Nothing is guessed: what is not fully understood is `text` without a value.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from parsers import chinese
from parsers.report import Number, Semantic

_SPACE = re.compile(r"\s+")
_NO_WIDTH = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]+")
"""Marks without a width. Those that turn the order of what follows (U+202E) are none of them."""
_APART = re.compile(r"\d(?:\s+|\.[ \t\u00a0\u3000]+)\d")
"""Two figures, or the number of a line in front of one: 1. 13."""
_GROUPED = re.compile(r"[^\d\s]?\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+(?!\d)\D*\d*\D*")
"""1 140: blanks for commas."""
_RAISED = "\u2070\u00b9\u00b2\u00b3\u2074-\u2079\u2080-\u2089\u2460-\u2473"
"""Raised, lowered and circled figures: NFKC would make digits of them, and a footnote's mark part of the number."""
_MARKED = re.compile(f"[{_RAISED}]")
_FOOTNOTED = re.compile(f"([^{_RAISED}\\[〔]+)([\\[〔]?[{_RAISED}]+[\\]〕]?)")
_NOTED = re.compile(r"(.*[\d元件条)])(\[\d{1,2}\]|〔\d{1,2}〕|【\d{1,2}】|[*※△▲]{1,3}|注\d{0,2})")
"""The same in plain characters: 13[1], 13*, 13注1."""
_NUMERAL = re.compile("(?:十(?=.)|[一二三四五六七八九][十百千])[一二三四五六七八九十百千零]*")
"""A Chinese numeral that is no ordinal: 十九, 一百二十."""
_CAPITALS = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
_MINUS = str.maketrans({"−": "-", "–": "-", "‐": "-", "‑": "-", "﹣": "-"})

_UNITS = "亿元|万元|千元|元|万件|万宗|万条|人次|件|条|项|宗|次|个|人|篇|部|份|期|场|起|笔"
_NUMBER = re.compile(
    rf"""^
    (?:共计?)?
    (?P<coin>人民币|¥)?
    (?P<sign>增加?|减少?|[+-])?
    (?P<digits>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)
    (?:\(?(?P<unit>{_UNITS})\)?)?
    (?P<note>\(.*\)|[,;。]?(?:其中|包括|含).+)?
    $""",
    re.VERBOSE,
)
UNIT_BEHIND = re.compile(r"(?<![十百千万亿美欧日港韩])(亿元|万元|千元|元)\)?$")
"""The unit at the end of a folded label: 采购总金额(万元). 百万元 and 万美元 are none that is known."""
OTHER_UNIT = re.compile(
    r"[(（]?(?:[十百千万亿]+(?!元)[条件项个次篇人宗]次?|(?:[百千亿]|百万)?元|万?[美欧日港]元)[)）]?"
)
"""A unit in a cell of its own that no form has: 万条 for 条, 元 for 万元."""
OTHER_UNIT_BEHIND = re.compile(r"[(（](?:[百千亿]|百万)?元[)）]$")
"""The same behind a row's label: 专项经费（元）."""
_LONG = 16
"""Digits that no figure has."""
_LEADING_ZERO = re.compile(r"0\d")
_NOTHING = frozenset({"/", "\\", "-", "--", "—", "——", "———", "无", "N/A", "n/a", "//", "*", "**"})
_EMPTY = frozenset({"", "□", "_", "__", "&nbsp;"})
_WAN_YUAN = {"亿元": Decimal(10000), "万元": Decimal(1), "千元": Decimal("0.1"), "元": Decimal("0.0001")}
_SCALED = {"万件": Decimal(10000), "万宗": Decimal(10000), "万条": Decimal(10000)}


class Written(NamedTuple):
    """What one cell says. `value` is set for number and zero only; `odd` names a spelling that deserves a flag."""

    value: Number | None
    semantic: Semantic
    unit: str | None = None
    note: str | None = None
    odd: str | None = None
    is_plain: bool = False
    """Is it a whole number or a blank, and nothing else? So are nearly all."""


@lru_cache(maxsize=4096)
def read(raw: str) -> Written:
    """Read one cell. Never raises: what cannot be read is `Semantic.TEXT`."""
    if raw.isdecimal() and raw.isascii() and len(raw) < _LONG and (raw[0] != "0" or raw == "0"):
        # So are nearly all.
        return Written(int(raw), Semantic.ZERO if raw == "0" else Semantic.NUMBER, is_plain=True)
    shown = _NO_WIDTH.sub("", raw).strip()
    if _MARKED.search(shown):
        footnoted = _FOOTNOTED.fullmatch(shown)
        return _footnoted(footnoted[1], footnoted[2]) if footnoted else Written(None, Semantic.TEXT)
    apart = _APART.search(shown)
    if apart and not _GROUPED.fullmatch(shown):
        # Two figures, or one with a gap in it.
        return Written(None, Semantic.TEXT)
    text = _SPACE.sub("", unicodedata.normalize("NFKC", shown)).translate(_MINUS)
    if text in _EMPTY:
        return Written(None, Semantic.EMPTY, is_plain=True)
    if text in _NOTHING:
        return Written(None, Semantic.NA, is_plain=True)
    match = _NUMBER.match(text)
    if match is None:
        return _otherwise(text)
    digits = match["digits"].replace(",", "")
    number = Decimal(digits)
    if match["sign"] and match["sign"][0] in "减-":
        number = -number
    unit = match["unit"] or ("元" if match["coin"] else None)
    if unit in _SCALED:
        number, unit = number * _SCALED[unit], unit[1:]
    odd = "leading_zeros" if _LEADING_ZERO.match(digits) else "grouped_by_blanks" if apart else None
    value = plain(number)
    return Written(
        value,
        Semantic.ZERO if number == 0 else Semantic.NUMBER,
        unit=unit,
        note=_note(match["note"]) if match["note"] else None,
        odd=odd,
        is_plain=not (unit or match["note"] or odd or isinstance(value, float)),
    )


def _note(written: str) -> str:
    return written[1:-1] if written.startswith("(") else written.lstrip(",;。")


def _otherwise(text: str) -> Written:
    """What is no number in digits: one with a footnote's mark, or one in Chinese numerals."""
    if noted := _NOTED.fullmatch(text):
        return _footnoted(noted[1], noted[2])
    plainly = text.translate(_CAPITALS)
    value = chinese.number(plainly) if _NUMERAL.fullmatch(plainly) else None
    if value is None:
        return Written(None, Semantic.TEXT)
    return Written(value, Semantic.NUMBER, odd="chinese_numerals")


def _footnoted(figure: str, mark: str) -> Written:
    """A figure with a footnote's mark behind it: 13¹, 13①."""
    written = read(figure)
    if written.value is None:
        return Written(None, Semantic.TEXT)
    return written._replace(note=written.note or mark, odd=written.odd or "footnote_mark", is_plain=False)


def wan_yuan(value: Number, unit: str) -> Number | None:
    """`value` of a money unit in 万元, exactly; None where the unit is no money."""
    factor = _WAN_YUAN.get(unit)
    return None if factor is None else plain(Decimal(str(value)) * factor)


def plain(number: Decimal) -> Number:
    """An int where the number is whole, else a float: what JSON and BSON keep."""
    return int(number) if number == number.to_integral_value() else float(number)
