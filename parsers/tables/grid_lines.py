"""The rows of all grids of a document, one after another: a form may be one table, five, or cut by pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from parsers.documents.model import Cell, Grid
from parsers.tables.found import Slot
from parsers.tables.labels import cell_forms
from parsers.tables.numbers import read


@dataclass(frozen=True)
class Line:
    """One row of a grid: its different cells from left to right, with the columns that each covers."""

    grid: Grid
    row: int
    cells: tuple[tuple[Cell, int, int], ...]
    forms: tuple[frozenset[str], ...]
    """For each cell the spellings under which it may match a label."""
    turned: bool = False
    """Is it a column of the table as it stands?"""

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """Every cell as a place for a figure. Both forms since 2019 ask for them."""
        grid = self.grid
        cells = [cell for cell, _, _ in self.cells]
        if self.turned:
            cells = [cell._replace(row=cell.column, column=cell.row) for cell in cells]
        return tuple([tuple.__new__(Slot, (cell.text.strip(), at_of(grid, cell))) for cell in cells])

    @cached_property
    def has_figure(self) -> bool:
        return bool([cell for cell, _, _ in self.cells if read(cell.text).value is not None])


def at_of(grid: Grid, cell: Cell) -> dict[str, int | str | tuple[int, ...]]:
    """The place of a cell: table, row, column, and what else the file tells of it."""
    _, row, column, _, _, _, element, page, box = cell
    place: dict[str, int | str | tuple[int, ...]]
    if element is not None:
        place = {"table": grid.index, "row": row, "column": column, "element": element}
    else:
        place = {"table": grid.index, "row": row, "column": column}
    if grid.pictures and page is not None:
        place["picture"] = grid.pictures[page - 1]
    elif (page := page or grid.page) is not None:
        place["page"] = page
    if box is not None:
        place["box"] = box
    return place


@dataclass(frozen=True)
class GridLines:
    all: Sequence[Line]

    @cached_property
    def by_form(self) -> dict[str, list[tuple[int, int]]]:
        """Spelling of a cell -> number of the line and position of every cell with it, in reading order."""
        found: dict[str, list[tuple[int, int]]] = {}
        for number, line in enumerate(self.all):
            for position, forms in enumerate(line.forms):
                for form in forms:
                    found.setdefault(form, []).append((number, position))
        return found

    def having(self, forms: frozenset[str]) -> dict[int, list[int]]:
        """Numbers of the lines with a cell that says one of `forms`, ascending, with the positions of such cells."""
        places = {place for form in forms & self.by_form.keys() for place in self.by_form[form]}
        found: dict[int, list[int]] = {}
        for number, position in sorted(places):
            found.setdefault(number, []).append(position)
        return found

    def headers(self, forms: frozenset[str]) -> dict[int, list[int]]:
        """The same of the lines with two such cells and no figure."""
        having = self.having(forms).items()
        return {number: at for number, at in having if len(at) > 1 and not self.all[number].has_figure}


def lines(grids: Iterable[Grid]) -> list[Line]:
    """Every row of every grid in reading order."""
    result = []
    for grid in grids:
        for index, row in enumerate(grid.rows):
            cells: list[tuple[Cell, int, int]] = []
            before: Cell | None = None
            for column, cell in enumerate(row):
                if cell is None:
                    continue
                if cell is before:
                    cells[-1] = (cell, cells[-1][1], column + 1)
                else:
                    cells.append((cell, column, column + 1))
                    before = cell
            forms = tuple([cell_forms(cell.text) for cell, _, _ in cells])
            result.append(Line(grid, index, tuple(cells), forms))
    return result
