"""A report's table on a page or in a file of its own, read into the report (domain.md sections 1.2 and 3.4).

河北省教育厅 2018 is two pages, the report and its 政府信息公开情况统计表: one organ, one year, one report. The crawler
keeps such a page as an attachment; a file behind the page (附件：统计表.xls) is the same case. Where a figure stands in
one, its place names it: `at.attachment`.

Tables may be pictures as well: which of those that a page shows are worth fetching with it, says `parsers.pictures.pictured`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from parsers import cover
from parsers.cover import Body
from parsers.documents.model import Paragraph
from parsers.errors import ParseError
from parsers.identity.titles import read_title
from parsers.pictures import illustrated
from parsers.report import FigureCell
from parsers.source import Attachment, Source
from parsers.tables import local
from parsers.tables.local_form import LocalTable
from parsers.tables.read import ReadTable, read_tables, torn
from parsers.template import Template

_TABLE = re.compile(r"统计(?:情况)?报?表|统计数据|附表|统计附")
_SAYS_NOTHING = re.compile(
    r"(?:附件?|下载|文件下载|附件下载|点击(?:下载|查看))?[\s\d一二三四五：:.、()（）]*(?:\.\w{2,5})?"
)
"""Names that do not say what the file is: it may be the table."""
_YEAR = re.compile(r"(?<!\d)(20[0-3]\d)(?!\d|[-/.]\d|年\d{1,2}月)")
"""A year that is no part of a day: 发布日期 2019-03-12 names no year of a table."""
_OPENING = 6
"""Lines in which a table's page says what it is."""


@dataclass(frozen=True)
class Companion:
    body: Body
    """What it says; `body.file` is where that stands."""
    tables: tuple[ReadTable, ...]
    """Those that the report itself has not."""
    local: tuple[LocalTable, ...]
    """Those of a form that no template knows."""

    @property
    def url(self) -> str:
        assert self.body.file is not None
        return self.body.file.url

    def placed(self, cells: Iterable[FigureCell]) -> list[FigureCell]:
        """The cells with the file that they stand in."""
        return [cell._replace(at={**cell.at, "attachment": self.url}) if cell.at else cell for cell in cells]


def read(
    source: Source, body: Body, tables: Sequence[ReadTable], templates: tuple[Template, ...], year: int
) -> tuple[Companion, ...]:
    """The attachments that hold a table which the report lacks, in the page's order; each kind of table once.

    So do the files that stand beside the report in one archive.
    """
    inside = (Attachment(file.url, file.name, file.content) for file in body.document.beside)
    there = {table.table.id for table in tables if not torn(table)}
    found = []
    for attachment in (*source.attachments, *inside):
        if not is_companion(attachment, year) or (body.file and attachment.url == body.file.url):
            continue
        try:
            text = cover.read(attachment.content, source, attachment)
        except ParseError:
            continue
        opening = [block.text for block in text.document.blocks if isinstance(block, Paragraph) and block.text.strip()]
        said = (attachment.name, text.document.title or "", *opening[:_OPENING])
        if not any(map(_TABLE.search, said)) or not _is_of(said, year):
            continue
        companion = _with_pictures(Body(text, attachment), source)
        text = companion.text
        known = local.national(text.document, read_tables(text.document, templates, year))
        new = [table for table in known if table.table.id not in there and not torn(table)]
        own = local.besides(text.document, known)
        if new or own or companion.wanting:
            there.update(table.table.id for table in new)
            named = tuple(replace(table, attachment=attachment.url) for table in own)
            found.append(Companion(companion, tuple(new), named))
    return tuple(found)


def _with_pictures(body: Body, source: Source) -> Body:
    """A page whose table is a picture that it shows, fetched with the report or inside the page; else as it is."""
    if any(body.document.grids()) or not any(body.document.pictures()):
        return body
    return cover.with_pictures(body, illustrated.of(body.document, source.attachments))


def is_companion(attachment: Attachment, year: int) -> bool:
    """May it be the table, by its name? Pictures are looked at where the page shows them (`illustrated`)."""
    if not attachment.content or illustrated.is_picture(attachment):
        return False
    name = " ".join(attachment.name.split())
    if read_title(name).kind in ("report", "cut"):
        return False
    return (bool(_TABLE.search(name)) and _is_of((name,), year)) or bool(_SAYS_NOTHING.fullmatch(name))


def _is_of(said: Iterable[str], year: int) -> bool:
    """Last year's table is none of this report: the first line that names years decides."""
    for line in said:
        if years := {int(match) for match in _YEAR.findall(line)}:
            return year in years
    return True
