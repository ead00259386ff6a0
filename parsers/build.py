"""Bytes in, report out: the one road that every page takes, in a crawl, on the command line and in a rerun.

source -> document -> simplified -> identity -> tables, sections, facts -> checks -> report
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from parsers import checks, choice, classify, cover, gather, headed, made_of, metadata
from parsers.documents.model import Block, Paragraph, text_of
from parsers.fingerprint import fingerprint
from parsers.gather import Forms
from parsers.identity import due
from parsers.identity.due import Punctuality, punctuality
from parsers.identity.organs import rank
from parsers.pictures import recognised
from parsers.prose import facts
from parsers.prose.unread import FLAG as UNREAD
from parsers.prose.unread import unread
from parsers.report import (
    Derived,
    FigureCell,
    Report,
    Section,
    SourceUse,
    field_names,
)
from parsers.script import Simplified
from parsers.sections import split
from parsers.signature import signed_on
from parsers.source import Source
from parsers.stable import stable
from parsers.tables import local, scaled
from parsers.tables.local_form import LocalRow, LocalTable
from parsers.tables.read import ReadTable, flat_text_of
from parsers.template import Fact, SectionLabel, Template, load_templates
from parsers.trust import heads_of, trust
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
    year = identity.report_year
    forms = gather.gather(body, source, templates, year)
    body, tables, chosen = forms.body, forms.tables, forms.chosen
    text = body.document.text()
    rules = gather.rules(tables)
    organs = _names_of(identity)
    sought = _facts_of(chosen.templates, tables)
    told = facts.extract(text, sought, year, organs)
    missed = () if tables else unread(text, sought, told)
    cells, doubts = gather.cells(forms, told.cells)
    cells, in_scale = scaled.cells(text, forms.tables, cells)
    cells, in_yuan = scaled.money(text, forms.tables, cells)
    typed = recognised.masked(text, recognised.pixels(body.document))
    sayings = (told for template in chosen.templates for told in template.told)
    compared = facts.compare(typed, sayings, cells, year, organs)
    cells = (*cells, *compared.cells)
    page_block = metadata.page_block(page.document, source)
    if page_block.written_on is None:
        page_block = replace(page_block, written_on=signed_on(body.document.blocks, year))
    judged = checks.run(rules, cells, rank(identity.organ))
    in_time = due.check(page_block.published_on, year, identity.organ.level)
    outcome = (*judged, *compared.checks, *in_time)
    own = forms.local
    flags = [
        *identity.flags,
        *(flag for table in tables for flag in table.flags),
        *_heading_flags(forms, year, organs, templates),
        *told.flags,
        *([f"{UNREAD}:{facts.ROOT}"] if missed else []),
        *doubts,
        *in_scale,
        *in_yuan,
        *checks.flags(rules, judged),
        *_document_flags(forms),
        *local.flags(own),
        *(["unknown_table"] if own and forms.missing else []),
        *(f"table_missing:{name}" for name in (choice.unread(templates, text, year) if not tables else ())),
        *_date_flags(page_block.published_on, year, identity.organ.level),
        *(["date_conflict"] if metadata.conflict(page.document, source) else []),
        *cover.flags(source, page.document, forms.bodies),
    ]
    heads = dict.fromkeys(heads_of(cells))
    return Report(
        organ=identity.organ,
        report_year=year,
        year_source=identity.year_source,
        scope=identity.scope,
        title=identity.title,
        language=body.text.language,
        template=choice.template_use(chosen),
        page=page_block,
        sections=tuple(_sections(body.text, _labels(chosen.templates))),
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
            attachments=cover.attachments(source, page.document, forms.bodies),
        ),
        joint_organs=identity.joint,
        derived=_derived(source, forms, _sought(templates, chosen.templates, own, year), identity.asked),
        trust=trust(heads, cells, outcome, flags, templates),
        unknown_labels=tuple(dict.fromkeys(label for table in tables for label in table.found.unknown)),
        unread=missed,
        replacements=body.text.replacements,
    )


def _names_of(identity: classify.Identity) -> tuple[str, ...]:
    """Every name of those whose report it is."""
    organs = (identity.organ, *identity.joint)
    return tuple(dict.fromkeys(name for organ in organs for name in (organ.name, organ.name_raw) if name))


def _labels(templates: Iterable[Template]) -> tuple[SectionLabel, ...]:
    return tuple(dict.fromkeys(label for template in templates for label in template.sections))


def _facts_of(templates: Iterable[Template], tables: Iterable[ReadTable]) -> list[Fact]:
    """Facts of the templates in use, but for figures that a table gives, or would give if its cell could be read."""
    given: set[str] = set()
    for table in tables:
        whole = table.found.missing_rows <= table.found.row_count
        given.update(table.table.paths() if whole else (cell.path for cell in table.cells))
    return [fact for template in templates for fact in template.facts if f"{facts.ROOT}.{fact.key}" not in given]


# --- figures --------------------------------------------------------------------------------------------------


def _figures(tables: Iterable[ReadTable], cells: Iterable[FigureCell], own: Iterable[LocalTable]) -> Mapping[str, Any]:
    """Nested figures: every path of every table that is there, null where no figure was read; local tables as lists."""
    values = {cell[0]: cell[2] for cell in cells}
    figures: dict[str, Any] = {}
    said: set[str] = set()
    value_of = values.get
    for table in tables:
        said |= table.table.path_set
        for parents, leaves, paths in table.table.places:
            _inner(figures, parents).update(zip(leaves, map(value_of, paths), strict=True))
    for path, value in values.items() if not said.issuperset(values) else ():
        if path not in said:
            *steps, leaf = path.split(".")
            _inner(figures, steps)[leaf] = value
    if found := list(map(_mapping_of, own)):
        figures["local_tables"] = found
    return figures


def _mapping_of(table: LocalTable) -> dict[str, Any]:
    """Not by `asdict`, which copies every value."""
    rows = tuple([{name: getattr(row, name) for name in field_names(LocalRow)} for row in table.rows])
    return {name: getattr(table, name) for name in field_names(LocalTable)} | {"rows": rows}


def _inner(figures: dict[str, Any], parents: Iterable[str]) -> dict[str, Any]:
    node = figures
    for parent in parents:
        node = node.setdefault(parent, {})
    return node


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
    return "\n".join([block[0] if type(block) is Paragraph else text_of(block) for block in blocks]).strip()


# --- flags ----------------------------------------------------------------------------------------------------


def _document_flags(forms: Forms) -> list[str]:
    flags = ["mixed_template"] if forms.chosen.id == "mixed" else []
    missing, document = forms.missing, forms.body.document
    flags += [f"table_missing:{name}" for name in missing]
    if missing and any(document.pictures()):
        flags.append("table_image")
    if not any(isinstance(block, Paragraph) and block.text.strip() for block in document.blocks):
        flags.append("no_text")
    return flags


def _heading_flags(forms: Forms, year: int, organs: Sequence[str], templates: Iterable[Template]) -> list[str]:
    document = forms.body.document
    cells = [cell for table in forms.own for cell in table.cells]
    in_text = any(table.found.carrier == "text" for table in forms.own)
    others = next((fact.others for template in templates for fact in template.facts), None)
    lines = flat_text_of(document).split("\n") if in_text else ()
    return headed.flags(document.blocks, lines, cells, year, organs, others)


def _date_flags(published: date | None, year: int, level: str | None) -> list[str]:
    """X-DATE: `early` or `late` against the statutory day."""
    found = published and punctuality(published, year, level)
    return [str(found)] if found and found is not Punctuality.ON_TIME else []


# --- origin ---------------------------------------------------------------------------------------------------


def _sought(
    templates: Sequence[Template], used: Sequence[Template], own: Sequence[LocalTable], year: int
) -> list[Template]:
    """Forms that a table which none of them knows may be after all: a new label in one of them is news to this report."""
    if not own or any(template.tables for template in used):
        return []
    return [template for template in templates if template.tables and template.covers(year)]


def _derived(source: Source, forms: Forms, sought: Sequence[Template], asked: Sequence[str]) -> Derived:
    profile = source.portal.profile_version if source.portal else 0
    units = tuple(map(made_of.unit, asked))
    raw = [source.sha256, *(attachment.sha256 for body in forms.bodies for attachment in body.used)]
    used, recognition = forms.chosen.templates, cover.recognition_of(forms.bodies)
    return Derived(
        parser_version=PARSER_VERSION,
        template_version="+".join(f"{template.id}@{template.version}" for template in used),
        portal_profile_version=profile,
        fingerprint=fingerprint(raw, used, profile, units, recognition),
        made_of=made_of.of_report((*used, *sought), source.portal, units, recognition),
    )
