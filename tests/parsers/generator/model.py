"""A report before it has a carrier: prose and forms, every cell with its text and with the number it stands for.

The numbers are written down where the text is made, never read from it: the generator shares no code with the parser
but the names of the figures.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

Number = int | float


@dataclass(frozen=True, slots=True)
class Figure:
    """One cell of a form."""

    path: str
    text: str
    """As it stands in the source; "" is a blank cell."""
    value: Number | None
    """What a person reads there; None for a blank, a stroke, a word."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row: labels from the outermost group to its own, then cells in the order of the page's columns."""

    labels: tuple[str, ...]
    figures: tuple[Figure, ...]
    unit: str | None = None
    """What the 单位 column says, in the form that has one."""


@dataclass(frozen=True, slots=True)
class Head:
    """One cell of a header. `column` is the place of the figure column that it heads, None for groups and corners."""

    text: str
    row_span: int = 1
    column_span: int = 1
    column: int | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows under one header: a part of a form. `depth` is the number of columns that the labels take."""

    table: str
    caption: str
    header: tuple[tuple[Head, ...], ...]
    lines: tuple[Line, ...]
    depth: int

    @property
    def width(self) -> int:
        """Columns of the physical table."""
        if self.header:
            return sum(head.column_span for head in self.header[0])
        return self.depth + max((len(line.figures) for line in self.lines), default=1)

    def figures(self) -> Iterator[Figure]:
        for line in self.lines:
            yield from line.figures


@dataclass(frozen=True, slots=True)
class Prose:
    text: str
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Invented:
    """A report. `template` is the id that the parser must find."""

    template: str
    organ: str
    year: int
    title: str
    body: tuple[Prose | Sheet, ...]

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        return tuple(part for part in self.body if isinstance(part, Sheet))

    def truth(self) -> dict[str, frozenset[Number]]:
        """Path -> the numbers that may be read there: one, or none where the cell holds none.

        A figure that stands in two rows with different numbers is nobody's to decide: none is right then.
        """
        truth: dict[str, frozenset[Number]] = {}
        for sheet in self.sheets:
            for figure in sheet.figures():
                said = frozenset() if figure.value is None else frozenset({figure.value})
                truth[figure.path] = said if truth.get(figure.path, said) == said else frozenset()
        return truth
