"""An invented report as a page: its sentences, and its forms as tables."""

from __future__ import annotations

import random
from datetime import date, timedelta

from nianbao.sample import forms, shapes
from nianbao.sample.forms import Cell, Grid
from nianbao.sample.invented import town
from nianbao.sample.invented.figures import Figures
from nianbao.sample.invented.statistics import ROWS

_WORK = (
    "进一步完善政府信息公开工作制度，明确专人负责信息的收集、审核和发布",
    "把政务公开纳入年度工作要点，定期通报各科室的落实情况",
    "围绕群众关心的事项及时发布信息，做到应公开尽公开",
    "组织工作人员学习《中华人民共和国政府信息公开条例》，提高依法公开的意识和能力",
    "规范依申请公开的登记、审核、办理、答复和归档",
    "加强政府网站和政务新媒体的管理，定期检查更新情况",
    "梳理现行有效的规范性文件，集中公开并标明有效性",
    "对公开的信息实行先审查后公开，严格把好保密关口",
    "通过新闻发布会、在线访谈等形式解读重要政策",
    "公开办事指南和流程，方便企业和群众查询",
)
_PROBLEMS = (
    "公开的内容与群众的期待还有差距，个别栏目更新不够及时",
    "政策解读的形式还比较单一，图表和问答偏少",
    "工作人员变动较多，业务能力有待提高",
    "依申请公开的答复文书有待进一步规范",
)
_NEXT = (
    "下一步将加强业务培训，定期开展自查",
    "下一步将丰富解读形式，增强可读性",
    "下一步将完善考核办法，压实各科室责任",
)
_UNIT = {"采购总金额": "采购总金额（单位：万元）"}
NOTICE = "本页为虚构的示例，所涉机关、数据均非真实。"
"""On every page: what is invented says so."""


def page(name: str, key: str, year: int, figures: Figures, *, is_whole: bool = False, again: bool = False) -> str:
    """The page of a report. `key`: the organ's. `again`: as it was published again, with a figure put right."""
    dice = random.Random(f"{key}/{year}/text")
    title = f"{name}{year}年政府信息公开工作年度报告"
    if again:
        figures = {**figures, **_corrected(figures)}
    body = _before_2019(name, key, year, figures, dice) if year < 2019 else _since_2019(name, key, year, figures, dice)
    if is_whole:
        body = body.replace("本报告", "本报告涵盖全市各级行政机关。本报告", 1)
    mended = "<p>更正：本报告于公布后更正一项数据，重新发布。</p>" if again else ""
    return (
        f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="PubDate" content="{published(key, year, again)}"></head><body><div class="content" id="zoom">'
        f"<h1>{title}</h1><p>发布日期：{published(key, year, again)}</p>{mended}{body}<p>{NOTICE}</p></div></body></html>"
    )


def published(key: str, year: int, again: bool = False) -> str:
    """In January as a rule, the governments' in March."""
    told = town.LATE.get((key, year)) or town.EARLY.get((key, year))
    if told:
        return told
    dice = random.Random(f"{key}/{year}/day")
    first = date(year + 1, 1, 8) if key not in ("jiachuan", "yishui", "bingwan", "shili") else date(year + 1, 3, 2)
    return (first + timedelta(days=dice.randrange(20) + (2 if again else 0))).isoformat()


def _corrected(figures: Figures) -> Figures:
    path = "proactive.administrative_penalty.decisions"
    return {path: (figures[path] or 0) + 11}


def _since_2019(name: str, key: str, year: int, figures: Figures, dice: random.Random) -> str:
    form = 2019 if year < 2021 else 2021
    received = int(figures["requests.received_new.total"] or 0)
    told = received + town.TOLD_OTHERWISE.get((key, year), 0)
    if (key, year) in town.MISTYPED:
        told = int(figures["requests.results.total.total"] or 0)
        told += int(figures["requests.carried_forward.total"] or 0) - int(figures["requests.carried_over.total"] or 0)
    fee = town.FEES.get((key, year))
    other = (
        f"全年收取信息处理费{fee}元。"
        if fee
        else "本年度未收取信息处理费。"
        if year > 2020
        else "无其他需要报告的事项。"
    )
    return "\n".join(
        (
            f"<p>本报告根据《中华人民共和国政府信息公开条例》编制，统计期限为{year}年1月1日起至{year}年12月31日。</p>",
            _heading("一、总体情况"),
            _prose(dice, _WORK, 6),
            f"<p>本年度收到政府信息公开申请{told}件，均依法办理。</p>",
            _heading("二、主动公开政府信息情况"),
            shapes.table(forms.fill(forms.proactive(form), figures, {}, _UNIT)),
            _heading("三、收到和处理政府信息公开申请情况"),
            shapes.table(forms.fill(forms.requests(form), figures, {}, {})),
            _heading("四、政府信息公开行政复议、行政诉讼情况"),
            shapes.table(forms.fill(forms.disputes(), figures, {}, {})),
            _heading("五、存在的主要问题及改进情况"),
            _prose(dice, _PROBLEMS, 2),
            _prose(dice, _NEXT, 1),
            _heading("六、其他需要报告的事项"),
            f"<p>{other}</p>",
        )
    )


def _before_2019(name: str, key: str, year: int, figures: Figures, dice: random.Random) -> str:
    received = int(figures["statistics.requests.received.total"] or 0)
    return "\n".join(
        (
            f"<p>本报告根据《中华人民共和国政府信息公开条例》编制，统计期限为{year}年1月1日起至{year}年12月31日。</p>",
            _heading("一、概述"),
            _prose(dice, _WORK, 5),
            _heading("二、主动公开政府信息情况"),
            _prose(dice, _WORK, 2),
            _heading("三、依申请公开政府信息情况"),
            f"<p>{name}{year}年收到政府信息公开申请{received}件。</p>",
            _heading("四、存在的主要问题及改进情况"),
            _prose(dice, _PROBLEMS, 2),
            _prose(dice, _NEXT, 1),
            _heading(f"政府信息公开情况统计表（{year}年度）"),
            shapes.table(_statistics(figures)),
        )
    )


def _statistics(figures: Figures) -> Grid:
    grid: Grid = [[Cell("统计指标"), Cell("单位"), Cell("统计数")]]
    for label, unit, path in ROWS:
        value = "" if path is None else _written(figures[f"statistics.{path}"])
        grid.append([Cell(label), Cell(unit), Cell(value)])
    return grid


def _written(value: int | float | None) -> str:
    return "" if value is None else f"{value:g}"


def _heading(text: str) -> str:
    return f"<h3>{text}</h3>"


def _prose(dice: random.Random, sentences: tuple[str, ...], number: int) -> str:
    return f"<p>{'。'.join(dice.sample(sentences, number))}。</p>"
