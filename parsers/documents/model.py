"""The one Document that every reader makes, whatever the file was: blocks in reading order.

A reader knows nothing of annual reports: it keeps the text complete and the tables rectangular.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

Box = tuple[int, int, int, int]
"""x0, top, x1, bottom."""


class Cell(NamedTuple):
    """One cell of a grid. A cell that spans stands at every place it covers, as the same object.

    There are hundreds in a report: a tuple is made in a quarter of a frozen dataclass's time.
    """

    text: str
    """As written, inner line breaks as "\\n", outer white space kept only when there is nothing else."""
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1
    header: bool = False
    element: int | None = None
    """HTML only: which of all td and th of the page it is, from 0, in the order of `querySelectorAll("td, th")`."""
    page: int | None = None
    """PDF: its page, from 1. On pictures: which of `Grid.pictures`, from 1."""
    box: Box | None = None
    """PDF: in points from the page's upper left corner. On pictures: in thousandths of their width and height."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with its spans expanded (WHATWG table model): `rows[r][c]`, every row equally long.

    A place that no cell covers is None. `index` counts the grids of the document from 0.
    """

    rows: tuple[tuple[Cell | None, ...], ...]
    index: int = 0
    caption: str = ""
    page: int | None = None
    """PDF only: number of the page on which it begins, from 1."""
    recognised: bool = False
    """Was it made out of pixels? Then a figure counts only where the sums confirm it."""
    pictures: tuple[str, ...] = ()
    """Addresses of the pictures that it was read from."""
    spans: tuple[Cell, ...] | None = field(default=None, repr=False, compare=False)
    """The cells that cover several places, where it is known that no two claim the same one."""
    _text: str | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def width(self) -> int:
        return len(self.rows[0]) if self.rows else 0

    def text(self) -> str:
        """Every cell once, tab between cells, one line a row: how a table stands in a section's text."""
        if self._text is None:
            # Asked for by all who read the text, and made once.
            object.__setattr__(self, "_text", self._lines())
        return self._text or ""

    def reading(self, text: str) -> Grid:
        """Itself, with the text that whoever laid it has read on the way."""
        object.__setattr__(self, "_text", text)
        return self

    def _lines(self) -> str:
        return "\n".join([
            read_cells([
                "" if cell is None else cell[0]
                for c, cell in enumerate(row)
                if cell is None or (cell[2] == c and cell[1] == r)
            ])
            for r, row in enumerate(self.rows)
        ])  # fmt: skip


def read_cells(texts: Iterable[str]) -> str:
    """A row of cells as `Grid.text` reads it."""
    # Most cells hold a word or a number.
    parts = [text if text.isalnum() else " ".join(text.split()) for text in texts]
    return "\t".join(parts).rstrip("\t")


def read_rows(rows: Sequence[Sequence[str]]) -> str:
    """A table as `Grid.text` reads it, from the texts of the cells that begin in each row."""
    whole = "".join(map("".join, rows))
    if whole.split() == [whole]:
        # In most tables no cell has a blank in it, and none is to be tidied.
        return "\n".join(["\t".join(row).rstrip("\t") for row in rows])
    return "\n".join(map(read_cells, rows))


class Paragraph(NamedTuple):
    """A line or paragraph as it stands. Plain text keeps its blank lines: there they separate cells.

    A tuple, as a cell is: a flattened text has hundreds.
    """

    text: str
    level: int = 0
    """1 to 6 for h1 to h6, else 0."""
    recognised: bool = False
    """Was it made out of pixels?"""


@dataclass(frozen=True, slots=True)
class Picture:
    url: str
    text: str = ""
    """The alternative text."""


@dataclass(frozen=True, slots=True)
class InnerPicture:
    """A picture inside the file: a `data:` address of a page, a part of a Word file."""

    url: str
    """`#image=<n>`, its number in the file from 1."""
    content: bytes


@dataclass(frozen=True, slots=True)
class InnerFile:
    """A file that an archive holds beside the report."""

    url: str
    """`#member=<name>`, as the Document's links call it."""
    name: str
    content: bytes


Block = Paragraph | Grid | Picture


@dataclass(frozen=True, slots=True)
class Link:
    url: str
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    blocks: tuple[Block, ...]
    """The body: what the organ wrote, without the page's menus, share bars and comment boxes."""
    media_type: str
    """By content: text/html, text/plain, application/pdf, …"""
    encoding: str | None = None
    title: str | None = None
    """The page's own title: meta ArticleTitle, else the body's heading, else <title> without its tail."""
    meta: tuple[tuple[str, str], ...] = ()
    """<meta name=… content=…> in order, names as written."""
    pairs: tuple[tuple[str, str], ...] = ()
    """The label and value block (索引号, 发布日期 …), labels as written."""
    links: tuple[Link, ...] = field(default=())
    """Files linked from the body: candidates for attachments, absolute where the page's address is known."""
    outline: tuple[str, ...] = ()
    """Breadcrumb texts, outermost first."""
    ocr: bool = False
    """Was any of it recognised from pixels? Its grids and paragraphs say which."""
    inner: tuple[InnerPicture, ...] = ()
    """Pictures whose bytes are in the file itself; a Picture with the same `url` says where it shows them."""
    beside: tuple[InnerFile, ...] = ()
    """Files in the same archive that may hold a table of the report."""
    unread: tuple[str, ...] = ()
    """Names of files in the same archive that may be reports of their own."""
    _text: str | None = field(default=None, init=False, repr=False, compare=False)
    _others: tuple[tuple[int, Grid | Picture], ...] = field(default=(), init=False, repr=False, compare=False)
    _grids: tuple[Grid, ...] = field(default=(), init=False, repr=False, compare=False)
    _pictures: tuple[Picture, ...] = field(default=(), init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Asked for many times, and looked for once: a flattened text has hundreds of lines.
        others = tuple([(n, block) for n, block in enumerate(self.blocks) if not isinstance(block, Paragraph)])
        object.__setattr__(self, "_others", others)
        object.__setattr__(self, "_grids", tuple([block for _, block in others if isinstance(block, Grid)]))
        object.__setattr__(self, "_pictures", tuple([block for _, block in others if isinstance(block, Picture)]))

    def grids(self) -> Iterator[Grid]:
        return iter(self._grids)

    def pictures(self) -> Iterator[Picture]:
        return iter(self._pictures)

    def text(self) -> str:
        """The complete text of the body, tables as tab-separated lines."""
        if self._text is None:
            object.__setattr__(self, "_text", "\n".join(self.texts(text_of)))
        return self._text or ""

    def texts(self, other: Callable[[Grid | Picture], str]) -> list[str]:
        """The text of every block; of one that is no paragraph what `other` says of it."""
        texts: list[str] = [block[0] if type(block) is Paragraph else "" for block in self.blocks]
        for number, block in self._others:
            texts[number] = other(block)
        return texts


def text_of(block: Block) -> str:
    """The text of one block as it stands in Document.text."""
    return block.text() if isinstance(block, Grid) else block.text
