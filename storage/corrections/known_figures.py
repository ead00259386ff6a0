"""The figures that the forms of config/templates have, by their dotted path below `figures`."""

from __future__ import annotations

from collections.abc import Iterator

from parsers.prose.facts import ROOT
from parsers.template import Template, load_templates


def paths_of(template: Template) -> frozenset[str]:
    """`requests.received_new.total` of its tables, `statistics.…` of its sentences."""
    return frozenset(_every_path(template))


def known_figures() -> frozenset[str]:
    """Of all forms."""
    return frozenset().union(*map(paths_of, load_templates()))


def _every_path(template: Template) -> Iterator[str]:
    for table in template.tables:
        yield from table.paths()
    for fact in template.facts:
        yield f"{ROOT}.{fact.key}"
