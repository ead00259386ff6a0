"""Bytes in, report out: the one road that every page takes, in a crawl, on the command line and in a rerun.

source -> document -> simplified -> identity -> tables, sections, facts -> checks -> report
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from parsers import checks, classify, documents, facts, made_of, metadata
from parsers.documents.model import Block, Document, Grid, Paragraph
from parsers.due import Punctuality, punctuality
from parsers.errors import ParseError, Unreadable
from parsers.fingerprint import fingerprint
from parsers.report import (
    AttachmentUse,
    Derived,
    FigureCell,
    Report,
    Section,
    SourceUse,
    TemplateUse,
)
from parsers.script import Simplified, simplified
from parsers.sections import split
from parsers.source import Attachment, Source
from parsers.stable import stable
from parsers.tables import local
from parsers.tables.local import LocalTable
from parsers.tables.read import ReadTable, read_tables
from parsers.template import CheckRule, SectionLabel, Template, load_templates
from parsers.version import PARSER_VERSION

_ENOUGH_TEXT = 400
"""A body shorter than this beside a file is a cover page: the report is the file."""

_SOME_TEXT = 100
"""Below this there is nothing but the title and the page's label block."""

_CARRIERS = ("wordprocessingml", "pdf", "msword", "html", "plain")
"""Attachments in the order in which they are tried: structure before layout before loose text."""


def parse(source: Source) -> Report:
    """The report that a page or file holds.

    Raises NotAReport where it is something else, Unreadable where the bytes cannot be read. Pure: the same Source,
    templates and code give the same Report.
    """
    templates = load_templates()
    page = _read(source.content, source)
    body, used = page, None
    if source.attachments and _is_cover(page.document):
        for attachment in _promising(source.attachments):
            try:
                candidate = _read(attachment.content, source, attachment)
            except ParseError:
                continue
            if len(candidate.document.text()) > len(page.document.text()):
                body, used = _with_cover(candidate, page), attachment
                break
    identity = classify.identify(body.document, source)
    _refuse_nothing(body.document, source)
    tables = read_tables(body.document, templates)
    chosen = _choose(templates, tables, identity.report_year)
    text = body.document.text()
    told = facts.extract(text, _facts_of(chosen, tables))
    cells = _cells(tables, told.cells)
    compared = facts.compare(text, (told for template in chosen.templates for told in template.told), cells)
    cells = (*cells, *compared.cells)
    outcome = (*checks.run(_rules_of(tables), cells), *compared.checks)
    page_block = metadata.page_block(page.document, source)
    flags = [
        *identity.flags,
        *(flag for table in tables for flag in table.flags),
        *told.flags,
        *_document_flags(chosen, tables, body.document),
        *_date_flags(page_block.published_on, identity.report_year, identity.organ.level),
        *_attachment_flags(source, page.document, used),
    ]
    heads = dict.fromkeys(cell.path.split(".")[0] for cell in cells)
    own = _local_tables(body.document, tables)
    return Report(
        organ=identity.organ,
        report_year=identity.report_year,
        year_source=identity.year_source,
        scope=identity.scope,
        title=identity.title,
        language=body.language,
        template=_template_use(chosen, tables),
        page=page_block,
        sections=tuple(_sections(body, _labels(chosen))),
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
            attachments=_attachments(source, page.document, used),
        ),
        derived=_derived(source, chosen, used, _sought(templates, chosen, own, identity.report_year), identity.asked),
        trust=checks.trust(heads, cells, outcome),
        unknown_labels=tuple(dict.fromkeys(label for table in tables for label in table.found.unknown)),
        replacements=body.replacements,
    )


def _read(content: bytes, source: Source, attachment: Attachment | None = None) -> Simplified:
    document = documents.read(
        content,
        url=attachment.url if attachment else source.url,
        media_type=attachment.media_type if attachment else source.media_type,
        body=() if attachment or not source.portal else source.portal.body,
    )
    return simplified(document)


# --- a page that is only the cover of a file -------------------------------------------------------------------


def _is_cover(document: Document) -> bool:
    return not any(document.grids()) and len("".join(document.text().split())) < _ENOUGH_TEXT


def _promising(attachments: Sequence[Attachment]) -> list[Attachment]:
    """Attachments with bytes, the likeliest carrier first, in the page's order otherwise."""
    from parsers.documents.media import sniff

    ranked = []
    for number, attachment in enumerate(attachments):
        if not attachment.content:
            continue
        try:
            media = sniff(attachment.content, attachment.media_type)
        except Unreadable:
            continue
        rank = next((i for i, carrier in enumerate(_CARRIERS) if carrier in media), len(_CARRIERS))
        ranked.append((rank, number, attachment))
    return [attachment for _, _, attachment in sorted(ranked, key=lambda item: item[:2])]


