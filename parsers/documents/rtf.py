"""RTF, which portals offer as .doc: text by striprtf, tables by us, as striprtf knows no columns.

Every control word that makes a table is replaced by a mark (a private-use character) before striprtf takes the file
apart; the marks come out again between the text, in the order of the file, and rows are built from them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from striprtf.striprtf import rtf_to_text

from parsers.documents import dom, grid, rtf_runs
from parsers.documents.foreign import guarded
from parsers.documents.limits import MAX_TEXT_BYTES, refuse_above
from parsers.documents.media import RTF
from parsers.documents.model import Block, Document, InnerPicture, Paragraph, Picture
from parsers.documents.rtf_pictures import take_out
from parsers.errors import Unreadable

MAX_RTF_BYTES = 64 << 20
MAX_BEFORE = 64
"""Bytes of blanks and marks that servers and editors put in front of a file."""
_MARKS = {
    "trowd": "\uf8f0", "cell": "\uf8f1", "row": "\uf8f2", "cellx": "\uf8f3",
    "clvmgf": "\uf8f4", "clvmrg": "\uf8f5", "clmrg": "\uf8f6",
}  # fmt: skip
_END = "\uf8f7"
"""Closes the number of a `cellx` or of a picture."""
_SHOWN = "\uf8f8"
"""In front of the number of a picture."""
_PICTURE_MARK = re.compile(f"{_SHOWN}(\\d+){_END}")
_CONTROL = re.compile(r"\\(?:\\|(trowd|cellx|cell|row|clvmgf|clvmrg|clmrg)(?![a-z])(-?\d{1,9})?[ ]?)")
_PIECE = re.compile("[\uf8f0-\uf8f6]|[^\uf8f0-\uf8f6]+")
_PICTURE_DATA = re.compile(r"(?:[0-9a-f]{2}\s*){256,}")
_BINARY = re.compile(rb"\\bin(\d{1,9}) ?")
_BEYOND = re.compile(r"[^\x00-\x7f]+")
_GB_PAIR = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]|[\x80-\xff]")
_HALF_ESCAPED = re.compile(r"((?:\\'[0-9a-f]{2})+)([@-Z^-z|~])?", re.IGNORECASE)
_TWIPS = 40
"""Borders closer than this (2 points) are one."""


@dataclass(slots=True)
class _Edge:
    """One cell of a row's definition: its right border and how it hangs together with its neighbours."""

    right: int
    starts: bool = False
    goes_on: bool = False
    joined: bool = False


@dataclass(slots=True)
class _Row:
    cells: list[str]
    edges: list[_Edge]


@dataclass(slots=True)
class _Reading:
    blocks: list[Block] = field(default_factory=list)
    rows: list[_Row] = field(default_factory=list)
    grids: int = 0
    in_cells: list[str] = field(default_factory=list)
    """Pictures in the cells of the table that is being read: they stand behind it."""

    def paragraphs(self, text: str) -> None:
        """Text outside tables: it ends the table before it, unless it is nothing but white space."""
        if not text.strip():
            return
        self.end_table()
        for line in text.split("\n"):
            for place, piece in enumerate(pieces := _PICTURE_MARK.split(line)):
                if place % 2:
                    self.blocks.append(_shown(piece))
                elif len(pieces) == 1 or piece.strip():
                    self.blocks.append(Paragraph(dom.trim(piece)))

    def cell(self, text: str) -> str:
        """The text of a cell, without the pictures in it."""
        said, *rest = _PICTURE_MARK.split(text)
        self.in_cells.extend(rest[::2])
        return _cell_text("".join((said, *rest[1::2])))

    def end_table(self) -> None:
        if self.rows:
            made = grid.build([_raw_rows(self.rows)], self.grids)
            if made.width:
                self.blocks.append(made)
                self.grids += 1
            self.rows = []
        self.blocks.extend(map(_shown, self.in_cells))
        self.in_cells = []


