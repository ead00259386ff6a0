"""Titles of reports: is it one, whose, of which year (domain.md section 3.5, portals.md section 3.7).

Titles are read without white space; a report's title is organ, year and type in any order, and any of the three
may be missing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from parsers.chinese import number, simplify, subject

_YEAR = r"(?:19|20)\d\d"
_SUBJECT = r"(?:政务公开(?:工作)?(?:暨|以?及|[和与、])(?:政府|政务)?信息公开|(?:政府|政务)信息(?:(?:与|和|及|、|以及)?政务)?(?:公开)?|信息(?:与政务|和政务|及政务)?公开|政务公开)"
_MIDDLE = rf"(?:工作|情况|开展|的|(?:{_YEAR})?年?度|(?:{_YEAR})年|年|公开|总结|实施|法定|主动|{_YEAR}){{0,8}}"
_REPORT = re.compile(
    rf"{_SUBJECT}{_MIDDLE}(?P<end>报告书?|年报|总结(?:报告)?)|年度报告编制公布工作总结|"
    rf"{_SUBJECT}{_MIDDLE}(?P<cut>报?(?:\.{{2,}}|…+))$"
)
_STATISTICS = re.compile(rf"{_SUBJECT}{_MIDDLE}(?:统计(?:情况)?(?:报?表|数据)|指标统计(?:附?表)?|统计附表|数据统计表)")
_TABLE_OF = re.compile(r"的?(?:指标|数据)*(?:统计(?:情况)?报?表|统计附?表|附表)[\d一二三]?(?:[（(].{0,12}[）)])?")
"""Behind the words of a report: 年度报告统计表 is its table, 年度报告及统计表 is both."""
_YEAR_TOKEN = re.compile(rf"(?<!\d)({_YEAR})(?:年度?|(?!\d))")
_YEAR_BEFORE_SUBJECT = re.compile(rf"(?<!\d)({_YEAR})年?度?(?:的)?$")
_TWO_YEARS = re.compile(rf"{_YEAR}年?度?[-—–~～至、和及与/]{_YEAR}年?度?(?!学年|[-—–/]?\d)")
"""2023-2024年, 2022、2023年: nobody knows of which of them."""
_PART_OF_YEAR = re.compile(
    r"第?[一二三四1-4]季度|半年|(?<!\d)(?!0?1月?[-—–~～至到]12月|(?:(?<=2008年)|(?<=2008年[（(]))0?5月?[-—–~～至到]12月)(?:1[0-2]|0?[1-9])月?[-—–~～至到](?:1[0-2]|0?[1-9])月(?!\d)|(?<![\d\-—~至到])(?:1[0-2]|[1-9])月份?(?:的)?(?=政府信息|政务|信息公开)"
)
"""The first year of all began in May 2008, when the regulations came into force: its 5-12月 are a whole one."""
_ANOTHER_MATTER = re.compile(r"(?<=[局厅委部会院司校])(?:生态)?(?:环境|企业|办学|社会组织)$")
"""Whose information 环保局环境信息公开年度报告 is about: no part of the name."""
_SAYS = re.compile(r"(?:公布|发布|公开|印发)(?:的|了)?$")
_SOMEBODY = re.compile(r"[我本全各](?:[省市县区州旗镇乡局办委校院]|单位|机关|部门|街道)?$")
"""我区公布2023年政府信息公开工作年度报告: whose, its page must say."""
_SEGMENT = re.compile(r"[-—_|·]")
_SCHOOL_YEAR = re.compile(rf"{_YEAR}[-—–~至/]{_YEAR}(?=学年)学年度?")
"""Of a university: 某大学2012-2013学年信息公开年度报告."""
_CHINESE_YEAR = re.compile(r"([一二][九〇○零OoＯ0][〇○零OoＯ0一二三四五六七八九]{2})(?=年)")
_NOUGHTS = str.maketrans("Oo0", "〇〇〇")
_WORDS = re.compile("信息|资讯|資訊|政[务務]|年度(?:报告编制公布|報告編制公布)")
"""Every title of a report has one of these, white space left out."""
_ENDS = re.compile(r"[报報总總统統附…]|\.\.")
"""And one of these, in either script."""
_FULL_WIDTH = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")
_SPACE = re.compile(r"[\s\u00ad\u200b-\u200f\u2060\ufeff]+")
_EXTENSION = re.compile(r"\.(?:pdf|docx?|wps|html?|shtml|txt|ofd|f?od[ts]|xlsx?)$", re.IGNORECASE)
_PREFIX = re.compile(
    r"^(?:(?:文件|信息|文档)?(?:标题|名称|下载)[:：]?|中文名[:：]|第[一二三四五六七八九十]{1,3}篇[:：]|正文|附件\d*[:：.、]?|\[(?!\d{4}年?度?\])[^\[\]]{2,20}\]|[\u4e00-\u9fff]{1,8}[〔\[]20\d\d[〕\]]\d{1,4}号|【[^【】]{2,12}】|[•·◆●▪>\-—*#]+|\d{1,2}[.、](?!\d))+"
)
_WRAPPING = re.compile(r"^[《“\"]+|[》”\"]+$")
_PLACEHOLDER = re.compile(r"单位名称|[XxＸ×＊*]{2,}|部门名称")
_SENTENCE = re.compile(r"[:：。；;！？!?，,<>=\d]")
_PROSE = re.compile(r"[。；;，]|如下|年度?以来|^(?:现(?!代)|根据|按照|为了|本报告|本年报|本年度报告|特此|兹)")
_CRUMBS = re.compile(
    r"[|｜\t]|^(?:关键[词字][:：]|标签[:：]|首页|当前位置|您(?:现在|当前|所在|的位置)|位置[:：])|[/>].*[/>]"
)
_ABOUT = re.compile(
    r"^(?:关于)?(?:印发|报送|上报|公布|发布|公开|编制)?(?:的)?|(?:关于)(?:印发|报送|上报|公布|发布|公开|编制)?$"
)
_ANNOUNCED = re.compile(r"的?(?:公告|通告|公示|公布|发布)")
"""教育部办公厅关于2016年教育部政府信息公开工作年度报告的公告 is the report."""
_BRACKETED = re.compile(r"[（(【\[].*?[）)】\]]")
_MONTHS = re.compile(r"0?\d{1,2}月?[-—–~～至到]1?\d月")
_LATIN = re.compile(r"(?<=[\u4e00-\u9fff])[A-Za-z][A-Za-z&.,'-]{5,}$")
"""The name once more, in English."""
_ALL_IN_BRACKETS = re.compile(r"[（(]([^（()）]+)[）)]")
_EMPTY_BRACKETS = re.compile(r"[（(\[【〔][\s年度]*[）)\]】〕]")

_NOT_AT_ALL: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("website_report", re.compile(r"网站(?:工作)?(?:年度)?(?:工作)?(?:年度)?报表|网站工作.{0,8}年度?报[表告]|政府网站年度(?:工作)?报告")),
    ("infographic", re.compile(r"图解|一图(?:读懂|看懂|了解)|一张图|图表版|视频版|(?:政策)?解读(?:[：:）)]|$)|^解读|[（(【](?:视频|H5|动漫|音频)[）)】]")),
    ("blank_form", re.compile(r"报告(?:格式|模板|模版|样式|样张|范本|参考)|(?:格式|模板|模版)[（(]?(?:试行)?[）)]?$")),
    ("notice", re.compile(r"关于(?:做好|开展|报送|编制|组织|加强|进一步|切实|抓紧).*(?:通知|函|要求|工作提示)(?:[（(].{0,10}[）)])?$")),
)  # fmt: skip
"""Reasons that hold even where the words of a report's title stand in the same line."""

