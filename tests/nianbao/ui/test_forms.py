"""A report's figures in the order of the official form, each cell once."""

from __future__ import annotations

from typing import Any

import pytest

from nianbao.ui.forms import BLANK, Cell, lay_out
from parsers.template import Table, load_templates

TEMPLATES = {template.id: template for template in load_templates()}


def table(template: str, name: str) -> Table:
    return next(table for table in TEMPLATES[template].tables if table.id == name)


def cell(path: str, semantic: str = "number", value: float | None = 7, raw: str = "7", **more: Any) -> dict[str, Any]:
    return {"path": path, "semantic": semantic, "value": value, "raw": raw, **more}


def document(template: str, cells: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {"template": {"id": template}, "cells": cells, "checks": [], **more}


def shown(forms: list[Any]) -> dict[str, Cell]:
    """Field -> cell, of everything that the forms have in their blocks."""
    return {
        ".".join(filter(None, (line.group_field, line.field, field))): cell
        for form in forms
        for block in form.blocks
        for line in block.lines
        for field, cell in zip(block.fields, line.cells, strict=True)
    }


@pytest.mark.parametrize("template", ["e2019_v60", "e2021_v30"])
def test_every_cell_of_every_table_is_laid_out_once(template: str) -> None:
    paths = [path for each in TEMPLATES[template].tables for path in each.paths()]

    forms, facts = lay_out(document(template, [cell(path) for path in paths]))

    cells = [c for form in forms for block in form.blocks for line in block.lines for c in line.cells]
    assert len(cells) == len(paths)
    assert all(c.text == "7" for c in cells)
    assert not facts


@pytest.mark.parametrize(
    ("semantic", "value", "raw", "text"),
    [
        ("number", 13015.02, "13015.02(万元)", "13015.02"),
        ("zero", 0, "0", "0"),
        ("empty", None, "", BLANK),
        ("na", None, "/", "/"),
        ("text", None, "见附件", "?见附件"),
        ("unreadable", None, "1l3", "?1l3"),
        ("derived_from_text", 0, "未收到", "0†"),
    ],
)
def test_a_blank_a_zero_and_a_stroke_are_three_things(semantic: str, value: float | None, raw: str, text: str) -> None:
    forms, _ = lay_out(document("e2021_v30", [cell("requests.received_new.total", semantic, value, raw)]))

    assert shown(forms)["received_new.total"].text == text


def test_a_cell_that_the_page_does_not_have_is_no_blank() -> None:
    forms, _ = lay_out(document("e2021_v30", [cell("requests.received_new.total")]))

    assert shown(forms)["carried_over.total"] == Cell("", None)


def test_cells_of_a_sum_that_fails_name_its_rule() -> None:
    check = {"rule": "T3-BAL", "status": "fail", "cells": ["requests.received_new.total"]}
    passed = {"rule": "T3-ROW", "status": "pass", "cells": ["requests.received_new.total"]}
    cells = [cell("requests.received_new.total"), cell("requests.carried_over.total")]

    forms, _ = lay_out(document("e2021_v30", cells, checks=[check, passed]))

    assert shown(forms)["received_new.total"].failed == ("T3-BAL",)
    assert shown(forms)["carried_over.total"].failed == ()


def test_a_mixed_report_shows_each_table_in_the_form_that_it_has() -> None:
    proactive = list(table("e2021_v30", "proactive").paths())
    requests = list(table("e2019_v60", "requests").paths())

    forms, facts = lay_out(document("mixed", [cell(path) for path in [*proactive, *requests]]))

    assert set(shown(forms)) >= {"rules.issued", "results.other.total"}
    assert not facts


def test_a_table_that_is_not_there_is_named() -> None:
    forms, _ = lay_out(document("e2021_v30", [cell("requests.received_new.total")]))

    assert [form.name for form in forms if not form.blocks] == [
        table("e2021_v30", "proactive").name,
        table("e2021_v30", "appeals").name,
    ]


def test_a_figure_from_a_sentence_stands_outside_the_tables() -> None:
    told = cell("statistics.requests.received.total", at={"start": 10, "end": 12})

    forms, facts = lay_out(document("e2014_narrative", [told]))

    assert [fact.field for fact in facts] == ["statistics.requests.received.total"]
    assert not shown(forms)
