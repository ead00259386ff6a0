"""A report of a part of a year that is the organ's whole year: it was founded in the month with which the part begins.

某区医疗保障局2019年3-12月政府信息公开工作年度报告, whose text says that the bureau was set up in March 2019.
"""

from __future__ import annotations

import re

from parsers.identity.titles import Title

FLAG = "part_of_year"
_MONTHS = re.compile(r"(?P<year>20\d\d)年0?(?P<month>[2-9]|1[0-2])月?(?:\d{1,2}日)?[-—–~～至到](?:20\d\d年)?12月")
_FIRST = "2008"
"""Its 5-12月 are a whole year: see titles.py."""
_FOUNDED = r"(?:正式)?(?:挂牌|组建|成立|设立|合并|新设|新组建)"
_NOT_IT = r"(?![^。;；,，]{0,16}(?:小组|工作组|专班|协会|党[组委支总]))"
"""What else is founded: a working group."""


def is_part(title: Title) -> bool:
    """Does a title, taken for that of a report, name the months of a part of a year?"""
    found = _MONTHS.search(title.text) if title.is_report else None
    return found is not None and found["year"] != _FIRST


def as_report(title: Title, opening: str) -> Title:
    """The title of a report where the opening says that the organ is as old as its part of the year; else as it was."""
    if title.kind != "part_of_year" or not (found := _MONTHS.search(title.text)):
        return title
    when = rf"(?:{found['year']}年|同年|今年|当年|本年)?0?(?<!\d){found['month']}月(?:\d{{1,2}}日|份|底|初|中旬)?"
    says = re.compile(
        rf"{when}[^。;；\d]{{0,16}}{_FOUNDED}{_NOT_IT}|{_FOUNDED}(?:于|的?时间(?:为|是))(?:{found['year']}年)?0?{found['month']}月"
    )
    return title._replace(kind="report") if says.search(opening) else title
