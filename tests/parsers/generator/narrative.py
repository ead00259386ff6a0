"""Reports of 2008 to 2018 without a form: chapters of prose, every figure in a sentence (domain.md sections 1.1 and 1.2)."""

from __future__ import annotations

import random

from tests.parsers.generator.model import Invented, Number, Prose

YEARS = {"e2008_freeform": (2008, 2013), "e2014_narrative": (2014, 2018)}
_CHAPTERS = (
    ("一、概述", ()),
    (
        "二、主动公开政府信息情况",
        (
            ("全年主动公开政府信息{n}条，其中政策类信息较多。", "proactive.info_count"),
            ("全年制发规范性文件{n}件，均已公开。", "proactive.normative_docs_issued"),
            ("全年组织新闻发布会{n}场，回应社会关切。", "response.press_conferences"),
        ),
    ),
    (
        "三、依申请公开政府信息情况",
        (
            ("全年共收到政府信息公开申请{n}件，均已按期答复。", "requests.received.total"),
            ("本年度没有收到要求公开政府信息的申请。", "requests.received.total"),
        ),
    ),
    (
        "四、政府信息公开的收费及减免情况",
        (
            ("依申请公开信息共收取费用{n}元。", "fees.request_fees_wan_yuan"),
            ("本年度没有发生政府信息公开的收费及减免情况。", "fees.request_fees_wan_yuan"),
        ),
    ),
    (
        "五、因政府信息公开申请行政复议、提起行政诉讼情况",
        (
            ("因政府信息公开被申请行政复议{n}件。", "reconsideration.total"),
            ("因政府信息公开被提起行政诉讼{n}件。", "litigation.total"),
        ),
    ),
    ("六、存在的主要问题及改进情况", (("全年举办培训班{n}期，业务能力有所提高。", "training.classes"),)),
)
_AROUND = (
    "我局高度重视政府信息公开工作，建立健全工作机制，明确责任分工。",
    "公开渠道不断拓宽，内容更加充实，群众查阅更加方便。",
    "下一步将继续完善制度，提高公开的质量和时效。",
)


def invent(template: str, rng: random.Random) -> tuple[Invented, dict[str, frozenset[Number]]]:
    """The report, and path -> the number that its sentence says; of two sentences on one thing one is written."""
    year = rng.randint(*YEARS[template])
    organ = rng.choice(("青河市数据局", "云溪县人民政府", "南屏区统计局"))
    title = f"{organ}{year}年政府信息公开工作年度报告"
    body = [Prose(title, heading=True)]
    truth: dict[str, frozenset[Number]] = {}
    for heading, sentences in _CHAPTERS:
        body.append(Prose(heading, heading=True))
        body.append(Prose(rng.choice(_AROUND)))
        for text, key in rng.sample(sentences, len(sentences)):
            path = f"statistics.{key}"
            if path in truth or rng.random() < 0.2:
                continue
            number = rng.choice((1, 7, 35, 412, 1204, 16_830))
            written = f"{number:,}" if rng.random() < 0.2 else str(number)
            body.append(Prose(text.replace("{n}", written)))
            nought = "{n}" not in text
            truth[path] = frozenset({0 if nought else number / 10_000 if "元" in text else number})
    return Invented(template, organ, year, title, tuple(body)), truth
