"""`verified` is said of a table only when all of it is there, read in its place, and its sums hold."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

import parsers
from nianbao.ui.labels import FLAGS
from parsers.checks import run
from parsers.report import Check, FigureCell, Level, Semantic
from parsers.template import CheckRule, Template, load_templates
from parsers.trust import CAPS, HARMLESS, Trust, cap, trust

FORM = next(template for template in load_templates() if template.id == "e2021_v30")
BLOCK = "litigation_direct"
UPHELD = f"{BLOCK}.upheld"
PATHS = [path for table in FORM.tables for path in table.paths() if path.startswith(f"{BLOCK}.")]
NO_FLAGS = {"profile", "parser", "ocr", "template", "unsupported_media", "cid"}
"""What stands in front of a colon elsewhere: parts of a fingerprint, reasons of errors, addresses."""
RULES = [rule for rule in FORM.checks if PATHS[0] in rule.paths]


def cells(**other: int | None) -> list[FigureCell]:
    """A whole block: one upheld, one in total. `other`: what stands elsewhere in it, None for what cannot be read."""
    values = {path.removeprefix(f"{BLOCK}."): 0 for path in PATHS} | {"upheld": 1, "total": 1} | other
    return [
        FigureCell(f"{BLOCK}.{key}", str(value), value, Semantic.UNREADABLE if value is None else Semantic.NUMBER)
        for key, value in values.items()
    ]


def word(some: list[FigureCell], *flags: str, checks: tuple[Check, ...] | None = None) -> str:
    judged = run(RULES, some) if checks is None else checks
    return trust([BLOCK], some, judged, flags, [FORM])[BLOCK]


def test_a_whole_table_whose_sums_hold_is_verified() -> None:
    assert word(cells()) == "verified"
    assert word(cells(), "rows_missing:requests", "late", f"recognised:{BLOCK}") == "verified"


def test_a_sum_that_fails_or_a_cell_that_cannot_be_read_makes_it_doubtful() -> None:
    assert word(cells(total=2)) == "doubtful"
    assert word(cells(upheld=None)) == "doubtful"
    assert word(cells(upheld=None, total=None, other=None)) == "unreadable"


def test_without_sums_it_is_consistent_at_best() -> None:
    assert word(cells(), checks=()) == "consistent"
    at_least = CheckRule("T2A-NEG", Level.HARD, ">=", (UPHELD,), (), "")
    assert word(cells(), checks=run([at_least], cells())) == "consistent"


def test_a_column_that_is_not_there_is_noticed_without_a_flag() -> None:
    held = cells()
    sums = run(RULES, held)
    assert word([cell for cell in held if cell.path != UPHELD], checks=sums) == "consistent"


def test_words_where_a_figure_belongs_are_none_of_its_sums() -> None:
    some = [
        cell._replace(value=None, semantic=Semantic.TEXT) if cell.path == UPHELD else cell for cell in cells(total=0)
    ]
    assert word(some) == "consistent"


@pytest.mark.parametrize("flag", CAPS)
def test_what_is_flagged_is_not_verified(flag: str) -> None:
    assert word(cells(), f"{flag}:{BLOCK}") == CAPS[flag][0] != Trust.VERIFIED
    assert word(cells(total=2), f"{flag}:{BLOCK}") == "doubtful", "a cap makes nothing better"


def test_a_flag_that_nobody_has_decided_on_is_no_proof() -> None:
    assert word(cells(), f"something_new:{BLOCK}") == cap("something_new") == Trust.CONSISTENT


def test_every_flag_of_a_table_is_decided_on_with_a_reason_and_has_words() -> None:
    code = [path.read_text(encoding="utf-8") for path in Path(parsers.__file__).parent.rglob("*.py")]
    said = {name for text in code for name in re.findall(r'f"([a-z_]+):\{', text)} - NO_FLAGS
    said |= {rule.flag for template in load_templates() for rule in template.checks if rule.flag}
    assert "rows_missing" in said and "rows_repeated" in said
    assert said <= {*CAPS, *HARMLESS}
    assert {*said, *CAPS, *HARMLESS} <= FLAGS.keys()
    assert not CAPS.keys() & HARMLESS.keys()
    assert all(why for _, why in CAPS.values()) and all(HARMLESS.values())


def test_a_form_of_another_template_may_be_whole_too() -> None:
    smaller: Template = replace(FORM, tables=())
    assert trust([BLOCK], cells(), run(RULES, cells()), (), [smaller, FORM])[BLOCK] == "verified"
    assert trust([BLOCK], cells(), run(RULES, cells()), (), [smaller])[BLOCK] == "consistent"
