"""数据字典: every figure of every form and every harmonised measure, from `config/`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from fastapi import APIRouter, Request, Response

from nianbao.web import words
from nianbao.web.checks import words_of
from nianbao.web.page import json_answer
from nianbao.web.ready import ready
from nianbao.web.tables import csv_answer
from parsers.prose.facts import ROOT
from parsers.template import Template, load_templates
from storage.base import Doc
from storage.export.cells import labels_of
from storage.export.english import load_english
from storage.export.measures import load_measures
from storage.export.quality import Quality

router = APIRouter(include_in_schema=False)
FIELD_COLUMNS = ("template", "path", "row", "column", "english", "unit", "unit_english", "kind", "table")


@lru_cache(maxsize=1)
def fields() -> tuple[Doc, ...]:
    """Every figure that a form can have, with the form's own words."""
    return tuple(field for template in load_templates() for field in _of(template))


def _of(template: Template) -> Iterator[Doc]:
    for table in template.tables:
        for part in table.parts:
            for row in part.rows:
                for column in part.values:
                    path = table.path(row, column)
                    labels = labels_of(path, (template.id,))
                    yield {
                        "template": template.id,
                        "path": path,
                        "row": labels.row,
                        "column": labels.column,
                        **_beside(path, is_money=column.kind == "money"),
                        "kind": "money, 万元" if column.kind == "money" else "number",
                        "table": table.name,
                    }
    for fact in template.facts:
        yield {
            "template": template.id,
            "path": f"{ROOT}.{fact.key}",
            "row": fact.name,
            "column": "",
            "english": load_english().of(f"{ROOT}.{fact.key}"),
            "unit": fact.unit,
            "unit_english": load_english().unit_words.get(fact.unit, ""),
            "kind": f"number, {fact.unit}",
            "table": "正文",
        }


def _beside(path: str, *, is_money: bool) -> Doc:
    """The English and the unit of a figure."""
    english = load_english()
    unit = english.unit(path, is_money=is_money)
    return {"english": english.of(path), "unit": unit, "unit_english": english.unit_words.get(unit, "")}


def measures() -> list[Doc]:
    return [
        {
            "key": one.key,
            "zh": one.zh,
            "en": one.en,
            "unit": one.unit,
            "definition": one.definition,
            "comparable": str(one.comparable),
            "note": one.note,
            "not_with": list(one.not_with),
            "sources": {form: list(paths) for form, paths in one.sources.items()},
        }
        for one in load_measures().all
    ]


@router.get("/dictionary")
def dictionary(request: Request) -> Response:
    return ready(request, "dictionary.html", _shown)


def _shown() -> dict[str, Any]:
    templates = load_templates()
    by_template = {template.id: [one for one in fields() if one["template"] == template.id] for template in templates}
    return {
        "templates": templates,
        "by_template": by_template,
        "rules": {template.id: list(dict.fromkeys(check.rule for check in template.checks)) for template in templates},
        "rule_words": words_of,
        "measures": load_measures().all,
        "semantics": words.SEMANTICS,
        "trusts": words.TRUST,
        "qualities": [str(one) for one in Quality],
    }


@router.get("/dictionary.json")
def dictionary_json(request: Request) -> Response:
    return json_answer(request, {"fields": list(fields()), "measures": measures()})


@router.get("/dictionary.csv")
def dictionary_csv(request: Request) -> Response:
    rows = ([one[name] for name in FIELD_COLUMNS] for one in fields())
    return csv_answer(request, "dictionary", FIELD_COLUMNS, rows)
