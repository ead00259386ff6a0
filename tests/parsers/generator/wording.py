"""The labels of the forms as organs really print them (domain.md sections 1 and 3.1), one spelling chosen a report."""

from __future__ import annotations

import random
from dataclasses import dataclass

DRIFT: dict[str, tuple[str, ...]] = {
    "本年新制作数量": ("本年度新制作数量", "本年新制作数"),
    "本年新公开数量": ("本年度公开数量", "本年度新公开数量"),
    "对外公开总数量": ("对外公开数量", "对外公开总数"),
    "上一年项目数量": ("上年项目数量", "上一年度项目数量"),
    "本年增/减": ("本年增/", "本年增减", "本年度增/减", "本年增（减）"),
    "本年制发件数": ("本年制发数", "本年度制发件数"),
    "现行有效件数": ("现行有效件数（历史累计）", "现行有效件数(历史累计)"),
    "行政规范性文件": ("规范性文件",),
    "采购总金额": ("采购总金额（单位：万元）", "采购总金额(万元)"),
    "社会公益组织": ("社会公益机构",),
    "其他": ("其它",),
    "第二十条第(一)项": ("第二十条第（一）项", "第二十条  第(一)项", "第二十条第（一项）"),
    "第二十条第(五)项": ("第二十条第（五）项", "第二十条第 （五） 项"),
    "(二)部分公开(区分处理的,只计这一情形,不计其他情形)": (
        "（二）部分公开（区分处理的，只计这一情形，不计其他情形）",
        "（二）部分公开",
    ),
    "3.危及“三安全一稳定”": ("3.危及三安全一稳定", "3．危及“三安全一稳定”", '3.危及"三安全一稳定"'),
    "2.其他法律行政法规禁止公开": ("2.其他法律、行政法规禁止公开",),
    "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请": (
        "1.逾期不补正",
        "1.申请人无正当理由逾期不补正",
    ),
    "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请": ("2.逾期不缴费",),
    "四、结转下年度继续办理": ("四、结转下年继续办理",),
    "自然人": ("自 然 人",),
    "统计数": ("统计数据",),
    "单位": ("计量单位",),
}
"""Official label -> what stands in its place in real reports."""


@dataclass
class Wording:
    """How one report spells labels: the same everywhere in it."""

    rng: random.Random
    drift: float
    """Share of labels with a spelling of their own."""
    wide: bool
    """Full-width brackets and points."""

    @classmethod
    def choose(cls, rng: random.Random) -> Wording:
        return cls(rng, rng.choice((0.0, 0.0, 0.15, 0.5)), rng.random() < 0.5)

    def __call__(self, label: str) -> str:
        if label in DRIFT and self.rng.random() < self.drift:
            return self.rng.choice(DRIFT[label])
        if self.wide:
            return label.replace("(", "（").replace(")", "）")
        return label
