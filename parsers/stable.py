"""A text without what changes at every fetch: clocks, counters, page numbers, the page's own buttons.

For comparing only; what is kept is kept whole. A re-stamped PDF and a page with another hit counter are the same text.
"""

from __future__ import annotations

import re
from functools import lru_cache

from parsers.documents.chrome import STARTS, is_chrome_line

_DAY = r"(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?"
_CLOCK = r"\d{1,2}\s*[:：时]\s*\d{2}(?:\s*[:：分]\s*\d{2}\s*秒?|分)?"
_PASSING = re.compile(
    rf"""
      (?:浏览|阅读|点击|访问|下载|关注)(?:次数|人数|量|数)?\s*[:：]\s*\[?\s*\d*\s*\]?\s*人?次?   # 浏览次数：123
    | (?:打印|下载|导出|生成|输出|当前|系统|现在|访问|保存|页面更新)(?:日期|时间)\s*[:：]?\s*{_DAY}(?:\s*{_CLOCK})?
    | (?:今天是|现在是)[:：]?\s*{_DAY}\s*(?:星期[一二三四五六日天])?(?:\s*{_CLOCK})?
    | 第\s*\d+\s*页\s*[,，/]?\s*(?:共\s*\d+\s*页)?
    """,
    re.VERBOSE,
)
_PASSING_LINE = re.compile(rf"\s*(?:[-—–－]\s*\d{{1,4}}\s*[-—–－]|{_DAY}\s+{_CLOCK})\s*")
_SIGNS = re.compile(r"[次数量时日今]|第|[-—–－:：]")
"""A line without any of these holds nothing that passes: most lines are looked at no further."""
_PASSING_WORDS = re.compile("[:：页]|日期|时间|今天是|现在是")
"""One of these stands in whatever `_PASSING` takes out."""
_MAY_PASS = re.compile("[:：页日时今现]")
"""And one of these in all of them: a set of characters is soon looked for."""
_FIRST = frozenset("12-—–－")
"""How a `_PASSING_LINE` begins."""
_LONGEST_LINE = 200
"""Clocks and counters stand in short lines; a long paragraph is the report's own."""


def stable(text: str) -> str:
    """The lasting part of `text`, without white space."""
    lines = text.split("\n")
    return "".join("\n".join([_kept(line) if len(line) <= _LONGEST_LINE else line for line in lines]).split())


@lru_cache(maxsize=8192)
def _kept(line: str) -> str:
    """What lasts of one line. The lines of a form are the same in every report: they are looked at once."""
    first = line.lstrip()[:1]
    if first in STARTS and is_chrome_line(line):
        return ""
    if first in _FIRST and _PASSING_LINE.fullmatch(line):
        return ""
    if _MAY_PASS.search(line) and _PASSING_WORDS.search(line) and _SIGNS.search(line):
        return _PASSING.sub("", line)
    return line
