"""The labels of a page's label and value block (domain.md section 4) and what each stands for.

Spellings are compared after folding: 索 引 号, 【索引号】 and 索引号： are one.
"""

from __future__ import annotations

import re
from functools import lru_cache

from parsers.chinese import fold, simplify

LABELS: dict[str, tuple[str, ...]] = {
    "index_number": ("索引号", "信息索引号", "信息索引", "索引编号", "索取号"),
    "publisher": (
        "发布机构", "发文机关", "发布单位", "发文机构", "发文单位", "公开责任部门", "责任部门", "发布机关", "公开机构",
        "制发机关", "公开主体",
    ),
    "document_number": ("发文字号", "文号", "发布文号", "文件编号", "公文字号", "发文文号", "文件字号", "备注/文号"),
    "registration_number": ("统一编号", "统一登记号"),
    "topic": ("主题分类", "信息分类", "组配分类", "分类", "主题导航", "主题类别", "所属主题", "信息类别"),
    "document_type": ("公文种类", "体裁分类", "公文体裁", "文种"),
    "written_on": ("成文日期", "成文时间", "发文日期", "发文时间", "生成日期", "公文生成日期", "产生日期", "落款时间",
                   "印发日期", "生成时间"),
    "published_on": ("发布日期", "发表日期", "发布时间", "公开日期", "公开时间", "公布日期", "信息提供日期", "更新时间", "日期", "时间", "日间"),
    "validity": ("公文时效", "有效性", "文件有效性", "时效", "效力状态", "时效性", "有效期", "废止日期", "是否有效"),
    "method": ("公开方式", "公开范围", "公开属性", "公开时限", "公开程序", "公开形式", "公开类别"),
    "keywords": ("关键词", "主题词", "关键字"),
    "title": ("名称", "标题", "信息名称", "文件名称", "公文名称", "中文名"),
    "summary": ("内容概述", "备注", "概述", "摘要", "内容概要"),
    "source": ("来源", "信息来源", "文章来源", "稿件来源"),
    "author": ("作者", "编辑", "责任编辑", "审核", "责编", "供稿", "发布人", "录入", "撰稿"),
    "views": ("浏览次数", "浏览", "浏览量", "点击数", "点击量", "点击率", "访问量", "访问次数", "阅读", "阅读次数",
              "阅读量", "累计次数", "点击次数", "点击", "人气"),
    "font_size": ("字体", "字号", "字体大小", "字体显示", "视力保护", "视力保护色", "背景色"),
    "service_object": ("服务对象",),
    "download": ("附件下载", "文件下载", "相关附件", "附件", "下载", "文档下载"),
    "column": ("栏目", "所属栏目", "原文链接", "本地目录", "标签", "英文名", "外文名", "性质", "类别"),
}  # fmt: skip

_CANONICAL = {spelling: name for name, spellings in LABELS.items() for spelling in spellings}
_MARKS = "：:【】[]〔〕()（）|·•"
_GAP = r"[\s\u200b\ufeff]{0,12}"
# Alone in a line or a cell these are everyday words; with a colon they are labels.
AMBIGUOUS = frozenset(("时间", "日期", "分类", "名称", "标题", "备注", "概述", "阅读", "浏览", "点击", "附件", "下载",
                       "编辑", "审核", "性质", "类别", "标签", "来源", "作者"))  # fmt: skip


@lru_cache(maxsize=4096)
def canonical(label: str) -> str | None:
    """`索 引 号：` -> `index_number`; None where the words are no label."""
    if len(label) > 40:
        return None
    return _CANONICAL.get(simplify(fold(label).strip(_MARKS)))


@lru_cache(maxsize=4096)
def is_bare_label(text: str) -> bool:
    """Is the whole of a cell a label, even without a colon?"""
    folded = simplify(fold(text)) if len(text) <= 40 else ""
    bare = folded.strip(_MARKS)
    return bare in _CANONICAL and (bare not in AMBIGUOUS or folded[-1:] == ":")


def _spelling(label: str) -> str:
    return _GAP.join(re.escape(character) for character in label)


FIRST = frozenset(spelling[0] for spelling in _CANONICAL)
"""What labels begin with, in simplified characters."""
_SPELLINGS = sorted(_CANONICAL, key=len, reverse=True)
_BEFORE = r"(?:(?<=^)|(?<=[\s|·•【\[（(>;；]))[【\[]?("
PATTERN = re.compile(
    _BEFORE + "|".join(_spelling(label) for label in _SPELLINGS) + r")(?:[】\]]?[\s\u200b]{0,4}[：:][】\]]?|】)"
)
"""A label with its colon, or in 【】, inside a line, in simplified characters; group 1 is the label."""
COLON = re.compile(
    f"[{''.join(sorted({re.escape(spelling[-1]) for spelling in _CANONICAL}))}](?:[】\\]]?[\\s\u200b]{{0,4}}[：:]|】)"
)
"""What stands at the end of all that `PATTERN` finds: most colons are those of sentences."""
SPACED = re.compile(_BEFORE + "|".join(_spelling(label) for label in _SPELLINGS) + r")[】\]]?(?=\s|$)")
"""A label set off by spaces alone, in lines of a block whose borders were lost."""
