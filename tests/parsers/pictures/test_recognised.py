"""Which figures out of pixels count: whole numbers that a hard sum confirms, in a form that has sums."""

from __future__ import annotations

from dataclasses import replace

from parsers import documents
from parsers.documents.model import Grid
from parsers.pictures import recognised
from parsers.pictures.recognised import Pixels
from parsers.report import FigureCell, Number, Semantic
from parsers.tables import local
from parsers.template import load_templates
from tests.parsers.tables.test_local import FUJIAN

FORM = next(template for template in load_templates() if template.id == "e2021_v30")
BLOCK = "litigation_direct"
ON_PICTURE = Pixels(frozenset({0}), frozenset(), ())


def values(**other: Number | None) -> dict[str, Number | None]:
    """What is left of a block of table four that stands on a picture, each figure as it was made out."""
    read = {"upheld": 0, "corrected": 0, "other": 0, "pending": 0, "total": 0, **other}
    cells = [
        FigureCell(f"{BLOCK}.{key}", str(value), value, Semantic.NUMBER, at={"table": 0}) for key, value in read.items()
    ]
    found, _ = recognised.confirmed(cells, FORM.checks, ON_PICTURE)
    return {cell.path.removeprefix(f"{BLOCK}."): cell.value for cell in found}


def test_a_sum_that_holds_confirms_its_figures() -> None:
    assert values(upheld=9229, total=9229) == {"upheld": 9229, "corrected": 0, "other": 0, "pending": 0, "total": 9229}
    assert set(values(upheld=9229, total=9228).values()) == {None}


def test_a_comma_read_as_a_point_in_a_cell_and_in_its_total_is_no_figure() -> None:
    found = values(upheld=9.229, total=9.229)
    assert found["upheld"] is None and found["total"] is None


def test_a_local_form_on_a_picture_has_no_sums_so_no_figures() -> None:
    blocks = documents.read(FUJIAN.encode()).blocks
    typed = local.find(blocks, frozenset())
    (seen,) = local.find([replace(b, recognised=True) if isinstance(b, Grid) else b for b in blocks], frozenset())
    assert local.flags(typed) == ()
    assert local.flags([seen]) == ("recognised:local_tables", "unconfirmed:local_tables")
    assert [row.raw for row in seen.rows] == [row.raw for row in typed[0].rows]
    assert {value for row in seen.rows for value in row.values} == {None}
