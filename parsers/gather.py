"""Every form of a report, wherever it stands: in its text, on a page of its own, on the pictures that it shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain as joined

from parsers import choice, companions, cover
from parsers.checks import Rules
from parsers.choice import Chosen
from parsers.companions import Companion
from parsers.cover import Body
from parsers.pictures import recognised
from parsers.report import FigureCell
from parsers.source import Source
from parsers.tables import local
from parsers.tables.local_form import LocalTable
from parsers.tables.read import ReadTable, read_tables, torn
from parsers.template import CheckRule, Template


@dataclass(frozen=True)
class Forms:
    body: Body
    """With what its pictures say, where they were looked at."""
    own: tuple[ReadTable, ...]
    """The tables of the body itself."""
    beside: tuple[Companion, ...]
    chosen: Chosen

    @property
    def tables(self) -> tuple[ReadTable, ...]:
        return (*self.own, *(table for companion in self.beside for table in companion.tables))

    @property
    def local(self) -> tuple[LocalTable, ...]:
        beside = (table for companion in self.beside for table in companion.local)
        return (*local.besides(self.body.document, self.own), *beside)

    @property
    def bodies(self) -> tuple[Body, ...]:
        return (self.body, *(companion.body for companion in self.beside))

    @property
    def missing(self) -> list[str]:
        return choice.missing(self.chosen, self.tables)


def gather(body: Body, source: Source, templates: tuple[Template, ...], year: int) -> Forms:
    """The body's tables; where one is not there, or only torn pieces of it, what stands beside the body; then pictures."""
    own = local.national(body.document, read_tables(body.document, templates, year))
    chosen = choice.choose(templates, own, year)
    lacks = choice.lacks_tables(chosen, own, templates, year)
    beside: tuple[Companion, ...] = ()
    if (source.attachments or body.document.beside) and (lacks or any(map(torn, own))):
        beside = companions.read(source, body, own, templates, year)
    if beside:
        elsewhere = {table.table.id for companion in beside for table in companion.tables}
        own = tuple(table for table in own if table.table.id not in elsewhere)
    forms = Forms(body, own, beside, chosen)
    if beside:
        chosen = choice.choose(templates, forms.tables, year)
        forms = Forms(body, own, beside, chosen)
        lacks = choice.lacks_tables(chosen, forms.tables, templates, year)
    if not lacks or not any(body.document.pictures()):
        return forms
    body = cover.with_pictures(body, () if body.file else source.attachments)
    if body.document.ocr:
        elsewhere = {table.table.id for companion in beside for table in companion.tables}
        own = local.national(body.document, read_tables(body.document, templates, year))
        own = tuple(table for table in own if table.table.id not in elsewhere)
    forms = Forms(body, own, beside, chosen)
    return Forms(body, own, beside, choice.choose(templates, forms.tables, year))


def cells(forms: Forms, told: Iterable[FigureCell]) -> tuple[tuple[FigureCell, ...], tuple[str, ...]]:
    """All cells, `told` by sentences among them, and flags: those out of pixels null where no sum confirms them."""
    own = [*joined.from_iterable([table.cells for table in forms.own]), *told]
    found, flags = recognised.confirmed(own, rules(forms.own), recognised.pixels(forms.body.document))
    for companion in forms.beside:
        pixels = recognised.pixels(companion.body.document)
        theirs = [cell for table in companion.tables for cell in table.cells]
        confirmed, doubts = recognised.confirmed(theirs, rules(companion.tables), pixels)
        found, flags = (*found, *companion.placed(confirmed)), (*flags, *doubts)
    return found, flags


def rules(tables: Iterable[ReadTable]) -> Rules:
    return _rules_of(tuple([(table.template, table.table.id) for table in tables]))


@lru_cache(maxsize=64)
def _rules_of(tables: tuple[tuple[Template, str], ...]) -> Rules:
    return Rules(joined.from_iterable([_rules_within(template, table_id) for template, table_id in tables]))


@lru_cache(maxsize=64)
def _rules_within(template: Template, table_id: str) -> tuple[CheckRule, ...]:
    """The rules of a template that speak of that table's figures alone."""
    paths = {path for table in template.tables if table.id == table_id for path in table.paths()}
    return tuple(rule for rule in template.checks if paths.issuperset(rule.paths))
