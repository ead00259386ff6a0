"""What the body itself says: that it is a report, and of which year (domain.md sections 3.5 to 3.8).

Identity never rests on the body where a title speaks; this is for dumps without a title and for doubts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from parsers.chinese import fold, fold_lines
from parsers.documents.model import Document, Grid
from parsers.identity.titles import Title, read_title, that_may_be

OPENING = 1600
"""Folded characters at the top in which a report says what it is."""
_CLOSING = 400
_MANY_LINES = 20_000
_FEW_LINES = 2_000
"""Beyond so many lines nothing decides any more what a text is."""
_FEW_FIGURES = 10
_TITLE = 100
"""Characters of the longest line that is looked at as a title among others."""

_FORM_WORDS = (
    "本年新收政府信息公开申请", "上年结转政府信息公开申请", "结转下年度继续办理", "本年制发件数", "现行有效件数",
    "上一年项目数量", "对外公开总数量", "主动公开政府信息数", "主动公开规范性文件数", "未经复议直接起诉",
    "第二十条第(一)项", "受理依申请公开信息总数", "主动公开信息数",
)  # fmt: skip
_FOLDED_FORM_WORDS = tuple(map(fold, _FORM_WORDS))
_CHAPTERS = tuple(
    re.compile(words)
    for words in (
        r"总体(?:工作)?(?:情况|概述)|概述|概况|(?:主要工作|工作)概述|基本(?:工作)?情况",
        r"主动公开(?:政府信息|信息|情况)|(?:政府)?信息主动公开",
        r"依申请公开|收到和处理政府信息公开申请",
        r"行政复议|行政诉讼|提起诉讼|复议.{0,2}诉讼",
        r"收费(?:及|和|与)?减免|收取(?:的)?费用|收费情况",
        r"存在的?(?:主要)?(?:问题|不足)|主要问题",
        r"其他需要(?:报告|说明)的?事项",
        r"回应(?:解读|社会关切)|政策解读",
    )
)
_HEADING = re.compile(r"(?:^|[。;；:：!！\s)）])(?:第?[一二三四五六七八九十]{1,3}[、.章部])([^。;；]{2,40})")
_WHOLE_HEADING = re.compile(r"(?:情况|概述|措施|事项|问题|安排|打算)[:：]?$")
_SUBJECT = re.compile(r"^(?:政府信息公开|政务公开|因政府信息公开|信息公开|本年度)?(?:工作)?的?")
_ANNOUNCED = re.compile(
    r"(?:编制|编写|编发|发布|公布|现将|撰写|制作|本|提交|形成)[^。]{0,60}?"
    r"(?:(?:政府|政务)信息公开|政务公开|信息公开)[^。]{0,24}?(?:报告|年报|总结|情况)|本(?:年度)?报告|本年报"
)
_DECLARED = re.compile(
    r"(?:现|特|兹)(?:向社会)?(?:公布|发布|将|编制)[^。，,]{0,40}?(?:19|20)\d\d年?度?(?:[^。，,]{0,16}?信息公开|(?:政府|政务)信息公开)(?:工作)?(?:情况)?(?:的)?(?:年度)?(?:工作)?(?:报告|年报)"
)
_PERIOD = re.compile(
    r"(?:统计|数据|资料|报告|情况)[^。]{0,40}?((?:19|20)\d\d)年?0?1月?0?1日?[^。]{0,8}?(?:至|到|-|—|~)"
)
_SPAN = re.compile(r"((?:19|20)\d\d)年1月1日(?:起)?(?:至|到|-|—|~)(?:(?:19|20)\d\d年)?12月31日")
_YEAR_WORDS = (
    re.compile(r"(?:现将|编制|编写|公布|发布|制作)[^。]{0,40}?((?:19|20)\d\d)年度?[^。]{0,40}?(?:报告|总结|情况|年报)"),
    re.compile(r"结合[^。，,]{0,30}?((?:19|20)\d\d)年度?(?:政府信息公开|政务公开|信息公开)"),
    re.compile(r"(?:^|[。\n])((?:19|20)\d\d)年(?:度|以来|来)?[,，]"),
    re.compile(r"(?:^|[。\n，,])((?:19|20)\d\d)年度?[^。]{0,12}(?:情况|报告)如下"),
    re.compile(r"(?:^|[。\n])((?:19|20)\d\d)年(?:度|以来)?[^。]{0,30}?(?:认真|深入|坚持|紧紧|积极|贯彻|严格)"),
)

_NAMED_YEAR = re.compile(r"(?<![\d〔\[(（])(20[0-4]\d)年(?!\d{1,2}月)")

_OTHER_REPORTS = (
    ("rule_of_law", re.compile(r"法治政府建设|依法行政工作(?:情况)?报告|法治建设年度报告")),
    ("budget", re.compile(r"部门决算|部门预算|财政拨款收入支出|“三公”经费支出决算")),
    ("website_report", re.compile(r"政府网站(?:工作)?年度报表|首页网址.{0,40}网站标识码|网站总访问量.{0,20}次")),
    ("guide", re.compile(r"编制(?:了)?(?:本|《)[^。]{0,20}指南|本《?指南》?")),
)
_ITS_NAME = re.compile(r"(?:政府|政务)信息公开(?:工作)?(?:情况)?(?:的)?(?:年度)?(?:工作)?(?:报告|年报|总结)")
_QUOTED = re.compile(r"《([^《》]{6,60})》")
_FIGURE = re.compile(r"(?:^|(?<=[|\t]))\d+(?:\.\d+)?(?=$|[|\t])|(?<=[\u4e00-\u9fff])\d{5,}")
_DIGIT = re.compile(r"\d")
_DAY = re.compile(r"(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}")
_SAID_IN_REPORTS = (
    "主动公开", "依申请公开", "公开申请", "信息公开工作", "政务公开工作", "公开条例", "复议", "诉讼", "年度报告", "公开年报",
)  # fmt: skip
"""Every report says five of them at least, of those that were looked at."""
_PLACEHOLDER = re.compile(r"\(文字描述[,)]")
_RULES = re.compile(r"第一条[^。]{0,160}制定(?:本|《)|^第[一二三]条", re.MULTILINE)
_NOTIFIED = re.compile(
    r"(?:现就|现将)[^。]{0,60}(?:通知|通报|公告)如下|各(?:省|市|县|区)[^。]{0,60}[:：]\n[^\n]{0,400}(?:现就|请)"
)


@dataclass(frozen=True, slots=True)
class Body:
    """The body's text in the shapes that the rules need; made once a document."""

    lines: tuple[str, ...]
    """Folded lines that are not blank, tables as lines."""
    folded: str
    """The lines joined with line breaks."""

    @property
    def opening(self) -> str:
        return self.folded[:OPENING]

    @property
    def closing(self) -> str:
        return self.folded[-_CLOSING:]


