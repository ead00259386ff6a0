"""What makes two readings of a report the same, and what to say when they are not.

A stored report has two sides. Its content is what a reader gets: organ, year, title, sections, figures,
cells, checks, flags, page block, which template. Its provenance is where and by what it was read: `source`, `derived`
and the template's version and evidence: that an alias was added to a form is no news to a report that reads as before.
Only a change of content is a new revision.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from parsers.made_of import UNIT
from parsers.stable import stable
from storage.base import Doc, digest
from storage.corrections.overlay import IDENTIFIED

DISAGREE = "sources_disagree:"
"""Flag, with the name of the table behind it: two addresses carry this report with different figures in it."""

PROVENANCE = ("source", "derived")
SIDES = ("template", *PROVENANCE)
"""The fields of a report that say by what it was read; of `template` its id is content."""
BOOKKEEPING = (
    "sources",
    "disagreements",
    "before_corrections",
    "revision",
    "writes",
    "bucket",
    "change",
    "content_sha256",
)
"""What the storage adds to a report."""
_NO_CONTENT = frozenset({*PROVENANCE, *BOOKKEEPING})
RULES = 5
"""Raise it when the rules of this module or of `storage.saving.sources` change: a rerun then decides anew."""

_CAME_LATER = ("joint_organs", "unread")
"""Lists of the report that earlier versions did not have: one that is empty says what a report without it says."""
_TIMES = {"fetched_at", "parsed_at"}
_KEYS: Mapping[str, tuple[str, ...]] = {
    "sections": ("ordinal",),
    "cells": ("path",),
    "checks": ("rule", "where"),
}
"""By which fields the members of a list are recognised again."""
_GROUPS = {"figures": "figures", "cells": "cells", "sections": "text", "checks": "checks"}
MOST_PATHS = 500
"""A revision that changes more than this names the first ones; the documents themselves say the rest."""

_REASONS = (
    ("template_version", "new_template"),
    ("portal_profile_version", "new_profile"),
    ("parser_version", "new_parser"),
)


def content_sha256(document: Mapping[str, Any]) -> str:
    """Raises ValueError for a number that is none (NaN, infinity)."""
    return digest(_content(document))


def provenance_sha256(document: Mapping[str, Any]) -> str:
    """Without the times: the same bytes read again by the same code are no news."""
    sides = {side: {k: v for k, v in document[side].items() if k not in _TIMES} for side in PROVENANCE}
    return digest({**sides, "rules": RULES})


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, list[str]]:
    """What changed in content: group (figures, cells, text, checks, meta) -> sorted paths; no empty
    groups.
    """
    groups: dict[str, list[str]] = {}
    before, after = _content(old), _content(new)
    for name in sorted({*before, *after}):
        for path in _paths(before.get(name), after.get(name), name):
            groups.setdefault(_GROUPS.get(name, "meta"), []).append(path)
    return {group: sorted(set(paths))[:MOST_PATHS] for group, paths in sorted(groups.items())}


def reasons(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Why the content may have changed, from the provenance of both.

    `unexplained`: the same bytes and the same versions gave another result, which must not be (rule 1 of
    the house).
    """
    found = []
    if _address(old) != _address(new):
        found.append("better_source")
    elif _bytes(old) != _bytes(new):
        found.append("new_bytes")
    found += [why for field, why in _REASONS if old["derived"][field] != new["derived"][field]]
    if "new_template" not in found and _parts(old, "template:") != _parts(new, "template:"):
        found.append("new_template")  # edited without a new version
    if _address(old) == _address(new) and _parts(old, UNIT) != _parts(new, UNIT):
        found.append("new_units")
    if _parts(old, IDENTIFIED) != _parts(new, IDENTIFIED) or old["derived"].get("corrections") != new["derived"].get(
        "corrections"
    ):
        found.append("correction")
    if old["template"]["id"] != new["template"]["id"] and "new_template" not in found:
        found.append("new_template")
    if _disagreeing(old) != _disagreeing(new):
        found.append("other_source")
    return found or ["unexplained"]


