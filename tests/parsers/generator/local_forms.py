"""Reports with a form of their province's own, of which no template knows the keys (domain.md section 1.1): Shanghai's with
codes, Fujian's with a second column that counts since 2008. Invented figures, the forms' own labels."""

from __future__ import annotations

import random
from collections.abc import Sequence

from tests.parsers.generator import prose
from tests.parsers.generator.figures import Habits
from tests.parsers.generator.model import Figure, Head, Invented, Line, Prose, Sheet

SHANGHAI = (
    ("01", "主动公开信息数", "条"), ("02", "其中：全文电子化的主动公开信息数", "条"), ("03", "公文类信息数", "条"),
    ("04", "新增的行政规范性文件数", "条"), ("05", "提供服务类信息数", "条"), ("06", "网站专栏页面访问量", "人次"),
    ("07", "现场接待人数", "人"), ("08", "网上咨询数", "人次"), ("09", "咨询电话接听数", "人次"),
    ("10", "依申请公开信息目录数", "条"), ("12", "申请总数", "条"), ("13", "其中：当面申请数", "条"), ("14", "传真申请数", "条"),
    ("15", "电子邮件申请数", "条"), ("16", "网上申请数", "条"), ("17", "信函申请数", "条"), ("18", "其他形式申请数", "条"),
    ("19", "对申请的答复总数", "条"), ("20", "其中：同意公开答复数", "条"), ("21", "同意部分公开答复数", "条"),
    ("34", "行政复议数", "件"), ("35", "行政诉讼数", "件"), ("36", "行政申诉数", "件"), ("37", "收取费用总数", "元"),
    ("49", "指定专职人员数", "人"), ("50", "全职人员数", "人"), ("51", "兼职人员数", "人"), ("52", "专项经费", "万元"),
)  # fmt: skip
FUJIAN = (
    ("", "主动公开信息数", "条"), ("", "其中：1.政府网站公开数", "条"), ("", "2.政府公报公开数", "条"),
    ("", "受理依申请公开信息总数", "件"), ("", "其中：1.当面申请数", "件"), ("", "2.传真申请数", "件"), ("", "3.电子邮件申请数", "件"),
    ("", "4.网上申请数", "件"), ("", "5.信函申请数", "件"), ("", "6.其它形式申请数", "件"), ("", "本年度对申请的答复总数", "件"),
    ("", "其中：1.同意公开数", "件"), ("", "2.同意部分公开数", "件"), ("", "3.否决公开数", "件"), ("", "行政复议数", "件"),
    ("", "行政诉讼数", "件"), ("", "行政申诉数", "件"),
)  # fmt: skip
FORMS = {"shanghai": SHANGHAI, "fujian": FUJIAN}


def invent(form: str, rng: random.Random) -> Invented:
    """A report of 2009 to 2017 whose figures have the paths `<label>/<column>`, columns from 0."""
    habits = Habits.choose(rng)
    year = rng.randint(2009, 2017)
    organ = rng.choice(("青河市数据局", "云溪县人民政府", "南屏区统计局"))
    title = f"{organ}{year}年政府信息公开工作年度报告"
    columns = ("统计数",) if form == "shanghai" else (f"{year}年度", "历年累计")
    body: list[Prose | Sheet] = [Prose(title, heading=True)]
    for heading in prose.SECTIONS["2014"]:
        body.append(Prose(heading, heading=True))
        body.extend(Prose(text) for text in prose.sentences(rng, year, traps=False))
    body.append(Prose("附表：政府信息公开情况统计表", heading=True))
    body.append(_sheet(FORMS[form], columns, rng, habits))
    return Invented(form, organ, year, title, tuple(body))


def _sheet(rows: Sequence[tuple[str, str, str]], columns: Sequence[str], rng: random.Random, habits: Habits) -> Sheet:
    coded = bool(rows[0][0])
    names = ("代码",) * coded + ("指标名称", "计量单位", *columns)
    figures = len(columns)
    header = tuple(
        Head(name, column=n - len(names) + figures if n >= len(names) - figures else None)
        for n, name in enumerate(names)
    )
    lines = tuple(
        Line((code, label) if coded else (label,), tuple(_figure(label, n, rng, habits) for n in range(figures)), unit)
        for code, label, unit in rows
    )
    return Sheet("local", "", (header,), lines, 1 + coded)


def _figure(label: str, column: int, rng: random.Random, habits: Habits) -> Figure:
    number = rng.randint(1, habits.largest) if rng.random() < 0.6 else 0
    if not number:
        text = rng.choice(habits.zero)
        return Figure(f"{label}/{column}", text, 0 if text == "0" else None)
    return Figure(f"{label}/{column}", f"{number:,}" if habits.thousands else str(number), number)
