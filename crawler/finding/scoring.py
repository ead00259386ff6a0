"""How likely a link of a menu leads to a 年报 column (portals.md 3.1, 3.2 and 8.3)."""

from __future__ import annotations

import re

from crawler.finding.titles import Promise, promise, tidy
from crawler.pages.markup import Link

_GROUP = "(?:部门|单位|委办局|乡镇|镇街|镇办|街镇|街道|镇乡|区县|县区|县市区|镇|乡)"
ORGANS = (
    rf"^(?:市|县|区|州|旗)?(?:政府|直属|直|各)?{_GROUP}(?:[及和与、/·]?(?:各|直属)?{_GROUP}){{0,3}}(?:政府)?(?:信息公开|政务公开)"
    r"(?:目录|平台|专栏|指南及目录)?$"
)
"""A menu of bureaus or townships, each of which has a column of its own somewhere below."""
NAMES = (
    (10, r"政府信息公开(?:工作)?年(?:度(?:工作)?报告?|报)|政府信息公开年度工作报告"),
    (6, r"信息公开(?:工作)?年(?:度(?:工作)?报告?|报)|政务公开(?:工作)?年(?:度报告|报)|公开年报"),
    (5, r"(?:部门|乡镇|镇街|街道|区县|县区|政府|单位|直属|各.{1,6}?)(?:信息公开)?年(?:度报告|报)"),
    (4, r"^政府信息公开(?:工作)?报告$"),
    (4, ORGANS),
    (3, r"^(?:政府信息公开|法定主动公开内容|信息公开|政务公开)(?:专栏|平台|网|门户|目录)?$"),
    (2, r"^(?:政务|公开|阳光政务|信息公开专栏|监督保障|公开工作)$|^.{0,8}政府信息公开(?:专栏|平台)?$"),
)
BARE = r"^(?:历年|往年|历史)?(?:工作)?年(?:度(?:工作)?报告|报)(?:公开|查询|检索|展示|发布|专区|专栏|汇总)?$"
"""年报 alone is a company's or a website's as often as ours: it counts where the menu speaks of 公开."""
OTHERS = (
    r"网站|报表|法治|财务|企业|统计|年鉴|公报|预算|决算|审计|指南|依申请|申请公开|意见箱|招聘|考试|采购|投诉|举报|"
    r"查询|解读|回应|互动|信箱|新闻|视频|专题|图片|English|登录|注册|环境质量|上市|信用"
)
NEWS = (
    r"^(?:新闻|政务|部门|乡镇|镇街|镇办|街道|基层|工作|单位|县区|区县|本地|公开|政务公开|信息公开)(?:动态|要闻)$|^新闻中心$|"
    r"^(?:通知|公示|公告){1,2}$|^最新(?:公开|文件|信息公开|公开信息)$"
)
"""Lists in which everything stands that is published (portals.md 2.6, 3.4): a report among them stands in no column."""
SLUG = re.compile(
    r"(?:xx|zfxx|zf)?gk(?:gz)?n[db]*(?:bg|b)|xxgknb|gknb|ndbg|nianbao|xxgkbg|nianduzhengfu|annualreport", re.IGNORECASE
)

SURE = 6
"""From this score on a link can mean nothing else."""
LEADS = 4
"""From this score on a link names a 年报 column itself; below it is a menu on the way to one."""

_NAMES = tuple((score, re.compile(pattern)) for score, pattern in NAMES)
_ORGANS = re.compile(ORGANS)
_DISCLOSURE = re.compile(NAMES[-2][1])
_MENU = re.compile(rf"{ORGANS}|{NAMES[-2][1]}")
"""目录 in a menu's name is a way, in a title a document."""
_BARE = re.compile(BARE)
_OTHERS = re.compile(OTHERS)
_NEWS = re.compile(NEWS)
_YEAR = re.compile(r"^20\d\d年?(?=年)")


def is_organ_menu(name: str) -> bool:
    """Whether a link is called a menu of organs: 政府部门信息公开, 乡镇信息公开目录."""
    return bool(_ORGANS.search(tidy(name)))


def is_disclosure(name: str) -> bool:
    """Whether a link is called the place of all disclosure, below which the organs stand as often: 政府信息公开."""
    return bool(_DISCLOSURE.search(tidy(name)))


def is_news(name: str) -> bool:
    """Whether a link is called a list of news or notices: 政务动态, 通知公告."""
    return bool(_NEWS.search(tidy(name)))


def score(link: Link, around: str = "") -> int:
    """Points of one link. `around` is what is known of the page it stands on: its column, its breadcrumb.

    10 and more: surely a 年报 column; from LEADS: it is called one; 1 to 3: a menu that may hold one; below: no.
    """
    if promise(link.name) is Promise.NOT and not _MENU.search(tidy(link.name)):
        return -10
    words = {tidy(link.text)[:60], tidy(link.title)[:60]} - {""}
    context = tidy(f"{around} {link.menu}")
    best = max((_points(text, context) for text in words), default=0)
    if any(_OTHERS.search(text.replace("年报查询", "年报")) for text in words):
        best -= 10
    if best > 0 and SLUG.search(link.url.rsplit("?", 1)[0].split("/", 3)[-1]):
        best += 2
    return best


def _points(text: str, context: str) -> int:
    found = max((points for points, pattern in _NAMES if pattern.search(text)), default=0)
    if not found and _BARE.search(_YEAR.sub("", text)):
        return 4 if "公开" in context and not _OTHERS.search(context) else 1
    return found