def body_of(document: Document) -> Body:
    text = document.text()
    if any(document.pictures()):
        # What a picture says is no line of the report.
        text = "\n".join(document.texts(lambda block: block.text() if isinstance(block, Grid) else ""))
    lines = list(filter(None, fold_lines(text)))
    return Body(tuple(lines), "\n".join(lines))


def has_form_words(body: Body, fewest: int = 1) -> bool:
    """Do so many labels occur that only the statutory tables have?"""
    there = (word for word in _FOLDED_FORM_WORDS if word in body.folded)
    return len(list(islice(there, fewest))) == fewest


def chapters(body: Body) -> int:
    """How many different chapters of a report stand as headings."""
    lines = body.lines[:_MANY_LINES]
    headings = [match[1] for line in lines for match in _HEADING.finditer(line[:20_000])]
    # Without an ordinal only whole headings count: 依申请公开 alone is a word of every menu.
    headings += [line for line in lines if len(line) <= 24 and _WHOLE_HEADING.search(line)]
    cores = [_SUBJECT.sub("", heading) for heading in headings]
    return sum(any(chapter.match(text) for text in (*headings, *cores)) for chapter in _CHAPTERS)


def is_report(body: Body) -> bool:
    """Does the body alone prove a report: its tables, or an announcement together with chapters or a period?"""
    if has_form_words(body, 3) or _DECLARED.search(body.opening):
        return True
    announced = bool(_ANNOUNCED.search(body.opening))
    found = chapters(body)
    return (
        found >= 4
        or (announced and (found >= 2 or bool(_PERIOD.search(body.opening))))
        or (found >= 3 and "政府信息公开" in body.opening)
    )


