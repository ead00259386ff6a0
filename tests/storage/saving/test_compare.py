"""What of two readings is said to have changed, and why."""

from __future__ import annotations

from typing import Any

import pytest

from parsers.made_of import UNIT
from storage.corrections.overlay import IDENTIFIED
from storage.saving.compare import DISAGREE, differences, how_many, numbers, reasons


def reading(changes: dict[str, Any] | None = None) -> dict[str, Any]:
    """What `reasons` looks at; `changes`: dotted path -> value."""
    document: dict[str, Any] = {
        "template": {"id": "e2021_v30"},
        "source": {"capture_id": "page/1", "raw_sha256": "a", "attachments": [{"raw_sha256": "b"}]},
        "derived": {
            "template_version": "1",
            "portal_profile_version": "1",
            "parser_version": "1",
            "made_of": ["template:e2021_v30@1", f"{UNIT}110000@1"],
        },
        "flags": [],
    }
    for path, value in (changes or {}).items():
        *above, last = path.split(".")
        place = document
        for name in above:
            place = place[name]
        place[last] = value
    return document


UNITS, CORRECTED = f"{UNIT}110000@2", f"{IDENTIFIED}1"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({}, ["unexplained"]),
        ({"source.capture_id": "page/2"}, ["unexplained"]),
        ({"source.raw_sha256": "c"}, ["new_bytes"]),
        ({"source.attachments": [{"raw_sha256": "c"}]}, ["new_bytes"]),
        ({"source.capture_id": "other/1", "source.raw_sha256": "c"}, ["better_source"]),
        ({"derived.template_version": "2"}, ["new_template"]),
        ({"derived.portal_profile_version": "2"}, ["new_profile"]),
        ({"derived.parser_version": "2", "source.raw_sha256": "c"}, ["new_bytes", "new_parser"]),
        ({"derived.made_of": ["template:e2021_v30@2", f"{UNIT}110000@1"]}, ["new_template"]),
        ({"derived.template_version": "2", "derived.made_of": ["template:e2021_v30@2"]}, ["new_template", "new_units"]),
        ({"template.id": "e2019_v60"}, ["new_template"]),
        ({"derived.made_of": ["template:e2021_v30@1", UNITS]}, ["new_units"]),
        ({"derived.made_of": ["template:e2021_v30@1", UNITS], "source.capture_id": "other/1"}, ["better_source"]),
        ({"derived.made_of": ["template:e2021_v30@1", f"{UNIT}110000@1", CORRECTED]}, ["correction"]),
        ({"derived.corrections": ["1"]}, ["correction"]),
        ({"flags": [f"{DISAGREE}requests"]}, ["other_source"]),
        ({"flags": ["published_late"]}, ["unexplained"]),
    ],
)
def test_why_a_reading_changed(changes: dict[str, Any], why: list[str]) -> None:
    assert reasons(reading(), reading(changes)) == why


def test_what_changed_is_named_by_its_deepest_path() -> None:
    cell = {"path": "requests.received_new.total", "raw": "3", "value": 3}
    old = {"figures": {"requests": {"total": 3, "kept": 1}}, "cells": [cell], "title": "甲", "notes": {"a": 1}}
    new = {
        "figures": {"requests": {"total": 4, "kept": 1}},
        "cells": [{**cell, "value": 4}],
        "title": "乙",
        "notes": None,
    }
    assert differences(old, new) == {
        "cells": ["cells.requests.received_new.total"],
        "figures": ["figures.requests.total"],
        "meta": ["notes.a", "title"],
    }
    assert differences({**old, "notes": None}, old) == {"meta": ["notes.a"]}
    assert differences(old, {**old, "figures": {"requests": {"total": 3, "kept": None}}}) == {
        "figures": ["figures.requests.kept"]
    }


def test_where_a_sentence_stands_and_what_a_counter_says_are_no_change() -> None:
    told = {"path": "requests.total", "value": 3, "at": {"start": 10}}
    old = {"cells": [told], "sections": [{"ordinal": 1, "text": "收到申请3件。\n浏览次数：12"}], "flags": []}
    moved = {
        "cells": [{**told, "at": {"start": 90}}],
        "sections": [{"ordinal": 1, "text": "收到申请3件。\n浏览次数：99"}],
    }
    assert differences(old, {**moved, "flags": []}) == {}
    clause = {"text": "办理建议3件", "at": {"start": 10, "end": 16}}
    assert differences({"unread": [clause]}, {"unread": [{**clause, "at": {"start": 11, "end": 17}}]}) == {}
    assert differences({"unread": [clause]}, {"unread": [{**clause, "text": "办理建议4件"}]}) == {"meta": ["unread"]}
    in_a_grid = {"cells": [{**told, "at": {"row": 1}}]}
    assert differences(in_a_grid, {"cells": [{**told, "at": {"row": 2}}]}) == {"cells": ["cells.requests.total"]}


def test_figures_are_counted_as_they_are_listed() -> None:
    figures = {
        "requests": {"received_new": {"total": 3, "natural_person": 0}, "note": None, "is_whole": True, "words": "三"},
        "proactive": {"fees": {"amount_wan_yuan": 1.5}},
        "local_tables": [{"rows": [1, 2]}],
        "empty": {},
    }
    assert list(numbers(figures)) == [
        ("requests.received_new.total", 3),
        ("requests.received_new.natural_person", 0),
        ("proactive.fees.amount_wan_yuan", 1.5),
    ]
    assert how_many(figures) == 3
    # A province's own tables are comparable with nothing, in whatever shape they come.
    assert list(numbers({"local_tables": {"a": 1}})) == []
    assert how_many({"local_tables": {"a": 1}}) == 0