def _shown(number: str) -> Picture:
    return Picture(f"#image={number}")


def read_rtf(content: bytes) -> Document:
    """Read an RTF file. Raises Unreadable("damaged" | "too_large")."""
    refuse_above(len(content), MAX_RTF_BYTES, "the RTF file")
    content = content[max(content.find(b"{\\rtf", 0, MAX_BEFORE), 0) :]
    content, pictures = take_out(content, _picture_mark)
    source = _prepared(content)
    refuse_above(len(source), MAX_TEXT_BYTES, "the RTF file without its pictures")
    with guarded("the RTF file"):
        text: str = rtf_to_text(source, encoding="cp936", errors="replace")  # type: ignore[no-untyped-call]
        # Characters beyond U+FFFF are written as two halves.
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\x00", "")
    if not text.strip():
        raise Unreadable("damaged", "the RTF file holds no text")
    reading = _Reading()
    _read(text, reading)
    shown = {block.url for block in reading.blocks if isinstance(block, Picture)}
    inner = tuple(InnerPicture(f"#image={number}", picture) for number, picture in enumerate(pictures, start=1))
    # What stands in a drawing that the text does not hold is shown at the end.
    drawn = (Picture(picture.url) for picture in inner if picture.url not in shown)
    return Document(blocks=(*reading.blocks, *drawn), media_type=RTF, inner=inner)


def _prepared(content: bytes) -> str:
    """The file in the form that striprtf reads well, table words marked."""
    content = _unicode_escaped(_without_binary(content))
    # Bytes of GBK that some writers leave bare would be read as Latin.
    content = _GB_PAIR.sub(lambda match: b"".join(b"\\'%02x" % byte for byte in match[0]), content)
    text = rtf_runs.marked(_PICTURE_DATA.sub("", content.decode("latin-1")))
    if "\\ansicpg936" in text:
        text = text.replace("\\fcharset0", "\\fcharset134")
        text = _HALF_ESCAPED.sub(_whole_characters, text)
    # striprtf searches for the addresses of links with a pattern that gets slow; a space after \field hides them.
    text = text.replace("\\softline", "\\line").replace("\\field{", "\\field {").replace("}", "}\n")
    return _CONTROL.sub(_marked, text)


def _unicode_escaped(content: bytes) -> bytes:
    """Some programs write UTF-8 as it is, which RTF does not know."""
    try:
        text = content.decode("utf-8") if not content.isascii() else ""
    except UnicodeDecodeError:
        text = ""
    if not text:
        return content
    return _BEYOND.sub(lambda match: "".join(map(_escape, match[0])), text).encode("ascii")


def _escape(character: str) -> str:
    halves = character.encode("utf-16-le")
    codes = (int.from_bytes(halves[n : n + 2], "little") for n in range(0, len(halves), 2))
    return "".join(f"{{\\uc0\\u{code - 0x10000 if code > 0x7FFF else code} }}" for code in codes)


def _without_binary(content: bytes) -> bytes:
    """Leave out `\\binN`, N raw bytes of a picture."""
    parts = []
    position = 0
    while match := _BINARY.search(content, position):
        parts.append(content[position : match.start()])
        position = match.end() + int(match[1])
    parts.append(content[position:])
    return b"".join(parts)


def _whole_characters(match: re.Match[str]) -> str:
    """`\\'b4@`: the second half of a GBK character may stand as a letter; write it as an escape, too."""
    if match[2] is None:
        return match[0]
    data = bytes.fromhex(match[1].replace("\\'", ""))
    position = 0
    while position < len(data):
        position += 2 if data[position] > 0x80 else 1
    return f"{match[1]}\\'{ord(match[2]):02x}" if position > len(data) else match[0]


def _picture_mark(number: int) -> bytes:
    """A mark of plain text; `_marked` leaves it alone."""
    return f"{{\\uc0\\u{ord(_SHOWN) - 0x10000} }}{number}{{\\uc0\\u{ord(_END) - 0x10000} }}".encode("ascii")


