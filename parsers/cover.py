"""What of a page is the report: the page itself, a file that it only covers, or pictures of a paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from parsers import documents
from parsers.documents.media import sniff
from parsers.documents.model import Document, Picture
from parsers.errors import ParseError, Unreadable
from parsers.identity.titles import read_title
from parsers.pictures import illustrated, recognition
from parsers.report import AttachmentUse
from parsers.script import Simplified, simplified
from parsers.source import Attachment, Source

_MOST_NAMED, _LONGEST_NAME = 50, 80
"""Files of an archive that are named as unread, and characters of each name."""
_ENOUGH_TEXT = 400
"""A body shorter than this beside a file is a cover page: the report is the file."""

_SOME_TEXT = 100
"""Below this there is nothing but the title and the page's label block."""

_CARRIERS = ("wordprocessingml", "pdf", "msword", "html", "plain")
"""Attachments in the order in which they are tried: structure before layout before loose text."""


@dataclass(frozen=True)
class Body:
    """What is read as the report."""

    text: Simplified
    file: Attachment | None = None
    """The file that it is, where the page is only its cover."""
    pictures: tuple[Attachment, ...] = ()
    """The pictures that were looked at for it."""
    wanting: bool = False
    """Has it pictures that would have been looked at, were recognition installed?"""

    @property
    def document(self) -> Document:
        return self.text.document

    @property
    def recognition(self) -> str | None:
        """What its pixels were read with, `none` where that is not installed; None where it has none that matter."""
        unread = self.wanting or (not recognition.available() and any(map(is_scan, self.document.pictures())))
        return "none" if unread else recognition.version() if self.document.ocr or self.pictures else None

    @property
    def used(self) -> tuple[Attachment, ...]:
        return (*((self.file,) if self.file else ()), *self.pictures)


def read(content: bytes, source: Source, attachment: Attachment | None = None) -> Simplified:
    document = documents.read(
        content,
        url=attachment.url if attachment else source.url,
        media_type=attachment.media_type if attachment else source.media_type,
        body=source.portal.body if source.portal else (),
    )
    return simplified(document)


def body_of(page: Simplified, source: Source) -> Body:
    """The page, or the file or pictures behind it where it is only their cover."""
    if not is_cover(page.document):
        return Body(page)
    said = len("".join(page.document.text().split()))
    pictured: Body | None = None
    for attachment in _promising(source.attachments, tables=said < _SOME_TEXT):
        try:
            candidate = read(attachment.content, source, attachment)
        except ParseError:
            continue
        if len(candidate.document.text()) > len(page.document.text()):
            return Body(_with_cover(candidate, page), attachment)
        if pictured is None and illustrated.shown(candidate.document, ()):
            pictured = Body(_with_cover(candidate, page), attachment)
    if pictured is not None:
        return with_pictures(pictured, (), whole=True)
    if illustrated.shown(page.document, source.attachments):
        return with_pictures(Body(page), source.attachments, whole=True)
    return Body(page)


def with_pictures(body: Body, fetched: Sequence[Attachment], *, whole: bool = False) -> Body:
    """The body with the tables that its pictures show; with `whole` with all that they say. Itself where it has none.

    `fetched`: files of the page, for pictures that are not inside the body's own file. Where recognition is not installed
    the body only says that it would have been wanted.
    """
    found = illustrated.shown(body.document, fetched)
    if not found or body.pictures:
        return body
    if not recognition.available():
        return replace(body, wanting=True)
    look = illustrated.with_pages if whole else illustrated.with_tables
    document = look(body.document, found)
    looked_at = tuple(one.picture for one in found)
    return replace(body, text=replace(body.text, document=document), pictures=looked_at)


def is_scan(picture: Picture) -> bool:
    """A page of a PDF or OFD that is nothing but a picture."""
    return picture.url.startswith("#page=")


def is_cover(document: Document) -> bool:
    return not any(document.grids()) and len("".join(document.text().split())) < _ENOUGH_TEXT


def _promising(attachments: Sequence[Attachment], *, tables: bool) -> list[Attachment]:
    """Files with bytes, the likeliest carrier first, in the page's order otherwise; pictures are looked at together.

    A table of the report comes last, and without `tables` not at all: a short report beside its table is the report.
    """
    ranked = []
    for number, attachment in enumerate(attachments):
        if not attachment.content or (_names_table(attachment.name) and not tables):
            continue
        try:
            media = sniff(attachment.content, attachment.media_type)
        except Unreadable:
            continue
        if not media.startswith("image/"):
            rank = next((i for i, carrier in enumerate(_CARRIERS) if carrier in media), len(_CARRIERS))
            ranked.append((_names_table(attachment.name), rank, number, attachment))
    return [attachment for *_, attachment in sorted(ranked, key=lambda item: item[:3])]


def _names_table(name: str) -> bool:
    return ("统计表" in name or "附表" in name) and read_title(name).kind not in ("report", "cut")


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


def refuse_nothing(document: Document, source: Source) -> None:
    """A title alone is no report: with nothing to read it is a problem, and tried again, not a report of nothing."""
    if any(document.grids()) or any(document.pictures()):
        return
    said = len("".join(document.text().split()))
    if said >= _SOME_TEXT:
        return
    if source.attachments or document.links:
        raise Unreadable("attachment_unread", "the page is the cover of a file, and the file could not be read")
    raise Unreadable("body_missing", f"the page has a report's title and {said} characters below it")


def attachments(source: Source, page: Document, bodies: Sequence[Body]) -> tuple[AttachmentUse, ...]:
    """Every file and picture of the page with its role, whether it was fetched or not.

    `bodies`: the report, then the companions that a table of it was read from.
    """
    body, *beside = bodies
    fetched = {attachment.url: attachment for attachment in source.attachments}
    names = {link.url: link.text for link in page.links} | {a.url: a.name for a in source.attachments}
    tables = {
        grid.pictures[cell.page - 1]
        for one in bodies
        for grid in one.document.grids()
        if grid.pictures
        for row in grid.rows
        for cell in row
        if cell is not None and cell.page is not None
    }
    tables |= {companion.file.url for companion in beside if companion.file}
    uses = []
    for url, name in names.items():
        attachment = fetched.get(url)
        if body.file is not None and url == body.file.url:
            role = "report"
        else:
            role = "table" if url in tables else _role(name, attachment)
        digest = attachment.sha256 if attachment and attachment.content else None
        uses.append(AttachmentUse(url, name, attachment.media_type if attachment else None, digest, role))
    return tuple(uses)


def _role(name: str, attachment: Attachment | None) -> str:
    if attachment and (attachment.media_type or "").startswith("image/"):
        return "figure"
    if _names_table(name):
        return "table"
    return "report" if "报告" in name or "年报" in name else "annex"


def recognition_of(bodies: Iterable[Body]) -> str | None:
    """`Body.recognition` of all that was read; one whose pixels went unread decides."""
    said = {body.recognition for body in bodies} - {None}
    return "none" if "none" in said else next(iter(said), None)


def flags(source: Source, page: Document, bodies: Sequence[Body]) -> list[str]:
    found = []
    body = bodies[0]
    if body.file is not None:
        found.append("attachment_only")
    elif is_cover(page) and not body.pictures and (source.attachments or page.links):
        found.append("attachment_unread")
    unread = body.document.unread
    found.extend(f"member_unread:{name[:_LONGEST_NAME]}" for name in unread[:_MOST_NAMED])
    if len(unread) > _MOST_NAMED:
        found.append(f"member_unread:+{len(unread) - _MOST_NAMED}")
    if recognition_of(bodies) == "none":
        found.append("ocr_missing")
    return found
