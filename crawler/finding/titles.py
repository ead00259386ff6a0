"""What a link's words promise: a report, a 年报 column, a year's or an organ's part of one, or something else.

Only promises: the parsers decide what a page is. What is a report's title stands in `parsers.identity.titles`, once for both.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from crawler.urls import REMEMBERED
from parsers.chinese import fold, number, simplify
from parsers.identity.titles import ORGAN_SUFFIX, read_title

YEAR = re.compile(r"(?<!\d)(20(?:0[5-9]|1\d|2\d))(?!\d)")
CHINESE_YEAR = re.compile(r"二[〇○零][〇○零一二三四五六七八九]{2}(?=年)")
YEAR_ONLY = re.compile(
    r"[(（]?20\d\d(?:年度?|-20\d\d年?)?[)）]?(?:(?:年报|年度报告|报告|政府信息公开年报)(?:汇总|专栏|专区|专题)?)?|20\d\d年?(?:度)?(?:以前|及以前|之前)"
)
GATHERED = re.compile(r"(?:汇总|专栏|专区|专题)$")
COLUMN = re.compile(
    r".{0,14}?(?:政府|政务)?(?:信息)?公开(?:工作)?年(?:度(?:工作)?报告?|报)(?:详情|专栏|汇总|查询|检索|专区)?|"
    r"(?:历年|往年|历史)?(?:工作)?年(?:度(?:工作)?报告|报)(?:公开|查询|检索|展示|发布|专区|专栏|汇总)?|(?:政府|政务)信息公开(?:工作)?报告|"
    r"(?:本级|政府|各?部门|乡镇|镇街|街道|区县|县区|直属|单位|各.{1,6}?)(?:信息公开)?年(?:度报告|报)"
)
# 【图解】 in front is more than the ornament that a parser strips: what follows is the report's title, but not it.
PICTURED = re.compile(r"^[【\[(（《]*(?:图解|图说|长图|一图|图文|视频|动漫|动画|H5|音频)|H5(?:版)?[】\]）)》]*$")
CUT = re.compile(r"(?:\.{2,}|…+|⋯+)$")
ORGAN = re.compile(rf".{{1,24}}(?:{ORGAN_SUFFIX}|队|园区|开发区|新区|集团)")


class Promise(StrEnum):
    """What a title says about the page behind it."""

    REPORT = "report"
    MAYBE = "maybe"
    NOT = "not"


@lru_cache(maxsize=REMEMBERED)
def tidy(text: str) -> str:
    """A link's words as they are compared: simplified characters, NFKC, no white space."""
    return simplify(fold(text))


def _in_digits(text: str) -> str:
    return CHINESE_YEAR.sub(lambda year: str(number(year[0])), text) if "二" in text else text


@lru_cache(maxsize=REMEMBERED)
def promise(title: str) -> Promise:
    """What the page behind this title is, going by its words alone."""
    if PICTURED.search(tidy(title)):
        return Promise.NOT
    found = read_title(title)
    if found.is_report:
        # 政府信息公开年报 alone is the name of a column; 2019年政府信息公开年报 may be either.
        return Promise.MAYBE if found.year is None and COLUMN.fullmatch(found.text) else Promise.REPORT
    return Promise.NOT if found.kind else Promise.MAYBE


def is_cut(title: str) -> bool:
    """Whether a list page cut the title off (…年政府信息公开工作年...)."""
    return bool(CUT.search(title.strip()))


def years(title: str) -> tuple[int, ...]:
    """The years that a title names: 2019年, 二〇一九年."""
    return tuple(dict.fromkeys(int(year) for year in YEAR.findall(_in_digits(tidy(title)))))


def is_column(text: str) -> bool:
    """Whether this is the name of a 年报 column: 政府信息公开年报, 部门年报, 年度报告, 2023年年报汇总."""
    return bool(COLUMN.fullmatch(tidy(text))) or (is_year(text) and bool(GATHERED.search(tidy(text))))


def is_year(text: str) -> bool:
    """Whether a link leads to one year of a column: 2019年, （2012-2014年）."""
    return bool(YEAR_ONLY.fullmatch(_in_digits(tidy(text))))


def is_organ(text: str) -> bool:
    """Whether a link in a 年报 column could be an organ's own part of it: 市教育局, 张义镇."""
    return bool(ORGAN.fullmatch(tidy(text)))