_OTHER: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("rule_of_law", re.compile(r"法治政府|依法行政(?:工作)?(?:年度)?(?:情况)?(?:的)?(?:报告|总结)|法治建设.*报告")),
    ("budget", re.compile(r"预算|决算|“?三公”?经费")),
    ("guide", re.compile(r"指南|办事流程")),
    ("catalogue", re.compile(r"目录|清单")),
    ("notice", re.compile(r"通知(?:[（(].{0,10}[）)])?$|通报$|公示$|公告$|的函$|批复$")),
    ("regulation", re.compile(r"制度|办法|条例|规定|规程|规范$|细则|工作方案|实施方案|工作要点|考核|评估|意见$")),
    ("error_page", re.compile(r"^(?:404|403|50[0234])|页面(?:不存在|找不到|已删除|无法访问)|(?:404|Not\s*Found|error\s*page)$|访问(?:被拒绝|出错|受限)|"
                              r"(?:页面|系统)(?:出错|错误)|信息不存在|您访问的", re.IGNORECASE)),
)  # fmt: skip


class Title(NamedTuple):
    text: str
    """Without white space and wrapping."""
    kind: str | None
    """report, statistics, cut (a report's title cut off by a list), a reason why it is none, or None."""
    organ: str | None = None
    year: int | None = None

    @property
    def is_report(self) -> bool:
        return self.kind in ("report", "statistics", "cut")


def tidy(text: str) -> str:
    """Simplified, without white space, full-width digits and letters made ordinary; punctuation as it stands."""
    ordinary = _FULL_WIDTH.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    return subject(simplify(_SPACE.sub("", ordinary)))


def that_may_be(lines: Iterable[str]) -> Iterator[str]:
    """Those of many lines that may be the title of a report."""
    return (line for line in lines if _WORDS.search(line) and _ENDS.search(line))


def may_be_title(line: str) -> bool:
    """The same of one line, white space in it or not."""
    bare = _SPACE.sub("", line)
    return bool(_WORDS.search(bare) and _ENDS.search(bare))


