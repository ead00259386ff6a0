"""Bytes in, report out: the one road that every page takes, in a crawl, on the command line and in a rerun.

source -> document -> simplified -> identity -> tables, sections, facts -> checks -> report
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from parsers import checks, classify, cover, due, facts, made_of, metadata, recognised
from parsers.cover import Body
from parsers.documents.model import Block, Document, Grid, Paragraph
from parsers.due import Punctuality, punctuality
from parsers.fingerprint import fingerprint
from parsers.report import (
    Derived,
    FigureCell,
    Report,
    Section,
    SourceUse,
    TemplateUse,
)
from parsers.script import Simplified
from parsers.sections import split
from parsers.source import Source
from parsers.stable import stable
from parsers.tables import local
from parsers.tables.local import LocalTable
from parsers.tables.read import ReadTable, read_tables
from parsers.template import CheckRule, SectionLabel, Template, load_templates
from parsers.version import PARSER_VERSION


def parse(source: Source) -> Report:
    """The report that a page or file holds.

    Raises NotAReport where it is something else, Unreadable where the bytes cannot be read. Pure: the same Source,
    templates and code give the same Report.
    """
    templates = load_templates()
    page = cover.read(source.content, source)
    body = cover.body_of(page, source)
    identity = classify.identify(body.document, source)
    cover.refuse_nothing(body.document, source)
    tables = read_tables(body.document, templates)
    chosen = _choose(templates, tables, identity.report_year)
    if any(body.document.pictures()) and _lacks_tables(chosen, tables, templates, identity.report_year):
        body = cover.with_pictures(body, source)
        if body.document.ocr:
            tables = read_tables(body.document, templates)
            chosen = _choose(templates, tables, identity.report_year)
    text = body.document.text()
    pixels = recognised.pixels(body.document)
    rules = _rules_of(tables)
    told = facts.extract(text, _facts_of(chosen, tables))
    cells, doubts = recognised.confirmed(_cells(tables, told.cells), rules, pixels)
    typed = recognised.masked(text, pixels)
    compared = facts.compare(typed, (told for template in chosen.templates for told in template.told), cells)
    cells = (*cells, *compared.cells)
    page_block = metadata.page_block(page.document, source)
    judged = checks.run(rules, cells, identity.organ.level)
    in_time = due.check(page_block.published_on, identity.report_year, identity.organ.level)
    outcome = (*judged, *compared.checks, *in_time)
    own = _local_tables(body.document, tables)
    flags = [
        *identity.flags,
        *(flag for table in tables for flag in table.flags),
        *told.flags,
        *doubts,
        *checks.flags(rules, judged),
        *_document_flags(chosen, tables, body.document),
        *(["unknown_table"] if own and _missing(chosen, tables) else []),
        *_date_flags(page_block.published_on, identity.report_year, identity.organ.level),
        *cover.flags(source, page.document, body),
    ]
    heads = dict.fromkeys(cell.path.split(".")[0] for cell in cells)
    return Report(
        organ=identity.organ,
        report_year=identity.report_year,
        year_source=identity.year_source,
        scope=identity.scope,
        title=identity.title,
        language=body.text.language,
        template=_template_use(chosen, tables),
        page=page_block,
        sections=tuple(_sections(body.text, _labels(chosen))),
        figures=_figures(tables, cells, own),
        cells=cells,
        checks=outcome,
        flags=tuple(dict.fromkeys(flags)),
        source=SourceUse(
            url=source.url,
            media_type=page.document.media_type,
            raw_sha256=source.sha256,
            text_sha256=hashlib.sha256(stable(text).encode()).hexdigest(),
            encoding=page.document.encoding,
            attachments=cover.attachments(source, page.document, body),
        ),
        derived=_derived(source, chosen, body, _sought(templates, chosen, own, identity.report_year), identity.asked),
        trust=checks.trust(heads, cells, outcome),
        unknown_labels=tuple(dict.fromkeys(label for table in tables for label in table.found.unknown)),
        replacements=body.text.replacements,
    )


# --- template -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Chosen:
    templates: tuple[Template, ...]
    evidence: str

    @property
    def id(self) -> str:
        return "mixed" if len(self.templates) > 1 else self.templates[0].id


def _choose(templates: Sequence[Template], tables: Sequence[ReadTable], year: int) -> _Chosen:
    """By the tables that are there; without any, by the year: the forms of their time without their tables."""
    telling = [table for table in tables if not _is_shared(table, templates)] or list(tables)
    ids = dict.fromkeys(table.template.id for table in telling)
    if ids:
        used = tuple(template for template in templates if template.id in ids)
        return _Chosen(used, "; ".join(table.evidence() for table in tables))
    fitting = [template for template in templates if template.covers(year)]
    narrative = [template for template in fitting if not template.tables] or fitting or [templates[-1]]
    return _Chosen((narrative[0],), f"no table; report year {year}")


def _is_shared(table: ReadTable, templates: Sequence[Template]) -> bool:
    """Does another template have the same table to the letter (table four of 2019 and 2021)?"""
    paths = tuple(table.table.paths())
    return any(
        tuple(other.paths()) == paths and other.id == table.table.id
        for template in templates
        if template.id != table.template.id
        for other in template.tables
    )


def _missing(chosen: _Chosen, tables: Sequence[ReadTable]) -> list[str]:
    """Tables that the forms in use have and the document has not."""
    present = {table.table.id for table in tables}
    expected = dict.fromkeys(table.id for template in chosen.templates for table in template.tables)
    return [name for name in expected if name not in present]


def _lacks_tables(chosen: _Chosen, tables: Sequence[ReadTable], templates: Sequence[Template], year: int) -> bool:
    """Is a table not there that may be a picture? Before 2014 there was no form to look for."""
    if tables:
        return bool(_missing(chosen, tables))
    return any(template.tables and template.covers(year) for template in templates)


def _template_use(chosen: _Chosen, tables: Sequence[ReadTable]) -> TemplateUse:
    version = "+".join(
        template.version if len(chosen.templates) == 1 else f"{template.id}@{template.version}"
        for template in chosen.templates
    )
    return TemplateUse(chosen.id, version, chosen.evidence)


def _labels(chosen: _Chosen) -> tuple[SectionLabel, ...]:
    return tuple(dict.fromkeys(label for template in chosen.templates for label in template.sections))


def _rules_of(tables: Iterable[ReadTable]) -> list[CheckRule]:
    return [rule for table in tables for rule in _rules_within(table.template, table.table.id)]


@lru_cache(maxsize=64)
def _rules_within(template: Template, table_id: str) -> tuple[CheckRule, ...]:
    """The rules of a template that speak of that table's figures alone."""
    paths = {path for table in template.tables if table.id == table_id for path in table.paths()}
    return tuple(rule for rule in template.checks if paths.issuperset((*rule.left, *rule.right)))