def speaks_of_it(body: Body) -> bool:
    """Whether the text may be part of a report at all: it says two of the words that all of them say."""
    return sum(word in body.folded for word in _SAID_IN_REPORTS) >= 2


def other_kind(body: Body) -> str | None:
    """What else the opening says this is, where it does not say 政府信息公开…报告."""
    head = body.opening[:500]
    if _RULES.search(head):
        return "regulation"
    if _NOTIFIED.search(body.opening):
        return "notice"
    if _ITS_NAME.search(head):
        return None
    return next((reason for reason, pattern in _OTHER_REPORTS if pattern.search(head)), None)


def has_figures(body: Body) -> bool:
    """Do the forms hold numbers: in cells, in lines of their own, or glued together?"""
    numbers = 0
    for line in body.lines[:_MANY_LINES]:
        # Most figures are a line or a cell of their own; a line without a digit has none.
        numbers += 1 if line.isdecimal() else len(_FIGURE.findall(line)) if _DIGIT.search(line) else 0
        if numbers >= _FEW_FIGURES:
            return True
    return False


def is_blank_form(document: Document, body: Body) -> bool:
    """The form without anyone's figures: placeholders instead of text, and no number in any cell.

    Reports cite 《政府信息公开工作年度报告格式》: the name of the form proves nothing.
    """
    titled = any(read_title(line).kind == "blank_form" for line in body.lines[:3])
    if not titled and not _PLACEHOLDER.search(body.folded):
        return False
    cells = [cell.text for grid in document.grids() for row in grid.rows for cell in row if cell]
    return not has_figures(body) and not any(cell.strip().isdigit() for cell in cells)


def listed_reports(body: Body) -> int:
    """How many different lines are the title of a report, as on a list page."""
    titles: set[tuple[str, int | None]] = set()
    for line in that_may_be([line for line in body.lines[:_FEW_LINES] if len(line) <= _TITLE]):
        title = read_title(line)
        if title.is_report and (title.year or title.organ):
            titles.add((title.organ or "", title.year))
    # 文化局2009年…, 北京市文化局2009年… and 2009年… are the same report, named three times.
    return sum(not any(_is_longer(other, one) for other in titles) for one in titles)


def _is_longer(other: tuple[str, int | None], one: tuple[str, int | None]) -> bool:
    return other[1] == one[1] and len(other[0]) > len(one[0]) and other[0].endswith(one[0])


def is_listing(body: Body) -> bool:
    """Short lines with dates, hardly a sentence: a list of pages."""
    lines = body.lines[:_FEW_LINES]
    dated = sum(bool(_DAY.search(line)) for line in lines if len(line) < 120)
    prose = sum(len(line) for line in lines if len(line) >= 120)
    return dated >= 5 and prose < 600


# --- year -----------------------------------------------------------------------------------------------------


def year_of_period(body: Body) -> int | None:
    """The statistic period's year: 统计期限自2019年1月1日起至2019年12月31日 (its characters may be lost)."""
    for pattern in (_PERIOD, _SPAN):
        if match := pattern.search(body.folded[:6000]) or pattern.search(body.closing):
            return int(match[1])
    return None


def year_of_text(body: Body) -> int | None:
    """The year of the opening: 现将我局2020年度…报告如下, 2019年以来, and titles of reports in quotes."""
    for title in _quoted_titles(body.opening):
        if title.year:
            return title.year
    for pattern in _YEAR_WORDS:
        if match := pattern.search(body.opening):
            return int(match[1])
    return None


def usual_year(body: Body) -> int | None:
    """The year that the text names most, at least twice and more often than any other; the last resort."""
    named = Counter(_NAMED_YEAR.findall(body.folded[:20_000])).most_common(2)
    if not named or named[0][1] < 2 or (len(named) == 2 and named[0][1] == named[1][1]):
        return None
    return int(named[0][0])


def _quoted_titles(text: str) -> Iterator[Title]:
    for match in _QUOTED.finditer(text):
        title = read_title(match[1])
        if title.is_report:
            yield title
