"""Sentences of a report: they speak of the same things as the forms, with other figures, and must not be taken for
cells. What a sentence says of this year is a figure where a report has no table: those two speak of the year before."""

from __future__ import annotations

import random

SECTIONS = {
    "2019": (
        "一、总体情况",
        "二、主动公开政府信息情况",
        "三、收到和处理政府信息公开申请情况",
        "四、政府信息公开行政复议、行政诉讼情况",
        "五、存在的主要问题及改进情况",
        "六、其他需要报告的事项",
    ),
    "2014": (
        "一、概述",
        "二、主动公开政府信息情况",
        "三、依申请公开政府信息情况",
        "四、存在问题及改进措施",
        "五、其他需要报告的事项",
    ),
}

_PLAIN = (
    "本报告根据《中华人民共和国政府信息公开条例》编制，由总体情况等{d}个部分组成，统计期限为{y}年1月1日至{y}年12月31日。",
    "全年通过门户网站发布动态{n}条，政务微信推送{n}篇，网站访问量{n}人次。",
    "组织业务学习{d}次，参加人员{n}人次，比上年增长{d}%。",
    "联系电话：0{n}-{n}，地址：人民路{d}号，邮编{n}。",
    "办理人大代表建议{d}件、政协委员提案{d}件，办结率100%。",
    "（一）加强组织领导。调整了由{d}人组成的领导小组。",
    "2.完善制度。修订《公开指南》第{d}版，公开目录{n}项。",
)
_TRAPS = (
    "全年办理行政许可{n}件，行政处罚{n}件，行政强制{d}件。",
    "其中行政许可{n}件、行政处罚{n}件、行政强制{n}件；",
    "制定规章{d}件、规范性文件{d}件，废止规范性文件{d}件。",
    "规范性文件{d}件均已公开。",
    "去年对申请予以公开{d}件，部分公开{d}件，不予公开{d}件，其他处理{d}件，总计{n}件。",
    "结果维持{d}件，结果纠正{d}件，其他结果{d}件。",
    "政府集中采购项目{d}个，采购总金额{n}.5万元。",
    "行政事业性收费{n}万元，比上年减少{d}项。",
    "申请人中自然人{d}人，商业企业{d}家，其他{d}家。",
    "属于国家秘密{d}件，重复申请{d}件，信访举报投诉类申请{d}件。",
    "上一年主动公开规范性文件数{d}条，政务微博公开政府信息数{n}条。",
    "全年行政许可 {n}",
    "规章：{d}；规范性文件：{d}。",
)


def sentences(rng: random.Random, year: int, *, traps: bool) -> list[str]:
    """Two to five sentences; with `traps` among them some whose words are labels of a form."""
    chosen = rng.sample(_PLAIN, rng.randint(1, 3))
    if traps:
        chosen += rng.sample(_TRAPS, rng.randint(1, 2))
        rng.shuffle(chosen)
    return [_filled(text, rng, year) for text in chosen]


def _filled(text: str, rng: random.Random, year: int) -> str:
    text = text.replace("{y}", str(year))
    while "{n}" in text:
        text = text.replace("{n}", str(rng.randint(20, 9999)), 1)
    while "{d}" in text:
        text = text.replace("{d}", str(rng.randint(1, 9)), 1)
    return text