def _facts_of(chosen: _Chosen, tables: Sequence[ReadTable]) -> list[Any]:
    """Facts of the templates in use, but for figures that a table gives."""
    given = {cell.path for table in tables for cell in table.cells}
    return [fact for template in chosen.templates for fact in template.facts if f"{facts.ROOT}.{fact.key}" not in given]


# --- figures --------------------------------------------------------------------------------------------------


def _cells(tables: Iterable[ReadTable], told: Iterable[FigureCell]) -> tuple[FigureCell, ...]:
    return (*(cell for table in tables for cell in table.cells), *told)


def _local_tables(document: Document, tables: Iterable[ReadTable]) -> tuple[LocalTable, ...]:
    used = {
        slot.at["table"]
        for table in tables
        if table.found.carrier == "grid"
        for part in table.found.parts
        for row in part.rows
        for slot in row.slots
    }
    return local.find(document.blocks, frozenset(index for index in used if isinstance(index, int)))


def _figures(tables: Iterable[ReadTable], cells: Iterable[FigureCell], own: Iterable[LocalTable]) -> Mapping[str, Any]:
    """Nested figures: every path of every table that is there, null where no figure was read; local tables as lists."""
    figures: dict[str, Any] = {}
    for table in tables:
        for path in table.table.paths():
            _put(figures, path, None)
    for cell in cells:
        _put(figures, cell.path, cell.value)
    if found := [asdict(table) for table in own]:
        figures["local_tables"] = found
    return figures


@lru_cache(maxsize=8192)
def _steps(path: str) -> tuple[tuple[str, ...], str]:
    *parents, leaf = path.split(".")
    return tuple(parents), leaf


def _put(figures: dict[str, Any], path: str, value: float | None) -> None:
    parents, leaf = _steps(path)
    node = figures
    for parent in parents:
        node = node.setdefault(parent, {})
    node[leaf] = value


# --- sections and text ----------------------------------------------------------------------------------------


def _sections(body: Simplified, labels: Sequence[SectionLabel]) -> Iterable[Section]:
    for span in split(body.document, labels):
        text = _text(span.blocks)
        # Nothing was converted in most reports.
        original = _text([body.original.get(id(block), block) for block in span.blocks]) if body.original else text
        yield Section(
            ordinal=span.ordinal,
            key=span.key,
            heading=span.heading,
            text=text,
            text_original=original if original != text else None,
        )


def _text(blocks: Iterable[Block]) -> str:
    """Complete text of blocks: nothing but white space at the outer ends is left out."""
    return "\n".join(block.text() if isinstance(block, Grid) else block.text for block in blocks).strip()


# --- flags ----------------------------------------------------------------------------------------------------


def _document_flags(chosen: _Chosen, tables: Sequence[ReadTable], document: Document) -> list[str]:
    flags = []
    if chosen.id == "mixed":
        flags.append("mixed_template")
    missing = _missing(chosen, tables)
    flags += [f"table_missing:{name}" for name in missing]
    if missing and any(document.pictures()):
        flags.append("table_image")
    if not any(isinstance(block, Paragraph) and block.text.strip() for block in document.blocks):
        flags.append("no_text")
    return flags


def _date_flags(published: date | None, year: int, level: str | None) -> list[str]:
    """X-DATE: `early` or `late` against the statutory day."""
    found = published and punctuality(published, year, level)
    return [str(found)] if found and found is not Punctuality.ON_TIME else []


# --- origin ---------------------------------------------------------------------------------------------------


def _sought(templates: Sequence[Template], chosen: _Chosen, own: Sequence[LocalTable], year: int) -> list[Template]:
    """Forms that a table which none of them knows may be after all: a new label in one of them is news to this report."""
    if not own or any(template.tables for template in chosen.templates):
        return []
    return [template for template in templates if template.tables and template.covers(year)]


def _derived(source: Source, chosen: _Chosen, body: Body, sought: Sequence[Template], asked: Sequence[str]) -> Derived:
    profile = source.portal.profile_version if source.portal else 0
    raw = [source.sha256, *(attachment.sha256 for attachment in body.used)]
    return Derived(
        parser_version=PARSER_VERSION,
        template_version="+".join(f"{template.id}@{template.version}" for template in chosen.templates),
        portal_profile_version=profile,
        fingerprint=fingerprint(raw, chosen.templates, profile, map(made_of.unit, asked), body.recognition),
        made_of=made_of.of_report((*chosen.templates, *sought), source.portal, asked, body.recognition),
    )