@lru_cache(maxsize=4096)
def read_title(raw: str) -> Title:
    """Read one candidate. `raw` may be any line or heading; long ones are none."""
    text = tidy(raw[:400])
    text = _EXTENSION.sub("", text)
    text = _WRAPPING.sub("", _PREFIX.sub("", text))
    if not 2 <= len(text) <= 120 or _PROSE.search(text) or _CRUMBS.search(text):
        return Title(text, None)
    text = _CHINESE_YEAR.sub(lambda match: str(number(match[1].translate(_NOUGHTS)) or match[1]), text)
    match = _REPORT.search(text)
    if match and (later := _of_a_year(text, match)):
        text, match = later
    kind = "cut" if match and match["cut"] else "report"
    if match is None:
        match, kind = _STATISTICS.search(text), "statistics"
    elif _TABLE_OF.fullmatch(text, match.end()):
        kind = "statistics"
    refusal = _refusal(text, match)
    if refusal or match is None:
        return Title(text, refusal)
    if _PART_OF_YEAR.search(text, 0, match.end()):
        whole = _PART_OF_YEAR.sub("", text)
        named = _REPORT.search(whole)
        return Title(text, "part_of_year", named and _organ(whole, named), _year(text, match))
    return Title(text, kind, _organ(text, match), _year(text, match))


def names_two_years(title: str) -> bool:
    return _TWO_YEARS.search(_SCHOOL_YEAR.sub("", title)) is not None


def names_part_of_year(text: str) -> bool:
    """第四季度, 上半年, 1-6月; `text` is without white space."""
    return _PART_OF_YEAR.search(text) is not None


def _of_a_year(text: str, match: re.Match[str]) -> tuple[str, re.Match[str]] | None:
    """What stands behind the name of a column, with its year: 某区人民政府-政府信息公开年报-某局2023年政府信息公开年度报告;
    where the two had a blank between them, nothing is left of it."""
    if _YEAR_TOKEN.search(text, 0, match.end()):
        return None
    cut = _SEGMENT.match(text, match.end())
    rest = text[cut.end() if cut else match.end() :]
    found = _REPORT.search(rest)
    return (rest, found) if found and _YEAR_TOKEN.search(rest) and _organ(rest, found) else None


def _refusal(text: str, match: re.Match[str] | None) -> str | None:
    for reason, pattern in _NOT_AT_ALL:
        if pattern.search(text):
            return reason
    if match is not None:
        tail = _BRACKETED.sub("", text[match.end() :])
        if len(tail) <= 2 or _ANNOUNCED.fullmatch(tail):
            return None
        text = tail
    return next((reason for reason, pattern in _OTHER if pattern.search(text)), None)


def _year(text: str, match: re.Match[str]) -> int | None:
    """The year next to the type, else the first one of the title."""
    before = _YEAR_BEFORE_SUBJECT.search(text[: match.start()])
    within = _YEAR_TOKEN.search(match[0])
    found = before or within or _YEAR_TOKEN.search(text)
    return int(found[1]) if found else None


def _organ(text: str, match: re.Match[str]) -> str | None:
    """What is left of the title without type and year: before the type, else behind it."""
    for is_before, part in ((True, text[: match.start()]), (False, text[match.end() :])):
        name = _EMPTY_BRACKETS.sub("", _YEAR_TOKEN.sub("", _MONTHS.sub("", _SCHOOL_YEAR.sub("", part))))
        name = _LATIN.sub("", name)
        if wrapped := _ALL_IN_BRACKETS.fullmatch(name):
            name = wrapped[1]
        name = _ABOUT.sub("", name.strip('-—–~～_:：·、，,《》“”"|至'))
        name = _ABOUT.sub("", name.strip("-—_:：·、，,《》|")).removesuffix("的").rstrip("和与及")
        if not is_before and not _looks_like_organ(name):
            continue
        if "关于" in name:
            issuer, _, subject = name.rpartition("关于")
            subject = _ABOUT.sub("", "关于" + subject)
            name = subject if _looks_like_organ(subject) else issuer
        if name.endswith("人民") and match[0].startswith("政府"):
            # 上海市人民政府信息公开年度报告: the 政府 belongs to both.
            name += "政府"
        name = _SAYS.sub("", _ANOTHER_MATTER.sub("", name))
        if _SOMEBODY.match(name):
            continue
        if len(name) >= 2 and not _PLACEHOLDER.search(name) and not _SENTENCE.search(name):
            return name
    return None


ORGAN_SUFFIX = (
    r"(?:人民政府|政府|办公厅|办公室|政府办|委员会|管委会|[发工国卫农建经教科民体]?[改信资健委]委|委|厅|局|署|部|院|"
    r"中心|街道办事处|办事处|街道|镇|乡|苏木|公司|银行|学校|大学|学院|医院|公署|支队|大队|总队|管理处|处|馆|所|站|社|会|"
    r"省|自治区|市|县|区|旗|州|盟)"
)
_ORGAN = re.compile(rf"[\u4e00-\u9fff“”（）()·+、及和与]{{2,40}}{ORGAN_SUFFIX}[）)]?")


def _looks_like_organ(name: str) -> bool:
    return bool(_ORGAN.fullmatch(name))