def numbers(figures: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, int | float]]:
    """(dotted path, number) of every figure that is one; `local_tables` are left out. `path`: with its last dot."""
    for key, value in figures.items():
        if isinstance(value, (int, float)):
            if not isinstance(value, bool):
                yield f"{path}{key}", value
        elif value is not None and key != "local_tables" and isinstance(value, Mapping):
            yield from numbers(value, f"{path}{key}.")


def how_many(figures: Mapping[str, Any]) -> int:
    """How many `numbers` gives, without a path for each."""
    count = 0
    for key, value in figures.items():
        if isinstance(value, (int, float)):
            count += not isinstance(value, bool)
        elif value is not None and key != "local_tables" and isinstance(value, Mapping):
            count += how_many(value)
    return count


def _content(document: Mapping[str, Any]) -> Doc:
    """What a reader gets. Clocks and counters in its text are none of it, nor where in a text a sentence stands."""
    content = {name: value for name, value in document.items() if name not in _NO_CONTENT}
    for name in _CAME_LATER:
        if not content.get(name):
            content.pop(name, None)
    if "template" in content:
        content["template"] = {"id": content["template"]["id"]}
    if "sections" in content:
        content["sections"] = [_lasting(section) for section in content["sections"]]
    if "cells" in content:
        content["cells"] = [_placed(cell) for cell in content["cells"]]
    if "unread" in content:
        content["unread"] = [_placed(clause) for clause in content["unread"]]
    return content


def _lasting(section: Mapping[str, Any]) -> Doc:
    texts = {name: stable(section[name]) for name in ("text", "text_original") if section.get(name) is not None}
    return {**section, **texts}


def _placed(cell: Mapping[str, Any]) -> Mapping[str, Any]:
    """Of a clause in a sentence as well."""
    return {**cell, "at": None} if is_told(cell) else cell


def is_told(cell: Mapping[str, Any]) -> bool:
    """Whether its figure stands in a sentence: such a place has a start, one in a grid has a row."""
    return "start" in (cell.get("at") or {})


def _parts(document: Mapping[str, Any], start: str) -> set[str]:
    return {part for part in document["derived"].get("made_of", ()) if part.startswith(start)}


def _disagreeing(document: Mapping[str, Any]) -> set[str]:
    return {flag for flag in document["flags"] if flag.startswith(DISAGREE)}


def _address(document: Mapping[str, Any]) -> object:
    return document["source"]["capture_id"].rpartition("/")[0]


def _bytes(document: Mapping[str, Any]) -> object:
    source = document["source"]
    return source["raw_sha256"], [attached.get("raw_sha256") for attached in source["attachments"]]


def _paths(old: object, new: object, path: str) -> Iterator[str]:
    """The deepest paths at which two values differ."""
    if isinstance(old, Mapping) and new is None:  # a block that has gone: each of its fields has
        new = {}
    elif isinstance(new, Mapping) and old is None:
        old = {}
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in {*old, *new}:
            yield from _paths(old.get(key), new.get(key), f"{path}.{key}")
    elif path in _KEYS and isinstance(old, (list, tuple)) and isinstance(new, (list, tuple)):
        before, after = _keyed(old, _KEYS[path]), _keyed(new, _KEYS[path])
        for key in {*before, *after}:
            if not _equal(before.get(key), after.get(key)):
                yield f"{path}.{key}"
    elif not _equal(old, new):
        yield path


def _keyed(members: Sequence[Doc], fields: tuple[str, ...]) -> dict[str, list[Doc]]:
    found: dict[str, list[Doc]] = {}
    for member in members:
        key = ":".join(str(member[field]) for field in fields if member.get(field) not in (None, ""))
        found.setdefault(key, []).append(member)
    return found


def _equal(old: object, new: object) -> bool:
    return old == new or digest(old) == digest(new)
