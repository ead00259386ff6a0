"""The forms on terminals of every width: a figure that does not fit is moved, never cut."""

from __future__ import annotations

import io

import pytest
from rich.cells import cell_len
from rich.console import Console

from nianbao.ui.figures import show_figures
from tests.nianbao.ui.test_forms import TEMPLATES, cell, document

LONG = 123_456_789_012


def printed(template: str, width: int, first: int) -> tuple[list[str], list[str]]:
    """The lines of a form with another number in every cell, and these numbers as they are to be read."""
    paths = [path for each in TEMPLATES[template].tables for path in each.paths()]
    cells = [cell(path, value=first + number, raw=str(first + number)) for number, path in enumerate(paths)]
    whole = document(template, cells, figures={"local_tables": []})
    console = Console(width=width, file=io.StringIO())
    show_figures(console, whole)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().splitlines(), [str(first + number) for number in range(len(paths))]


@pytest.mark.parametrize("template", ["e2014_stats", "e2019_v60", "e2021_v30"])
@pytest.mark.parametrize("width", [40, 60, 80, 100, 120, 200])
@pytest.mark.parametrize("first", [1000, LONG])
def test_no_figure_is_cut_and_no_line_is_too_wide(template: str, width: int, first: int) -> None:
    lines, numbers = printed(template, width, first)

    words = {word for line in lines for word in line.split()}
    assert [number for number in numbers if number not in words] == []
    assert [line for line in lines if cell_len(line) > width] == []


def test_the_seven_applicants_stand_beside_each_other_on_80_columns() -> None:
    lines, _ = printed("e2021_v30", 80, 1000)

    heads = [line for line in lines if "申请人情况" in line]
    assert len(heads) == 1
    assert heads[0].split()[-1] == "总计"


def test_figures_of_twelve_digits_stand_in_several_tables_on_80_columns() -> None:
    lines, _ = printed("e2021_v30", 80, LONG)

    assert sum("申请人情况" in line for line in lines) == 2


def test_a_field_s_name_is_whole_where_it_is_shown() -> None:
    """It is there to be copied into a question: `results.gran` over `ted` is no name. A pipe has 120 columns."""
    lines, _ = printed("e2019_v60", 120, 100)

    fields = [line.split("│")[1].strip() for line in lines if line.count("│") == 8]
    assert {"results.granted", "three_securities_one_stability", "unclear_after_correction"} <= set(fields)
    granted = next(line for line in lines if "results.granted" in line)
    assert "予以公开" in granted
