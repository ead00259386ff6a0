"""A text without what changes at every fetch: clocks, counters, page numbers, the page's own buttons.

For comparing only; what is kept is kept whole. A re-stamped PDF and a page with another hit counter are the same text.
"""

from __future__ import annotations

import re

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
_ENDS = "[览读击问载注数量\\s]"
_KINDS = "[印载出成前统在问存新]"
_MAY_PASS = re.compile(
    rf":(?<={_ENDS}:)|：(?<={_ENDS}：)|页(?<=[\d\s]页)|期(?<={_KINDS}日期)|间(?<={_KINDS}时间)|是(?<=今天是)|是(?<=现在是)"
)
"""Stands in whatever `_PASSING` takes out. It is looked for by its last character: of those a report has few."""
_TELLING = STARTS | frozenset("12-—–－")
"""How lines begin that are the page's own, or a `_PASSING_LINE`."""
_LONGEST_LINE = 200
"""Clocks and counters stand in short lines; a long paragraph is the report's own."""


def stable(text: str) -> str:
    """The lasting part of `text`, without white space."""
    lines = text.split("\n")
    # In a flattened table most lines say the same as others.
    short = [line for line in dict.fromkeys(lines) if len(line) <= _LONGEST_LINE]
    is_quiet = _MAY_PASS.search("\n".join(short)) is None
    looked_at = [
        line for line in short if line.lstrip()[:1] in _TELLING or not (is_quiet or _MAY_PASS.search(line) is None)
    ]
    changed = {line: kept for line in looked_at if (kept := _kept(line)) != line}
    if not changed:
        return "".join(text.split())
    return "".join("\n".join([changed.get(line, line) for line in lines]).split())


def _kept(line: str) -> str:
    """What lasts of one line."""
    if is_chrome_line(line) or _PASSING_LINE.fullmatch(line):
        return ""
    return _PASSING.sub("", line) if _MAY_PASS.search(line) else line
