"""Plain text, most often the dump of a page: every line is kept, blank ones too.

In the dump of a page a table is flattened, one cell a line: a blank line or a line of only no-break spaces may be
an empty cell. The reader therefore drops nothing; it only puts together what the edge of a page has cut, reads the label and value block beside the lines, and the
tables whose lines have a sign between the cells and are all equally long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from parsers.documents import drawn, limits, pairs, wiki
from parsers.documents.charset import decode
from parsers.documents.delimited import with_grids
from parsers.documents.media import TEXT
from parsers.documents.model import Block, Document, Grid, Paragraph
from parsers.documents.wrapped import unwrapped

_LINE = re.compile(r"\r\n|\r|\n|\f|\u2028|\u2029")
_HEAD_LINES = 40
"""The block stands at the top; further down 名称： is a word of the report."""
_SENTENCE = re.compile(r"[。；;！!？?：:，,|]|^\s*[-•·*◆●▪]|^\s*[（(]?[一二三四五六七八九十]+[）)、]")
_HEADING = re.compile(r" {0,3}(#{1,6})\s+(?=[^\s#])(.*?)\s*#*\s*")
"""A heading as Markdown has it."""
_FRONT = re.compile(r"\s*---\s*\n(?:[^\n]*\n){0,20}?title:\s*([\"']?)(.{6,80}?)\1\s*\n")
"""What Pandoc and others put in front of Markdown."""
_TITLE_LENGTH = range(6, 81)


def read_text(content: bytes, media_type: str | None = None) -> Document:
    """Read plain text. Raises Unreadable("too_large" | "binary")."""
    limits.refuse_above(len(content), limits.MAX_TEXT_BYTES, "the text")
    text, encoding = decode(content, media_type)
    of_a_wiki = wiki.is_wiki(text)
    lines = unwrapped(list(map(wiki.plain, _lines(text))) if of_a_wiki else _lines(text))
    head = [_plain(line) for line in islice(filter(str.strip, lines), _HEAD_LINES)]
    return Document(
        blocks=tuple(_of_a_wiki(lines)) if of_a_wiki else _blocks(lines, text),
        media_type=TEXT,
        encoding=encoding,
        title=front[2] if (front := _FRONT.match(text)) else _title(head),
        pairs=tuple(pairs.from_segments(head)),
    )


def _lines(text: str) -> list[str]:
    lines = _LINE.split(text.replace("\x00", ""))
    if lines[-1] == "":
        lines.pop()
    return lines


def _blocks(lines: Sequence[str], text: str) -> tuple[Block, ...]:
    """A paragraph a line, but for tables whose cells can be told. Of a flattened table most lines say the same as others:
    each is made once."""
    parts: Sequence[str | Grid] = drawn.with_grids(lines) if drawn.is_drawn(text) else lines
    if any(isinstance(part, Grid) for part in parts):
        return tuple([_paragraph(part) if isinstance(part, str) else part for part in parts])
    lines = [part for part in parts if isinstance(part, str)]
    made: dict[str, Block] = {line: _paragraph(line) for line in dict.fromkeys(lines)}
    if "|" not in "".join(lines) and "\t" not in text:
        return tuple(map(made.__getitem__, lines))
    return tuple([made[part] if isinstance(part, str) else part for part in with_grids(lines)])


def _of_a_wiki(lines: Sequence[str]) -> Iterator[Block]:
    return (_paragraph(part) if isinstance(part, str) else part for part in wiki.with_grids(lines))


def _paragraph(line: str) -> Paragraph:
    heading = _HEADING.fullmatch(line) if "#" in line else None
    return Paragraph(heading[2], len(heading[1])) if heading else Paragraph(line)


def _plain(line: str) -> str:
    return _paragraph(line).text


def _title(head: list[str]) -> str | None:
    """The first line, if it looks like a title: short and no sentence, no heading of a section."""
    if not head:
        return None
    first = head[0].strip()
    return first if len(first) in _TITLE_LENGTH and not _SENTENCE.search(first) else None
