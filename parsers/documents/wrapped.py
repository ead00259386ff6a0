"""Texts whose lines end where a page's edge was: what programs make of a PDF. Their paragraphs are put together again.

A sentence that is cut says something else: 共受理行政诉讼 5 起，没有因政府信 | 息公开而被提起的诉讼 (河北省教育厅 2018).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from parsers.documents.pdf_lines import joined

_LONG = 20
"""Characters of a line of prose, at the least."""
_WIDEST = 200
"""Columns of a page; a longer line is a paragraph as it stands."""
_RAGGED = 6
"""Columns that a line may fall short of the others: a mark or a number did not fit."""
_FEWEST = 4
_MOST = 0.6
"""Share of the lines that end inside a sentence which must end at the edge."""
_ENDS = tuple("。！？!?；;：:|")
_ALIKE = 3
_DATE = re.compile(r"[\s(（\[]*\d{2,4}[-./年]\d{1,2}[-./月]\d{1,2}日?[)）\]]?$")
_CUT = re.compile(r"[\u4e00-\u9fff\w，、,（(《“”》）)%]$")
_GOES_ON = re.compile(r"[\u4e00-\u9fff\w，、。；：）)》”“《（(%.,]")
_BEGINS = re.compile(
    r"第?[一二三四五六七八九十]{1,3}[、．.章部]|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[.．、](?!\d)|[-•·*◆●▪#>|]"
)


def unwrapped(lines: Sequence[str]) -> Sequence[str]:
    """The lines, those of one paragraph as one where a page's edge has cut it; all as they are where none has."""
    prose = [n for n, line in enumerate(lines) if len(line) >= _LONG and not line.rstrip().endswith(_ENDS)]
    if len(prose) < _FEWEST:
        return lines
    widths = {n: _width(lines[n]) for n in prose}
    edge = max(widths.values())
    full = {n for n in prose if widths[n] >= edge - _RAGGED and _CUT.search(lines[n].rstrip())}
    if edge > _WIDEST or len(full) < _FEWEST or len(full) < _MOST * len(prose):
        return lines
    if _are_alike([lines[n].strip() for n in full]):
        return lines
    followed = {n: _next(lines, n) for n in full}
    usual = Counter(after - n for n, after in followed.items() if after is not None).most_common(1)
    left = Counter(_indent(lines[n]) for n in full).most_common(1)[0][0]
    result: list[str] = []
    goes_on_at = -1
    for n, line in enumerate(lines):
        if goes_on_at > n:
            continue
        after = followed.get(n)
        if goes_on_at == n:
            result[-1] = joined(result[-1].rstrip(), line.strip())
        else:
            result.append(line)
        goes_on_at = -1
        if after is not None and after - n <= usual[0][0] and _continues(lines[after], left):
            goes_on_at = after
    return result


def _are_alike(lines: Sequence[str]) -> bool:
    """Do most lines begin, or end, with the same characters? They are a list's, as long as each other: 某局2019年…年度报告,
    one for each year or for each organ."""
    heads = Counter(line[:_ALIKE] for line in lines)
    tails = Counter(_DATE.sub("", line)[-_ALIKE:] for line in lines)
    return max(*heads.values(), *tails.values()) > len(lines) / 2


def _width(line: str) -> int:
    """Columns up to the last character: a Chinese one takes two."""
    return len(line.rstrip().encode("gb18030", "replace"))


def _indent(line: str) -> int:
    blanks = line[: len(line) - len(line.lstrip())]
    return len(blanks.encode("gb18030", "replace"))


def _next(lines: Sequence[str], n: int) -> int | None:
    """The next line that is not blank, at most one further down."""
    return next((after for after in range(n + 1, min(n + 3, len(lines))) if lines[after].strip()), None)


def _continues(line: str, left: int) -> bool:
    text = line.strip()
    return _indent(line) <= left + 1 and bool(_GOES_ON.match(text)) and not _BEGINS.match(text)
