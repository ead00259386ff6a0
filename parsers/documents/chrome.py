"""What a page puts around a report: menus, share bars, comment boxes, counters. Dropped only where it is certain."""

from __future__ import annotations

import re

from parsers.documents.dom import UNSEEN
from parsers.documents.tree import Tree, read_attributes

_NAMES = re.compile(
    r"(?:^|[\s_-])(?:bd)?share(?:[\s_-]|$)|bdsharebuttonbox|social-share|jiathis|(?:^|[\s_-])(?:breadcrumb|crumbs?|"
    r"lujing|dqwz|weizhi|pagenav|prev-?next|prenext|updown|pre_next|comments?|pinglun|liuyan|captcha|yzm|erweima|qrcode|"
    r"ewm|footer|copyright|banquan|navbar|topnav|mainnav|sitenav|dibu|font-?size|zihao)(?:[\s_-]|$)"
)
_SMALL = 400
"""A box with a chrome name and more text than this is no chrome: CMSs name things carelessly."""
_LINE = re.compile(
    r"""^(?:
        (?:上一[篇条页个]|下一[篇条页个])(?:[:：].*)?
      | (?:[【\[]?(?:我要)?(?:打印(?:本页|此页)?|关闭(?:本页|窗口|此页)?|收藏(?:本页)?|纠错|推荐|返回(?:顶部|列表|上一页|首页)?
          |回到顶部|加入收藏|保存|复制链接)[】\]]?[\s|｜/丨]*)+
      | (?:分享|分享到|分享至|扫一扫.{0,20}|手机(?:扫一扫|浏览|阅读).{0,12}|用微信扫描.{0,20})[:：]?
          (?:[\s、|]*(?:微信|微博|新浪微博|QQ空间|QQ|人人网|腾讯微博|更多))*
      | 【?\s*字[体号](?:大小)?\s*[:：].{0,16}
      | (?:浏览|阅读|点击|访问)(?:次数|量|数)?\s*[:：]?\s*\[?\s*\d*\s*\]?\s*次?
      | 验证码\s*[:：]?.{0,10} | (?:留言与评论|网友评论|我要评论|发表评论|评论).{0,20}
    )$""",
    re.VERBOSE,
)
STARTS = frozenset("上下【[我打关收纠推返回加保复分扫手用字浏阅点访验留网发评")
"""How `_LINE` begins: hardly any line of a report begins so."""
_TELLING = (' style="', ' class="', ' id="')
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)


def may_be_chrome(tag: str, written: str) -> bool:
    """Does an element look like a box of the page by its tag, its names or its style (`Tree.written`)?"""
    if tag in ("nav", "footer"):
        return True
    if not any(name in written for name in _TELLING):
        return False
    attributes = read_attributes(written)
    style = attributes.get("style")
    if style and _HIDDEN.search(style):
        return True
    names = f"{attributes.get('id', '')} {attributes.get('class', '')}"
    return len(names) > 1 and bool(_NAMES.search(names.lower()))


def is_chrome_line(text: str) -> bool:
    """Is a paragraph nothing but 打印 关闭, 上一篇：…, 浏览次数 and the like?"""
    return len(text) <= 120 and (line := text.strip())[:1] in STARTS and bool(_LINE.match(line))


def is_small(tree: Tree, box: int) -> bool:
    """Is a box that may be chrome none of the report: never a large one, never one with a table."""
    tags, ends = tree.tags, tree.ends
    size = 0
    at, end = box, ends[box]
    while at < end:
        tag = tags[at]
        if tag == "table":
            return False
        if tag in UNSEEN:
            at = ends[at]
            continue
        size += len(tree.texts[at].strip())
        if size > _SMALL:
            return False
        at += 1
    return True
