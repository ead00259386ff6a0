"""The rows and tables of an RTF file.

Every control word that makes a table is replaced by a mark (a private-use character) before striprtf takes the file
apart; the marks come out again between the text, in the order of the file, and rows are built from them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from parsers.documents import dom, grid
from parsers.documents.model import Block, Paragraph, Picture

_MARKS = {
    "trowd": "\uf8f0", "cell": "\uf8f1", "row": "\uf8f2", "cellx": "\uf8f3",
    "clvmgf": "\uf8f4", "clvmrg": "\uf8f5", "clmrg": "\uf8f6",
    "nestcell": "\uf8f9", "nestrow": "\uf8fa", "itap": "\uf8fb", "pard": "\uf8fc",
}  # fmt: skip
END = "\uf8f7"
"""Closes the number of a `cellx`, of an `itap` or of a picture."""
SHOWN = "\uf8f8"
"""In front of the number of a picture."""
_NUMBERED = {"cellx": 0, "itap": 1}
"""Words whose number counts, and what stands for none."""
_PICTURE_MARK = re.compile(f"{SHOWN}(\\d+){END}")
_CONTROL = re.compile(r"\\(?:\\|(trowd|cellx|cell|row|clvmgf|clvmrg|clmrg)(?![a-z])(-?\d{1,9})?[ ]?)")
_NESTED_CONTROL = re.compile(
    r"\\(?:\\|(trowd|cellx|cell|row|clvmgf|clvmrg|clmrg|nestcell|nestrow|itap|pard)(?![a-z])(-?\d{1,9})?[ ]?)"
)
_NESTED_ROWS = re.compile(r"\{\s*\\\*\\nesttableprops")
_PIECE = re.compile("[\uf8f0-\uf8f6\uf8f9-\uf8fc]|[^\uf8f0-\uf8f6\uf8f9-\uf8fc]+")
_TWIPS = 40
"""Borders closer than this (2 points) are one."""


def marked(source: str) -> str:
    """The source with a mark in the place of every word that makes a table."""
    if "\\nestcell" not in source:
        return _CONTROL.sub(_marked, source)
    # striprtf leaves out the group that says how a row of a table inside a cell is cut.
    return _NESTED_CONTROL.sub(_marked, _NESTED_ROWS.sub("{", source))


def blocks_of(text: str) -> list[Block]:
    """What striprtf left of a marked source -> its paragraphs, tables and pictures.

    A table inside a cell is a table of its own: what surrounds it, a frame of the layout, stands as paragraphs.
    """
    reading = _Reading()
    _read(text, reading)
    return reading.blocks


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


def _marked(match: re.Match[str]) -> str:
    word = match[1]
    if word is None:
        return match[0]
    mark = f"{{\\uc0\\u{ord(_MARKS[word]) - 0x10000} }}"
    if word not in _NUMBERED:
        return mark
    return f"{mark}{match[2] or _NUMBERED[word]}{{\\uc0\\u{ord(END) - 0x10000} }}"


def _read(text: str, reading: _Reading) -> None:
    row, level = _Open(), 1
    said = 1
    """The level of the paragraph that is being read: text at another one ends the table."""
    number_of = ""
    for match in _PIECE.finditer(text):
        piece = match[0]
        if number_of:
            number, _, piece = piece.partition(END)
            if number_of == _MARKS["cellx"]:
                row.edges.append(replace(row.pending, right=int(number)))
                row.pending = _Edge(0)
            else:
                said = max(1, int(number))
            number_of = ""
        if said != level and (piece in _ENDS_CELL or (piece not in _ALL_MARKS and piece.strip())):
            level = _change(row, level, said, reading)
        if piece == _MARKS["trowd"]:
            if not row.cells and level == 1:
                reading.paragraphs(row.loose)
                row.loose = ""
            row.edges, row.pending = [], _Edge(0)
        elif piece in (_MARKS["cellx"], _MARKS["itap"]):
            number_of = piece
        elif piece == _MARKS["pard"]:
            said = 1
        elif piece == _MARKS["clvmgf"]:
            row.pending.starts = True
        elif piece == _MARKS["clvmrg"]:
            row.pending.goes_on = True
        elif piece == _MARKS["clmrg"]:
            row.pending.joined = True
        elif piece in _ENDS_CELL:
            row.cells.append(reading.cell(row.loose))
            row.loose = ""
        elif piece in _ENDS_ROW:
            _end_row(row, level, reading)
        else:
            row.loose += piece
    if row.cells:
        _end_row(row, level, reading)
    reading.paragraphs(row.loose)
    reading.end_table()


_ENDS_CELL = (_MARKS["cell"], _MARKS["nestcell"])
_ENDS_ROW = (_MARKS["row"], _MARKS["nestrow"])
_ALL_MARKS = frozenset(_MARKS.values())


@dataclass(slots=True)
class _Open:
    """The row that is being read."""

    cells: list[str] = field(default_factory=list)
    edges: list[_Edge] = field(default_factory=list)
    pending: _Edge = field(default_factory=lambda: _Edge(0))
    loose: str = ""
    frames: set[int] = field(default_factory=set)
    """Levels at which the row has a table inside: it is a frame and no row."""


def _change(row: _Open, level: int, said: int, reading: _Reading) -> int:
    """A table inside a cell begins or ends: what was read so far stands before it. Returns the new level."""
    for text in (*row.cells, row.loose):
        reading.paragraphs(text)
    reading.end_table()
    row.cells, row.loose = [], ""
    row.frames.update(range(level, said))
    return said


def _end_row(row: _Open, level: int, reading: _Reading) -> None:
    if level in row.frames:
        row.frames.discard(level)
        for text in row.cells:
            reading.paragraphs(text)
    else:
        reading.rows.append(_Row(row.cells, row.edges))
    row.cells = []


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
