"""A whole invented report from a seed: an organ, a year, sentences, and the forms of one template between them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping

from parsers.template import Part, Row, Table, Template, load_templates
from tests.parsers.generator import prose
from tests.parsers.generator.figures import Habits, fill
from tests.parsers.generator.model import Figure, Head, Invented, Line, Prose, Sheet
from tests.parsers.generator.wording import Wording

TEMPLATES = ("e2014_stats", "e2019_v60", "e2021_v30", "mixed")
YEARS = {
    "e2014_stats": (2014, 2018),
    "e2019_v60": (2019, 2020),
    "e2021_v30": (2021, 2025),
    "mixed": (2021, 2024),
}
ORGANS = ("青河市数据局", "云溪县人民政府", "南屏区统计局", "长宁镇人民政府", "石门县卫生健康局", "白塔市司法局")
CORNER = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
GROUPS = {
    "results.": "三、本年度办理结果",
    "results.denied.": "（三）不予公开",
    "results.unable.": "（四）无法提供",
    "results.not_processed.": "（五）不予处理",
    "results.other.": "（六）其他处理",
}
HEADINGS_2014 = {
    "proactive.info_count": ("一、主动公开情况",),
    "proactive.by_channel.gazette": ("（二）通过不同渠道和方式公开政府信息的情况",),
    "response.hot_topics": ("二、回应解读情况",),
    "response.press_conferences": ("（二）通过不同渠道和方式回应解读的情况",),
    "requests.received.total": ("三、依申请公开情况",),
    "organization.dedicated_units": ("八、机构建设和保障经费情况",),
    "training.meetings": ("九、政府信息公开会议和培训情况",),
}
"""Key of the first row below a heading of the 2014 form -> the heading, a row without figures."""
_UNITS_2014 = (
    ("funds", "万元"), ("fees", "万元"), ("interpretations", "篇"), ("staff", "人"), ("trainees", "人次"),
    ("proactive", "条"), ("response", "次"), ("training", "次"), ("organization", "个"),
)  # fmt: skip


def invent(
    template: str, rng: random.Random, *, traps: bool = True, organ: str | None = None, year: int | None = None
) -> Invented:
    """The same `rng` state gives the same report. `traps`: sentences that hold labels of the form with other figures.

    `organ`, `year`: whose report of which year it shall be, instead of a choice.
    """
    forms = {form.id: form for form in load_templates()}
    habits, wording = Habits.choose(rng), Wording.choose(rng)
    chosen = rng.randint(*YEARS[template]), rng.choice(ORGANS)
    year, organ = year or chosen[0], organ or chosen[1]
    title = f"{organ}{year}年政府信息公开工作年度报告"
    if template == "mixed":
        tables = [
            _table(forms["e2021_v30"], 0, rng, habits, wording),
            *_tables(forms["e2019_v60"], rng, habits, wording, 1),
        ]
    else:
        tables = _tables(forms[template], rng, habits, wording)
    headings = prose.SECTIONS["2014" if template == "e2014_stats" else "2019"]
    body: list[Prose | Sheet] = [Prose(title, heading=True)]
    for number, heading in enumerate(headings):
        body.append(Prose(heading, heading=True))
        place = number - 1
        if 0 <= place < len(tables) and template != "e2014_stats":
            body.extend(tables[place])
        elif rng.random() < 0.8 or number == 0:
            body.extend(Prose(text) for text in prose.sentences(rng, year, traps=traps))
        else:
            body.append(Prose("详见附表。"))
    if template == "e2014_stats":
        body.append(Prose(f"政府信息公开情况统计表（{year}年度）", heading=True))
        body.extend(tables[0])
    return Invented(template, organ, year, title, tuple(body))


def _tables(form: Template, rng: random.Random, habits: Habits, wording: Wording, first: int = 0) -> list[list[Sheet]]:
    figures = fill(form, rng, habits)
    return [[sheet(table, part, figures, wording) for part in table.parts] for table in form.tables[first:]]


def _table(form: Template, index: int, rng: random.Random, habits: Habits, wording: Wording) -> list[Sheet]:
    figures = fill(form, rng, habits)
    table = form.tables[index]
    return [sheet(table, part, figures, wording) for part in table.parts]


def sheet(table: Table, part: Part, figures: Mapping[str, Figure], wording: Wording) -> Sheet:
    lines = tuple(_lines(table, part, figures, wording))
    depth = {"requests": 3, "appeals": 0}.get(table.id, 1)
    return Sheet(
        table.id, wording(part.caption) if table.id == "proactive" else "", _header(table, part, wording), lines, depth
    )


def _lines(table: Table, part: Part, figures: Mapping[str, Figure], wording: Wording) -> Iterator[Line]:
    for row in part.rows:
        for heading in HEADINGS_2014.get(row.key, ()) if table.id == "statistics" else ():
            yield Line((heading,), (), "")
        unit = _unit(row) if any(column.kind == "unit" for column in part.columns) else None
        yield Line(_labels(row, wording), tuple(figures[table.path(row, column)] for column in part.values), unit)


def _unit(row: Row) -> str:
    return next((unit for word, unit in _UNITS_2014 if word in row.key and "requests" not in row.key), "件")


def _labels(row: Row, wording: Wording) -> tuple[str, ...]:
    if not row.name:
        return ()
    groups = [text for prefix, text in GROUPS.items() if row.key.startswith(prefix) and row.key != "results.other"]
    if row.key == "results.other":
        groups = [GROUPS["results."]]
    return (*groups, wording(row.name))


def _header(table: Table, part: Part, wording: Wording) -> tuple[tuple[Head, ...], ...]:
    """The header's rows as the official form prints them; `column` counts the figure columns."""
    names = [wording(column.name) for column in part.columns]
    if table.id == "requests":
        return (
            (Head(CORNER, 3, 3), Head("申请人情况", 1, 7)),
            (Head(names[0], 2, 1, 0), Head("法人或其他组织", 1, 5), Head(names[6], 2, 1, 6)),
            tuple(Head(name, column=number) for number, name in enumerate(names[1:6], 1)),
        )
    if table.id == "appeals":
        return (
            (Head("行政复议", 1, 5), Head("行政诉讼", 1, 10)),
            (
                *(Head(name, 2, 1, number) for number, name in enumerate(names[:5])),
                Head("未经复议直接起诉", 1, 5),
                Head("复议后起诉", 1, 5),
            ),
            tuple(Head(name, column=number) for number, name in enumerate(names[5:], 5)),
        )
    if table.id == "statistics":
        return ((Head("统计指标"), Head(names[0]), Head(names[1], column=0)),)
    return ((Head("信息内容"), *(Head(name, column=number) for number, name in enumerate(names))),)
