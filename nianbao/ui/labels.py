"""Official Chinese words beside the field names, for what people read on a terminal."""

from __future__ import annotations

LEVELS = {
    "central": "中央",
    "ministry": "部委",
    "province": "省级",
    "prefecture": "地市级",
    "city": "地市级",
    "county": "县级",
    "township": "乡镇级",
    "department": "部门",
    "vertical": "垂直管理",
}

SCOPES = {"own": "本机关", "consolidated": "汇总", "joint": "联合"}

TEMPLATES = {
    "e2008_freeform": "2008 free text 自由文本",
    "e2014_stats": "2014 statistics 统计表",
    "e2014_narrative": "2014 narrative 文字报告",
    "e2019_v60": "2019 form 国办公开办函〔2019〕60号",
    "e2021_v30": "2021 form 国办公开办函〔2021〕30号",
    "mixed": "mixed forms 混用表式",
}

LANGUAGES = {"zh-Hans": "simplified 简体", "zh-Hant": "traditional 繁体", "en": "English 英文"}

PAGE = {
    "index_number": "索引号",
    "publisher": "发布机构",
    "document_number": "发文字号",
    "written_on": "成文日期",
    "published_on": "发布日期",
    "validity": "有效性",
    "keywords": "主题词",
    "topic": "主题分类",
    "source": "来源",
}

ROLES = {"report": "报告正文", "annex": "附件", "figure": "图", "table": "表"}

TRUST = {
    "verified": "all sums hold 勾稽相符",
    "consistent": "no sum contradicts 无矛盾",
    "doubtful": "a sum fails 勾稽不符",
    "unreadable": "could not be read 无法读取",
}

FLAGS = {
    "totals_only": "only the totals are filled in 仅填总计",
    "ambiguous_columns": "which column a number belongs to cannot be told 列位不明",
    "mixed_template": "tables of different forms in one report 混用表式",
    "unit_missing": "an amount without a unit; kept as written 金额无单位",
    "late": "published after the legal term 逾期公布",
    "early": "published before the year was over 提前公布",
    "tables_missing": "the form's tables are not there 缺表",
    "attachment_only": "the report is in an attachment 仅有附件",
    "pictures": "tables are pictures 表格为图片",
    "decisions_equal_items": "decisions look like a count of items 处理决定数量疑为项目数",
    "unreadable_cells": "cells that could not be read 有无法读取的单元格",
    "unknown_labels": "labels that no template knows 未知栏目",
}


def beside(value: str | None, words: dict[str, str]) -> str:
    """`"own" -> "own 本机关"`; an unknown word stands alone, nothing is `–`."""
    if not value:
        return "–"
    known = words.get(value)
    return f"{value} {known}" if known else value


def flag_in_words(flag: str) -> str:
    """`"unit_missing:proactive" -> "unit_missing:proactive, an amount without a unit …"`."""
    name, _, _table = flag.partition(":")
    known = FLAGS.get(name)
    return f"{flag}: {known}" if known else flag
