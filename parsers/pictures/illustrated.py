"""Pictures that stand in a report for its tables or for its pages: read in their place where the extra `ocr` is there.

四川省教育厅 2019 cut its forms into five pictures; other pages are nothing but pictures of a signed paper.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import count
from urllib.parse import unquote, urlsplit

from parsers.documents.limits import MAX_PICTURES
from parsers.documents.media import sniff
from parsers.documents.model import Block, Document, Grid, Picture
from parsers.errors import Unreadable
from parsers.source import Attachment


@dataclass(frozen=True)
class Shown:
    """A picture that a page shows and whose bytes are at hand."""

    position: int
    """Number of its block; behind the last block where the body does not name it."""
    picture: Attachment


def shown(document: Document, attachments: Sequence[Attachment]) -> tuple[Shown, ...]:
    """The page's pictures whose bytes are at hand, in the order in which they stand on it.

    Of those inside the file only what the body shows: a page carries its emblem and its QR codes with it as well.
    """
    body = {block.url for block in document.pictures()} if document.inner else ()
    own = (Attachment(picture.url, "", picture.content) for picture in document.inner if picture.url in body)
    fetched = {_address(picture.url): picture for picture in (*attachments, *own) if is_picture(picture)}
    found: dict[str, Shown] = {}
    for position, block in enumerate(document.blocks):
        address = _address(block.url) if isinstance(block, Picture) else ""
        if address in fetched:
            found.setdefault(address, Shown(position, fetched[address]))
    for address, picture in fetched.items():
        found.setdefault(address, Shown(len(document.blocks), picture))
    return tuple(sorted(found.values(), key=lambda one: one.position))


def of(document: Document, attachments: Sequence[Attachment]) -> tuple[Attachment, ...]:
    """Those of the attachments that are pictures which `document` shows."""
    shows = {_address(block.url) for block in document.pictures()}
    return tuple(one for one in attachments if _address(one.url) in shows and is_picture(one))


def is_picture(attachment: Attachment) -> bool:
    """By the bytes; a server may call a picture what it likes."""
    if not attachment.content:
        return False
    try:
        return sniff(attachment.content, attachment.media_type).startswith("image/")
    except Unreadable:
        return False


def with_tables(document: Document, found: Sequence[Shown]) -> Document:
    """`document` with the tables on its pictures behind them; itself where there are none.

    Raises Unreadable("ocr_missing").
    """
    from parsers.documents import pictures  # brings Pillow along; few reports have pictures that matter

    read = pictures.read_pictures(*_of(found))
    if not read:
        return document
    number = count(sum(1 for _ in document.grids()))
    behind: dict[int, list[Block]] = {}
    for grid in read:
        behind.setdefault(_position(grid, found), []).append(replace(grid, index=next(number)))
    blocks: list[Block] = []
    for position, block in enumerate(document.blocks):
        blocks += [block, *behind.get(position, ())]
    return replace(document, blocks=(*blocks, *behind.get(len(document.blocks), ())), ocr=True)


def with_pages(document: Document, found: Sequence[Shown]) -> Document:
    """`document` with everything that its pictures say instead of them: they are the pages of the report.

    Raises Unreadable("ocr_missing").
    """
    from parsers.documents import pictures

    number = count(sum(1 for _ in document.grids()))
    read = [
        replace(block, index=next(number)) if isinstance(block, Grid) else block
        for block in pictures.read_sheets(*_of(found))
    ]
    if not read:
        return document
    places = {one.position for one in found[:MAX_PICTURES]}
    own = [block for position, block in enumerate(document.blocks) if position not in places]
    return replace(document, blocks=(*own, *read), ocr=True)


def _of(found: Iterable[Shown]) -> tuple[list[bytes], list[str]]:
    return [one.picture.content for one in found], [one.picture.url for one in found]


def _position(grid: Grid, found: Sequence[Shown]) -> int:
    return found[(grid.page or 1) - 1].position


def _address(url: str) -> str:
    """What two spellings of one address share; a page may link itself by http and by https."""
    if url.startswith("#"):
        return url
    parts = urlsplit(url)
    return f"{parts.netloc.lower()}{unquote(parts.path)}?{parts.query}"