def _marked(match: re.Match[str]) -> str:
    word = match[1]
    if word is None:
        return match[0]
    mark = f"{{\\uc0\\u{ord(_MARKS[word]) - 0x10000} }}"
    if word != "cellx":
        return mark
    return f"{mark}{match[2] or 0}{{\\uc0\\u{ord(_END) - 0x10000} }}"


def _read(text: str, reading: _Reading) -> None:
    edges: list[_Edge] = []
    pending = _Edge(0)
    cells: list[str] = []
    loose = ""
    in_number = False
    for match in _PIECE.finditer(text):
        piece = match[0]
        if piece == _MARKS["trowd"]:
            if not cells:
                reading.paragraphs(loose)
                loose = ""
            edges, pending = [], _Edge(0)
        elif piece == _MARKS["cellx"]:
            in_number = True
        elif piece == _MARKS["clvmgf"]:
            pending.starts = True
        elif piece == _MARKS["clvmrg"]:
            pending.goes_on = True
        elif piece == _MARKS["clmrg"]:
            pending.joined = True
        elif piece == _MARKS["cell"]:
            cells.append(reading.cell(loose))
            loose = ""
        elif piece == _MARKS["row"]:
            reading.rows.append(_Row(cells, edges))
            cells = []
        elif in_number:
            number, _, rest = piece.partition(_END)
            in_number = False
            edges.append(replace(pending, right=int(number)))
            pending = _Edge(0)
            loose += rest
        else:
            loose += piece
    if cells:
        reading.rows.append(_Row(cells, edges))
    reading.paragraphs(loose)
    reading.end_table()


def _cell_text(text: str) -> str:
    lines = [dom.trim(line) for line in text.split("\n")]
    return "\n".join(line for line in lines if line.strip())


def _raw_rows(rows: Sequence[_Row]) -> list[list[grid.RawCell]]:
    """Rows with the columns that their borders cover, cells that go on put to the one above."""
    borders = _borders(edge.right for row in rows if len(row.edges) == len(row.cells) for edge in row.edges)
    made: list[list[grid.RawCell]] = []
    open_above: dict[int, tuple[int, int]] = {}
    for row in rows:
        cells: list[grid.RawCell] = []
        still_open: dict[int, tuple[int, int]] = {}
        for column, span, text, edge in _placed(row, borders):
            above = open_above.get(column)
            if edge.goes_on and above is not None:
                first = made[above[0]][above[1]]
                made[above[0]][above[1]] = first._replace(row_span=len(made) - above[0] + 1)
                still_open[column] = above
                continue
            if edge.starts or edge.goes_on:
                still_open[column] = (len(made), len(cells))
            cells.append(grid.RawCell(text, 1, span, False, column))
        made.append(cells)
        open_above = still_open
    return made


def _borders(values: Iterator[int]) -> list[int]:
    borders: list[int] = []
    for value in sorted(set(values)):
        if not borders or value - borders[-1] > _TWIPS:
            borders.append(value)
    return borders


def _placed(row: _Row, borders: Sequence[int]) -> Iterator[tuple[int, int, str, _Edge]]:
    """(column, columns covered, text, edge) of each cell; by order alone where the definition does not fit."""
    if len(row.edges) != len(row.cells):
        yield from ((column, 1, text, _Edge(0)) for column, text in enumerate(row.cells))
        return
    column = 0
    waiting: tuple[int, int, str, _Edge] | None = None
    for text, edge in zip(row.cells, row.edges, strict=True):
        last = min(range(len(borders)), key=lambda n: abs(borders[n] - edge.right)) + 1
        span = max(1, last - column)
        if edge.joined and waiting is not None:
            at, wide, before, first = waiting
            waiting = (at, wide + span, "\n".join(part for part in (before, text) if part), first)
        else:
            if waiting is not None:
                yield waiting
            waiting = (column, span, text, edge)
        column += span
    if waiting is not None:
        yield waiting
