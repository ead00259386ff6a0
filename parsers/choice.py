"""Which forms a report uses: those of its tables, or, without any, those of its year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from parsers.report import TemplateUse
from parsers.tables.labels import Label
from parsers.tables.read import ReadTable
from parsers.template import Table, Template


@dataclass(frozen=True)
class Chosen:
    templates: tuple[Template, ...]
    evidence: str

    @property
    def id(self) -> str:
        return "mixed" if len(self.templates) > 1 else self.templates[0].id


def choose(templates: Sequence[Template], tables: Sequence[ReadTable], year: int) -> Chosen:
    """By the tables that are there; without any, by the year: the forms of their time without their tables."""
    telling = [table for table in tables if not _is_shared(table, templates)] or list(tables)
    ids = dict.fromkeys(table.template.id for table in telling)
    if ids:
        used = tuple(template for template in templates if template.id in ids)
        return Chosen(used, "; ".join(table.evidence() for table in tables))
    fitting = [template for template in templates if template.covers(year)]
    narrative = [template for template in fitting if not template.tables] or fitting or [templates[-1]]
    return Chosen((narrative[0],), f"no table; report year {year}")


def _is_shared(table: ReadTable, templates: Sequence[Template]) -> bool:
    """Does another template have the same table to the letter (table four of 2019 and 2021)?"""
    paths = tuple(table.table.paths())
    return any(
        other.id == table.table.id and tuple(other.paths()) == paths
        for template in templates
        if template.id != table.template.id
        for other in template.tables
    )


def missing(chosen: Chosen, tables: Sequence[ReadTable]) -> list[str]:
    """Tables that the forms in use have and the document has not."""
    present = {table.table.id for table in tables}
    expected = dict.fromkeys(table.id for template in chosen.templates for table in template.tables)
    return [name for name in expected if name not in present]


def lacks_tables(chosen: Chosen, tables: Sequence[ReadTable], templates: Sequence[Template], year: int) -> bool:
    """Is a table not there that may be a picture? Before 2014 there was no form to look for."""
    if tables:
        return bool(missing(chosen, tables))
    return any(template.tables and template.covers(year) for template in templates)


def template_use(chosen: Chosen) -> TemplateUse:
    version = "+".join(
        template.version if len(chosen.templates) == 1 else f"{template.id}@{template.version}"
        for template in chosen.templates
    )
    return TemplateUse(chosen.id, version, chosen.evidence)


def unread(templates: Sequence[Template], text: str, year: int) -> list[str]:
    """Kinds of tables whose labels stand in a text from which no table could be read: all of it run together.

    The first signature label heads the table and stands in no sentence (统计指标).
    """
    bare = "".join(text.split())
    return [
        table.id
        for template in templates
        if template.covers(year)
        for table in template.tables
        if table.signature and _stands(table.signature[0], bare) and _half_stand(table, bare)
    ]


def _half_stand(table: Table, text: str) -> bool:
    return 2 * sum(_stands(label, text) for label in table.signature) >= len(table.signature)


def _stands(label: Label, text: str) -> bool:
    return any(form in text for form in label.forms)
