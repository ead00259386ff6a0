"""Pages inside a Word file: programs that make one of a web page (html-docx-js and others) put the page into it as it is,
and leave it to Word to read it (`w:altChunk`)."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from parsers.documents.media import HTML, MHTML, RTF, TEXT, sniff
from parsers.documents.model import Block, Document, Grid, InnerPicture, Picture
from parsers.errors import Unreadable


class Story(Protocol):
    """What the reader of the Word file has read so far."""

    blocks: list[Block]
    grids: int
    inner: dict[str, InnerPicture]
    title: str | None


def read_chunk(content: bytes | None, story: Story) -> None:
    """Put what the file inside holds where the text shows it. Another Word file is left out, and what is not there."""
    document = _document(content) if content else None
    if document is None:
        return
    story.title = story.title or document.title
    pictures = {picture.url: picture.content for picture in document.inner}
    place = len(story.blocks)
    for block in document.blocks:
        if isinstance(block, Grid):
            block = replace(block, index=story.grids)
            story.grids += 1
        elif isinstance(block, Picture) and block.url in pictures:
            name = f"{place}{block.url}"
            if name not in story.inner:
                story.inner[name] = InnerPicture(f"#image={len(story.inner) + 1}", pictures[block.url])
            block = replace(block, url=story.inner[name].url)
        story.blocks.append(block)


def _document(content: bytes) -> Document | None:
    from parsers.documents import read

    return read(content) if _kind(content) in (HTML, MHTML, RTF, TEXT) else None


def _kind(content: bytes) -> str | None:
    try:
        return sniff(content)
    except Unreadable:
        return None