def _with_cover(file: Simplified, page: Simplified) -> Simplified:
    """The file's body with the page's title and metadata: the page knows whose report it is, the file says it."""
    document = replace(
        file.document,
        title=page.document.title or file.document.title,
        meta=page.document.meta,
        pairs=(*page.document.pairs, *file.document.pairs),
        outline=page.document.outline,
    )
    return replace(file, document=document)


def _attachments(source: Source, page: Document, used: Attachment | None) -> tuple[AttachmentUse, ...]:
    fetched = {attachment.url: attachment for attachment in source.attachments}
    names = {link.url: link.text for link in page.links} | {a.url: a.name for a in source.attachments}
    uses = []
    for url, name in names.items():
        attachment = fetched.get(url)
        role = "report" if used is not None and url == used.url else _role(name, attachment)
        digest = attachment.sha256 if attachment and attachment.content else None
        uses.append(AttachmentUse(url, name, attachment.media_type if attachment else None, digest, role))
    return tuple(uses)


def _role(name: str, attachment: Attachment | None) -> str:
    if attachment and (attachment.media_type or "").startswith("image/"):
        return "figure"
    if "统计表" in name or "附表" in name:
        return "table"
    return "report" if "报告" in name or "年报" in name else "annex"


def _attachment_flags(source: Source, page: Document, used: Attachment | None) -> list[str]:
    if used is not None:
        return ["attachment_only"]
    if not _is_cover(page):
        return []
    return ["attachment_unread"] if source.attachments or page.links else []


def _refuse_nothing(document: Document, source: Source) -> None:
    """A title alone is no report: with nothing to read it is a problem, and tried again, not a report of nothing."""
    said = len("".join(document.text().split()))
    if said >= _SOME_TEXT or any(document.grids()) or any(document.pictures()):
        return
    if source.attachments or document.links:
        raise Unreadable("attachment_unread", "the page is the cover of a file, and the file could not be read")
    raise Unreadable("body_missing", f"the page has a report's title and {said} characters below it")


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


def _template_use(chosen: _Chosen, tables: Sequence[ReadTable]) -> TemplateUse:
    version = "+".join(
        template.version if len(chosen.templates) == 1 else f"{template.id}@{template.version}"
        for template in chosen.templates
    )
    return TemplateUse(chosen.id, version, chosen.evidence)


def _labels(chosen: _Chosen) -> tuple[SectionLabel, ...]:
    return tuple(dict.fromkeys(label for template in chosen.templates for label in template.sections))


def _rules_of(tables: Iterable[ReadTable]) -> list[CheckRule]:
    rules = []
    for table in tables:
        paths = set(table.table.paths())
        rules += [rule for rule in table.template.checks if paths.issuperset((*rule.left, *rule.right))]
    return rules


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
    return local.find(document.blocks, frozenset(int(index) for index in used))


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


def _put(figures: dict[str, Any], path: str, value: float | None) -> None:
    *parents, leaf = path.split(".")
    node = figures
    for parent in parents:
        node = node.setdefault(parent, {})
    node[leaf] = value


# --- sections and text ----------------------------------------------------------------------------------------


def _sections(body: Simplified, labels: Sequence[SectionLabel]) -> Iterable[Section]:
    for span in split(body.document, labels):
        text = _text(span.blocks)
        original = _text([body.original.get(id(block), block) for block in span.blocks])
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
    present = {table.table.id for table in tables}
    expected = dict.fromkeys(table.id for template in chosen.templates for table in template.tables)
    missing = [name for name in expected if name not in present]
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


def _derived(
    source: Source, chosen: _Chosen, used: Attachment | None, sought: Sequence[Template], asked: Sequence[str]
) -> Derived:
    profile = source.portal.profile_version if source.portal else 0
    raw = [source.sha256, *([used.sha256] if used else [])]
    return Derived(
        parser_version=PARSER_VERSION,
        template_version="+".join(f"{template.id}@{template.version}" for template in chosen.templates),
        portal_profile_version=profile,
        fingerprint=fingerprint(raw, chosen.templates, profile, map(made_of.unit, asked)),
        made_of=made_of.of_report((*chosen.templates, *sought), source.portal, asked),
    )
