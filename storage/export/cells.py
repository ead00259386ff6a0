"""The long form: one row per report and cell, as it was written and as it was read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from parsers.prose.facts import ROOT
from parsers.report import Semantic
from parsers.template import Row as FormRow
from parsers.template import Table, Template, load_templates
from storage.base import Doc
from storage.export.columns import Column, Kind, Row, number
from storage.export.measures import Measures
from storage.export.panel import forms_of
from storage.export.quality import Judge, Quality

COLUMNS = (
    Column("report_id", "报告标识", "Report", definition="What `nianbao show` takes."),
    Column("organ_id", "机关标识", "Organ id"),
    Column("organ_name", "机关名称", "Organ"),
    Column("year", "年度", "Year reported on", Kind.WHOLE),
    Column("scope", "范围", "Scope", words=("own", "consolidated", "joint")),
    Column("template", "表式", "Form"),
    Column("path", "路径", "Path below `figures`"),
    Column("row_label", "行", "Row of the official form"),
    Column("column_label", "列", "Column of the official form"),
    Column(
        "value", "数值", "Value", Kind.NUMBER, definition="Null where the cell holds no number; never 0 for a blank."
    ),
    Column("raw", "原文", "As written"),
    Column("semantic", "含义", "What the cell holds", words=tuple(Semantic)),
    Column("unit", "单位", "Unit"),
    Column("unit_source", "单位来源", "Where the unit stands"),
    Column("note", "说明", "Note"),
    Column("quality", "质量", "Quality", words=tuple(Quality)),
)


@dataclass(frozen=True)
class Labels:
    row: str
    column: str


def columns(_: Measures) -> tuple[Column, ...]:
    return COLUMNS


def rows(report: Doc, measures: Measures) -> Iterator[Row]:
    """A row for each cell of the report, in the order in which they stand there."""
    judge = Judge.of(report, measures.harmless_flags)
    organ = report["organ"]
    head = (
        report["_id"],
        organ["id"],
        organ["name"],
        int(report["report_year"]),
        report["scope"],
        report["template"]["id"],
    )
    forms = forms_of(report)
    for cell in report["cells"]:
        labels = labels_of(cell["path"], forms)
        value = number(cell["value"])
        yield (
            *head,
            cell["path"],
            labels.row or None,
            labels.column or None,
            value,
            cell["raw"],
            cell["semantic"],
            cell["unit"],
            cell["unit_source"],
            cell["note"],
            judge(cell["path"], value).value,
        )


def labels_of(path: str, forms: tuple[str, ...]) -> Labels:
    """The official Chinese words of a cell, by the first of the report's forms that has it, else by any."""
    known = _known()
    for form in (*forms, *known):
        if path in known.get(form, {}):
            return known[form][path]
    return Labels("", "")


@lru_cache(maxsize=1)
def _known() -> dict[str, dict[str, Labels]]:
    return {template.id: _of_template(template) for template in load_templates()}


def _of_template(template: Template) -> dict[str, Labels]:
    found = {f"{ROOT}.{fact.key}": Labels(fact.name, "") for fact in template.facts}
    for table in template.tables:
        found |= _of_table(table)
    return found


def _of_table(table: Table) -> dict[str, Labels]:
    found = {}
    for part in table.parts:
        for row in part.rows:
            for column in part.values:
                above = [min(label.forms, key=len, default="") for label in column.under]
                words = "·".join(word for word in (*above, column.name) if word)
                found[table.path(row, column)] = Labels(_row_words(row) or table.name, words)
    return found


def _row_words(row: FormRow) -> str:
    """`本年度办理结果·不予公开·1.属于国家秘密`: a row's own label says little without its groups."""
    above = [min(label.forms, key=len, default="") for label in row.under]
    return "·".join(word for word in (*above, row.name) if word)
