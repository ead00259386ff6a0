"""The day that a report is signed with: alone in a line below the organ's name, after its sentences (落款).

青河市数据局
二〇二一年一月二十二日
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from parsers.chinese import fold, simplify
from parsers.documents.model import Block, Paragraph
from parsers.metadata import parse_date

_YEAR = r"(?:20\d\d|二[〇○零0O]{1,2}[〇○零0O一二三四五六七八九]{1,2})"
_PART = r"(?:\d{1,2}|[一二三四五六七八九十廿卅]{1,3})"
_DAY = rf"{_YEAR}年{_PART}月{_PART}日|20\d\d(?P<sign>[-./])\d{{1,2}}(?P=sign)\d{{1,2}}"
_ALONE = re.compile(rf"[(\[]?({_DAY})[)\]]?")
_BEHIND = re.compile(rf"(.{{2,40}}?)(?:\((?:盖章|公章|印章|印)\))?[,:]?((?:{_YEAR})年{_PART}月{_PART}日)")
_SEAL = re.compile(r"\((?:盖章|公章|印章|印|此件公开发布|代章)\)")
_SIGNS = re.compile(
    r"[^。,;:!?、《》\"“”]{2,40}"
    r"(?:局|委|委员会|管委会|办|办公室|办公厅|政府|厅|院|中心|处|所|会|署|镇|乡|街道|办事处|公司|集团|队|站|部|社|团|馆|行|校|大学|学院|法院|组)"
)
"""An organ's name and nothing else; the first words of a sentence have a mark behind them."""
_SHORTEST, _LONGEST = 8, 60
"""Characters of a line that is a day, or a name and a day."""
_FIRST, _YEARS = (11, 1), 3
"""The day of the report's own year from which it may be signed, and the years after it in which it may be late."""


def signed_on(blocks: Iterable[Block], year: int) -> date | None:
    """The day below the report of `year`; None where there is none, where two differ, and where it is out of its time: such
    a line was left from another year's report."""
    days = set(_days(blocks))
    if len(days) != 1:
        return None
    (day,) = days
    return day if date(year, *_FIRST) <= day <= date(year + _YEARS, 12, 31) else None


def _days(blocks: Iterable[Block]) -> Iterator[date]:
    above, has_begun = "", False
    for line in _lines(blocks):
        if len(line) > _LONGEST or not _may_sign(line.rstrip()):
            has_begun = has_begun or "。" in line or "；" in line
            is_seal = line.lstrip().startswith(("(", "（")) and _SEAL.fullmatch(fold(line))
            above = above if is_seal else line
            continue
        if has_begun and len(line) >= _SHORTEST:
            day = _below(simplify(fold(line)), simplify(fold(above[-_LONGEST:])))
            if day is not None:
                yield day
        above = line


def _may_sign(line: str) -> bool:
    """Does it end as a day does? Asked of every line of every report."""
    last = line[-2:-1] if line.endswith((")", "）", "]")) else line[-1:]
    return last == "日" or last.isdecimal()


def _below(line: str, above: str) -> date | None:
    """The day of a line that is a day, below an organ's name or behind it."""
    if alone := _ALONE.fullmatch(line):
        return parse_date(alone[1]) if _SIGNS.fullmatch(_SEAL.sub("", above)) else None
    behind = _BEHIND.fullmatch(line)
    return parse_date(behind[2]) if behind and _SIGNS.fullmatch(behind[1]) else None


def _lines(blocks: Iterable[Block]) -> Iterator[str]:
    """The lines that were typed and say something; a comma for a table or a picture between them, below which nobody signs."""
    for block in blocks:
        if not isinstance(block, Paragraph):
            yield "，"
        elif not block.recognised:
            yield from filter(str.strip, block.text.split("\n"))
