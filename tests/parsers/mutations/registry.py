"""Every mutation by its name, and what no reader could notice, left out by name and with the reason."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from tests.parsers.generator import text
from tests.parsers.generator.carriers import Carrier
from tests.parsers.generator.model import Invented
from tests.parsers.mutations import sheets, sources
from tests.parsers.mutations.sheets import Truth

Apply = Callable[[Invented, Carrier, random.Random], tuple[bytes, Truth] | None]


@dataclass(frozen=True)
class Mutation:
    name: str
    apply: Apply
    """None where the report has nothing to damage in this way."""


_NO_MARK = "blank cells leave no mark there: a row with a cell more and a blank less is, to the letter, another row"
_DRAWN = "the file draws a blank cell where the row ends too early: a row of other figures, to the letter"
UNNOTICEABLE: dict[tuple[str, str], str] = {
    **{("insert a cell", f"text_{dump}"): _NO_MARK for dump in text.LOSING},
    **{
        (mutation, file): _DRAWN for mutation in ("delete a cell", "join two cells") for file in ("docx", "rtf", "xlsx")
    },
}
"""(mutation, beginning of the carrier's name) -> why the damaged source is, to the letter, another honest report."""


def _sheet(name: str, change: sheets.SheetMutation) -> Mutation:
    def apply(report: Invented, carrier: Carrier, rng: random.Random) -> tuple[bytes, Truth] | None:
        damaged = change(report, rng)
        return (carrier.render(damaged[0], rng), damaged[1]) if damaged else None

    return Mutation(name, apply)


def _source(name: str, change: sources.SourceMutation) -> Mutation:
    def apply(report: Invented, carrier: Carrier, rng: random.Random) -> tuple[bytes, Truth] | None:
        if not carrier.name.startswith(("html", "text")):
            return None
        damaged = change(carrier.render(report, rng).decode(), rng)
        return (damaged.encode(), report.truth()) if damaged else None

    return Mutation(name, apply)


MUTATIONS: dict[str, Mutation] = {
    mutation.name: mutation
    for mutation in (
        _sheet("blank a cell", sheets.blank_cell),
        _sheet("change a figure", sheets.change_figure),
        _sheet("change a total", sheets.change_total),
        _sheet("a letter for a digit", sheets.letter_for_digit),
        _sheet("full-width digits", sheets.full_width),
        _sheet("split a run of digits", sheets.split_digits),
        _sheet("join two cells", sheets.join_cells),
        _sheet("swap two rows", sheets.swap_rows),
        _sheet("swap the figures of two rows", sheets.swap_figures_of_rows),
        _sheet("drop a row", sheets.drop_row),
        _sheet("repeat a row", sheets.repeat_row),
        _sheet("repeat a row with other figures", sheets.repeat_row_with_other_figures),
        _sheet("delete a label", sheets.delete_label),
        _sheet("delete a header", sheets.delete_header),
        _sheet("swap two columns and their headers", sheets.swap_columns),
        _sheet("swap two columns below their headers", sheets.swap_columns_below_headers),
        _sheet("delete a cell", sheets.delete_cell),
        _sheet("insert a cell", sheets.insert_cell),
        _sheet("a stray line between rows", sheets.stray_line),
        _sheet("drop a page", sheets.drop_rows),
        _sheet("drop a table", sheets.drop_table),
        _sheet("swap two tables", sheets.swap_tables),
        _sheet("repeat a table with other figures", sheets.repeat_table_with_other_figures),
        _sheet("repeat a table with a few other figures", sheets.repeat_table_with_a_few_other_figures),
        _source("truncate the file", sources.truncate),
        _source("drop a chunk of the file", sources.drop_chunk),
        _source("drop lines of the file", sources.drop_lines),
        _source("mark a figure", sources.mark_a_figure),
    )
}


def unnoticeable(mutation: str, carrier: str) -> str | None:
    """Why this mutation is not judged in this carrier; None where it is."""
    return next(
        (why for (name, prefix), why in UNNOTICEABLE.items() if name == mutation and carrier.startswith(prefix)), None
    )
