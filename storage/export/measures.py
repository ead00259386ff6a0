"""The harmonised measures, from `config/measures.yaml`: which figures of which form make which column.

Adding a measure is a few lines of YAML. What is wrong in the file is said with its line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from parsers.template import Template, config_directory, load_templates
from parsers.yaml_file import Node, load
from storage.corrections.known_figures import paths_of


class Comparable(StrEnum):
    """How far the values of one column may be compared across the forms (domain.md 6.4)."""

    YES = "yes"
    APPROX = "approx"
    SUM_ONLY = "sum_only"
    NO = "no"


@dataclass(frozen=True)
class Measure:
    key: str
    zh: str
    en: str
    unit: str
    definition: str
    comparable: Comparable
    note: str
    definition_zh: str
    """In Chinese; empty where `definition` is nothing but the form's own Chinese row."""
    note_zh: str
    not_with: tuple[str, ...]
    """Measures that look alike and must not be joined with this one."""
    sources: Mapping[str, tuple[str, ...]]
    """Template id -> paths below `figures` whose sum it is."""


@dataclass(frozen=True)
class Measures:
    version: str
    harmless_flags: frozenset[str]
    """Flags on a table that cast no doubt on its figures."""
    all: tuple[Measure, ...]


def load_measures(path: Path | None = None) -> Measures:
    """The measures of `config/measures.yaml`, read once a process. Raises TemplateError naming file and line."""
    return _load(path or config_directory() / "measures.yaml")


@lru_cache(maxsize=8)
def _load(path: Path) -> Measures:
    node = load(path)
    templates = {template.id: template for template in load_templates()}
    forms = _forms(node.node("forms"), templates)
    nodes = node.nodes("measures")
    measures = Measures(
        version=node.text("version"),
        harmless_flags=frozenset(node.texts("harmless_flags", ())),
        all=tuple(_measure(one, forms, templates) for one in nodes),
    )
    node.done()
    _whole(measures.all, nodes)
    return measures


def _forms(node: Node, templates: Mapping[str, Template]) -> dict[str, tuple[str, ...]]:
    """Every name that `sources` may use: a template's id, or a family of them."""
    found: dict[str, tuple[str, ...]] = {key: (key,) for key in templates}
    for name in tuple(node.keys()):
        members = node.texts(name)
        unknown = [member for member in members if member not in templates]
        if unknown:
            raise node.error(f"there is no template {unknown[0]!r}; there are: {', '.join(templates)}", name)
        found[name] = members
    return found


def _measure(node: Node, forms: Mapping[str, tuple[str, ...]], templates: Mapping[str, Template]) -> Measure:
    key = node.text("key")
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", key):
        raise node.error(f"{key!r} is no key: small letters, digits and single underscores", "key")
    try:
        comparable = Comparable(node.text("comparable"))
    except ValueError:
        raise node.error(f"'comparable' must be one of {', '.join(Comparable)}", "comparable") from None
    measure = Measure(
        key=key,
        zh=node.text("zh"),
        en=node.text("en"),
        unit=node.text("unit"),
        definition=node.text("definition"),
        comparable=comparable,
        note=node.text("note", ""),
        definition_zh=node.text("definition_zh", ""),
        note_zh=node.text("note_zh", ""),
        not_with=node.texts("not_with", ()),
        sources=_sources(node.node("sources"), forms, templates),
    )
    node.done()
    _honest(measure, node)
    return measure


def _sources(
    node: Node, forms: Mapping[str, tuple[str, ...]], templates: Mapping[str, Template]
) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name in tuple(node.keys()):
        if name not in forms:
            raise node.error(f"{name!r} is neither a form nor a family of forms; known: {', '.join(forms)}", name)
        paths = node.texts(name)
        if not paths or len(set(paths)) < len(paths):
            raise node.error(f"{name!r} needs paths, each of them once", name)
        for template in forms[name]:
            unknown = [path for path in paths if path not in paths_of(templates[template])]
            if unknown:
                raise node.error(f"{template} has no figure {unknown[0]!r}", name)
            if template in found:
                raise node.error(f"{template} is named twice", name)
            found[template] = paths
    if not found:
        raise node.error("a measure needs a form that it comes from")
    return found


def _honest(measure: Measure, node: Node) -> None:
    """A column does not promise more than its sources keep, and says so in both languages."""
    for english, chinese in ((measure.definition, "definition_zh"), (measure.note, "note_zh")):
        if re.search("[A-Za-z]", english) and not getattr(measure, chinese):
            raise node.error(f"its English needs the Chinese beside it: {chinese!r}")
    ways = set(measure.sources.values())
    if measure.comparable is Comparable.NO and (len(ways) > 1 or not measure.not_with):
        raise node.error(
            "what is not comparable comes from one source, and 'not_with' names what it is not", "comparable"
        )
    if measure.comparable is Comparable.APPROX and len(ways) < 2:
        raise node.error("one source is comparable with itself: say yes", "comparable")
    if measure.comparable is Comparable.SUM_ONLY and (len(ways) < 2 or all(len(way) == 1 for way in ways)):
        raise node.error("'sum_only' needs a form in which the measure is a sum, and another form", "comparable")


def _whole(measures: tuple[Measure, ...], nodes: tuple[Node, ...]) -> None:
    keys = [measure.key for measure in measures]
    for measure, node in zip(measures, nodes, strict=True):
        if keys.count(measure.key) > 1:
            raise node.error(f"two measures have the key {measure.key!r}", "key")
        unknown = [key for key in measure.not_with if key not in keys]
        if unknown:
            raise node.error(f"'not_with' names {unknown[0]!r}, which is no measure", "not_with")
